//! What the router learns from answered requests, and how a fleet looks with it.
//!
//! A target begins with what it reports of itself, or what the catalogue states, as a prior: believed,
//! with wide bounds. Every answered request narrows it. A target of which nobody knows anything stays
//! unknown until it has answered once. What is learned belongs to a target in its pool, so that two
//! tenants' machines of one name, or a machine named like a provider, teach nothing of each other.

use crate::registry::summary::Known;
use littoral_core::estimate::{Estimates, Observation, Reported, TargetEstimates, TargetPriors};
use littoral_core::facts::Facts;
use littoral_core::fleet::{CloudSite, FleetView, Pool, Site, WorkerView};
use parking_lot::Mutex;
use std::time::Duration;

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
                let target = known.target(target, pool);
                target.map(|target| target.believed(prompt_tokens, held_tokens, now))
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
        let answer_tokens = lengths.and_then(|lengths| lengths.believed(now));
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

/// What a worker reports: speeds that it measured when it loaded the model.
fn of_worker(worker: &WorkerView) -> Option<TargetPriors> {
    TargetPriors::reported(Reported {
        prefill_tokens_per_s: worker.prefill_tokens_per_s?,
        decode_tokens_per_s: worker.decode_tokens_per_s?,
        round_trip_ms: worker.round_trip_ms.unwrap_or_default(),
        joules_per_token: worker.device.joules_per_token,
    })
}

/// What the catalogue states of a cloud.
fn of_cloud(site: &CloudSite) -> Option<TargetPriors> {
    TargetPriors::of_catalogue(site.first_token_ms?, site.decode_tokens_per_s?)
}

#[cfg(test)]
mod tests;
