//! Plays a behaviour on a connection: bytes, gates, silence, a reset.
//!
//! A response is a list of frames made beforehand, so what will be sent can be read in one place,
//! and played one by one, so a client that goes away is noticed at the frame it left.

use super::answer::{Answer, Ending};
use super::chat;
use super::gate::Gate;
use super::recording::Recording;
use super::speech::Asked;
use super::tap::Tap;
use axum::body::{Body, Bytes};
use futures_util::stream;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// One step of a response's body.
pub(super) enum Frame {
    /// Send this.
    Bytes(Bytes),
    /// Wait to be let through.
    Gate(Gate),
    /// Say nothing until the client goes away or the stand-in stops.
    Hang,
    /// Break the connection with a TCP reset.
    Reset,
}

/// A streamed answer, whole.
pub(super) fn stream(answer: &Answer, asked: &Asked) -> Vec<Frame> {
    let mut frames = events(answer, asked, usize::MAX);
    let last = asked.speech.last(answer.framing);
    match answer.ending {
        Ending::Never => {}
        Ending::Once => push(&mut frames, answer, last),
        Ending::Twice => {
            let chunks = asked.speech.chunks(answer, asked);
            for chunk in chunks.iter().filter(|chunk| asked.speech.ends(&chunk.0)) {
                push(&mut frames, answer, asked.speech.event(&chunk.0, answer.framing));
            }
            push(&mut frames, answer, last.clone());
            push(&mut frames, answer, last);
        }
    }
    frames
}

/// A streamed answer that falls silent after `chunks` pieces of text.
pub(super) fn hang_after(answer: &Answer, asked: &Asked, chunks: usize) -> Vec<Frame> {
    let mut frames = events(answer, asked, chunks);
    frames.push(Frame::Hang);
    frames
}

/// A streamed answer that breaks in the middle of the event after `chunks` pieces of text.
pub(super) fn cut_after(answer: &Answer, asked: &Asked, chunks: usize) -> Vec<Frame> {
    let mut frames = events(answer, asked, chunks);
    let next = asked.speech.chunks(answer, asked);
    if let Some((next, _)) = next.iter().filter(|(_, is_piece)| *is_piece).nth(chunks) {
        let event = asked.speech.event(next, answer.framing);
        let half = event.len() / 2;
        frames.push(Frame::Bytes(event.slice(..half)));
    }
    frames.push(Frame::Reset);
    frames
}

/// A streamed answer that goes on with `tail` after `chunks` pieces of text, and ends there.
pub(super) fn tail_after(answer: &Answer, asked: &Asked, chunks: usize, tail: Bytes) -> Vec<Frame> {
    let mut frames = events(answer, asked, chunks);
    if !tail.is_empty() {
        push(&mut frames, answer, tail);
    }
    frames
}

/// A streamed answer that goes on with an error after `chunks` pieces of text, and ends there.
pub(super) fn error_after(answer: &Answer, asked: &Asked, chunks: usize, why: &str) -> Vec<Frame> {
    let error = asked.speech.event(&asked.speech.error(why), answer.framing);
    tail_after(answer, asked, chunks, error)
}

/// A body sent at once, or when the answer's gate lets it through.
pub(super) fn paced(answer: &Answer, body: Bytes) -> Vec<Frame> {
    let gate = answer.gate.clone().map(Frame::Gate);
    gate.into_iter().chain([Frame::Bytes(body)]).collect()
}

/// The events up to the one before the piece of text number `pieces`.
fn events(answer: &Answer, asked: &Asked, pieces: usize) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut left = pieces;
    for (chunk, is_piece) in asked.speech.chunks(answer, asked) {
        if is_piece {
            let Some(fewer) = left.checked_sub(1) else { break };
            left = fewer;
            frames.extend(answer.gate.clone().map(Frame::Gate));
        }
        if answer.comments {
            push(&mut frames, answer, chat::comment(answer.framing));
        }
        push(&mut frames, answer, asked.speech.event(&chunk, answer.framing));
    }
    frames
}

fn push(frames: &mut Vec<Frame>, answer: &Answer, mut bytes: Bytes) {
    let most = answer.write_bytes.unwrap_or(usize::MAX).max(1);
    while bytes.len() > most {
        frames.push(Frame::Bytes(bytes.split_to(most)));
    }
    frames.push(Frame::Bytes(bytes));
}

/// The connection that a response is played on.
pub(super) struct Connection {
    tap: Tap,
    recording: Arc<Recording>,
    stop: CancellationToken,
    /// The response is complete, or the stand-in itself broke it off.
    complete: bool,
}

impl Connection {
    pub(super) const fn new(tap: Tap, recording: Arc<Recording>, stop: CancellationToken) -> Self {
        Self { tap, recording, stop, complete: false }
    }

    /// Says nothing until the stand-in stops. Dropped if the client goes away before.
    pub(super) async fn hang(mut self) {
        self.stop.cancelled().await;
        self.complete = true;
    }

    /// Says nothing until the gate lets it through; false if the stand-in stops before. Dropped if the
    /// client goes away before.
    pub(super) async fn waits_for(&mut self, gate: &Gate) -> bool {
        let passed = tokio::select! {
            () = gate.pass() => true,
            () = self.stop.cancelled() => false,
        };
        self.complete |= !passed;
        passed
    }

    /// A body that plays `frames`.
    pub(super) fn body(self, frames: Vec<Frame>) -> Body {
        let state = (self, VecDeque::from(frames));
        Body::from_stream(stream::unfold(state, |(mut connection, mut frames)| async move {
            let next = connection.play(&mut frames).await?;
            Some((next, (connection, frames)))
        }))
    }

    /// Plays frames up to the next bytes; `None` at the end of the body.
    async fn play(&mut self, frames: &mut VecDeque<Frame>) -> Option<io::Result<Bytes>> {
        while let Some(frame) = frames.pop_front() {
            let stopped = self.stop.clone();
            match frame {
                Frame::Bytes(bytes) => {
                    self.complete |= frames.is_empty();
                    return Some(Ok(bytes));
                }
                Frame::Gate(gate) => tokio::select! {
                    () = gate.pass() => {}
                    () = stopped.cancelled() => return self.break_off(),
                },
                Frame::Hang => {
                    stopped.cancelled().await;
                    return self.break_off();
                }
                Frame::Reset => {
                    // The server flushes what it has when a body has nothing for the moment; without
                    // that, an error would discard the frames before it.
                    tokio::task::yield_now().await;
                    self.tap.reset_on_close();
                    return self.break_off();
                }
            }
        }
        self.complete = true;
        None
    }

    /// Ends the body with an error, which makes the server drop the connection.
    fn break_off(&mut self) -> Option<io::Result<Bytes>> {
        self.complete = true;
        Some(Err(io::ErrorKind::ConnectionReset.into()))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.complete {
            self.recording.note_abandoned();
        }
    }
}
