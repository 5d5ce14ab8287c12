//! How long a generation took, and the rates that follow.

use super::Usage;

/// Durations of a generation on this machine, in milliseconds.
///
/// The durations of waiting and answering are those a caller lives through: other generations' turns
/// and his own pauses are in them. Rates of the model are computed from the steps of this generation
/// alone ([`Timings::prefill_run_ms`], [`Timings::decode_run_ms`]).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Timings {
    /// From `start` to a free slot.
    pub queue_ms: f64,
    /// From the slot to the last prompt token read.
    pub prefill_ms: f64,
    /// From `start` to the first token; 0 when there was none.
    pub first_token_ms: f64,
    /// From the first token to the end.
    pub decode_ms: f64,
    /// Inside the steps that read the prompt. Cached tokens are not read and take no time.
    pub prefill_run_ms: f64,
    /// Inside the steps after the first token. Choosing tokens is not in it.
    pub decode_run_ms: f64,
    /// Steps in `decode_run_ms`, each of which gave one token or the end. The first token comes of
    /// the prefill, so without an end token these are one less than the completion tokens.
    pub decode_steps: u32,
}

impl Timings {
    /// Prompt tokens read a second: cached tokens are neither counted nor timed. `None` when the
    /// prompt was not read to its end, so that how many of them were read is not told.
    pub fn prefill_tokens_per_s(&self, usage: &Usage) -> Option<f64> {
        let read = usage.prompt_tokens.saturating_sub(usage.cached_prompt_tokens);
        if self.prefill_ms > 0.0 { rate(read, self.prefill_run_ms) } else { None }
    }

    /// Tokens generated a second after the first one; `None` when there was no more than that.
    pub fn decode_tokens_per_s(&self) -> Option<f64> {
        rate(self.decode_steps, self.decode_run_ms)
    }
}

fn rate(tokens: u32, milliseconds: f64) -> Option<f64> {
    (tokens > 0 && milliseconds > 0.0).then(|| f64::from(tokens) * 1e3 / milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_leave_out_cached_tokens_waiting_and_the_first_token() {
        let usage =
            Usage { prompt_tokens: 1500, cached_prompt_tokens: 1400, completion_tokens: 11 };
        let timings = Timings {
            prefill_ms: 900.0,
            decode_ms: 5000.0,
            prefill_run_ms: 250.0,
            decode_run_ms: 200.0,
            decode_steps: 10,
            ..Timings::default()
        };
        assert_eq!(timings.prefill_tokens_per_s(&usage), Some(400.0));
        assert_eq!(timings.decode_tokens_per_s(), Some(50.0));
    }

    #[test]
    fn there_is_no_rate_of_what_did_not_happen() {
        let usage = Usage { prompt_tokens: 1500, ..Usage::default() };
        let cancelled = Timings { prefill_run_ms: 250.0, ..Timings::default() };
        assert_eq!(cancelled.prefill_tokens_per_s(&usage), None);
        assert_eq!(cancelled.decode_tokens_per_s(), None);
    }
}
