//! An engine whose every event the test sends by hand.

use crate::soon;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use littoral_engine::{Finish, GenerationEvent, Job, Timings, Usage};
use littoral_proto::v1::ModelOffer;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use littoral_worker::Engine;
use littoral_worker::engine::{Change, Offer, Order, Refusal, Residency, Running};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{broadcast, mpsc, watch};
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
    moving: Option<Moving>,
}

/// Models that come and go, by the test's word.
#[derive(Clone)]
struct Moving {
    orders: mpsc::Sender<Order>,
    changes: broadcast::Sender<Change>,
    /// What a request for `m` waits for.
    ready: watch::Sender<Option<Result<(), Refusal>>>,
}

/// The test's side of models that come and go.
pub struct Orders {
    orders: mpsc::Receiver<Order>,
    moving: Moving,
}

/// A job the worker has started.
pub struct Started {
    pub job: Job,
    pub events: mpsc::Sender<GenerationEvent>,
}

impl ScriptedEngine {
    pub fn new() -> Self {
        let (starts, started) = mpsc::channel(16);
        let handle =
            Handle { starts, active: Arc::default(), refusal: Arc::default(), moving: None };
        Self { handle, started }
    }

    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Lets models come and go; at first `m` is on its way.
    pub fn moving(&mut self) -> Orders {
        let (given, orders) = mpsc::channel(4);
        let (changes, ready) = (broadcast::channel(2).0, watch::channel(None).0);
        let moving = Moving { orders: given, changes, ready };
        self.handle.moving = Some(moving.clone());
        Orders { orders, moving }
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

impl Orders {
    /// The next order the worker gives.
    pub async fn given(&mut self) -> Order {
        soon("an order", self.orders.recv()).await.unwrap()
    }

    pub fn tell(&self, change: Change) {
        self.moving.changes.send(change).unwrap();
    }

    /// Requests for `m` wait no longer.
    pub fn ready(&self, result: Result<(), Refusal>) {
        self.moving.ready.send_replace(Some(result));
    }

    /// Returns when a request waits for `m`.
    pub async fn waited_for(&self) {
        let waiting = async {
            while self.moving.ready.receiver_count() == 0 {
                tokio::task::yield_now().await;
            }
        };
        soon("a request that waits", waiting).await;
    }

    /// Returns when no request waits for `m` any more.
    pub async fn given_up(&self) {
        soon("the end of the wait", self.moving.ready.closed()).await;
    }
}

impl Residency for Moving {
    fn order(&self, order: Order) -> Result<(), Refusal> {
        let busy = |_| Refusal::new(Cause::Busy, "4 orders wait already");
        self.orders.try_send(order).map_err(busy)
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    fn ready<'a>(&'a self, _model: &'a str) -> BoxFuture<'a, Result<(), Refusal>> {
        let mut ready = self.ready.subscribe();
        Box::pin(async move {
            let result = ready.wait_for(Option::is_some).await.unwrap();
            result.clone().unwrap()
        })
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
        let usage = Usage { prompt_tokens: 3, cached_prompt_tokens: 1, completion_tokens: 2 };
        let timings = Timings {
            queue_ms: 1.0,
            prefill_ms: 2.0,
            first_token_ms: 3.0,
            decode_ms: 4.0,
            ..Timings::default()
        };
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

    fn residency(&self) -> Option<&dyn Residency> {
        self.moving.as_ref().map(|moving| moving as &dyn Residency)
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
