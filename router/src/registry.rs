//! The registry: which workers have a session now, and what is known of them.
//!
//! It holds sessions and nothing else. A worker that is not here does not exist for decisions; a
//! worker whose session ended, whose lease ran out or whose token expired is removed, and what it
//! was running is told so at once.

pub mod join;
pub mod session;
pub mod summary;
pub mod view;
pub mod why;

use crate::clock::Clock;
use join::JoinRefused;
use littoral_core::lease::{LeaseTerms, Standing, SweepWatch};
use parking_lot::RwLock;
use session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use why::Why;

/// How often leases are looked at.
const SWEEP: Duration = Duration::from_secs(1);

/// All live sessions, by worker id.
pub struct Registry {
    sessions: RwLock<BTreeMap<String, Arc<Session>>>,
    changes: watch::Sender<u64>,
    terms: LeaseTerms,
    clock: Clock,
}

impl Registry {
    /// An empty registry.
    #[must_use]
    pub fn new(terms: LeaseTerms, clock: Clock) -> Self {
        Self { sessions: RwLock::default(), changes: watch::Sender::new(0), terms, clock }
    }

    /// The terms every session gets.
    #[must_use]
    pub fn terms(&self) -> LeaseTerms {
        self.terms
    }

    /// Counts up whenever a session comes, goes, or changes what is known of it.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Tells watchers that something changed.
    pub fn touch(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Takes a session in. An older session of the same worker ends.
    ///
    /// # Errors
    /// A session of a higher or equal incarnation is there: this one is a ghost.
    pub fn join(&self, session: Arc<Session>) -> Result<(), JoinRefused> {
        let replaced = {
            let mut sessions = self.sessions.write();
            if let Some(present) = sessions.get(&session.claims.worker_id) {
                join::newer(session.incarnation, present.incarnation)?;
            }
            sessions.insert(session.claims.worker_id.clone(), session)
        };
        if let Some(old) = replaced {
            old.close(Why::Replaced);
        }
        self.touch();
        Ok(())
    }

    /// Forgets a session, if it is still the present one of its worker, and ends what it ran.
    pub fn leave(&self, session: &Arc<Session>, why: Why) {
        let mut sessions = self.sessions.write();
        let present = sessions.get(&session.claims.worker_id);
        if present.is_some_and(|present| Arc::ptr_eq(present, session)) {
            sessions.remove(&session.claims.worker_id);
        }
        drop(sessions);
        session.close(why);
        self.touch();
    }

    /// The present session of a worker, whatever its incarnation.
    #[must_use]
    pub fn worker(&self, worker_id: &str) -> Option<Arc<Session>> {
        self.sessions.read().get(worker_id).cloned()
    }

    /// One particular session of a worker, if it is still the present one.
    #[must_use]
    pub fn session(&self, worker_id: &str, incarnation: u64) -> Option<Arc<Session>> {
        self.worker(worker_id).filter(|session| session.incarnation == incarnation)
    }

    /// All sessions, by worker id.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Session>> {
        self.sessions.read().values().cloned().collect()
    }

    /// Looks at every lease until `stop`.
    pub async fn sweep_until(self: Arc<Self>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut watch = SweepWatch::new(SWEEP, self.clock.now());
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => self.sweep(&mut watch),
            }
        }
    }

    fn sweep(&self, watch: &mut SweepWatch) {
        let now = self.clock.now();
        let lateness = watch.lateness(now);
        if !lateness.is_zero() {
            tracing::warn!(late_ms = lateness.as_millis(), "lease sweep ran late; leases extended");
        }
        for session in self.all() {
            session.extend(lateness, now);
            let standing = self.terms.standing(session.heard_at(), now);
            if now >= session.token_ends {
                tracing::warn!(
                    worker = session.claims.worker_id,
                    "join token expired; session ended"
                );
                self.leave(&session, Why::TokenExpired);
            } else if standing == Standing::Lost {
                tracing::warn!(worker = session.claims.worker_id, "lease over; worker lost");
                self.leave(&session, Why::LeaseOver);
            } else if session.note_standing(standing) {
                self.touch();
            }
        }
    }
}
