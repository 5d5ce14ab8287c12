//! The fleet in a few numbers, whatever its size and whoever's its machines are.

use super::Registry;
use littoral_core::membership::Phase;

/// Standings of workers, as they are told.
pub const STANDINGS: [&str; 6] = ["joining", "ready", "suspect", "sleeping", "draining", "lost"];

/// How many places at workers there are, over all models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Requests that may run at once.
    pub slots: u64,
    /// Requests that run.
    pub busy: u64,
    /// Requests that wait at a worker.
    pub queued: u64,
}

impl Registry {
    /// How many workers stand where, in the order of [`STANDINGS`]; those without a session too, for as
    /// long as they are listed.
    #[must_use]
    pub fn standings(&self) -> [u64; 6] {
        let (mut counts, now) = ([0; 6], self.now());
        for session in self.all() {
            counts[place(session.phase(self.terms, now))] += 1;
        }
        for absent in self.away.lock().all() {
            counts[place(absent.phase(self.terms, now))] += 1;
        }
        counts
    }

    /// The places at workers that have a session.
    #[must_use]
    pub fn places(&self) -> Places {
        let mut places = Places::default();
        for session in self.all() {
            session.models.read(|models| {
                for model in models {
                    let (taken, slots) = (model.reserved(), model.offer.slots);
                    places.slots += u64::from(slots);
                    places.busy += u64::from(taken.min(slots));
                    places.queued += u64::from(taken.saturating_sub(slots));
                }
            });
        }
        places
    }
}

const fn place(phase: Phase) -> usize {
    match phase {
        Phase::Joining => 0,
        Phase::Ready => 1,
        Phase::Suspect => 2,
        Phase::Sleeping(_) => 3,
        Phase::Draining => 4,
        Phase::Lost => 5,
    }
}
