//! An answer as it arrives: data of events in, pieces out, and at the end how it ended.
//!
//! An answer is complete once its finish reason came. Usage follows in a chunk of its own, and
//! `[DONE]` closes the stream; both may be missing where the connection is cut right behind the
//! finish reason, and the answer is whole all the same. Without a finish reason nothing is: a
//! stream that merely stops, or says `[DONE]` out of nowhere, may have lost its second half.

use super::answer::{pieces, usage};
use super::finish;
use super::wire::Answer;
use crate::executors::cloud::dialect::{Completed, Piece, Step};
use crate::executors::cloud::error::ErrorReader;
use littoral_core::flight::event::{Fault, Finish, Usage};

/// The data of the last event.
const DONE: &str = "[DONE]";

/// Reads one answer.
pub(in crate::executors::cloud) struct AnswerReader<'a> {
    errors: ErrorReader<'a>,
    finish: Option<Finish>,
    usage: Option<Usage>,
}

impl<'a> AnswerReader<'a> {
    pub(in crate::executors::cloud) fn new(errors: ErrorReader<'a>) -> Self {
        Self { errors, finish: None, usage: None }
    }

    /// Reads the data of one event of a stream.
    pub(in crate::executors::cloud) fn event(&mut self, data: &str) -> Result<Step, Fault> {
        if data.trim() == DONE {
            return Ok(Step::Done);
        }
        let answer: Answer = serde_json::from_str(data)
            .map_err(|_| self.garbage("sent an event that is no chunk of a chat completion"))?;
        self.answer(answer, data).map(Step::Pieces)
    }

    /// Reads a whole completion, from a server that does not stream.
    pub(in crate::executors::cloud) fn whole(&mut self, body: &str) -> Result<Vec<Piece>, Fault> {
        let answer: Answer = serde_json::from_str(body)
            .map_err(|_| self.garbage("answered with something that is no chat completion"))?;
        let is_completion = answer.object.as_deref() == Some("chat.completion");
        let pieces = self.answer(answer, body)?;
        if is_completion {
            Ok(pieces)
        } else {
            Err(self.garbage("answered with something that is no chat completion"))
        }
    }

    /// Whether the finish reason has come, and with it the whole text.
    pub(in crate::executors::cloud) fn is_complete(&self) -> bool {
        self.finish.is_some()
    }

    /// The end of the answer: well if it is complete, and with `fault` if not.
    pub(in crate::executors::cloud) fn end(self, fault: Fault) -> Result<Completed, Fault> {
        let usage = self.usage;
        self.finish.map(|finish| Completed { finish, usage }).ok_or(fault)
    }

    fn garbage(&self, what: &str) -> Fault {
        self.errors.garbage(what)
    }

    fn answer(&mut self, answer: Answer, text: &str) -> Result<Vec<Piece>, Fault> {
        if let Some(error) = answer.error.filter(|error| !error.is_null()) {
            return Err(self.errors.in_answer(&error));
        }
        if answer.object.as_deref() == Some("error") {
            // An older form: the error itself, without an envelope.
            return Err(self.errors.in_answer(&serde_json::from_str(text).unwrap_or_default()));
        }
        if let Some(told) = answer.usage.as_ref().and_then(usage) {
            self.usage = Some(told);
        }
        let mut all = Vec::new();
        for choice in answer.choices.unwrap_or_default() {
            if choice.index.is_some_and(|index| index != 0) {
                return Err(self.garbage("sent a second answer that nobody asked for"));
            }
            let said = choice.delta.or(choice.message).unwrap_or_default();
            let pieces = pieces(said, choice.logprobs);
            if self.is_complete() && !pieces.is_empty() {
                return Err(self.garbage("went on after its answer was finished"));
            }
            all.extend(pieces);
            // Some servers write an empty word where they mean null.
            if let Some(word) = choice.finish_reason.filter(|word| !word.is_empty()) {
                let known = finish(&word);
                let unknown = || self.garbage("ended its answer for a reason that is not known");
                let known = known.ok_or_else(unknown)?;
                if self.finish.is_some_and(|earlier| earlier != known) {
                    return Err(self.garbage("ended its answer for two reasons"));
                }
                self.finish = Some(known);
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
