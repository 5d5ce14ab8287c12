//! Assignments that go wrong: each ends in one message that says why, and the session goes on.

use crate::Stage;
use crate::router::*;
use littoral_engine::{EngineError, Finish, GenerationEvent};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::{Image, Part, part};
use littoral_worker::engine::Refusal;

#[tokio::test]
async fn what_cannot_be_run_is_rejected_with_its_cause_and_no_content() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.send(assign_frame(1, b"\xff secret", true)).await;
    let (id, cause, detail) = rejection(peer.news().await);
    assert_eq!((id, cause), (1, Cause::Malformed));
    assert!(!detail.contains("secret"), "{detail}");

    let mut with_image = question("secret");
    let url = "https://secret.example/".to_owned();
    let image = part::Content::Image(Image { url, detail: None });
    with_image.messages[0].parts.push(Part { content: Some(image), ..Part::default() });
    peer.assign(2, &with_image).await;
    let (id, cause, detail) = rejection(peer.news().await);
    assert_eq!((id, cause), (2, Cause::Unsupported));
    assert!(!detail.contains("secret"), "{detail}");

    let mut other_model = question("secret");
    other_model.model = "other".to_owned();
    peer.assign(3, &other_model).await;
    assert_eq!(rejection(peer.news().await).1, Cause::NoModel);

    stage.engine.refuse(Refusal::new(Cause::TooLong, "9 tokens, the most is 8"));
    peer.assign(4, &question("secret")).await;
    let expected = (4, Cause::TooLong, "9 tokens, the most is 8".to_owned());
    assert_eq!(rejection(peer.news().await), expected);
}

#[tokio::test]
async fn an_engine_that_panics_in_start_is_a_rejection_and_the_session_goes_on() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let mut bad = question("x");
    bad.model = "panics".to_owned();
    peer.assign(1, &bad).await;
    assert_eq!(rejection(peer.news().await).0, 1);
    peer.assign(2, &question("x")).await;
    assert_eq!(peer.news().await, accept(2));
}

#[tokio::test]
async fn an_engine_failure_is_told_by_kind() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let failures = [
        (EngineError::Stopped, "engine"),
        (EngineError::ToolCall, "tool_call"),
        (
            EngineError::Runtime {
                doing: "run the model",
                cause: "BFCArena: Failed to allocate memory for requested buffer".to_owned(),
            },
            "out_of_memory",
        ),
    ];
    for (id, (error, kind)) in (1..).zip(failures) {
        peer.assign(id, &question("x")).await;
        let started = stage.engine.started().await;
        assert_eq!(peer.news().await, accept(id));
        started.send(GenerationEvent::Failed(error)).await;
        assert_eq!(failure(peer.news().await), (id, kind.to_owned()));
    }
}

#[tokio::test]
async fn a_generation_without_a_result_is_a_failure_and_never_a_success() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("x")).await;
    drop(stage.engine.started().await);
    assert_eq!(peer.news().await, accept(1));
    assert_eq!(failure(peer.news().await), (1, "engine".to_owned()));
    peer.assign(2, &question("x")).await;
    let started = stage.engine.started().await;
    assert_eq!(peer.news().await, accept(2));
    started.finish(Finish::Cancelled).await;
    assert_eq!(failure(peer.news().await), (2, "engine".to_owned()));
}

#[tokio::test]
async fn the_routers_deadline_ends_a_generation_that_hangs() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let mut brief = question("x");
    brief.deadline_ms = 50;
    peer.assign(1, &brief).await;
    let started = stage.engine.started().await;
    assert_eq!(peer.news().await, accept(1));
    assert_eq!(failure(peer.news().await), (1, "deadline".to_owned()));
    started.dropped().await;
}

#[tokio::test]
async fn a_lost_session_cancels_its_orphans_at_once() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("x")).await;
    let orphan = stage.engine.started().await;
    drop(peer);
    orphan.dropped().await;
    // The number is free in the next session.
    let mut peer = stage.joined().await;
    peer.assign(1, &question("y")).await;
    assert_eq!(peer.news().await, accept(1));
}

#[tokio::test]
async fn a_half_open_session_keeps_its_orphans_no_longer_than_the_lease() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    peer.welcome(200, 50).await;
    peer.assign(1, &question("x")).await;
    let orphan = stage.engine.started().await;
    // The peer is still there and says nothing more.
    orphan.dropped().await;
    drop(peer);
}

#[tokio::test]
async fn a_number_given_twice_ends_the_session_because_no_answer_could_be_told_apart() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("x")).await;
    assert_eq!(peer.news().await, accept(1));
    peer.assign(1, &question("y")).await;
    assert_eq!(peer.news().await, None);
}

#[tokio::test]
async fn more_than_every_place_can_hold_is_busy() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    // Two slots, one place in the queue, eight spare; the scripted engine itself has no limit.
    let mut held = Vec::new();
    for id in 1..=11 {
        peer.assign(id, &question("x")).await;
        held.push(stage.engine.started().await);
        assert_eq!(peer.news().await, accept(id));
    }
    peer.assign(12, &question("x")).await;
    let (id, cause, _) = rejection(peer.news().await);
    assert_eq!((id, cause), (12, Cause::Busy));
}
