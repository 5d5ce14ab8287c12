//! Assignments that go well: frames, credit, chunks, loads, cancels.

use crate::Stage;
use crate::router::*;
use littoral_engine::{Finish, GenerationEvent};
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Assign, Chunk, FinishReason, Progress, chunk};
use prost::Message as _;

#[tokio::test]
async fn an_answer_goes_up_piece_by_piece_with_byte_offsets_and_its_measurements() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(7, &question("hello")).await;
    assert_eq!(peer.news().await, accept(7));
    let started = stage.engine.started().await;
    assert_eq!(started.job.conversation.messages[0].content, "hello");
    started.send(GenerationEvent::Prefill { done: 3, of: 5 }).await;
    let progress = Progress { prompt_tokens_read: 3, prompt_tokens: 5 };
    let body = Some(chunk::Body::Progress(progress));
    assert_eq!(peer.news().await, Some(Up::Chunk(Chunk { assignment_id: 7, body })));
    started.text("grü").await;
    assert_eq!(peer.news().await, text(7, 0, "grü"));
    started.text("ße").await;
    assert_eq!(peer.news().await, text(7, 4, "ße"));
    started.finish(Finish::Length).await;
    let (id, completed) = completed(peer.news().await);
    assert_eq!((id, completed.finish_reason()), (7, FinishReason::Length));
    let (usage, timings) = (completed.usage.unwrap(), completed.timings.unwrap());
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (3, 2));
    assert_eq!((timings.queue_ms, timings.first_token_ms), (1.0, 3.0));
    assert_eq!((timings.prefill_ms, timings.decode_ms), (2.0, 4.0));
}

#[tokio::test]
async fn log_probabilities_go_with_their_text_and_a_split_character_is_no_text() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("x")).await;
    let started = stage.engine.started().await;
    let token = |bytes: &[u8], logprob| littoral_engine::TokenLogprob {
        bytes: bytes.to_vec(),
        logprob,
        top: vec![littoral_engine::Alternative { bytes: b"alt".to_vec(), logprob: -2.0 }],
    };
    let logprobs = vec![token(b"\xc3", -0.5), token(b"ok", -0.25)];
    started.send(GenerationEvent::Text { text: "ok".to_owned(), tokens: 2, logprobs }).await;
    assert_eq!(peer.news().await, accept(1));
    let Some(Up::Chunk(Chunk { body: Some(chunk::Body::Text(text)), .. })) = peer.news().await
    else {
        panic!("expected text")
    };
    let shown: Vec<_> = text.logprobs.iter().map(|it| (it.token.as_str(), it.logprob)).collect();
    assert_eq!(shown, [("", -0.5), ("ok", -0.25)]);
    assert_eq!(
        (text.logprobs[0].top[0].token.as_str(), text.logprobs[0].top[0].logprob),
        ("alt", -2.0)
    );
}

#[tokio::test]
async fn a_large_prompt_comes_in_frames_between_other_messages_and_every_byte_is_credited() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let long = "word ".repeat(100_000);
    let payload = question(&long).encode_to_vec();
    let mut frames = payload.chunks(64 << 10).peekable();
    let mut credited = 0;
    while let Some(frame) = frames.next() {
        let last = frames.peek().is_none();
        let message = Assign { assignment_id: 1, payload: frame.to_vec(), last };
        peer.send(Down::Assign(message)).await;
        if last {
            break;
        }
        // A short request is not stuck behind the long one.
        if credited == 0 {
            peer.assign(2, &question("short")).await;
            assert_eq!(stage.engine.started().await.job.conversation.messages[0].content, "short");
            credited = 1;
        }
    }
    let started = stage.engine.started().await;
    assert_eq!(started.job.conversation.messages[0].content, long);
    let sent = payload.len() + question("short").encode_to_vec().len();
    let mut credit = 0;
    let all = |message| {
        if let Up::AssignCredit(more) = message {
            credit += more.bytes as usize;
        }
        (credit >= sent).then_some(credit)
    };
    assert_eq!(peer.first("all credit", all).await, Some(sent));
}

#[tokio::test]
async fn a_change_of_load_is_told_at_once_and_not_at_the_next_heartbeat() {
    let mut stage = Stage::start().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    // The bound of every wait is shorter than this heartbeat.
    peer.welcome(120_000, 60_000).await;
    assert_eq!(peer.state().await.models[0].active, 0);
    peer.assign(1, &question("x")).await;
    let started = stage.engine.started().await;
    peer.state_with(|state| state.models[0].active == 1).await;
    started.finish(Finish::Stop).await;
    peer.state_with(|state| state.models[0].active == 0).await;
}

#[tokio::test]
async fn cancel_lets_the_slot_go_and_leaves_others_alone() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("one")).await;
    let one = stage.engine.started().await;
    assert_eq!(peer.news().await, accept(1));
    peer.assign(2, &question("two")).await;
    let two = stage.engine.started().await;
    assert_eq!(peer.news().await, accept(2));
    one.text("a").await;
    assert_eq!(peer.news().await, text(1, 0, "a"));
    peer.cancel(1).await;
    one.dropped().await;
    assert_eq!(peer.news().await, cancelled(1));
    // An end that crossed the router's message, and a number never given, mean nothing.
    peer.cancel(1).await;
    peer.cancel(99).await;
    two.text("b").await;
    assert_eq!(peer.news().await, text(2, 0, "b"));
    two.finish(Finish::Stop).await;
    assert_eq!(completed(peer.news().await).1.finish_reason(), FinishReason::Stop);
}

#[tokio::test]
async fn a_cancel_in_the_midst_of_frames_forgets_them() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    let payload = question("never").encode_to_vec();
    peer.send(assign_frame(1, &payload[..4], false)).await;
    peer.cancel(1).await;
    assert_eq!(peer.news().await, cancelled(1));
    peer.send(assign_frame(1, &payload[4..], true)).await;
    peer.assign(2, &question("next")).await;
    assert_eq!(stage.engine.started().await.job.conversation.messages[0].content, "next");
    assert_eq!(peer.news().await, accept(2));
}

#[tokio::test]
async fn a_router_that_does_not_read_pauses_the_generation_and_can_still_cancel_it() {
    let mut stage = Stage::start().await;
    let mut peer = stage.joined().await;
    peer.assign(1, &question("much")).await;
    let started = stage.engine.started().await;
    let large = "x".repeat(64 << 10);
    let mut taken = 0;
    let event = || GenerationEvent::Text { text: large.clone(), tokens: 1, logprobs: Vec::new() };
    // The engine's side stalls for good, because nothing but a reader can make room.
    let patience = std::time::Duration::from_millis(500);
    while tokio::time::timeout(patience, started.events.send(event())).await.is_ok() {
        taken += large.len();
        assert!(taken < 64 << 20, "nothing holds the generation back");
    }
    peer.cancel(1).await;
    started.dropped().await;
    let mut offset = 0;
    loop {
        match peer.news().await {
            Some(Up::Chunk(Chunk { body: Some(chunk::Body::Text(text)), .. })) => {
                assert_eq!(text.offset, offset);
                offset += text.text.len() as u64;
            }
            Some(Up::Accept(_)) => {}
            other => break assert_eq!(other, cancelled(1)),
        }
    }
    assert!(offset as usize <= taken);
}
