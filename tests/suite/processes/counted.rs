//! An engine that knows how many jobs it was given.

use littoral_engine::Job;
use littoral_proto::v1::state::ModelState;
use littoral_worker::engine::{Offer, Refusal, Running};
use littoral_worker::{Engine, LocalModels};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The real model, with a count of the jobs it was given.
pub(super) struct Counted {
    models: Arc<LocalModels>,
    started: AtomicUsize,
}

impl Counted {
    pub(super) fn new(models: Arc<LocalModels>) -> Self {
        Self { models, started: AtomicUsize::new(0) }
    }

    pub(super) fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }
}

impl Engine for Counted {
    fn offer(&self) -> Offer {
        self.models.offer()
    }

    fn load(&self) -> Vec<ModelState> {
        self.models.load()
    }

    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal> {
        self.started.fetch_add(1, Ordering::SeqCst);
        self.models.start(model, job)
    }
}
