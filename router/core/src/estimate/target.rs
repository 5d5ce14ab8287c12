//! What was learned of one target with one model, and of the answers that one alias gets.
//!
//! Speed belongs to the machine and the model. Length belongs to the question: the same model answers
//! a classifier in two tokens and a novelist in two thousand, so lengths are kept by alias and tenant.

use super::baseline::Baseline;
use super::belief::Belief;
use super::first_token::FirstToken;
use super::forgetting::HalfLife;
use super::interval::Estimate;
use super::observation::Observation;
use super::prior::{Prior, TargetPriors};
use super::quantiles::Quantiles;
use std::time::Duration;

/// The quantile of a target's gaps that a slow one of them has.
const SLOW: f64 = 0.95;
/// Answers after which their slowest twentieth means something.
const ENOUGH_GAPS: f64 = 20.0;
/// Weight of an answer from which on its mean gap tells the machine's speed: eight gaps.
const ENOUGH_OF_AN_ANSWER: f64 = 0.5;

/// Speed and energy of a target with a model.
#[derive(Clone, Debug)]
pub struct TargetEstimates {
    first_token: FirstToken,
    gap_ms: Belief,
    joules_per_token: Belief,
    joules_stated: bool,
    gaps: Quantiles,
    slow_gap_ms: Option<f64>,
    baseline: Baseline,
}

impl TargetEstimates {
    /// What the catalogue says.
    #[must_use]
    pub fn new(priors: &TargetPriors) -> Self {
        let joules = priors.joules_per_token.unwrap_or(TargetPriors::JOULES_PER_TOKEN);
        Self {
            first_token: FirstToken::new(priors, HalfLife::SPEED),
            gap_ms: Belief::new(priors.gap_ms, HalfLife::SPEED),
            joules_per_token: Belief::new(joules, HalfLife::HABIT),
            joules_stated: priors.joules_per_token.is_some(),
            gaps: Quantiles::new(HalfLife::SPEED),
            slow_gap_ms: None,
            baseline: Baseline::default(),
        }
    }

    /// Learns from an answered request.
    pub fn observe(&mut self, seen: &Observation<'_>, now: Duration) {
        if let Some(first_token_ms) = seen.first_token_ms() {
            self.first_token.update(first_token_ms, seen.prompt_tokens, now);
        }
        if let Some((gap_ms, weight)) = seen.gap_ms() {
            self.gap_ms.weigh(gap_ms, weight, now);
            // A mean over a few gaps says little of the machine.
            if weight >= ENOUGH_OF_AN_ANSWER {
                self.baseline.observe(1e3 / gap_ms, now);
            }
            self.gaps.update(gap_ms, now);
            // Forgetting weakens all samples alike, so the quantile moves with a new one only.
            let enough = self.gaps.samples(now) >= ENOUGH_GAPS;
            self.slow_gap_ms = self.gaps.quantile(SLOW, now).filter(|_| enough);
        }
        if let Some(joules) = seen.joules_per_token() {
            self.joules_per_token.update(joules, now);
        }
    }

    /// A worker measured itself, because it got too little work to show its speed.
    pub fn measured(&mut self, tokens_per_s: f64, now: Duration) {
        self.baseline.observe(tokens_per_s, now);
    }

    /// The target's decode speed next to its own past.
    #[must_use]
    pub const fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// From dispatch to the first token with a slot free, in milliseconds.
    #[must_use]
    pub fn first_token_ms(&self, prompt_tokens: u32, now: Duration) -> Estimate {
        self.first_token.predict(prompt_tokens, now)
    }

    /// Mean time between two tokens of a request alone, in milliseconds.
    #[must_use]
    pub fn gap_ms(&self, now: Duration) -> Estimate {
        self.gap_ms.predict(now)
    }

    /// Joules a token; unknown until it was stated or measured.
    #[must_use]
    pub fn joules_per_token(&self, now: Duration) -> Option<Estimate> {
        let known = self.joules_stated || self.joules_per_token.samples(now) > 0.0;
        known.then(|| self.joules_per_token.predict(now))
    }

    /// The gap between tokens that 19 of 20 answers stayed below, in milliseconds, each answer counting with
    /// its mean; unknown until there were enough.
    #[must_use]
    pub const fn slow_gap_ms(&self) -> Option<f64> {
        self.slow_gap_ms
    }

    /// Requests whose first token the evidence counts for at `now`.
    #[must_use]
    pub fn samples(&self, now: Duration) -> f64 {
        self.first_token.samples(now)
    }

    /// Numbers that could not be believed.
    #[must_use]
    pub fn ignored(&self) -> u64 {
        self.first_token
            .ignored()
            .saturating_add(self.gap_ms.ignored())
            .saturating_add(self.joules_per_token.ignored())
    }
}

/// Lengths of the answers that an alias gives a tenant.
#[derive(Clone, Copy, Debug)]
pub struct AnswerLengths {
    tokens: Belief,
}

impl AnswerLengths {
    /// What is believed before the first answer.
    #[must_use]
    pub fn new(prior: Prior) -> Self {
        Self { tokens: Belief::new(prior, HalfLife::HABIT) }
    }

    /// Learns from an answered request. A cut answer shorter than what is expected says nothing, a
    /// longer one says at least that much.
    pub fn observe(&mut self, seen: &Observation<'_>, now: Duration) {
        let tokens = f64::from(seen.output_tokens);
        if !seen.cut_short || tokens > self.tokens.predict(now).mid() {
            self.tokens.update(tokens, now);
        }
    }

    /// Tokens of the next answer.
    #[must_use]
    pub fn tokens(&self, now: Duration) -> Estimate {
        self.tokens.predict(now)
    }

    /// Answers that the evidence counts for at `now`.
    #[must_use]
    pub fn samples(&self, now: Duration) -> f64 {
        self.tokens.samples(now)
    }

    /// Lengths that could not be believed.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.tokens.ignored()
    }
}
