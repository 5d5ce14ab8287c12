//! What a hung device costs: the asker's own device takes the request and says nothing, and a second
//! worker with the real model answers. The wait for the device is its first-token limit, which the
//! decision announces; the second worker takes its own time; what is left over is what we add.
//!
//! `cargo bench -p littoral-tests --bench fallback`
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

use littoral_engine::Job;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::{DataClass, Mode};
use littoral_tests::ask::prompt;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::model::{self, MODEL};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 7;
const QUESTION: &str = "Write one sentence about the sea.";

#[tokio::main]
async fn main() {
    let folder = model::folder();
    let mut cluster = Cluster::start(Plan { tokenizer: Some(folder), ..Plan::default() }).await;
    let (own, shared) = (Seat::own("hung"), Seat::shared("office"));
    let engine = model::real(&cluster.worker_config(&shared, cluster.token(&shared)));
    cluster.join(&shared, engine as _).await;
    cluster.join(&own, Arc::new(Hung(ScriptedEngine::new("hung", &[])))).await;
    // The first rounds warm caches and connections.
    for _ in 0..3 {
        ask(&cluster, Mode::PreferEdge).await;
    }
    let (mut alone, mut limits, mut measured, mut added) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let by_itself = ask(&cluster, Mode::PreferEdge).await;
        assert_eq!(by_itself.failovers, 0, "asked alone, the fallback answers at once");
        let failed_over = ask(&cluster, Mode::PolicyDefault).await;
        assert_eq!(failed_over.failovers, 1, "the hung device was tried first");
        alone.push(by_itself.first_token_ms);
        limits.push(failed_over.limit_ms);
        measured.push(failed_over.first_token_ms);
        added.push(failed_over.first_token_ms - failed_over.limit_ms - by_itself.first_token_ms);
    }
    println!("first token behind a hung device, median of {ROUNDS} rounds in turns, {MODEL}:");
    println!("  first-token limit of the device  {:8.2} ms", median(limits));
    println!("  fallback, asked alone            {:8.2} ms", median(alone));
    println!("  failed over, measured            {:8.2} ms", median(measured));
    println!("  measured - limit - fallback      {:8.2} ms", median(added));
}

/// One answer, as far as it matters here. Times in milliseconds.
#[derive(Default)]
struct Asked {
    /// First-token limit of the first attempt, from the decision.
    limit_ms: f64,
    first_token_ms: f64,
    failovers: usize,
}

async fn ask(cluster: &Cluster, mode: Mode) -> Asked {
    let mut request = prompt(QUESTION, DataClass::Personal);
    request.max_output_tokens = Some(4);
    request.hints.get_or_insert_default().mode = mode.into();
    let (mut client, mut asked, mut first) = (cluster.chat(), Asked::default(), None);
    let start = Instant::now();
    let mut stream = client.complete(request).await.expect("a stream").into_inner();
    while let Some(event) = stream.message().await.expect("an event") {
        match event.event {
            Some(Event::Routed(routed)) => asked.limit_ms = limit_ms(&routed),
            Some(Event::Failover(_)) => asked.failovers += 1,
            Some(Event::Delta(_)) if first.is_none() => first = Some(start.elapsed()),
            _ => {}
        }
    }
    asked.first_token_ms = first.expect("a token").as_secs_f64() * 1000.0;
    asked
}

fn limit_ms(routed: &v1::Routed) -> f64 {
    let decision = routed.decision.as_ref().expect("a decision");
    match &decision.outcome {
        Some(v1::decision::Outcome::Plan(plan)) => plan.attempts[0].first_token_limit_ms as f64,
        _ => f64::NAN,
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Takes every job and says nothing, not even that it reads the prompt.
struct Hung(ScriptedEngine);

impl Engine for Hung {
    fn offer(&self) -> Offer {
        self.0.offer()
    }

    fn load(&self) -> Vec<v1::state::ModelState> {
        self.0.load()
    }

    fn start(&self, _model: &str, _job: Job) -> Result<Running, Refusal> {
        Ok(Box::pin(futures_util::stream::pending()))
    }
}
