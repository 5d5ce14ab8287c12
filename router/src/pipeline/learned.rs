//! What the router learns from answered requests, and how a fleet looks with it.
//!
//! A target begins with what it reports of itself, or what the catalogue states, as a prior: believed,
//! with wide bounds. Every answered request narrows it. A target of which nobody knows anything stays
//! unknown until it has answered once. What is learned belongs to a target in its pool, so that two
//! tenants' machines of one name, or a machine named like a provider, teach nothing of each other.

use crate::registry::summary::Known;
use littoral_core::estimate::{Estimates, Observation, Prior, TargetEstimates, TargetPriors};
use littoral_core::facts::Facts;
use littoral_core::fleet::{CloudSite, FleetView, Learned, Pool, Site, WorkerView};
use parking_lot::Mutex;
use std::time::Duration;

/// Nine of ten first answers are within this factor of what a worker measured of itself.
const REPORTED_SPREAD: f64 = 3.0;
/// The same for what a catalogue states of a cloud, where the network and other people's load count.
const CATALOGUE_SPREAD: f64 = 4.0;
/// How much a prior weighs against answers: the first one counts four times as much.
const PRIOR_WEIGHT: f64 = 0.25;
/// A cloud reads this many tokens a second until it has shown otherwise.
const CLOUD_PREFILL_TOKENS_PER_S: f64 = 10_000.0;
/// Answers of an alias to a tenant after which their length is believed before the policy's assumption.
const ENOUGH_LENGTHS: f64 = 3.0;

/// Beliefs about targets and answers. One lock, held for microseconds.
#[derive(Default)]
pub struct Learning(Mutex<Estimates>);

impl Learning {
    /// The fleet of these pools with what is believed of each target, for one request by this alias.
    pub fn fleet(
        &self,
        mut pools: Vec<Pool>,
        facts: &Facts,
        alias: &str,
        now: Duration,
    ) -> FleetView {
        let (mut known, prompt_tokens) = (self.0.lock(), facts.prompt_tokens.tokens);
        let mut believed =
            |target: &str, pool: &str, priors: Option<TargetPriors>, held_tokens: u32| {
                if known.target(target, pool).is_none() {
                    known.expect(target, pool, &priors?, now);
                }
                // What the worker holds of this conversation it need not read again.
                let unread = prompt_tokens.saturating_sub(held_tokens).max(1);
                known.target(target, pool).map(|target| learned(target, unread, now))
            };
        for Pool { id, site, .. } in &mut pools {
            match site {
                Site::Workers(site) => {
                    for worker in &mut site.workers {
                        worker.learned =
                            believed(&worker.worker_id, id, of_worker(worker), worker.held_tokens);
                    }
                }
                Site::Cloud(site) => site.learned = believed(&site.provider, id, of_cloud(site), 0),
            }
        }
        let lengths = known.lengths(alias, &facts.principal.tenant);
        let lengths = lengths.filter(|lengths| lengths.samples(now) >= ENOUGH_LENGTHS);
        let answer_tokens = lengths.map(|lengths| lengths.tokens(now));
        FleetView { answer_tokens, ..FleetView::of(pools) }
    }

    /// What was learned of a worker's decode speed in a pool.
    #[must_use]
    pub fn known(&self, worker: &str, pool: &str) -> Known {
        let known = self.0.lock();
        let Some(baseline) = known.target(worker, pool).map(TargetEstimates::baseline) else {
            return Known::default();
        };
        let (usual, recent) = (baseline.usual(), baseline.recent());
        Known { usual, recent, throttled: baseline.throttled().is_some() }
    }

    /// A worker measured itself, because it got too little work to show its speed.
    pub fn measured(&self, worker: &str, pool: &str, tokens_per_s: f64, now: Duration) {
        self.0.lock().measured(worker, pool, tokens_per_s, now);
    }

    /// Learns from an answered request.
    pub fn observe(&self, seen: &Observation<'_>, now: Duration) {
        self.0.lock().observe(seen, now);
    }
}

fn learned(target: &TargetEstimates, prompt_tokens: u32, now: Duration) -> Learned {
    Learned {
        first_token_ms: target.first_token_ms(prompt_tokens, now),
        gap_ms: target.gap_ms(now),
        slow_gap_ms: target.slow_gap_ms(),
        joules_per_token: target.joules_per_token(now),
        throttled: None,
    }
}

/// What a worker reports: speeds that it measured when it loaded the model.
fn of_worker(worker: &WorkerView) -> Option<TargetPriors> {
    let prior = |mid: f64| Prior::new(mid, REPORTED_SPREAD, PRIOR_WEIGHT).ok();
    let gap_ms = 1e3 / worker.decode_tokens_per_s?;
    Some(TargetPriors {
        overhead_ms: prior(gap_ms + worker.round_trip_ms.unwrap_or_default())?,
        prefill_tokens_per_s: prior(worker.prefill_tokens_per_s?)?,
        gap_ms: prior(gap_ms)?,
        joules_per_token: worker.device.joules_per_token.and_then(prior),
    })
}

/// What the catalogue states of a cloud.
fn of_cloud(site: &CloudSite) -> Option<TargetPriors> {
    let prior = |mid: f64| Prior::new(mid, CATALOGUE_SPREAD, PRIOR_WEIGHT).ok();
    Some(TargetPriors {
        overhead_ms: prior(site.first_token_ms?)?,
        prefill_tokens_per_s: prior(CLOUD_PREFILL_TOKENS_PER_S)?,
        gap_ms: prior(1e3 / site.decode_tokens_per_s?)?,
        joules_per_token: None,
    })
}

#[cfg(test)]
mod tests;
