//! Offline is a state, not a storm of time-outs.
//!
//! When the way out is gone, every cloud call fails in the end, each after its own time-out. One
//! provider that cannot be reached is that provider's breaker's affair; several within a moment, and
//! no answer from anybody since, is the network. Then all cloud targets are out at once, and one probe
//! at a time finds out when the way is back. An answer of any kind brings them back, an error too: who
//! is told "500" is connected.
//!
//! Where one provider is all that is configured there is no second witness, and a longer run of its
//! failures has to do. Its breaker is open by then anyway.
//!
//! How it is called: every end of a cloud call is told to [`Connectivity::on`], every change of the
//! interfaces to [`Connectivity::hint`]. While [`Connectivity::resting`] says so, decisions leave
//! cloud targets out. At [`Connectivity::probe_at`] the shell opens a connection to a provider, without a
//! request and without content, and tells how that ended.

use crate::breaker::left_ms;
use crate::fleet::Resting;
use crate::retry::Backoff;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Failures of the network count together within this time.
const WITHIN: Duration = Duration::from_secs(10);
/// Providers that cannot be reached before it is the network.
const WITNESSES: usize = 2;
/// Failures in a row where one provider is all there is.
const ALONE: u32 = 5;
/// Waits between probes. The longest is what coming back may cost; a connection attempt costs little.
const PROBES: Backoff = Backoff { base: Duration::from_secs(1), most: Duration::from_secs(30) };

/// How a cloud call, or a probe, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached<'a> {
    /// The far end answered something.
    Answered,
    /// The network failed on the way to this provider.
    NoWay(&'a str),
}

/// What the machine says of its interfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// None of them leads anywhere.
    NoneUp,
    /// One came up or changed.
    Changed,
}

#[derive(Clone, Copy, Debug)]
struct Offline {
    since: Duration,
    tries: u32,
    probe_at: Duration,
}

/// Whether the clouds can be reached at all.
#[derive(Clone, Debug)]
pub struct Connectivity {
    seed: u64,
    providers: usize,
    /// By provider, since the last answer of any: the moment of the last failure, and how many.
    failures: BTreeMap<Arc<str>, (Duration, u32)>,
    offline: Option<Offline>,
}

impl Connectivity {
    /// Online, with so many providers configured. `seed` draws the jitter of probes.
    #[must_use]
    pub const fn new(providers: usize, seed: u64) -> Self {
        Self { seed, providers, failures: BTreeMap::new(), offline: None }
    }

    /// A call or a probe ended. Faults that are neither an answer nor the network's are not told.
    pub fn on(&mut self, reached: Reached<'_>, now: Duration) {
        let Reached::NoWay(provider) = reached else {
            self.failures.clear();
            self.offline = None;
            return;
        };
        if let Some(Offline { since, tries, probe_at }) = self.offline {
            // Calls that had begun before go on failing; only a probe's failure says something new.
            if now >= probe_at {
                let tries = tries.saturating_add(1);
                self.offline = Some(self.from(since, tries, now));
            }
            return;
        }
        let is_recent = |at: Duration| now.saturating_sub(at) <= WITHIN;
        self.failures.retain(|_, (at, _)| is_recent(*at));
        let (at, failures) = self.failures.entry(provider.into()).or_default();
        (*at, *failures) = (now, failures.saturating_add(1));
        let alone = self.providers < WITNESSES && *failures >= ALONE;
        if alone || self.failures.len() >= WITNESSES {
            self.offline = Some(self.from(now, 0, now));
        }
    }

    /// The machine says something of its interfaces. Without any it is offline at once; after a change
    /// the next probe is due.
    pub fn hint(&mut self, hint: Hint, now: Duration) {
        match (hint, self.offline) {
            (Hint::NoneUp, None) => self.offline = Some(self.from(now, 0, now)),
            (Hint::Changed, Some(Offline { since, .. })) => {
                self.offline = Some(Offline { since, tries: 0, probe_at: now });
            }
            (Hint::NoneUp, Some(_)) | (Hint::Changed, None) => {}
        }
    }

    /// The clouds are out of reach.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        self.offline.is_some()
    }

    /// Why no cloud is asked at `now`; nothing while they can be reached.
    #[must_use]
    pub fn resting(&self, now: Duration) -> Option<Resting> {
        self.probe_at().map(|at| Resting::Offline { left_ms: left_ms(at, now) })
    }

    /// Since when, while it is so.
    #[must_use]
    pub fn offline_since(&self) -> Option<Duration> {
        self.offline.map(|offline| offline.since)
    }

    /// When the next probe is due, while offline.
    #[must_use]
    pub fn probe_at(&self) -> Option<Duration> {
        self.offline.map(|offline| offline.probe_at)
    }

    fn from(&self, since: Duration, tries: u32, now: Duration) -> Offline {
        let wait = PROBES.at_least_half(tries, self.seed);
        Offline { since, tries, probe_at: now.saturating_add(wait) }
    }
}

#[cfg(test)]
mod tests;
