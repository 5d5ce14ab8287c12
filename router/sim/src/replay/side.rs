//! What is counted of requests under one policy: what really happened where it still would, and what is
//! predicted where it would not.

use super::kinds::Kinds;
use super::part::grown;
use super::recorded::{Actual, Ended, Recorded, first};
use crate::histogram::Histogram;
use littoral_core::class::Tier;
use littoral_core::plan::{Attempt, Decision, Outcome};
use littoral_core::reason::Reason;
use std::collections::BTreeMap;

/// Counts by named reason.
pub(super) type Reasons = BTreeMap<Reason, u64>;

/// Sums over requests under one policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Requests that the policy refuses.
    pub refused: Reasons,
    /// Requests whose real outcome counts.
    pub kept: Kept,
    /// Predictions of the others, by kind of target.
    pub guesses: Vec<Guess>,
    /// Sum of the predicted probabilities of a good answer, and of how many.
    pub quality: (f64, u64),
}

/// What really happened.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// Requests.
    pub requests: u64,
    /// Requests that were tried and failed.
    pub failed: Reasons,
    /// Answers by device, edge, cloud.
    pub answered: [u64; 3],
    /// From arrival to the first token, in milliseconds.
    pub first_ms: Histogram,
    /// From arrival to the last token, in milliseconds.
    pub total_ms: Histogram,
    /// Micro-dollars, where known.
    pub cost_usd_micros: u64,
    /// Requests of unknown cost.
    pub unpriced: u64,
    /// Joules on machines of ours, where known.
    pub joules: f64,
    /// Bytes that left, by class.
    pub egress_bytes: [u64; 4],
}

/// What is predicted, as the decisions say it: not calibrated yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Guess {
    /// Requests.
    pub requests: u64,
    /// From dispatch to the first token, in milliseconds.
    pub first_ms: Histogram,
    /// From dispatch to the last token, in milliseconds.
    pub total_ms: Histogram,
    /// Micro-dollars, where known.
    pub cost_usd_micros: u64,
    /// Requests of unknown cost.
    pub unpriced: u64,
    /// Joules on machines of ours, where known.
    pub joules: f64,
    /// Bytes of content that would be sent to a cloud, by class.
    pub content_bytes: [u64; 4],
}

impl Side {
    /// Counts a request under this decision.
    pub fn add(&mut self, kinds: &mut Kinds, recorded: &Recorded, decision: &Decision) {
        if let Outcome::Refused(refusal) = &decision.outcome {
            *self.refused.entry(refusal.reason).or_default() += 1;
            return;
        }
        let Some(attempt) = first(decision) else { return };
        if let Some(quality) = attempt.predicted.quality {
            self.quality.0 += quality;
            self.quality.1 += 1;
        }
        let class = decision.class as usize;
        if let Some(actual) = recorded.kept(decision) {
            self.kept.add(actual, class);
        } else {
            let guess = grown(&mut self.guesses, kinds.of(attempt.tier, &attempt.target));
            guess.add(attempt, recorded.record.facts.prompt_bytes, class);
        }
    }

    /// Counts all of another one too.
    pub fn merge(&mut self, other: &Self) {
        add_reasons(&mut self.refused, &other.refused);
        self.kept.merge(&other.kept);
        for (kind, guess) in other.guesses.iter().enumerate() {
            grown(&mut self.guesses, kind).merge(guess);
        }
        self.quality.0 += other.quality.0;
        self.quality.1 += other.quality.1;
    }

    /// Requests whose outcome is predicted.
    pub fn predicted(&self) -> u64 {
        self.guesses.iter().map(|guess| guess.requests).sum()
    }
}

impl Kept {
    fn add(&mut self, actual: &Actual, class: usize) {
        self.requests += 1;
        match &actual.ended {
            Ended::Failed(reason) => *self.failed.entry(*reason).or_default() += 1,
            Ended::Answered(answered) => {
                if let Some(count) = self.answered.get_mut(answered.tier as usize) {
                    *count += 1;
                }
                if let Some(first_ms) = answered.first_token_ms {
                    self.first_ms.add(first_ms);
                }
                self.total_ms.add(answered.total_ms);
            }
        }
        match actual.cost_usd_micros {
            Some(cost) => self.cost_usd_micros = self.cost_usd_micros.saturating_add(cost),
            None => self.unpriced += 1,
        }
        self.joules += actual.joules.unwrap_or(0.0);
        add_bytes(&mut self.egress_bytes, class, actual.egress_bytes);
    }

    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        add_reasons(&mut self.failed, &other.failed);
        add_all(&mut self.answered, &other.answered);
        self.first_ms.merge(&other.first_ms);
        self.total_ms.merge(&other.total_ms);
        self.cost_usd_micros = self.cost_usd_micros.saturating_add(other.cost_usd_micros);
        self.unpriced += other.unpriced;
        self.joules += other.joules;
        add_all(&mut self.egress_bytes, &other.egress_bytes);
    }
}

impl Guess {
    fn add(&mut self, attempt: &Attempt, prompt_bytes: u64, class: usize) {
        let predicted = &attempt.predicted;
        self.requests += 1;
        if let Some(first_ms) = predicted.first_token_ms {
            self.first_ms.add(first_ms);
        }
        if let Some(total_ms) = predicted.total_ms {
            self.total_ms.add(total_ms);
        }
        if attempt.tier != Tier::Cloud {
            // Machines of ours are paid in joules.
            self.joules += predicted.energy_joules.unwrap_or(0.0);
            return;
        }
        match predicted.cost_usd_micros {
            Some(cost) => self.cost_usd_micros = self.cost_usd_micros.saturating_add(cost),
            None => self.unpriced += 1,
        }
        add_bytes(&mut self.content_bytes, class, prompt_bytes);
    }

    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.first_ms.merge(&other.first_ms);
        self.total_ms.merge(&other.total_ms);
        self.cost_usd_micros = self.cost_usd_micros.saturating_add(other.cost_usd_micros);
        self.unpriced += other.unpriced;
        self.joules += other.joules;
        add_all(&mut self.content_bytes, &other.content_bytes);
    }
}

fn add_reasons(counts: &mut Reasons, more: &Reasons) {
    for (reason, more) in more {
        *counts.entry(*reason).or_default() += more;
    }
}

fn add_all<const N: usize>(sums: &mut [u64; N], more: &[u64; N]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum = sum.saturating_add(*more));
}

fn add_bytes(sums: &mut [u64; 4], class: usize, bytes: u64) {
    if let Some(sum) = sums.get_mut(class) {
        *sum = sum.saturating_add(bytes);
    }
}
