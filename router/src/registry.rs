//! The registry: which workers have a session now, and what is known of them.
//!
//! It holds sessions and little else. A worker that is not here does not exist for decisions; a
//! worker whose session ended, whose lease ran out or whose token expired is removed, and what it
//! was running is told so at once. Who sleeps or was lost is remembered for the list of workers, and
//! so that who comes and goes too often is used last.

pub mod affinity;
mod atomic {
    pub use std::sync::atomic::{AtomicU32, Ordering};
}
pub mod away;
pub mod counts;
pub mod heard;
pub mod join;
pub mod models;
pub mod orders;
pub mod pools;
pub mod reserved;
pub mod room;
pub mod session;
pub mod summary;
mod sweep;
pub mod view;
mod wanted;
pub mod why;

use crate::clock::Clock;
use affinity::Affinity;
use away::Away;
use join::JoinRefused;
use littoral_core::lease::LeaseTerms;
use littoral_proto::v1;
use models::TooMany;
use parking_lot::{Mutex, RwLock};
use pools::Pools;
use session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use why::Why;

/// All live sessions, by worker id.
pub struct Registry {
    sessions: RwLock<BTreeMap<String, Arc<Session>>>,
    pools: RwLock<Pools>,
    away: Mutex<Away>,
    affinity: Mutex<Affinity>,
    /// Told whenever a slot is let go or a worker comes.
    freed: Arc<Notify>,
    changes: watch::Sender<u64>,
    terms: LeaseTerms,
    clock: Clock,
}

impl Registry {
    /// An empty registry.
    #[must_use]
    pub fn new(terms: LeaseTerms, clock: Clock) -> Self {
        Self {
            sessions: RwLock::default(),
            pools: RwLock::default(),
            away: Mutex::default(),
            affinity: Mutex::default(),
            freed: Arc::default(),
            changes: watch::Sender::new(0),
            terms,
            clock,
        }
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

    /// Told whenever a slot is let go or a worker comes.
    #[must_use]
    pub fn freed(&self) -> Arc<Notify> {
        Arc::clone(&self.freed)
    }

    /// Tells watchers that something changed.
    pub fn touch(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Takes a session in. An older session of the same worker ends.
    ///
    /// # Errors
    /// A session of a higher or equal incarnation is there: this one is a ghost.
    pub fn join(&self, session: &Arc<Session>) -> Result<(), JoinRefused> {
        let replaced = {
            let mut sessions = self.sessions.write();
            if let Some(present) = sessions.get(&session.claims.worker_id) {
                join::newer(session.incarnation, present.incarnation)?;
            }
            let flaps = self.away.lock().back(&session.claims.worker_id);
            session.heard(|heard| heard.membership.remember(flaps));
            session.tell_freed(Arc::clone(&self.freed));
            let replaced = sessions.insert(session.claims.worker_id.clone(), Arc::clone(session));
            let mut pools = self.pools.write();
            if let Some(old) = &replaced {
                old.models.read(|models| models.iter().for_each(|model| pools.leave(old, model)));
            }
            session.models.read(|models| {
                models.iter().for_each(|model| pools.join(session, model));
            });
            replaced
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
            let mut pools = self.pools.write();
            session
                .models
                .read(|models| models.iter().for_each(|model| pools.leave(session, model)));
            self.away.lock().left(session, why.is_orderly(), self.clock.now());
        }
        drop(sessions);
        session.close(why);
        self.touch();
    }

    /// A session's model has changed, or is new.
    ///
    /// # Errors
    /// The session has as many models as it may have.
    pub fn offer(&self, session: &Arc<Session>, offer: v1::ModelOffer) -> Result<(), TooMany> {
        let sessions = self.sessions.read();
        let name = offer.name.clone();
        let is_new = session.models.offer(offer)?;
        let present = sessions.get(&session.claims.worker_id);
        if is_new && present.is_some_and(|present| Arc::ptr_eq(present, session)) {
            session.models.read(|models| {
                let model = models.iter().find(|model| *model.name == *name);
                model.into_iter().for_each(|model| self.pools.write().join(session, model));
            });
        }
        drop(sessions);
        self.touch();
        Ok(())
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

    /// A worker answered a conversation: it may hold its cache now.
    pub fn answered(&self, conversation: u64, worker_id: &Arc<str>) {
        self.affinity.lock().answered(conversation, worker_id);
    }

    /// The moment, by the registry's clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.now()
    }
}
