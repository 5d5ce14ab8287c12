//! Whether the clouds can be reached at all.
//!
//! Two things say so: how calls end, and the system's interfaces. While it is offline one connection at a
//! time is opened, with nothing said on it, to find out when the way is back.

use super::interfaces;
use crate::clock::Clock;
use crate::executors::cloud::CloudProvider;
use littoral_core::fleet::Resting;
use littoral_core::offline::{Connectivity, Hint, Reached};
use parking_lot::Mutex;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time between two looks at the interfaces.
const LOOK: Duration = Duration::from_secs(1);

/// The way to the clouds.
pub struct Network {
    state: Mutex<Connectivity>,
    providers: Vec<(String, CloudProvider)>,
}

impl Default for Network {
    fn default() -> Self {
        Self::to(std::iter::empty())
    }
}

impl Network {
    /// Online, to these providers.
    #[must_use]
    pub fn to(providers: impl Iterator<Item = (String, CloudProvider)>) -> Self {
        let providers: Vec<_> = providers.collect();
        let seed = uuid::Uuid::new_v4().as_u64_pair().0;
        Self { state: Mutex::new(Connectivity::new(providers.len(), seed)), providers }
    }

    /// Why no cloud can be asked, while it is so.
    #[must_use]
    pub fn resting(&self, now: Duration) -> Option<Resting> {
        self.state.lock().resting(now)
    }

    /// A call, or a probe, ended so.
    pub fn on(&self, reached: Reached<'_>, now: Duration) {
        self.change(now, |state| state.on(reached, now));
    }

    /// Watches the interfaces, and probes while offline, until `stop`.
    pub async fn watch_until(&self, clock: Clock, stop: CancellationToken) {
        if self.providers.is_empty() {
            return;
        }
        // Providers of this machine are there whatever becomes of its network.
        let all_far = self.providers.iter().all(|(_, provider)| !provider.is_here());
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut was_up, mut turn) = (None, 0_usize);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = looks.tick() => {}
            }
            let is_up = all_far.then(interfaces::any_is_up).flatten();
            if is_up != was_up {
                let hint = if is_up == Some(false) { Hint::NoneUp } else { Hint::Changed };
                self.change(clock.now(), |state| state.hint(hint, clock.now()));
                was_up = is_up;
            }
            let due = self.state.lock().probe_at().is_some_and(|at| at <= clock.now());
            if due && let Some((name, provider)) = self.providers.get(turn % self.providers.len()) {
                turn += 1;
                let reached = provider.reach().await;
                let reached = reached.map_or(Reached::NoWay(name.as_str()), |()| Reached::Answered);
                self.on(reached, clock.now());
            }
        }
    }

    fn change(&self, now: Duration, change: impl FnOnce(&mut Connectivity)) {
        let mut state = self.state.lock();
        let before = state.offline_since();
        change(&mut state);
        match (before, state.offline_since()) {
            (None, Some(_)) => tracing::warn!("offline: no cloud can be reached"),
            (Some(since), None) => {
                let after_s = now.saturating_sub(since).as_secs();
                tracing::info!(after_s, "online again: clouds can be reached");
            }
            _ => {}
        }
    }
}
