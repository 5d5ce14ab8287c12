//! A device that takes a request and says nothing: it is left at the limit that the decision announced,
//! and told so. Judged by what the router itself recorded, not by a watch beside it.

use super::WORDS;
use littoral_engine::Job;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::{DataClass, decision, state};
use littoral_tests::ask::{Answer, ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat, is_measured};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_worker::Engine;
use littoral_worker::engine::{Offer, Refusal, Running};
use std::sync::Arc;

/// Shortest first-token limit of the shipped policy, in milliseconds.
const FLOOR_MS: f64 = 2_000.0;

async fn ask_a_hung_device_before(edge: Arc<dyn Engine>) -> (Cluster, Answer) {
    let mut cluster = Cluster::start(Plan::default()).await;
    let hung = Arc::new(ScriptedEngine::new("tiny", &WORDS).silent_after(0));
    cluster.join(&Seat::own("hung"), hung).await;
    cluster.join(&Seat::shared("office"), edge).await;
    // A limit follows from a prediction, and that from what the worker said of its speed.
    cluster.wait_for_workers(|list| list.iter().all(is_measured)).await;
    let answer = ask(&mut cluster.chat(), prompt("my question", DataClass::Personal)).await;
    (cluster, answer)
}

/// The first-token limit that the decision announced for its first attempt, in milliseconds.
fn announced_ms(answer: &Answer) -> u64 {
    let Some(decision::Outcome::Plan(plan)) = &answer.decision().outcome else {
        panic!("a plan is expected: {:?}", answer.decision());
    };
    let first = &plan.attempts[0];
    let predicted_ms = first.predicted.and_then(|predicted| predicted.first_token_ms);
    let limit_ms = FLOOR_MS.max((3.0 * predicted_ms.expect("a prediction")).ceil());
    assert_eq!(first.first_token_limit_ms as f64, limit_ms, "three predictions, or the floor");
    first.first_token_limit_ms
}

/// How long a fault says that it waited for the first token, in milliseconds.
fn waited_ms(fault: &str) -> u64 {
    let (_, rest) = fault.split_once("no first token within ").expect("the limit's fault");
    let (number, _) = rest.split_once(" ms").expect("a unit");
    number.parse().expect("a number")
}

/// The limit, plus at most what a busy machine's timer is late; a second limit is no lateness.
fn assert_is_the_limit(waited_ms: u64, limit_ms: u64) {
    assert!((limit_ms..limit_ms * 2).contains(&waited_ms), "{waited_ms} ms, limit {limit_ms} ms");
}

#[tokio::test]
async fn a_hung_device_is_left_at_the_limit_that_the_decision_announced() {
    let edge = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    let (cluster, answer) = ask_a_hung_device_before(edge).await;
    assert_eq!((answer.text(), answer.served().0), (WORDS.concat(), v1::Tier::Edge));
    let told = answer.events.iter().find_map(|event| match event {
        Event::Failover(failover) => Some(failover.reason.as_str()),
        _ => None,
    });
    let (limit_ms, waited_ms) = (announced_ms(&answer), waited_ms(told.expect("a failover")));
    assert_is_the_limit(waited_ms, limit_ms);

    let record = cluster.explain(&answer.routed().request_id).await;
    assert_eq!(record.decision.as_ref(), Some(answer.decision()), "the limit is on record");
    let served = record.outcome.and_then(|outcome| outcome.served).expect("who answered");
    let first_token_ms = served.first_token_ms.expect("a first token");
    assert!(first_token_ms >= waited_ms as f64, "{first_token_ms} ms after arrival");
}

#[tokio::test]
async fn the_record_of_a_failure_says_how_long_a_hung_device_was_waited_for() {
    let (cluster, answer) = ask_a_hung_device_before(Arc::new(Unwilling)).await;
    assert_eq!(answer.failure().1, "ATTEMPTS_FAILED");
    let outcome = cluster.wait_for_outcome(&answer.routed().request_id).await;
    assert_is_the_limit(waited_ms(&outcome.message), announced_ms(&answer));
    assert!(outcome.message.contains("worker office"), "{}", outcome.message);
}

/// Offers a model and takes no job for it.
struct Unwilling;

impl Engine for Unwilling {
    fn offer(&self) -> Offer {
        ScriptedEngine::new("tiny", &[]).offer()
    }

    fn load(&self) -> Vec<state::ModelState> {
        ScriptedEngine::new("tiny", &[]).load()
    }

    fn start(&self, _model: &str, _job: Job) -> Result<Running, Refusal> {
        Err(Refusal::new(Cause::Unsupported, "takes no job"))
    }
}
