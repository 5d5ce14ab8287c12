//! Models that the policy's aliases name are brought into memory where there is room for them, before anybody asks:
//! a canary or a new version would otherwise be slow for its first askers, and be judged by that.
//!
//! Nothing is let go for it, and what an operator let go stays where it is. Rolled back, a policy names other
//! models; those of the old one go when their room is needed.

use super::Pipeline;
use littoral_core::policy::{Alias, Canary};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(5);

impl Pipeline {
    /// Brings models into memory until `stop`.
    pub async fn preload_until(self: Arc<Self>, stop: CancellationToken) {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {}
            }
            let policy = self.policy.load_full();
            let names = named(policy.aliases());
            if names.is_empty() {
                continue;
            }
            for session in self.registry.all() {
                self.registry.preload(&session, &names);
            }
        }
    }
}

/// The models that aliases name, each once: first those of each alias in its own order, then canaries.
fn named(aliases: &[Alias]) -> Vec<&str> {
    let mut names = Vec::new();
    let models = aliases.iter().filter_map(Alias::models).flatten().map(String::as_str);
    let canaries =
        aliases.iter().filter_map(Alias::canary).map(|Canary { model, .. }| model.as_str());
    for name in models.chain(canaries) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
