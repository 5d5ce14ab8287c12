//! What a worker is told. Control messages go first; prompts are cut into frames and sent only
//! within the credit the worker granted, so a heartbeat's answer never waits behind a prompt.

use crate::registry::session::{Outgoing, Session};
use crate::registry::why::Why;
use littoral_core::lease::LeaseTerms;
use littoral_proto::v1;
use littoral_proto::v1::router_message::Message;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tonic::Status;

/// Largest frame of an assignment, in bytes of payload.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Credit a session starts with, in bytes.
pub const WINDOW_BYTES: u32 = 256 * 1024;

/// The writer's ends of its channels.
pub struct Sends {
    /// What goes first.
    pub control: mpsc::Receiver<Message>,
    /// What is cut into frames.
    pub outgoing: mpsc::Receiver<Outgoing>,
    /// Bytes the worker granted.
    pub credit: mpsc::Receiver<u32>,
    /// The connection.
    pub wire: mpsc::Sender<Result<v1::RouterMessage, Status>>,
}

/// An assignment that is being sent.
struct Frames {
    assignment_id: u64,
    payload: Vec<u8>,
    sent: usize,
}

/// Writes until the session is over or the connection is gone.
pub async fn write(session: Arc<Session>, terms: LeaseTerms, mut sends: Sends) {
    let millis = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
    let welcome = Message::Welcome(v1::Welcome {
        lease_ms: millis(terms.lease),
        heartbeat_ms: millis(terms.heartbeat),
        assign_window_bytes: WINDOW_BYTES,
    });
    if !send(&sends.wire, welcome).await {
        return;
    }
    let mut window = WINDOW_BYTES as usize;
    let mut current: Option<Frames> = None;
    loop {
        // A cancelled assignment is not sent further: its frames must not follow its Cancel.
        current = current.filter(|frames| session.is_running(frames.assignment_id));
        let next = current.as_ref().map_or(0, Frames::next_bytes);
        let may_send = current.is_some() && next <= window;
        let alive = tokio::select! {
            biased;
            () = session.closed.cancelled() => break,
            Some(message) = sends.control.recv() => send(&sends.wire, message).await,
            Some(bytes) = sends.credit.recv() => {
                window = window.saturating_add(bytes as usize).min(WINDOW_BYTES as usize);
                true
            }
            permit = sends.wire.reserve(), if may_send => match (permit, current.as_mut()) {
                (Ok(permit), Some(frames)) => {
                    window -= next;
                    permit.send(Ok(wrap(Message::Assign(frames.cut()))));
                    current = current.take().filter(|frames| !frames.is_sent());
                    true
                }
                _ => false,
            },
            Some(outgoing) = sends.outgoing.recv(), if current.is_none() => {
                current = Some(Frames {
                    assignment_id: outgoing.assignment_id,
                    payload: outgoing.payload,
                    sent: 0,
                });
                true
            }
        };
        if !alive {
            return;
        }
    }
    send(&sends.wire, Message::Goodbye(goodbye(session.why()))).await;
}

/// A worker that was replaced must not come back: two processes under one token would throw each
/// other out for ever.
fn goodbye(why: Option<Why>) -> v1::Goodbye {
    if why == Some(Why::Replaced) {
        let reason = "another process has joined under the same join token; give each worker a \
                      token of its own (`littoral token`)";
        return v1::Goodbye { reason: reason.into(), retry_after_ms: None };
    }
    let why = why.map_or("does not read what it is told", Why::clause);
    v1::Goodbye { reason: format!("this worker {why}"), retry_after_ms: Some(200) }
}

impl Frames {
    fn next_bytes(&self) -> usize {
        (self.payload.len() - self.sent).min(FRAME_BYTES)
    }

    fn is_sent(&self) -> bool {
        self.sent == self.payload.len()
    }

    fn cut(&mut self) -> v1::Assign {
        let end = self.sent + self.next_bytes();
        let payload = self.payload[self.sent..end].to_vec();
        self.sent = end;
        v1::Assign { assignment_id: self.assignment_id, payload, last: self.is_sent() }
    }
}

async fn send(wire: &mpsc::Sender<Result<v1::RouterMessage, Status>>, message: Message) -> bool {
    wire.send(Ok(wrap(message))).await.is_ok()
}

fn wrap(message: Message) -> v1::RouterMessage {
    v1::RouterMessage { message: Some(message) }
}
