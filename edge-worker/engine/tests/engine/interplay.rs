//! Several generations on one model: they share it and do not notice each other.

use std::time::Duration;

use littoral_engine::{Finish, GenerationEvent, Job, LoadOptions, StartError};

use crate::fixtures::{answer, job, load, quick, read, smollm2};

const TIDE: &str = "Why is there a tide? Answer in detail.";
const SHIP: &str = "Name the parts of a ship, one by one.";

/// A bound for what should take milliseconds: a hang becomes a failure.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn two_generations_at_once_say_what_each_says_alone() {
    let model = smollm2();
    let alone = [answer(&model, job(TIDE, 20)).await, answer(&model, job(SHIP, 20)).await];
    let tide = model.start(job(TIDE, 20)).expect("started");
    let ship = model.start(job(SHIP, 20)).expect("started");
    let (tide, ship) = tokio::join!(read(tide), read(ship));
    assert_eq!([tide.text, ship.text], alone.map(|answer| answer.text));
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_up_nobody_and_loses_nothing() {
    let model = load(LoadOptions { slots: 2, ..quick() });
    let expected = answer(&model, job(TIDE, 80)).await;
    let idle = model.start(job(TIDE, 80)).expect("started");
    // More tokens than the idle one's channel holds, so it is full and paused by the end of these.
    let busy = tokio::time::timeout(BOUND, answer(&model, job(SHIP, 80))).await;
    assert_eq!(busy.expect("not held up").finish, Some(Finish::Length));
    assert_eq!(model.load_now().active, 1);
    assert_eq!(read(idle).await.text, expected.text);
    model.shutdown();
}

#[tokio::test]
async fn a_cancel_ends_the_generation_and_frees_its_slot() {
    let model = load(LoadOptions { slots: 1, queue: 0, ..quick() });
    let mut running = model.start(job(TIDE, 2000)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Text { .. })) {}
    assert!(matches!(model.start(job(SHIP, 4)), Err(StartError::Busy { queued: 0 })));
    running.cancel();
    let rest = tokio::time::timeout(BOUND, read(running)).await.expect("ends");
    assert_eq!(rest.finish, Some(Finish::Cancelled));
    // At most the step in progress and what was in the channel came after the cancel.
    assert!(rest.usage.completion_tokens < 64, "{}", rest.usage.completion_tokens);
    assert_eq!(answer(&model, job(SHIP, 4)).await.usage.completion_tokens, 4);
    model.shutdown();
}

#[tokio::test]
async fn dropping_a_generation_frees_its_slot_for_the_one_that_waits() {
    let model = load(LoadOptions { slots: 1, queue: 1, ..quick() });
    let mut running = model.start(job(TIDE, 2000)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Text { .. })) {}
    let waiting = model.start(job(SHIP, 4)).expect("queued");
    assert_eq!(model.load_now().queued, 1);
    assert!(matches!(model.start(job(SHIP, 4)), Err(StartError::Busy { queued: 1 })));
    drop(running);
    let answer = tokio::time::timeout(BOUND, read(waiting)).await.expect("gets the slot");
    assert_eq!(answer.usage.completion_tokens, 4);
    model.shutdown();
}

#[tokio::test]
async fn a_job_cancelled_in_the_queue_says_so_and_never_runs() {
    let model = load(LoadOptions { slots: 1, queue: 1, ..quick() });
    let mut running = model.start(job(TIDE, 2000)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Text { .. })) {}
    let waiting = model.start(job(SHIP, 4)).expect("queued");
    waiting.cancel();
    let answer = tokio::time::timeout(BOUND, read(waiting)).await.expect("is told");
    assert_eq!(answer.finish, Some(Finish::Cancelled));
    assert!(answer.prefill.is_empty() && answer.text.is_empty());
    drop(running);
    model.shutdown();
}

#[tokio::test]
async fn shutdown_fails_what_runs_and_refuses_what_comes() {
    let model = load(LoadOptions { slots: 1, queue: 1, ..quick() });
    let running = model.start(job(TIDE, 2000)).expect("started");
    let waiting = model.start(job(SHIP, 4)).expect("queued");
    model.shutdown();
    for generation in [running, waiting] {
        let answer = tokio::time::timeout(BOUND, read(generation)).await.expect("ends");
        let failure = answer.failure.expect("failed");
        assert_eq!(failure, "use the model: it has been shut down; load it again");
    }
    assert!(matches!(model.start(Job::default()), Err(StartError::Conversation(_))));
    assert!(matches!(model.start(job(SHIP, 4)), Err(StartError::Stopped)));
}
