//! Models loaded, let go and pinned on a worker's order book: what is told, and what came of it.

use super::Registry;
use super::models::{Model, TooMany};
use super::room;
use super::session::Session;
use littoral_core::residency::WillNotFit;
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// How the last order for a model went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Events of this model so far.
    pub events: u64,
    /// The last order failed, and why.
    pub failure: Option<String>,
    /// Memory that the last unloading gave back, in bytes.
    pub returned_bytes: Option<u64>,
}

/// Why an order cannot be given.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NoOrder {
    /// No such worker has a session.
    #[error("no worker {0} has a session; `littoral workers` lists those that have")]
    NoWorker(String),
    /// The worker does not offer the model.
    #[error("worker {worker} offers no model {model}; `littoral models` lists what is offered")]
    NoModel {
        /// The worker.
        worker: String,
        /// What was asked for.
        model: String,
    },
    /// It cannot be made to fit.
    #[error("{model} does not fit on worker {worker}: {why}; unpin or drain another model there")]
    WillNotFit {
        /// The worker.
        worker: String,
        /// What was asked for.
        model: String,
        /// The numbers.
        why: WillNotFit,
    },
    /// A pinned model stays.
    #[error("{model} is pinned on worker {worker}; unpin it first")]
    Pinned {
        /// The worker.
        worker: String,
        /// What was asked for.
        model: String,
    },
}

/// An order that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Whom it was given to.
    pub worker: String,
    /// The model.
    pub model: String,
    /// Events of the model before the order.
    pub since: u64,
    /// Models that are let go to make room.
    pub evicted: Vec<String>,
    /// There is nothing to do: it is so already.
    pub done: bool,
}

impl Registry {
    /// Orders a model to be loaded, and whoever has to go for it to be let go first.
    ///
    /// # Errors
    /// See [`NoOrder`].
    pub fn load(&self, worker: &str, model: &str) -> Result<Given, NoOrder> {
        let now = self.now();
        let session = self.session_of(worker)?;
        let budget = session.heard(|heard| heard.model_memory_budget_bytes);
        let (since, evicted, done) = read(&session, model, |models, wanted| {
            let since = wanted.told.events;
            wanted.dismiss(false);
            match wanted.residency() {
                v1::Residency::Loadable => {}
                v1::Residency::Loading => return Ok((since, Vec::new(), false)),
                _ => return Ok((since, Vec::new(), true)),
            }
            let room = room::plan(budget, models, wanted, now).map_err(|why| {
                let (worker, model) = (worker.to_owned(), model.to_owned());
                NoOrder::WillNotFit { worker, model, why }
            })?;
            let evicted: Vec<String> = room.evict.iter().map(ToString::to_string).collect();
            for model in &evicted {
                session.tell(Message::Unload(v1::UnloadOrder { model: model.clone() }));
            }
            session.tell(Message::Load(v1::LoadOrder { model: model.to_owned() }));
            Ok((since, evicted, false))
        })??;
        let (worker, model) = (worker.to_owned(), model.to_owned());
        Ok(Given { worker, model, since, evicted, done })
    }

    /// Orders a model to be let go of.
    ///
    /// # Errors
    /// See [`NoOrder`].
    pub fn unload(&self, worker: &str, model: &str) -> Result<Given, NoOrder> {
        let session = self.session_of(worker)?;
        let (since, done) = read(&session, model, |_, there| {
            if there.said.pinned {
                let (worker, model) = (worker.to_owned(), model.to_owned());
                return Err(NoOrder::Pinned { worker, model });
            }
            let done = there.residency() == v1::Residency::Loadable;
            there.dismiss(true);
            if !done {
                session.tell(Message::Unload(v1::UnloadOrder { model: model.to_owned() }));
            }
            Ok((there.told.events, done))
        })??;
        let (worker, model) = (worker.to_owned(), model.to_owned());
        Ok(Given { worker, model, since, evicted: Vec::new(), done })
    }

    /// Pins a model, or lets it be evicted again.
    ///
    /// # Errors
    /// See [`NoOrder`].
    pub fn pin(&self, worker: &str, model: &str, pinned: bool) -> Result<(), NoOrder> {
        let session = self.session_of(worker)?;
        read(&session, model, |_, _| ())?;
        session.tell(Message::Pin(v1::PinOrder { model: model.to_owned(), pinned }));
        Ok(())
    }

    /// A worker told how an order goes.
    ///
    /// # Errors
    /// The session has as many models as it may have.
    pub fn on_model_event(
        &self,
        session: &Arc<Session>,
        event: v1::ModelEvent,
    ) -> Result<(), TooMany> {
        let v1::ModelEvent { offer, load_fraction, pinned, failure, returned_bytes } = event;
        let Some(offer) = offer else { return Ok(()) };
        let name = offer.name.clone();
        self.offer(session, offer)?;
        session.models.change(&name, |model| {
            model.said.load_fraction = load_fraction;
            model.said.pinned = pinned;
            let events = model.told.events + 1;
            model.told = Told { events, failure, returned_bytes };
        });
        self.touch();
        Ok(())
    }

    /// Asks throttled workers without work to measure themselves: they get too little of it to show
    /// that they are well again.
    pub fn probe(&self, worker: &str, model: &str) {
        if let Some(session) = self.worker(worker) {
            session.tell(Message::Benchmark(v1::BenchmarkOrder { model: model.to_owned() }));
        }
    }

    fn session_of(&self, worker: &str) -> Result<Arc<Session>, NoOrder> {
        self.worker(worker).ok_or_else(|| NoOrder::NoWorker(worker.to_owned()))
    }
}

/// Reads the model of a session that an order is about.
fn read<T>(
    session: &Session,
    model: &str,
    with: impl FnOnce(&[Model], &Model) -> T,
) -> Result<T, NoOrder> {
    session.models.read(|models| {
        let there = models.iter().find(|there| *there.name == *model);
        let missing = || NoOrder::NoModel {
            worker: session.claims.worker_id.clone(),
            model: model.to_owned(),
        };
        there.map(|there| with(models, there)).ok_or_else(missing)
    })
}

/// Longest an order is watched.
pub const WATCHED: Duration = Duration::from_secs(600);
