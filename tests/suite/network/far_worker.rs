//! The asker's own worker at the far end of a line that can break: the real edge-worker, dialling
//! through a relay, with an engine that says its words one by one as a gate lets them through.

use littoral_engine::{GenerationEvent, Job};
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1;
use littoral_tests::cloud::Gate;
use littoral_tests::cluster::{Cluster, Seat, is_measured};
use littoral_tests::relay::Relay;
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::sync::Arc;

/// Its name.
const NAME: &str = "far-away";

/// A worker behind a relay. Dropping it ends it.
pub struct FarWorker {
    /// The line.
    pub relay: Relay,
    /// What holds its words back.
    pub gate: Gate,
    shutdown: Shutdown,
}

impl FarWorker {
    /// Joins as the asker's own device through a line that is well, and waits until the router knows
    /// how fast it is: limits follow from that.
    pub async fn join(cluster: &Cluster, words: &[&str]) -> Self {
        let relay = Relay::start(Some(cluster.router.address)).await;
        let (gate, shutdown, seat) = (Gate::closed(), Shutdown::new(), Seat::own(NAME));
        let mut config = cluster.worker_config(&seat, cluster.token(&seat));
        config.router = relay.url();
        let words = ScriptedEngine::new("tiny", words);
        let engine = Arc::new(GatedEngine { words, gate: gate.clone() });
        tokio::spawn(littoral_worker::run(config, engine, shutdown.clone()));
        cluster.wait_for_workers(|list| of(list).is_some_and(is_measured)).await;
        Self { relay, gate, shutdown }
    }

    /// The number of its present session.
    pub async fn incarnation(&self, cluster: &Cluster) -> u64 {
        let list = cluster.fleet().list_workers(v1::ListWorkersRequest {}).await.expect("a list");
        of(&list.get_ref().workers).expect("listed").incarnation
    }

    /// Waits until it is ready and idle, in a session that is newer than `before` if it must be.
    pub async fn wait_until_back(&self, cluster: &Cluster, before: u64, newer: bool) {
        let is_back = |one: &v1::WorkerSummary| {
            let least = if newer { before + 1 } else { before };
            let ready = one.status() == v1::WorkerStatus::Ready;
            ready && one.incarnation >= least && one.models.iter().all(|model| model.active == 0)
        };
        cluster.wait_for_workers(|list| of(list).is_some_and(is_back)).await;
    }
}

impl Drop for FarWorker {
    fn drop(&mut self) {
        self.shutdown.hard.cancel();
    }
}

/// It, in a list of workers.
pub fn of(list: &[v1::WorkerSummary]) -> Option<&v1::WorkerSummary> {
    list.iter().find(|one| one.worker_id == NAME)
}

/// Reads the prompt at once, and then waits at the gate before each word.
struct GatedEngine {
    words: ScriptedEngine,
    gate: Gate,
}

impl Engine for GatedEngine {
    fn offer(&self) -> Offer {
        self.words.offer()
    }

    fn load(&self) -> Vec<v1::state::ModelState> {
        self.words.load()
    }

    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal> {
        let gate = self.gate.clone();
        let held = move |event: GenerationEvent| {
            let gate = gate.clone();
            async move {
                if matches!(event, GenerationEvent::Text { .. }) {
                    gate.pass().await;
                }
                event
            }
        };
        let running = self.words.start(model, job)?;
        Ok(Box::pin(futures_util::StreamExt::then(running, held)))
    }
}
