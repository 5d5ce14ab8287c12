//! Machines as the router saw them: what workers measured of themselves and reported, group by group.

use super::numbers::{quantile, spread};
use littoral_core::device::{Accelerator, DeviceClass};
use littoral_core::facts::Facts;
use littoral_core::fleet::{FleetView, ModelFacts, Residency, Site, WorkerSite, WorkerView};
use std::collections::BTreeMap;

/// Whose machines they are, and what they run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GroupKey {
    /// They belong to those who ask.
    pub owned: bool,
    /// They belong to somebody else, who lends them.
    pub lent: bool,
    /// Group of machines in join tokens.
    pub group: Option<String>,
    /// The model.
    pub model: String,
    /// Kind of machine.
    pub device_class: Option<DeviceClass>,
    /// What the model runs on.
    pub accelerator: Option<Accelerator>,
}

/// Every group.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups(BTreeMap<GroupKey, Group>);

/// What was seen of a group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The model, as seen last.
    pub model: ModelFacts,
    /// Each worker as seen last.
    pub workers: BTreeMap<String, Seen>,
}

/// One worker.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    at_unix_ms: u64,
    /// As seen last.
    pub last: WorkerView,
    /// Times it was looked at, and times of them on battery, charged so far, out of those that told.
    pub looks: u64,
    pub on_battery: u64,
    pub charge: (f64, f64),
    /// Time to load the model, where it was seen on disk.
    pub load_ms: Option<f64>,
}

impl Groups {
    pub fn see(&mut self, at_unix_ms: u64, facts: &Facts, fleet: &FleetView) {
        for pool in &fleet.pools {
            let Site::Workers(site) = &pool.site else { continue };
            for worker in &site.workers {
                let lent = is_lent(site, facts);
                let key = GroupKey {
                    owned: site.owner.is_some() && !lent,
                    lent,
                    group: site.group.clone(),
                    model: pool.model.name.to_string(),
                    device_class: worker.device_class,
                    accelerator: worker.accelerator,
                };
                let group = self.0.entry(key).or_insert_with(|| Group {
                    model: pool.model.clone(),
                    workers: BTreeMap::new(),
                });
                group.see(at_unix_ms, worker);
            }
        }
    }

    /// Each group, by its key.
    pub fn iter(&self) -> impl Iterator<Item = (&GroupKey, &Group)> {
        self.0.iter()
    }
}

/// Somebody else's machine, which a policy lets others use.
fn is_lent(site: &WorkerSite, facts: &Facts) -> bool {
    let own = site.owner.as_ref() == Some(&facts.principal.owner);
    site.owner.is_some() && site.group.is_some() && !own
}

/// Whether a machine of the asker's own was in sight.
pub(super) fn owns(facts: &Facts, fleet: &FleetView) -> bool {
    fleet.pools.iter().any(|pool| match &pool.site {
        Site::Workers(site) => site.owner.as_ref() == Some(&facts.principal.owner),
        Site::Cloud(_) => false,
    })
}

impl Group {
    fn see(&mut self, at_unix_ms: u64, worker: &WorkerView) {
        let seen = self.workers.entry(worker.worker_id.to_string()).or_insert_with(|| Seen {
            at_unix_ms,
            last: worker.clone(),
            looks: 0,
            on_battery: 0,
            charge: (1.0, 0.0),
            load_ms: None,
        });
        if at_unix_ms >= seen.at_unix_ms {
            (seen.at_unix_ms, seen.last) = (at_unix_ms, worker.clone());
        }
        seen.looks += 1;
        seen.on_battery += u64::from(worker.device.on_battery == Some(true));
        if let Some(charge) = worker.device.battery_fraction {
            seen.charge = (seen.charge.0.min(charge), seen.charge.1.max(charge));
        }
        if let Residency::Loadable { load_ms: Some(load_ms), .. } = worker.residency {
            seen.load_ms = Some(load_ms);
        }
    }

    /// What workers reported last of something, one number each.
    pub fn reported(&self, of: impl Fn(&WorkerView) -> Option<f64>) -> Vec<f64> {
        self.workers.values().filter_map(|seen| of(&seen.last)).collect()
    }

    /// The middle of what workers reported, and of how many of them.
    pub fn middle(&self, of: impl Fn(&WorkerView) -> Option<f64>) -> Option<(f64, usize)> {
        let all = self.reported(of);
        quantile(&all, 0.5).map(|middle| (middle, all.len()))
    }

    /// How unlike the workers' speeds are: the deviation of the logarithms of their decode rates.
    pub fn spread(&self) -> Option<(f64, usize)> {
        let all = self.reported(|worker| worker.decode_tokens_per_s);
        spread(&all).map(|spread| (spread, all.len()))
    }
}
