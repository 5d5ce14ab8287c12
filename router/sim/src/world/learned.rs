//! What the router has learned of each target, by the core's own estimators: as the live router does it, but
//! that the estimators stand in a list by number and not in a map by name.

use crate::scenario::{Machines, Scenario};
use littoral_core::estimate::prior::ANSWER_TOKENS;
use littoral_core::estimate::{
    AnswerLengths, Estimate, Estimates, Observation, Reported, TargetEstimates, TargetPriors,
};
use littoral_core::fleet::Learned as Belief;
use std::time::Duration;

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
        let each = scenario.clouds.iter().map(|cloud| {
            let (first_token_ms, gap_ms) = cloud.latency.medians();
            let stated = TargetPriors::of_catalogue(first_token_ms, 1e3 / gap_ms);
            TargetEstimates::new(&stated.unwrap_or_default())
        });
        Self {
            places: vec![0; machines],
            machines: Vec::new(),
            clouds: each.collect(),
            lengths: AnswerLengths::new(ANSWER_TOKENS),
        }
    }

    /// What is believed of a machine; nothing before its first answer, when what it reports counts.
    pub fn of_machine(
        &self,
        machine: u32,
        (prompt_tokens, held_tokens): (u32, u32),
        now: Duration,
    ) -> Option<Belief> {
        let place = usize::from(*self.places.get(machine as usize)?).checked_sub(1)?;
        let target = self.machines.get(place)?;
        Some(target.believed(prompt_tokens, held_tokens, now))
    }

    /// What is believed of a cloud.
    pub fn of_cloud(&self, cloud: usize, prompt_tokens: u32, now: Duration) -> Option<Belief> {
        self.clouds.get(cloud).map(|target| target.believed(prompt_tokens, 0, now))
    }

    /// Length of the next answer, where enough was seen.
    pub fn answer_tokens(&self, now: Duration) -> Option<Estimate> {
        self.lengths.believed(now)
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

/// What a machine reports, as a prior.
pub(super) fn reported(kind: &Machines, speed: f64) -> Option<TargetPriors> {
    TargetPriors::reported(Reported {
        prefill_tokens_per_s: kind.prefill_tokens_per_s * speed,
        decode_tokens_per_s: kind.decode_tokens_per_s * speed,
        round_trip_ms: kind.network.round_trip_ms,
        joules_per_token: kind.joules_per_token,
    })
}
