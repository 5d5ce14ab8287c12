//! The engine on a paused clock: how long answers take, who waits, and what a caller that leaves gives back.

use super::*;
use crate::commands::simulate::validate::tests::scenario;
use futures_util::StreamExt as _;
use littoral_engine::{Conversation, Turn};
use tokio_util::task::TaskTracker;

fn engine(tracker: &TaskTracker, stop: &CancellationToken) -> PacedEngine {
    let engine = PacedEngine::new(&scenario("lasts = \"60s\"").machines[0], 1, 0);
    tracker.spawn(engine.pace_until(stop.clone()));
    engine
}

fn job(read: u32, write: u32) -> Job {
    let turn = Turn::new("user", prompt::written(read, write));
    Job { conversation: Conversation::new(vec![turn]), ..Job::default() }
}

/// Every event of an answer, and the milliseconds at which its first and its last token came.
async fn listen(mut answer: Running) -> (Vec<GenerationEvent>, [u128; 2]) {
    let start = Instant::now();
    let (mut events, mut at) = (Vec::new(), [0, 0]);
    while let Some(event) = answer.next().await {
        if matches!(event, GenerationEvent::Text { .. }) {
            at = [
                if at[0] == 0 { start.elapsed().as_millis() } else { at[0] },
                start.elapsed().as_millis(),
            ];
        }
        events.push(event);
    }
    (events, at)
}

#[tokio::test(start_paused = true)]
async fn a_job_takes_the_time_that_the_scenario_says_and_the_next_one_waits_for_its_slot() {
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = engine(&tracker, &stop);
    // 400 tokens read a second and 20 written: 100 ms, then 50 ms a token.
    let first = engine.start("m", job(40, 9)).unwrap();
    let second = engine.start("m", job(40, 2)).unwrap();
    assert_eq!((engine.load()[0].active, engine.load()[0].queued), (1, 1));
    assert_eq!(engine.start("m", job(40, 2)).err().map(|it| it.cause), Some(Cause::Busy));
    let (first, second) = tokio::join!(listen(first), listen(second));
    let near = |at: [u128; 2], wanted: [u128; 2]| {
        assert!(at.iter().zip(wanted).all(|(at, wanted)| at.abs_diff(wanted) <= 2), "{at:?}");
    };
    near(first.1, [150, 550]);
    near(second.1, [700, 750]);
    let told: u32 = first
        .0
        .iter()
        .map(|event| match event {
            GenerationEvent::Text { tokens, .. } => *tokens,
            _ => 0,
        })
        .sum();
    assert_eq!(told, 9);
    let Some(GenerationEvent::Finished { usage, timings, finish }) = second.0.last() else {
        panic!("no end");
    };
    assert_eq!((usage.prompt_tokens, usage.completion_tokens, *finish), (40, 2, Finish::Stop));
    // The rates are those of a request alone, however long it waited.
    assert_eq!(timings.prefill_tokens_per_s(usage), Some(400.0));
    assert_eq!(timings.decode_tokens_per_s(), Some(20.0));
    assert!((timings.queue_ms - 550.0).abs() <= 2.0, "{timings:?}");
    stop.cancel();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_wants_any_more_gives_its_slot_back() {
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = engine(&tracker, &stop);
    let long = engine.start("m", job(40, 1_000)).unwrap();
    let short = engine.start("m", job(40, 1)).unwrap();
    drop(long);
    let (events, at) = listen(short).await;
    assert!(at[0].abs_diff(150) <= 2, "{at:?}");
    assert!(matches!(events.last(), Some(GenerationEvent::Finished { .. })));
    assert_eq!((engine.load()[0].active, engine.load()[0].queued), (0, 0));
    stop.cancel();
}

#[tokio::test(start_paused = true)]
async fn a_bound_of_the_caller_cuts_the_answer_and_says_so() {
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let engine = engine(&tracker, &stop);
    let bounded = Job { max_tokens: Some(3), ..job(40, 9) };
    let (events, _) = listen(engine.start("m", bounded).unwrap()).await;
    let Some(GenerationEvent::Finished { usage, finish, .. }) = events.last() else {
        panic!("no end");
    };
    assert_eq!((usage.completion_tokens, *finish), (3, Finish::Length));
    stop.cancel();
}
