//! What the router has learned of each target, by the core's own estimators: as the live router does it, but
//! that the estimators stand in a list by number and not in a map by name.

use crate::scenario::{Machines, Scenario};
use littoral_core::estimate::prior::ANSWER_TOKENS;
use littoral_core::estimate::{
    AnswerLengths, Estimate, Estimates, Observation, Prior, TargetEstimates, TargetPriors,
};
use littoral_core::fleet::Learned as Belief;
use std::time::Duration;

/// Nine of ten first answers are within this factor of what a worker measured of itself.
const REPORTED_SPREAD: f64 = 3.0;
/// The same for what a catalogue states of a cloud.
const CATALOGUE_SPREAD: f64 = 4.0;
/// How much a prior weighs against answers.
const PRIOR_WEIGHT: f64 = 0.25;
/// A cloud reads this many tokens a second until it has shown otherwise.
const CLOUD_PREFILL_TOKENS_PER_S: f64 = 10_000.0;
/// Answers after which their length is believed before the policy's assumption.
const ENOUGH_LENGTHS: f64 = 3.0;

/// Everything learned.
pub(super) struct Learned {
    /// Place of each machine's estimates, plus one; 0 where it has none.
    places: Vec<u16>,
    machines: Vec<TargetEstimates>,
    clouds: Vec<TargetEstimates>,
    lengths: AnswerLengths,
}

impl Learned {
    pub fn new(scenario: &Scenario, machines: usize) -> Self {
        let prior = |mid: f64| Prior::new(mid, CATALOGUE_SPREAD, PRIOR_WEIGHT).ok();
        let each = scenario.clouds.iter().map(|cloud| {
            let (first_token_ms, gap_ms) = cloud.latency.medians();
            let usual = TargetPriors::default();
            TargetEstimates::new(&TargetPriors {
                overhead_ms: prior(first_token_ms).unwrap_or(usual.overhead_ms),
                prefill_tokens_per_s: prior(CLOUD_PREFILL_TOKENS_PER_S)
                    .unwrap_or(usual.prefill_tokens_per_s),
                gap_ms: prior(gap_ms).unwrap_or(usual.gap_ms),
                joules_per_token: None,
            })
        });
        Self {
            places: vec![0; machines],
            machines: Vec::new(),
            clouds: each.collect(),
            lengths: AnswerLengths::new(ANSWER_TOKENS),
        }
    }

    /// What is believed of a machine; nothing before its first answer, when what it reports counts.
    pub fn of_machine(&self, machine: u32, prompt_tokens: u32, now: Duration) -> Option<Belief> {
        let place = usize::from(*self.places.get(machine as usize)?).checked_sub(1)?;
        self.machines.get(place).map(|target| belief(target, prompt_tokens, now))
    }

    /// What is believed of a cloud.
    pub fn of_cloud(&self, cloud: usize, prompt_tokens: u32, now: Duration) -> Option<Belief> {
        self.clouds.get(cloud).map(|target| belief(target, prompt_tokens, now))
    }

    /// Length of the next answer, where enough was seen.
    pub fn answer_tokens(&self, now: Duration) -> Option<Estimate> {
        (self.lengths.samples(now) >= ENOUGH_LENGTHS).then(|| self.lengths.tokens(now))
    }

    /// A machine answered. As many machines are learned of as the live router keeps; of others what
    /// they report has to do.
    pub fn machine_answered(
        &mut self,
        machine: u32,
        reported: impl FnOnce() -> Option<TargetPriors>,
        seen: &Observation<'_>,
        now: Duration,
    ) {
        self.lengths.observe(seen, now);
        let Some(place) = self.places.get_mut(machine as usize) else { return };
        if *place == 0 {
            if self.machines.len() >= Estimates::ENTRIES {
                return;
            }
            let Some(priors) = reported() else { return };
            self.machines.push(TargetEstimates::new(&priors));
            *place = self.machines.len() as u16;
        }
        if let Some(target) = self.machines.get_mut(usize::from(*place) - 1) {
            target.observe(seen, now);
        }
    }

    /// A cloud answered.
    pub fn cloud_answered(&mut self, cloud: usize, seen: &Observation<'_>, now: Duration) {
        self.lengths.observe(seen, now);
        if let Some(target) = self.clouds.get_mut(cloud) {
            target.observe(seen, now);
        }
    }
}

fn belief(target: &TargetEstimates, prompt_tokens: u32, now: Duration) -> Belief {
    Belief {
        first_token_ms: target.first_token_ms(prompt_tokens, now),
        gap_ms: target.gap_ms(now),
        slow_gap_ms: target.slow_gap_ms(),
        joules_per_token: target.joules_per_token(now),
        throttled: None,
    }
}

/// What a machine reports, as a prior.
pub(super) fn reported(kind: &Machines, speed: f64) -> Option<TargetPriors> {
    let prior = |mid: f64| Prior::new(mid, REPORTED_SPREAD, PRIOR_WEIGHT).ok();
    let gap_ms = 1e3 / (kind.decode_tokens_per_s * speed);
    Some(TargetPriors {
        overhead_ms: prior(gap_ms + kind.network.round_trip_ms)?,
        prefill_tokens_per_s: prior(kind.prefill_tokens_per_s * speed)?,
        gap_ms: prior(gap_ms)?,
        joules_per_token: kind.joules_per_token.and_then(prior),
    })
}
