//! The requests that would go elsewhere, a bounded number of them. Those that would newly reach a cloud are kept apart, so
//! that thousands of others cannot push them out.

use super::recorded::Recorded;
use littoral_core::record::{Change, CloudChange};

/// A request that would take another route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The request.
    pub request_id: String,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// What would change.
    pub change: Change,
}

/// The first ones of each sort, with their place among all that change.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    most: usize,
    met: u64,
    newly_cloud: Vec<(u64, Changed)>,
    others: Vec<(u64, Changed)>,
}

impl Changes {
    pub const fn at_most(most: usize) -> Self {
        Self { most, met: 0, newly_cloud: Vec::new(), others: Vec::new() }
    }

    pub fn add(&mut self, recorded: &Recorded, change: Change) {
        self.met += 1;
        let list = match change.cloud {
            CloudChange::Appears => &mut self.newly_cloud,
            CloudChange::Same | CloudChange::Disappears => &mut self.others,
        };
        if list.len() < self.most {
            let (request_id, at_unix_ms) = (recorded.request_id.clone(), recorded.at_unix_ms);
            list.push((self.met, Changed { request_id, at_unix_ms, change }));
        }
    }

    pub fn newly_cloud_first(&self, most: usize) -> Vec<Changed> {
        let all = self.newly_cloud.iter().chain(&self.others);
        all.take(most).map(|(_, changed)| changed.clone()).collect()
    }

    pub fn in_order(&self, most: usize) -> Vec<Changed> {
        let mut all: Vec<_> = self.newly_cloud.iter().chain(&self.others).collect();
        all.sort_by_key(|(met, _)| *met);
        // Of either sort the first ones are here, so the first ones of both are among them.
        all.into_iter().take(most.min(self.most)).map(|(_, changed)| changed.clone()).collect()
    }
}
