//! Models of clouds: prices as the router had them, and waits as they were.

use super::Ended;
use super::numbers::LogNormal;
use littoral_core::fleet::{CloudSite, FleetView, ModelFacts, Site};
use littoral_core::plan::Place;
use std::collections::BTreeMap;

/// Answers from which on each is kept as a measured row.
pub(super) const ENOUGH_ROWS: usize = 50;

/// Provider and model.
pub(super) type CloudKey = (String, String);

/// Every model of every cloud.
#[derive(Clone, Debug, Default)]
pub(super) struct Clouds(BTreeMap<CloudKey, Cloud>);

/// What was seen of a model.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    /// As seen last.
    pub model: ModelFacts,
    /// As seen last.
    pub site: CloudSite,
    /// Time to the first token and between tokens of each answer, in milliseconds.
    pub answers: Vec<(f64, f64)>,
}

impl Clouds {
    pub fn see(&mut self, fleet: &FleetView) {
        for pool in &fleet.pools {
            let Site::Cloud(site) = &pool.site else { continue };
            if !site.configured {
                continue;
            }
            let key = (site.provider.to_string(), pool.model.name.to_string());
            let cloud = self.0.entry(key).or_insert_with(|| Cloud {
                model: pool.model.clone(),
                site: site.clone(),
                answers: Vec::new(),
            });
            (cloud.model, cloud.site) = (pool.model.clone(), site.clone());
        }
    }

    /// An answer: its waits are the cloud's own where nothing was tried before.
    pub fn answered(&mut self, ended: &Ended<'_>) {
        let Place::Cloud { provider } = &ended.target.at else { return };
        let key = (provider.to_string(), ended.target.model.to_string());
        let (Some(cloud), Some(first_ms)) = (self.0.get_mut(&key), ended.first_token_ms) else {
            return;
        };
        let gaps = ended.usage.map_or(0, |usage| usage.completion_tokens.saturating_sub(1));
        if ended.failovers == 0 && gaps > 0 && ended.total_ms >= first_ms && first_ms > 0.0 {
            cloud.answers.push((first_ms, (ended.total_ms - first_ms) / f64::from(gaps)));
        }
    }

    /// Each model, by its key.
    pub fn iter(&self) -> impl Iterator<Item = (&CloudKey, &Cloud)> {
        self.0.iter()
    }
}

impl Cloud {
    /// Time to the first token and between tokens, where enough answers were seen.
    pub fn waits(&self) -> (Option<LogNormal>, Option<LogNormal>) {
        let firsts: Vec<f64> = self.answers.iter().map(|answer| answer.0).collect();
        let gaps: Vec<f64> = self.answers.iter().map(|answer| answer.1).collect();
        (LogNormal::of(&firsts), LogNormal::of(&gaps))
    }
}
