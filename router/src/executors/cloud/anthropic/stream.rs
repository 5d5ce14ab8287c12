//! An answer as it arrives: data of events in, pieces out, and at the end how it ended.
//!
//! An answer is complete once a `message_delta` brought its stop reason; usage comes in the same event
//! and `message_stop` behind it. A `message_stop` without a reason, or the end of the stream, leaves
//! the answer cut. Blocks come one after the other, and text must belong to the block that is open: a
//! stream that breaks this order has lost something on its way.

use super::events::{Block, Counts, Delta, Ending, Event, Whole, finish};
use crate::executors::cloud::dialect::{Completed, Piece, Step};
use crate::executors::cloud::error::ErrorReader;
use littoral_core::flight::event::{Channel, Fault, Finish, ToolCallFragment};
use serde_json::Value;

/// The block that is open.
#[derive(Clone, Copy)]
enum Open {
    Text,
    Thought,
    Hidden,
    /// The number of the call, and whether any of its arguments came.
    Call(u32, bool),
}

/// Reads one answer.
pub(in crate::executors::cloud) struct AnswerReader<'a> {
    errors: ErrorReader<'a>,
    open: Option<(u32, Open)>,
    calls: u32,
    has_begun: bool,
    finish: Option<Finish>,
    counts: Option<Counts>,
    has_final_counts: bool,
}

impl<'a> AnswerReader<'a> {
    pub(in crate::executors::cloud) fn new(errors: ErrorReader<'a>) -> Self {
        Self {
            errors,
            open: None,
            calls: 0,
            has_begun: false,
            finish: None,
            counts: None,
            has_final_counts: false,
        }
    }

    /// Reads the data of one event of a stream.
    pub(in crate::executors::cloud) fn event(&mut self, data: &str) -> Result<Step, Fault> {
        let event: Event = serde_json::from_str(data)
            .map_err(|_| self.errors.garbage("sent an event that is none of a message"))?;
        let pieces = match event {
            Event::MessageStart { message } => {
                if std::mem::replace(&mut self.has_begun, true) {
                    return Err(self.errors.garbage("began its answer twice"));
                }
                self.count(message.usage);
                Vec::new()
            }
            Event::ContentBlockStart { index, content_block } => {
                self.begin(index, content_block)?
            }
            Event::ContentBlockDelta { index, delta } => self.delta(index, delta)?,
            Event::ContentBlockStop { index } => self.close(index)?,
            Event::MessageDelta { delta, usage } => {
                self.has_final_counts |= usage.is_some_and(Counts::has_output);
                self.count(usage);
                self.ending(delta)?;
                Vec::new()
            }
            Event::MessageStop => return Ok(Step::Done),
            Event::Error { error } => return Err(self.errors.in_answer(&error)),
            Event::Ping | Event::Unknown => Vec::new(),
        };
        Ok(Step::Pieces(pieces))
    }

    /// Reads a whole answer, from a server that does not stream.
    pub(in crate::executors::cloud) fn whole(&mut self, body: &str) -> Result<Vec<Piece>, Fault> {
        let whole = serde_json::from_str(body)
            .map_err(|_| self.errors.garbage("answered with something that is no message"))?;
        let (content, stop_reason) = match whole {
            Whole::Error { error } => return Err(self.errors.in_answer(&error)),
            Whole::Message { content, stop_reason, usage } => {
                self.has_final_counts = usage.is_some_and(Counts::has_output);
                self.count(usage);
                (content, stop_reason)
            }
        };
        let mut pieces = Vec::new();
        for (index, block) in (0..).zip(content) {
            pieces.extend(self.begin(index, block)?);
            pieces.extend(self.close(index)?);
        }
        self.ending(Ending { stop_reason })?;
        Ok(pieces)
    }

    /// Whether the stop reason has come, and with it the whole text.
    pub(in crate::executors::cloud) fn is_complete(&self) -> bool {
        self.finish.is_some()
    }

    /// The end of the answer: well if it is complete, and with `fault` if not. The count of generated
    /// tokens at the beginning of a message is none of the whole.
    pub(in crate::executors::cloud) fn end(self, fault: Fault) -> Result<Completed, Fault> {
        let counts = self.counts.filter(|_| self.has_final_counts);
        let usage = counts.and_then(Counts::usage);
        self.finish.map(|finish| Completed { finish, usage }).ok_or(fault)
    }

    fn count(&mut self, counts: Option<Counts>) {
        if let Some(counts) = counts {
            self.counts.get_or_insert_default().take_in(counts);
        }
    }

    fn begin(&mut self, index: u32, block: Block) -> Result<Vec<Piece>, Fault> {
        if self.is_complete() {
            return Err(self.errors.garbage("went on after its answer was finished"));
        }
        if self.open.is_some() {
            return Err(self.errors.garbage("began a block within another"));
        }
        let (open, piece) = match block {
            Block::Text { text } => (Open::Text, said(Channel::Content, text)),
            Block::Thinking { thinking } => (Open::Thought, said(Channel::Reasoning, thinking)),
            Block::RedactedThinking => (Open::Hidden, None),
            Block::ToolUse { id, name, input } => {
                let call = self.calls;
                self.calls = call.saturating_add(1);
                let arguments = given(&input);
                let open = Open::Call(call, !arguments.is_empty());
                let (id, name) = (Some(id), Some(name));
                (open, Some(Piece::ToolCall(ToolCallFragment { index: call, id, name, arguments })))
            }
            Block::Unknown => {
                return Err(self.errors.garbage("sent a block that nobody asked for"));
            }
        };
        self.open = Some((index, open));
        Ok(piece.into_iter().collect())
    }

    fn delta(&mut self, index: u32, delta: Delta) -> Result<Vec<Piece>, Fault> {
        let misplaced = self.errors.garbage("sent a piece that belongs to no open block");
        let Some((_, open)) = self.open.as_mut().filter(|(at, _)| *at == index) else {
            return Err(misplaced);
        };
        let piece = match (open, delta) {
            (Open::Text, Delta::TextDelta { text }) => said(Channel::Content, text),
            (Open::Text, Delta::CitationsDelta) | (Open::Thought, Delta::SignatureDelta) => None,
            (Open::Thought, Delta::ThinkingDelta { thinking }) => {
                said(Channel::Reasoning, thinking)
            }
            (Open::Call(call, has_arguments), Delta::InputJsonDelta { partial_json }) => {
                *has_arguments |= !partial_json.is_empty();
                arguments(*call, partial_json)
            }
            _ => return Err(misplaced),
        };
        Ok(piece.into_iter().collect())
    }

    /// A call without arguments is one with an empty object.
    fn close(&mut self, index: u32) -> Result<Vec<Piece>, Fault> {
        match self.open.take() {
            Some((at, open)) if at == index => Ok(match open {
                Open::Call(call, false) => arguments(call, "{}".into()).into_iter().collect(),
                _ => Vec::new(),
            }),
            _ => Err(self.errors.garbage("ended a block that was not open")),
        }
    }

    fn ending(&mut self, ending: Ending) -> Result<(), Fault> {
        let Some(word) = ending.stop_reason else { return Ok(()) };
        let known = finish(&word).ok_or_else(|| {
            self.errors.garbage("ended its answer for a reason that is not known")
        })?;
        if self.open.is_some() {
            return Err(self.errors.garbage("ended its answer within a block"));
        }
        if self.finish.is_some_and(|earlier| earlier != known) {
            return Err(self.errors.garbage("ended its answer for two reasons"));
        }
        self.finish = Some(known);
        Ok(())
    }
}

fn said(channel: Channel, text: String) -> Option<Piece> {
    (!text.is_empty()).then_some(Piece::Text(channel, text, Vec::new()))
}

fn arguments(index: u32, arguments: String) -> Option<Piece> {
    let fragment = ToolCallFragment { index, id: None, name: None, arguments };
    (!fragment.arguments.is_empty()).then_some(Piece::ToolCall(fragment))
}

/// The arguments that come with the beginning of a call. A stream brings them later, and an empty
/// object here.
fn given(input: &Value) -> String {
    match input {
        Value::Object(fields) if !fields.is_empty() => input.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
