//! What the catalogue says before anything was measured.
//!
//! A catalogue is written by hand and often wrong by a factor of two: another batch size, another
//! power mode, a provider on another day. So each prior carries how far it may be off and how many
//! samples its word is worth. The shipped ones serve targets of which nothing is stated; they span
//! what phones, office machines and clouds do.

/// What is believed of a positive quantity before the first sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    pub(super) mid: f64,
    pub(super) spread: f64,
    pub(super) weight: f64,
}

/// A prior that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "no prior from mid {mid}, spread {spread}, weight {weight}: mid must be 1e-9 to 1e9, \
     spread over 1 and at most 10000, weight 0.01 to 1000"
)]
pub struct NotAPrior {
    mid: f64,
    spread: f64,
    weight: f64,
}

impl Prior {
    /// `mid` with 90 % of the first observations within the factor `spread`, worth `weight` samples.
    ///
    /// # Errors
    /// Outside mid 1e-9..=1e9, spread over 1 and up to 1e4, weight 0.01..=1000.
    pub fn new(mid: f64, spread: f64, weight: f64) -> Result<Self, NotAPrior> {
        let sound = (1e-9..=1e9).contains(&mid)
            && spread > 1.0
            && spread <= 1e4
            && (0.01..=1e3).contains(&weight);
        if sound {
            Ok(Self::stated(mid, spread, weight))
        } else {
            Err(NotAPrior { mid, spread, weight })
        }
    }

    const fn stated(mid: f64, spread: f64, weight: f64) -> Self {
        Self { mid, spread, weight }
    }
}

/// What is believed of a target and a model before the first request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetPriors {
    /// First token of an empty prompt, in milliseconds.
    pub overhead_ms: Prior,
    /// Prompt tokens a second.
    pub prefill_tokens_per_s: Prior,
    /// Time between two tokens of a request alone, in milliseconds.
    pub gap_ms: Prior,
    /// Joules a token; unknown where absent, until one was measured.
    pub joules_per_token: Option<Prior>,
}

impl TargetPriors {
    /// Energy where it is measured and nothing is stated: a phone's small model to a server's large one.
    pub(super) const JOULES_PER_TOKEN: Prior = Prior::stated(0.5, 12.0, 0.25);
}

/// A weight of a quarter says that four fifths of the doubt is about the level, as it is for machines,
/// and little about the noise around it: the first sample then counts four times as much as the prior.
impl Default for TargetPriors {
    fn default() -> Self {
        Self {
            // A local network's 60 ms to a slow provider's second and a half.
            overhead_ms: Prior::stated(300.0, 5.0, 0.25),
            // A phone's 60 tokens a second to a cloud's 10,000.
            prefill_tokens_per_s: Prior::stated(800.0, 12.0, 0.25),
            // 200 tokens a second down to 5.
            gap_ms: Prior::stated(30.0, 6.0, 0.25),
            joules_per_token: None,
        }
    }
}

/// Tokens of an answer where nothing is stated: a word or two up to two pages. A weight of one, because
/// answers differ from each other as much as aliases do.
pub const ANSWER_TOKENS: Prior = Prior::stated(150.0, 10.0, 1.0);
