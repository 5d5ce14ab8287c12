//! The worker's session against a router that the test plays by hand, over a real socket.
//!
//! The engine is scripted as well, so every turn a model can take is had at will and at once. No
//! test waits for time to pass: it waits for a message or an effect, within a bound.

#![cfg(test)]

mod assignments;
mod ending;
mod engine;
mod failing;
mod joining;
mod local_models;
mod measuring;
mod orders;
mod router;
mod sleeping;

use engine::{Orders, ScriptedEngine, Started};
use littoral_kit::shutdown::Shutdown;
use littoral_worker::{DeviceSource, Engine, WorkerConfig, WorkerError};
use router::{Peer, Router};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// No wait in these tests is longer.
pub const BOUND: Duration = Duration::from_secs(20);

/// Awaits `future` within [`BOUND`].
pub async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    match tokio::time::timeout(BOUND, future).await {
        Ok(output) => output,
        Err(_) => panic!("{what}: not within {BOUND:?}"),
    }
}

/// A worker under test, its router and its engine.
pub struct Stage {
    /// The router it dials.
    pub router: Router,
    /// The engine behind it.
    pub engine: ScriptedEngine,
    /// What ends it.
    pub shutdown: Shutdown,
    /// Its run.
    pub worker: JoinHandle<Result<(), WorkerError>>,
}

impl Stage {
    /// Starts a worker that dials a fresh router.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with changed settings.
    pub async fn start_with(change: impl FnOnce(&mut WorkerConfig)) -> Self {
        let engine = ScriptedEngine::new();
        let used = Arc::new(engine.handle());
        Self::begin(Router::start().await, engine, used, change)
    }

    /// The same with models that come and go.
    pub async fn start_moving() -> (Self, Orders) {
        let mut engine = ScriptedEngine::new();
        let orders = engine.moving();
        let used = Arc::new(engine.handle());
        (Self::begin(Router::start().await, engine, used, |_| {}), orders)
    }

    /// The same on an engine that is not scripted.
    pub async fn start_on(engine: Arc<dyn Engine>) -> Self {
        Self::begin(Router::start().await, ScriptedEngine::new(), engine, |_| {})
    }

    fn begin(
        router: Router,
        engine: ScriptedEngine,
        used: Arc<dyn Engine>,
        change: impl FnOnce(&mut WorkerConfig),
    ) -> Self {
        let mut config = WorkerConfig::new(&router.address, "join-t0ken".into(), "desk");
        config.device = DeviceSource::System("/nonexistent".into());
        change(&mut config);
        let shutdown = Shutdown::new();
        let run = littoral_worker::run(config, used, shutdown.clone());
        let worker = shutdown.tasks.spawn(run);
        Self { router, engine, shutdown, worker }
    }

    /// The next session, welcomed on ordinary terms, after its first State.
    pub async fn joined(&mut self) -> Peer {
        let mut peer = self.router.session().await;
        peer.hello().await;
        peer.welcome(15_000, 5_000).await;
        let state = peer.state().await;
        assert_eq!(state.models[0].active, 0, "a session starts with nothing");
        peer
    }

    /// A generation that `peer` asked for, as number 1, and that the worker accepted.
    pub async fn begun(&mut self, peer: &mut Peer) -> Started {
        peer.assign(1, &router::question("x")).await;
        let started = self.engine.started().await;
        assert_eq!(peer.news().await, router::accept(1));
        started
    }

    /// The worker closes its session with `peer`, and is done.
    pub async fn ends(self, mut peer: Peer) {
        assert_eq!(peer.news().await, None);
        drop(peer);
        self.ended().await.unwrap();
    }

    /// How the worker ended.
    pub async fn ended(self) -> Result<(), WorkerError> {
        soon("the worker's end", self.worker).await.unwrap()
    }
}
