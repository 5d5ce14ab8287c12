//! The pieces of an answer: text, calls, vectors.

use super::fail;
use crate::registry::session::{Running, Session};
use crate::wire::class::channel_from;
use littoral_core::flight::event::{Blame, Event, TokenLogprob, ToolCallFragment};
use littoral_proto::v1;
use littoral_proto::v1::chunk::Body;

/// The worker said something that nobody can read.
struct Garbage;

/// Passes a piece on to whom it is for. One that cannot be ends its assignment.
pub(super) fn chunked(session: &Session, chunk: v1::Chunk) {
    let id = chunk.assignment_id;
    let mut passed = Err(Garbage);
    if let Some(body) = chunk.body {
        passed = Ok(());
        session.with_running(id, |running| passed = pass(running, body));
    }
    if passed.is_err() {
        session.tell_cancel(id);
        fail(session, id, Blame::Target, "garbage", "sent an unreadable chunk");
    }
}

fn pass(running: &Running, body: Body) -> Result<(), Garbage> {
    let sink = &running.sink;
    let dispatch = sink.dispatch;
    match body {
        Body::Progress(progress) => {
            let (done, of) = (progress.prompt_tokens_read, progress.prompt_tokens);
            sink.send(Event::Progress { dispatch, done, of });
        }
        Body::Text(text) => {
            let channel = channel_from(text.channel).ok_or(Garbage)?;
            room(running, text.text.len())?;
            sink.send(Event::Delta {
                dispatch,
                channel,
                offset: Some(text.offset),
                text: text.text,
                logprobs: text.logprobs.into_iter().map(logprob).collect(),
            });
        }
        Body::ToolCall(piece) => {
            let named = |word: &Option<String>| word.as_ref().map_or(0, String::len);
            room(running, piece.arguments.len() + named(&piece.id) + named(&piece.name))?;
            let v1::chunk::ToolCallPiece { index, id, name, arguments } = piece;
            let fragment = ToolCallFragment { index, id, name, arguments };
            sink.send(Event::ToolCallDelta { dispatch, fragment });
        }
        Body::Embedding(row) => {
            let vectors = sink.vectors.as_ref().ok_or(Garbage)?;
            if !vectors.put(row.index, row.values) {
                return Err(Garbage);
            }
        }
    }
    Ok(())
}

/// Nobody may say without end.
fn room(running: &Running, bytes: usize) -> Result<(), Garbage> {
    if running.has_room_for(bytes) { Ok(()) } else { Err(Garbage) }
}

fn logprob(wire: v1::TokenLogprob) -> TokenLogprob {
    TokenLogprob {
        token: wire.token,
        logprob: wire.logprob,
        top: wire.top.into_iter().map(|top| (top.token, top.logprob)).collect(),
    }
}
