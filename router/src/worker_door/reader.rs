//! What a worker says, turned into events of the flights it works for.
//!
//! Messages about assignments this session does not have are dropped: they are the late words of a
//! cancelled one, or a claim to somebody else's. Either way they reach nobody.

use super::WorkerDoor;
use crate::registry::session::Session;
use crate::registry::why::Why;
use crate::wire::class::{channel_from, finish_from};
use littoral_core::flight::event::{Blame, Event, Fault, TokenLogprob, Usage};
use littoral_proto::v1;
use littoral_proto::v1::worker_message::Message;
use std::sync::Arc;
use tokio::sync::mpsc;
use tonic::Streaming;

/// Reads until the session is over; returns why it is.
pub async fn read(
    door: WorkerDoor,
    session: Arc<Session>,
    mut inbound: Streaming<v1::WorkerMessage>,
    credit: mpsc::Sender<u32>,
) -> Why {
    loop {
        let message = tokio::select! {
            () = session.closed.cancelled() => return Why::Disconnected,
            message = inbound.message() => message,
        };
        let Ok(Some(message)) = message else { return Why::Disconnected };
        session.hear(door.clock.now());
        match message.message {
            Some(Message::State(state)) => {
                let seq = session.hear_state(state, door.clock.now());
                session.tell(v1::router_message::Message::LeaseAck(v1::LeaseAck { seq }));
                door.registry.touch();
            }
            Some(Message::Drain(_)) => {
                session.drain();
                door.registry.touch();
            }
            // The writer always empties this queue while the session lives.
            Some(Message::AssignCredit(grant)) => drop(credit.send(grant.bytes).await),
            Some(Message::Accept(accept)) => {
                let id = accept.assignment_id;
                session.with_running(id, |sink| sink.send(Event::Accepted(sink.dispatch)));
            }
            Some(Message::Reject(reject)) => rejected(&session, &reject),
            Some(Message::Chunk(chunk)) => chunked(&session, chunk),
            Some(Message::Finished(finished)) => ended(&session, finished),
            Some(Message::Hello(_)) | None => return Why::Misbehaved,
        }
    }
}

fn rejected(session: &Session, reject: &v1::Reject) {
    use v1::reject::Cause;
    let (blame, kind, why) = match Cause::try_from(reject.cause) {
        Ok(Cause::Busy) => (Blame::Target, "busy", "has every slot and queue place taken"),
        Ok(Cause::TooLong) => (Blame::Target, "too_long", "says prompt and answer do not fit"),
        Ok(Cause::Draining) => (Blame::Target, "draining", "takes nothing new"),
        Ok(Cause::NoModel) => (Blame::Target, "no_model", "does not hold this model"),
        Ok(Cause::Unsupported) => (Blame::Target, "unsupported", "cannot run this request"),
        Ok(Cause::Malformed) => (Blame::Router, "malformed", "could not read the assignment"),
        Ok(Cause::Unspecified) | Err(_) => (Blame::Target, "rejected", "rejected the request"),
    };
    fail(session, reject.assignment_id, blame, kind, why);
}

fn chunked(session: &Session, chunk: v1::Chunk) {
    use v1::chunk::Body;
    let garbage = match chunk.body {
        Some(Body::Progress(progress)) => {
            session.with_running(chunk.assignment_id, |sink| {
                let (done, of) = (progress.prompt_tokens_read, progress.prompt_tokens);
                sink.send(Event::Progress { dispatch: sink.dispatch, done, of });
            });
            false
        }
        Some(Body::Text(text)) => match channel_from(text.channel) {
            Some(channel) => {
                session.with_running(chunk.assignment_id, |sink| {
                    sink.send(Event::Delta {
                        dispatch: sink.dispatch,
                        channel,
                        offset: Some(text.offset),
                        text: text.text,
                        logprobs: text.logprobs.into_iter().map(logprob).collect(),
                    });
                });
                false
            }
            None => true,
        },
        None => true,
    };
    if garbage {
        session.tell_cancel(chunk.assignment_id);
        fail(session, chunk.assignment_id, Blame::Target, "garbage", "sent an unreadable chunk");
    }
}

fn ended(session: &Session, finished: v1::Finished) {
    use v1::finished::Result as End;
    let id = finished.assignment_id;
    match finished.result {
        Some(End::Completed(completed)) => match finish_from(completed.finish_reason) {
            Some(finish) => {
                let usage = completed.usage.map(|usage| Usage {
                    prompt_tokens: usage.prompt_tokens,
                    completion_tokens: usage.completion_tokens,
                });
                if let Some(sink) = session.end(id) {
                    sink.send(Event::Finished { dispatch: sink.dispatch, finish, usage });
                }
            }
            None => fail(session, id, Blame::Target, "garbage", "finished for no known reason"),
        },
        Some(End::Failed(failed)) => {
            let (kind, why) = failure(&failed.kind);
            fail(session, id, Blame::Target, kind, why);
        }
        Some(End::Cancelled(_)) => {
            fail(session, id, Blame::Target, "gave_up", "gave the request up");
        }
        None => fail(session, id, Blame::Target, "garbage", "finished without saying how"),
    }
}

/// A worker's word for its failure, as one of ours.
fn failure(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "out_of_memory" => ("out_of_memory", "ran out of memory"),
        "stopping" => ("stopping", "was stopped before it finished"),
        "deadline" => ("deadline", "had no time left"),
        _ => ("engine", "failed to run the model"),
    }
}

/// Ends an assignment with a fault. The worker's own words are not passed on: they may quote content.
fn fail(session: &Session, id: u64, blame: Blame, kind: &'static str, why: &str) {
    if let Some(sink) = session.end(id) {
        let detail = format!("worker {} {why}", session.claims.worker_id);
        sink.fail(Fault { blame, kind, detail, retry_after_ms: None });
    }
}

fn logprob(wire: v1::TokenLogprob) -> TokenLogprob {
    TokenLogprob {
        token: wire.token,
        logprob: wire.logprob,
        top: wire.top.into_iter().map(|top| (top.token, top.logprob)).collect(),
    }
}
