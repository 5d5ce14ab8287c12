//! What the router adds to the first token: the same prompt, the same model, the same process, asked
//! of the engine directly and through the router over a real socket, in turns. Prints medians; the
//! noise of the machine falls on both alike.
//!
//! `cargo bench -p littoral-tests --bench first_token`
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints and may stop")]

use littoral_engine::{GenerationEvent, Job};
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::prompt;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::model::{self, MODEL};
use littoral_worker::Engine as _;
use std::time::Instant;
use tokio_stream::StreamExt as _;

const ROUNDS: usize = 60;
const QUESTION: &str = "Write one sentence about the sea.";

#[tokio::main]
async fn main() {
    let folder = model::folder();
    let mut cluster = Cluster::start(Plan { tokenizer: Some(folder), ..Plan::default() }).await;
    let seat = Seat::own("this-device");
    let engine = model::real(&cluster.worker_config(&seat, cluster.token(&seat)));
    cluster.join(&seat, std::sync::Arc::clone(&engine) as _).await;
    let (mut direct, mut routed) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + 3 {
        let own = first_token_of_engine(&engine).await;
        let through = first_token_through(&cluster).await;
        // The first rounds warm caches and connections.
        if round >= 3 {
            direct.push(own);
            routed.push(through);
        }
    }
    let differences: Vec<f64> = routed.iter().zip(&direct).map(|(one, two)| one - two).collect();
    println!("first token, median of {ROUNDS} rounds in turns, {MODEL}:");
    println!("  engine alone      {:8.2} ms", median(direct));
    println!("  through router    {:8.2} ms", median(routed));
    println!("  median difference {:8.2} ms", median(differences));
}

async fn first_token_of_engine(engine: &littoral_worker::LocalModels) -> f64 {
    let conversation = littoral_engine::Conversation::question(QUESTION);
    let sampling = littoral_engine::Sampling { temperature: Some(0.0), ..Default::default() };
    let job = Job { conversation, sampling, max_tokens: Some(4), ..Job::default() };
    let start = Instant::now();
    let mut events = engine.start(MODEL, job).expect("a job");
    let mut first = None;
    while let Some(event) = events.next().await {
        if matches!(event, GenerationEvent::Text { .. }) && first.is_none() {
            first = Some(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    first.expect("a token")
}

async fn first_token_through(cluster: &Cluster) -> f64 {
    let mut request = prompt(QUESTION, DataClass::Unspecified);
    request.max_output_tokens = Some(4);
    let mut client = cluster.chat();
    let start = Instant::now();
    let mut stream = client.complete(request).await.expect("a stream").into_inner();
    let mut first = None;
    while let Some(event) = stream.message().await.expect("an event") {
        if matches!(event.event, Some(Event::Delta(_))) && first.is_none() {
            first = Some(start.elapsed().as_secs_f64() * 1000.0);
        }
    }
    first.expect("a token")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
