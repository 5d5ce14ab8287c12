//! What one request would take on one target: parts put together, with their uncertainty.
//!
//! - first token = wait + first token with a slot free
//! - total = first token + gap x (answer tokens - 1)
//! - cost = prompt tokens x input price + answer tokens x output price
//! - joules = joules a token x answer tokens
//!
//! All of it is a closed form over independent parts: products and sums as in [`super::interval`]. The
//! parts are not quite independent (a loaded machine is slow in both), which widens the truth a
//! little; the length of the answer, by far the widest, is independent of the machine. There is no
//! sampling, no allocation and no loop, because a decision makes one of these for each target.

use super::interval::Estimate;
use crate::fleet::Price;
use serde::{Deserialize, Serialize};

/// What a forecast is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// Wait for a slot, in milliseconds; [`Estimate::ZERO`] with one free.
    pub wait_ms: Estimate,
    /// First token with a slot free, in milliseconds.
    pub first_token_ms: Estimate,
    /// Time between two tokens, with those who share the target, in milliseconds.
    pub gap_ms: Estimate,
    /// Tokens of the answer, already cut at the request's limit.
    pub output_tokens: Estimate,
    /// Joules a generated token, where known.
    pub joules_per_token: Option<Estimate>,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Price, where known; all zeros for one's own machine.
    pub price: Option<Price>,
}

/// What a request would take.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// From dispatch to the first token, in milliseconds.
    pub first_token_ms: Estimate,
    /// From dispatch to the last token, in milliseconds.
    pub total_ms: Estimate,
    /// Tokens of the answer.
    pub output_tokens: Estimate,
    /// Cost in millionths of a US dollar, where the price is known.
    pub cost_usd_micros: Option<Estimate>,
    /// Energy in joules, where the energy of a token is known.
    pub joules: Option<Estimate>,
    /// Chance, 0 to 1, that the last token comes before the deadline.
    pub in_time: f64,
}

impl Forecast {
    /// Puts a forecast together for a deadline in milliseconds from dispatch.
    #[must_use]
    pub fn compose(parts: &Parts, deadline_ms: f64) -> Self {
        let first_token_ms = parts.first_token_ms.plus(parts.wait_ms);
        let gaps = parts.output_tokens.shifted(-1.0);
        let total_ms = first_token_ms.plus(parts.gap_ms.times(gaps));
        Self {
            first_token_ms,
            total_ms,
            output_tokens: parts.output_tokens,
            cost_usd_micros: parts.price.map(|price| cost_usd_micros(parts, price)),
            joules: parts.joules_per_token.map(|joules| joules.times(parts.output_tokens)),
            in_time: total_ms.chance_below(deadline_ms),
        }
    }
}

fn cost_usd_micros(parts: &Parts, price: Price) -> Estimate {
    let input = f64::from(parts.prompt_tokens) * price.input_usd_micros_per_mtok as f64;
    parts.output_tokens.scaled(price.output_usd_micros_per_mtok as f64 * 1e-6).shifted(input * 1e-6)
}
