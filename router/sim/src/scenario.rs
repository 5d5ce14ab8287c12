//! What is simulated.

use littoral_core::facts::Facts;
use littoral_core::fleet::FleetView;
use littoral_core::policy::Policy;

/// One policy, one fleet, one kind of request.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The policy that decides.
    pub policy: Policy,
    /// The fleet at the start. Rates, prices and readings hold for the whole run; `active` and
    /// `queued` are the simulation's own and start at zero.
    pub fleet: FleetView,
    /// What each request is like.
    pub facts: Facts,
    /// Mean arrivals a second; the gaps between them are exponential. Must be above 0.
    pub arrivals_per_s: f64,
    /// How long the answers are.
    pub answer: AnswerLength,
    /// How many requests come.
    pub requests: u32,
    /// Seed of every draw.
    pub seed: u64,
}

/// How long the answers are, in tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AnswerLength {
    /// All alike.
    Fixed(f64),
    /// Exponential around this mean. The length is not rounded to whole tokens, so that the time of
    /// service is exactly exponential.
    Exponential {
        /// Mean length, in tokens.
        mean: f64,
    },
}
