//! What the shell knows when a request has ended, and what may be concluded from it.
//!
//! Not every number says what it seems to. After a wait in a queue, times measure the queue. An answer
//! that was cut off has no length of its own, only a bound. A worker shares its decode among the
//! requests that run together, so a gap is divided by them. Failed requests are not observed at all.

/// Gaps after which the mean gap of an answer counts as a whole sample; fewer count in proportion.
const WHOLE_SAMPLE_GAPS: f64 = 16.0;

/// One answered request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation<'a> {
    /// Who answered: a worker's id, or a provider's name.
    pub target: &'a str,
    /// The pool it stands in: one model, of one owner or provider.
    pub pool: &'a str,
    /// What the asker asked for.
    pub alias: &'a str,
    /// Whose the asker is.
    pub tenant: &'a str,
    /// Tokens of the prompt that were read: what a kept cache saved is not among them.
    pub prompt_tokens: u32,
    /// Length of the answer.
    pub output_tokens: u32,
    /// The answer ended because of a limit or because the asker left.
    pub cut_short: bool,
    /// From dispatch to the first token, in milliseconds, where it was streamed.
    pub first_token_ms: Option<f64>,
    /// From dispatch to the last token, in milliseconds.
    pub total_ms: f64,
    /// It waited for a slot of the target, so its times say nothing of speed.
    pub queued: bool,
    /// Requests that shared the target while it ran, this one included; 1 for a cloud.
    pub sharers: u32,
    /// Energy of generating the answer, in joules, where the device tells it.
    pub energy_joules: Option<f64>,
}

impl Observation<'_> {
    /// The time to the first token, where it says something of speed.
    pub(super) fn first_token_ms(&self) -> Option<f64> {
        self.first_token_ms.filter(|_| !self.queued)
    }

    /// The time between two tokens of a request alone, in milliseconds, and what it is worth.
    pub(super) fn gap_ms(&self) -> Option<(f64, f64)> {
        let gaps = f64::from(self.output_tokens.saturating_sub(1));
        let first = self.first_token_ms()?;
        if gaps < 1.0 {
            return None;
        }
        let gap = (self.total_ms - first) / gaps / f64::from(self.sharers.max(1));
        Some((gap, (gaps / WHOLE_SAMPLE_GAPS).min(1.0)))
    }

    /// Energy of a generated token, in joules.
    pub(super) fn joules_per_token(&self) -> Option<f64> {
        self.energy_joules
            .filter(|_| self.output_tokens > 0)
            .map(|joules| joules / f64::from(self.output_tokens))
    }
}
