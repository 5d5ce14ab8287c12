//! The first token: an overhead that every request pays, and a prefill that grows with the prompt.
//!
//! What is seen is their sum, so the split has to be inferred. Three ways were weighed:
//!
//! - One belief a bucket of prompt lengths needs no model, but a prompt of 64 tokens and one of 250
//!   share a bucket although on a phone the second takes four times as long, and each bucket starts
//!   cold.
//! - Least squares of time on tokens gives a slow request the most say, and may find a negative
//!   overhead.
//! - Chosen: both parts as logarithms, fitted by the linearised Bayesian regression of an extended
//!   Kalman filter (Sarkka 2013, "Bayesian Filtering and Smoothing", section 5.2) in information form.
//!   A part's share of the expected time is how much a sample says of it. So two short prompts say
//!   nothing of prefill, equal prompts fix the sum and leave the split to the catalogue, and the
//!   leverage `h' L^-1 h` widens the interval for a prompt unlike those that were seen.
//!
//! The interval itself is learned from the misses of the sum, so it holds even where the two parts do
//! not explain everything (a cached prefix, another customer's load). With one part it is a [`Belief`].
//!
//! [`Belief`]: super::belief::Belief

use super::forgetting::HalfLife;
use super::interval::Estimate;
use super::prior::TargetPriors;
use super::spread::{BEYOND_BELIEF, Spread};
use std::time::Duration;

/// What is known of the time from dispatch to the first token.
#[derive(Clone, Copy, Debug)]
pub struct FirstToken {
    half_life: HalfLife,
    /// Logarithms of the overhead in milliseconds and of milliseconds a prompt token.
    prior: [f64; 2],
    prior_weight: [f64; 2],
    /// Averages over the evidence: shares times shares (both, cross, both), and shares times the
    /// observed logarithm relative to the prior.
    squares: [f64; 3],
    moments: [f64; 2],
    spread: Spread,
    newest: Duration,
    ignored: u64,
}

/// The fit with some of its evidence left.
struct Fit {
    /// Logarithms relative to the prior.
    parts: [f64; 2],
    /// Inverse of the information: its two diagonal entries around the one beside them.
    inverse: [f64; 3],
}

impl FirstToken {
    /// What the catalogue says.
    #[must_use]
    pub fn new(priors: &TargetPriors, half_life: HalfLife) -> Self {
        let (overhead, prefill) = (priors.overhead_ms, priors.prefill_tokens_per_s);
        let wider = if overhead.spread > prefill.spread { overhead } else { prefill };
        Self {
            half_life,
            prior: [overhead.mid.ln(), (1e3 / prefill.mid).ln()],
            prior_weight: [overhead.weight, prefill.weight],
            squares: [0.0; 3],
            moments: [0.0; 2],
            spread: Spread::new(wider),
            newest: Duration::ZERO,
            ignored: 0,
        }
    }

    /// Takes a time in milliseconds, seen at `now` for a prompt of so many tokens. What is no positive
    /// number or beyond belief is counted as ignored.
    pub fn update(&mut self, first_token_ms: f64, prompt_tokens: u32, now: Duration) {
        let log = first_token_ms.ln();
        let (stated, _) = self.expected([0.0; 2], prompt_tokens);
        // No range holds NaN.
        if !(-BEYOND_BELIEF..=BEYOND_BELIEF).contains(&(log - stated)) {
            self.ignored = self.ignored.saturating_add(1);
            return;
        }
        self.spread.fade(self.half_life.kept(self.newest, now));
        let weight = self.half_life.kept(now, self.newest);
        self.newest = self.newest.max(now);
        let fit = self.fit(1.0);
        let (expected, share) = self.expected(fit.parts, prompt_tokens);
        let learnt = self.spread.learn(log - expected, fit.leverage(share), weight);
        // Linearised at the fit: the miss plus what the fit already explains of it.
        let seen = learnt.miss + share[0] * fit.parts[0] + share[1] * fit.parts[1];
        let [first, cross, second] = &mut self.squares;
        *first += (share[0] * share[0] - *first) * learnt.step;
        *cross += (share[0] * share[1] - *cross) * learnt.step;
        *second += (share[1] * share[1] - *second) * learnt.step;
        for (moment, share) in self.moments.iter_mut().zip(share) {
            *moment += (share * seen - *moment) * learnt.step;
        }
    }

    /// The next first token for a prompt of so many tokens, in milliseconds.
    #[must_use]
    pub fn predict(&self, prompt_tokens: u32, now: Duration) -> Estimate {
        let kept = self.half_life.kept(self.newest, now);
        let fit = self.fit(kept);
        let (log, _) = self.expected(fit.parts, prompt_tokens);
        // The shares of the whole evidence, so that age changes nothing but the information.
        let (_, share) = self.expected(self.fit(1.0).parts, prompt_tokens);
        self.around(log, share, kept, &fit)
    }

    /// The overhead alone, in milliseconds: the first token of an empty prompt.
    #[must_use]
    pub fn overhead_ms(&self, now: Duration) -> Estimate {
        self.part(0, now)
    }

    /// The prefill alone, in prompt tokens a second.
    #[must_use]
    pub fn prefill_tokens_per_s(&self, now: Duration) -> Estimate {
        self.part(1, now).inverse().scaled(1e3)
    }

    /// Samples that the evidence counts for at `now`.
    #[must_use]
    pub fn samples(&self, now: Duration) -> f64 {
        self.spread.count() * self.half_life.kept(self.newest, now)
    }

    /// Observations that could not be believed.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    fn part(&self, index: usize, now: Duration) -> Estimate {
        let kept = self.half_life.kept(self.newest, now);
        let fit = self.fit(kept);
        let (log, share) = if index == 0 {
            (self.prior[0] + fit.parts[0], [1.0, 0.0])
        } else {
            (self.prior[1] + fit.parts[1], [0.0, 1.0])
        };
        self.around(log, share, kept, &fit)
    }

    fn around(&self, log: f64, share: [f64; 2], kept: f64, fit: &Fit) -> Estimate {
        let (down, up) = self.spread.sides(kept, fit.leverage(share));
        let mid = log.exp();
        Estimate::ordered(mid, mid * (-down).exp(), mid * up.exp())
    }

    /// Logarithm of the expected time, and the share of each part in it.
    fn expected(&self, parts: [f64; 2], prompt_tokens: u32) -> (f64, [f64; 2]) {
        let overhead = (self.prior[0] + parts[0]).exp();
        let prefill = (self.prior[1] + parts[1]).exp() * f64::from(prompt_tokens);
        let sum = overhead + prefill;
        (sum.ln(), [overhead / sum, prefill / sum])
    }

    /// Solves for both parts with the share `kept` of the evidence left.
    fn fit(&self, kept: f64) -> Fit {
        let count = self.spread.count() * kept;
        let first = self.prior_weight[0] + count * self.squares[0];
        let cross = count * self.squares[1];
        let second = self.prior_weight[1] + count * self.squares[2];
        // Positive: both weights of the prior are, and the evidence is a sum of squares.
        let scale = 1.0 / (first * second - cross * cross);
        let inverse = [second * scale, -cross * scale, first * scale];
        let [a, b] = self.moments.map(|moment| moment * count);
        let part = |value: f64| value.clamp(-BEYOND_BELIEF, BEYOND_BELIEF);
        Fit {
            parts: [part(inverse[0] * a + inverse[1] * b), part(inverse[1] * a + inverse[2] * b)],
            inverse,
        }
    }
}

impl Fit {
    /// Variance of the expected logarithm, in units of the noise.
    fn leverage(&self, share: [f64; 2]) -> f64 {
        let [first, cross, second] = self.inverse;
        let [a, b] = share;
        (a * a * first + 2.0 * a * b * cross + b * b * second).max(0.0)
    }
}
