//! The running dispatch: when it last showed life, and how much it has generated.

use super::event::{Blame, Channel, DispatchId, Fault, TokenLogprob, ToolCallFragment};
use std::time::Duration;

/// A dispatch that has neither finished, failed nor been cancelled.
pub(super) struct Live {
    pub(super) dispatch: DispatchId,
    pub(super) attempt: usize,
    /// Last sign of life: the dispatch itself, prefill progress, or a token.
    pub(super) sign_at: Duration,
    /// It has generated its first token.
    pub(super) has_token: bool,
    prompt_tokens_read: u32,
    generated_bytes: [u64; 3],
}

/// Text of one channel with its log-probabilities. Content.
pub(super) struct Text {
    pub(super) channel: Channel,
    pub(super) text: String,
    pub(super) logprobs: Vec<TokenLogprob>,
}

impl Live {
    pub(super) const fn new(dispatch: DispatchId, attempt: usize, now: Duration) -> Self {
        Self {
            dispatch,
            attempt,
            sign_at: now,
            has_token: false,
            prompt_tokens_read: 0,
            generated_bytes: [0; 3],
        }
    }

    /// Takes prefill progress. True if it advances; a repeated, impossible or late report is no sign
    /// of life, or a hung target could hold the flight by repeating itself.
    pub(super) const fn advance(&mut self, done: u32, of: u32, now: Duration) -> bool {
        let advances = !self.has_token && done > self.prompt_tokens_read && done <= of;
        if advances {
            self.prompt_tokens_read = done;
            self.sign_at = now;
        }
        advances
    }

    /// Takes text. `Ok(false)` if it is empty: no token, no sign of life. A token without text of
    /// its own (the first half of a character) shows as log-probabilities and counts.
    ///
    /// # Errors
    /// A stated offset that leaves a gap or overlaps is the target's fault: its text cannot be
    /// trusted any more.
    pub(super) fn take_text(
        &mut self,
        offset: Option<u64>,
        text: &Text,
        now: Duration,
    ) -> Result<bool, Fault> {
        let due = &mut self.generated_bytes[text.channel as usize];
        if let Some(stated) = offset
            && stated != *due
        {
            return Err(Fault {
                blame: Blame::Target,
                kind: "garbage",
                detail: format!("the target stated byte offset {stated} where {due} was due"),
                retry_after_ms: None,
            });
        }
        *due = due.saturating_add(text.text.len() as u64);
        let is_token = !text.text.is_empty() || !text.logprobs.is_empty();
        if is_token {
            self.note_token(now);
        }
        Ok(is_token)
    }

    /// Takes a tool-call fragment. False if it says nothing.
    pub(super) fn take_fragment(&mut self, fragment: &ToolCallFragment, now: Duration) -> bool {
        let says_something =
            fragment.id.is_some() || fragment.name.is_some() || !fragment.arguments.is_empty();
        if says_something {
            self.note_token(now);
        }
        says_something
    }

    const fn note_token(&mut self, now: Duration) {
        self.has_token = true;
        self.sign_at = now;
    }
}
