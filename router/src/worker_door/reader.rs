//! What a worker says, turned into events of the flights it works for.
//!
//! Messages about assignments this session does not have are dropped: they are the late words of a
//! cancelled one, or a claim to somebody else's. Either way they reach nobody.

mod chunks;

use super::WorkerDoor;
use super::hello::check_offer;
use super::pace::Pace;
use crate::clock::unix_ms;
use crate::executors::edge::Spent;
use crate::registry::session::Session;
use crate::registry::why::Why;
use crate::wire::class::finish_from;
use littoral_core::flight::event::{Blame, Event, Fault, Usage};
use littoral_proto::v1;
use littoral_proto::v1::worker_message::Message;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tonic::Streaming;

/// Highest believable energy of one request, in joules: a kilowatt for an hour.
const MOST_JOULES: f64 = 3.6e6;

/// Reads until the session is over; returns why it is.
pub async fn read(
    door: WorkerDoor,
    session: Arc<Session>,
    mut inbound: Streaming<v1::WorkerMessage>,
    credit: mpsc::Sender<u32>,
) -> Why {
    let pace = Pace::default();
    loop {
        let message = tokio::select! {
            () = session.closed.cancelled() => return Why::Disconnected,
            message = inbound.message() => message,
        };
        let message = match message {
            Ok(Some(message)) => message,
            Ok(None) => return Why::Disconnected,
            // What cannot be read was not sent by a worker of ours; a broken connection has no code.
            Err(status) if is_unreadable(&status) => return Why::Misbehaved,
            Err(_) => return Why::Disconnected,
        };
        if !pace.allows(&message) {
            return Why::Flooded;
        }
        let now = door.clock.now();
        session.heard(|heard| heard.membership.hear(door.registry.terms(), now));
        let over = match message.message {
            Some(Message::State(state)) => {
                on_state(&door, &session, state, now);
                None
            }
            Some(Message::Drain(_)) => {
                session.heard(|heard| heard.membership.drain());
                door.registry.touch();
                None
            }
            Some(Message::Sleep(sleep)) => {
                on_sleep(&door, &session, &sleep, now);
                None
            }
            Some(Message::ModelEvent(event)) => on_model_event(&door, &session, event).err(),
            Some(Message::Hardware(hardware)) => {
                session.relist(hardware.accelerators);
                door.registry.touch();
                None
            }
            Some(Message::Renew(renew)) => on_renew(&door, &session, &renew, now).err(),
            // The writer always empties this queue while the session lives.
            Some(Message::AssignCredit(grant)) => {
                let _ = credit.send(grant.bytes).await;
                None
            }
            Some(Message::Accept(accept)) => {
                let id = accept.assignment_id;
                session.with_running(id, |running| {
                    running.sink.send(Event::Accepted(running.sink.dispatch));
                });
                None
            }
            Some(Message::Reject(reject)) => {
                rejected(&session, &reject);
                None
            }
            Some(Message::Chunk(chunk)) => {
                chunks::chunked(&session, chunk);
                None
            }
            Some(Message::Finished(finished)) => {
                ended(&session, finished);
                None
            }
            Some(Message::Hello(_)) | None => Some(Why::Misbehaved),
        };
        if let Some(why) = over {
            return why;
        }
    }
}

/// A message beyond the limit of size, or no message at all.
fn is_unreadable(status: &tonic::Status) -> bool {
    matches!(
        status.code(),
        tonic::Code::OutOfRange | tonic::Code::InvalidArgument | tonic::Code::Internal
    ) && std::error::Error::source(status).is_none()
}

fn on_state(door: &WorkerDoor, session: &Session, mut state: v1::State, now: Duration) {
    let said = std::mem::take(&mut state.models);
    session.models.hear(said);
    let seq = session.heard(|heard| heard.state(&state, door.registry.terms(), now));
    session.tell(v1::router_message::Message::LeaseAck(v1::LeaseAck { seq }));
    door.registry.touch();
}

/// What it was running goes on elsewhere at once: its connection may be gone in a moment, and nobody
/// would know for a whole lease.
fn on_sleep(door: &WorkerDoor, session: &Session, sleep: &v1::Sleep, now: Duration) {
    let expected = sleep.expected_ms.map(Duration::from_millis);
    session.heard(|heard| heard.membership.set_sleeping(expected, now));
    session.let_go(Why::Asleep);
    tracing::info!(worker = session.claims.worker_id, expected_ms = ?sleep.expected_ms, "sleeps");
    door.registry.touch();
}

fn on_model_event(
    door: &WorkerDoor,
    session: &Arc<Session>,
    event: v1::ModelEvent,
) -> Result<(), Why> {
    let offer = event.offer.as_ref().ok_or(Why::Misbehaved)?;
    check_offer(offer).map_err(|_| Why::Misbehaved)?;
    door.registry.on_model_event(session, event).map_err(|_| Why::Flooded)
}

/// A new token moves the end of the session and nothing else: whoever the worker was to the router, it
/// stays.
fn on_renew(
    door: &WorkerDoor,
    session: &Session,
    renew: &v1::Renew,
    now: Duration,
) -> Result<(), Why> {
    let wall_ms = unix_ms();
    let claims = door.key.verify(&renew.join_token, wall_ms).map_err(|fault| {
        tracing::warn!(worker = session.claims.worker_id, %fault, "renewed token not taken");
        Why::Misbehaved
    })?;
    if session.renew(&claims, now, wall_ms) { Ok(()) } else { Err(Why::Misbehaved) }
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

fn ended(session: &Session, finished: v1::Finished) {
    use v1::finished::Result as End;
    let id = finished.assignment_id;
    match finished.result {
        Some(End::Completed(completed)) => match finish_from(completed.finish_reason) {
            Some(finish) => {
                let usage = completed.usage.map(|usage| Usage {
                    prompt_tokens: usage.prompt_tokens,
                    completion_tokens: usage.completion_tokens,
                    ..Usage::default()
                });
                let spent = spent(&completed);
                if let Some(sink) = session.end(id) {
                    if !sink.has_all_vectors() {
                        sink.fail(fault(session, Blame::Target, "garbage", "left out a vector"));
                        return;
                    }
                    sink.spend(spent);
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

/// What an answer took out of its worker, as the worker says. Numbers that cannot be are unknown.
fn spent(completed: &v1::finished::Completed) -> Spent {
    let energy = completed.energy.unwrap_or_default();
    let joules = |said: Option<f64>| said.filter(|joules| (0.0..=MOST_JOULES).contains(joules));
    Spent {
        prefill_joules: joules(energy.prefill_joules),
        decode_joules: joules(energy.decode_joules),
        estimated: energy.estimated,
        cached_prompt_tokens: completed.cached_prompt_tokens,
    }
}

/// A worker's word for its failure, as one of ours.
fn failure(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "out_of_memory" => ("out_of_memory", "ran out of memory"),
        "stopping" => ("stopping", "was stopped before it finished"),
        "deadline" => ("deadline", "had no time left"),
        "tool_call" => ("tool_call", "made a call with arguments that are not by its schema"),
        _ => ("engine", "failed to run the model"),
    }
}

/// Ends an assignment with a fault. The worker's own words are not passed on: they may quote content.
fn fail(session: &Session, id: u64, blame: Blame, kind: &'static str, why: &str) {
    if let Some(sink) = session.end(id) {
        sink.fail(fault(session, blame, kind, why));
    }
}

fn fault(session: &Session, blame: Blame, kind: &'static str, why: &str) -> Fault {
    let detail = format!("worker {} {why}", session.claims.worker_id);
    Fault { blame, kind, detail, retry_after_ms: None }
}
