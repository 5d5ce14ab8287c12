//! An answer that the stand-in gives, and in what way: its words, its framing, its pace, its end.

use super::gate::Gate;
use serde_json::Value;

/// How events are written on the wire; all of these are valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// Lines end in a line feed, as most providers do.
    #[default]
    Lf,
    /// Lines end in carriage return and line feed.
    CrLf,
    /// Lines end in carriage return alone, as the standard allows and hardly anybody does.
    Cr,
}

/// How an answer is closed, once it has said why it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// The last event comes once.
    #[default]
    Once,
    /// What ends the answer comes twice, and so does the last event.
    Twice,
    /// The last event never comes; the body ends in order.
    Never,
}

/// What an answer tells of its usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tally {
    /// All of it.
    #[default]
    Right,
    /// Nothing.
    Nothing,
    /// Of the prompt alone.
    Half,
    /// Numbers below zero.
    Negative,
    /// Words in the place of numbers.
    Words,
}

/// An answer that is well-formed, unless told otherwise.
#[derive(Clone)]
pub struct Answer {
    pub(super) pieces: Vec<String>,
    pub(super) finish_reason: &'static str,
    pub(super) usage: (u32, u32),
    pub(super) tool_call: Option<(String, Vec<String>)>,
    pub(super) framing: Framing,
    pub(super) comments: bool,
    pub(super) write_bytes: Option<usize>,
    pub(super) gate: Option<Gate>,
    pub(super) ending: Ending,
    pub(super) tally: Tally,
}

impl Answer {
    /// An answer in these pieces, one event each. Usage counts a token for each piece.
    pub fn new<T: Into<String>>(pieces: impl IntoIterator<Item = T>) -> Self {
        let pieces: Vec<String> = pieces.into_iter().map(Into::into).collect();
        let usage = (7, u32::try_from(pieces.len()).unwrap_or(u32::MAX));
        Self {
            pieces,
            finish_reason: "stop",
            usage,
            tool_call: None,
            framing: Framing::Lf,
            comments: false,
            write_bytes: None,
            gate: None,
            ending: Ending::Once,
            tally: Tally::Right,
        }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.concat()
    }

    /// States this usage: prompt tokens and generated tokens.
    #[must_use]
    pub const fn with_usage(mut self, prompt_tokens: u32, completion_tokens: u32) -> Self {
        self.usage = (prompt_tokens, completion_tokens);
        self
    }

    /// Tells this much of its usage.
    #[must_use]
    pub const fn with_tally(mut self, tally: Tally) -> Self {
        self.tally = tally;
        self
    }

    /// Is closed like this.
    #[must_use]
    pub const fn with_ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// Ends for this reason (`stop`, `length`, `content_filter`).
    #[must_use]
    pub const fn with_finish_reason(mut self, reason: &'static str) -> Self {
        self.finish_reason = reason;
        self
    }

    /// Calls this function after the text, with its arguments in these fragments.
    #[must_use]
    pub fn with_tool_call<T: Into<String>>(
        mut self,
        function: &str,
        arguments: impl IntoIterator<Item = T>,
    ) -> Self {
        self.tool_call = Some((function.into(), arguments.into_iter().map(Into::into).collect()));
        self.finish_reason = "tool_calls";
        self
    }

    /// Writes events this way.
    #[must_use]
    pub const fn with_framing(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// Puts a comment line (a keep-alive) before every event.
    #[must_use]
    pub const fn with_comments(mut self) -> Self {
        self.comments = true;
        self
    }

    /// Writes so many bytes at a time, wherever that cuts events and characters.
    #[must_use]
    pub const fn with_writes_of(mut self, bytes: usize) -> Self {
        self.write_bytes = Some(bytes);
        self
    }

    /// Sends each piece only when `gate` lets it through.
    #[must_use]
    pub fn with_gate(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// The counts of prompt and answer as they are told; null is not told.
    pub(super) fn told_usage(&self) -> [Value; 2] {
        let (prompt, completion) = self.usage;
        match self.tally {
            Tally::Right => [prompt.into(), completion.into()],
            Tally::Nothing => [Value::Null, Value::Null],
            Tally::Half => [prompt.into(), Value::Null],
            Tally::Negative => [(-1).into(), (-1).into()],
            Tally::Words => ["seven".into(), "three".into()],
        }
    }
}
