//! An engine whose every event the test sends by hand.

use crate::soon;
use futures_util::StreamExt as _;
use littoral_engine::{Finish, GenerationEvent, Job, Timings, Usage};
use littoral_proto::v1::ModelOffer;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// The test's side: the jobs that were started.
pub struct ScriptedEngine {
    handle: Handle,
    started: mpsc::Receiver<Started>,
}

/// The worker's side. It offers model `m` with two slots and a queue of one.
#[derive(Clone)]
pub struct Handle {
    starts: mpsc::Sender<Started>,
    active: Arc<AtomicU32>,
    refusal: Arc<Mutex<Option<Refusal>>>,
}

/// A job the worker has started.
pub struct Started {
    pub job: Job,
    pub events: mpsc::Sender<GenerationEvent>,
}

impl ScriptedEngine {
    pub fn new() -> Self {
        let (starts, started) = mpsc::channel(16);
        let handle = Handle { starts, active: Arc::default(), refusal: Arc::default() };
        Self { handle, started }
    }

    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Refuses every job from now on.
    pub fn refuse(&self, refusal: Refusal) {
        *self.handle.refusal.lock().unwrap() = Some(refusal);
    }

    /// The next job the worker starts.
    pub async fn started(&mut self) -> Started {
        soon("a job", self.started.recv()).await.unwrap()
    }
}

impl Started {
    pub async fn text(&self, text: &str) {
        let (text, logprobs) = (text.to_owned(), Vec::new());
        self.send(GenerationEvent::Text { text, tokens: 1, logprobs }).await;
    }

    pub async fn send(&self, event: GenerationEvent) {
        soon("room for an event", self.events.send(event)).await.unwrap();
    }

    pub async fn finish(&self, finish: Finish) {
        let usage = Usage { prompt_tokens: 3, completion_tokens: 2 };
        let timings =
            Timings { queue_ms: 1.0, prefill_ms: 2.0, first_token_ms: 3.0, decode_ms: 4.0 };
        self.send(GenerationEvent::Finished { finish, usage, timings }).await;
    }

    /// Returns once the worker has let the job go.
    pub async fn dropped(&self) {
        soon("the end of a job", self.events.closed()).await;
    }
}

struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Engine for Handle {
    fn offer(&self) -> Offer {
        let model =
            ModelOffer { name: "m".to_owned(), slots: 2, queue_limit: 1, ..ModelOffer::default() };
        Offer { models: vec![model], accelerators: Vec::new() }
    }

    fn load(&self) -> Vec<ModelState> {
        let active = self.active.load(Ordering::SeqCst);
        vec![ModelState { name: "m".to_owned(), active, ..ModelState::default() }]
    }

    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal> {
        if model == "panics" {
            panic!("scripted");
        }
        if let Some(refusal) = self.refusal.lock().unwrap().clone() {
            return Err(refusal);
        }
        if model != "m" {
            return Err(Refusal::new(Cause::NoModel, "no such model"));
        }
        let (events, receiver) = mpsc::channel(4);
        self.active.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(Arc::clone(&self.active));
        self.starts.try_send(Started { job, events }).unwrap();
        Ok(Box::pin(ReceiverStream::new(receiver).map(move |event| {
            let _ = &counted;
            event
        })))
    }
}
