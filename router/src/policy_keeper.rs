//! The policy in force: one place where it changes, and nothing in between.
//!
//! Preparing a policy may fail; swapping it in cannot. So files are read, judged and compiled first,
//! and only a whole policy replaces another. Files that are none change nothing: the last good policy
//! stays, and what is wrong with them is told in the log (once for each change), in health
//! (`littoral.policy`) and in the status, every problem of it. Requests that run keep the policy they
//! were decided under.
//!
//! Everything that ever was in force goes to the history before it decides anything, because decisions
//! and receipts name policies by their hash alone. Where the history cannot be written the change is
//! made all the same: a policy that was tightened must hold, and without the store nothing is sent to
//! a cloud anyway.

pub mod change;
pub mod health;
pub mod place;
pub mod standing;
pub mod survey;
#[cfg(test)]
mod tests;
pub mod watch;
mod write;

pub use write::WriteError;

use crate::clock::unix_ms;
use crate::policy_files::{Loaded, SourceText};
use crate::store::{PolicyCause, PolicyEntry, PolicyHistory, StoreError};
use arc_swap::ArcSwap;
use littoral_core::policy::Policy;
use littoral_kit::config::Problem;
use place::{Place, Reading};
use standing::{Act, Refused, Standing};
use std::sync::Arc;
use tokio::sync::{Mutex, watch as channel};
use tokio::task::spawn_blocking;
use tokio_util::task::TaskTracker;

/// The policy to start with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Where it lives.
    pub place: Place,
    /// Digest of its files.
    pub etag: String,
    /// The policy.
    pub loaded: Loaded,
}

impl Opening {
    /// Reads the policy of a place. A router does not start without one.
    ///
    /// # Errors
    /// Every problem of its files.
    pub fn read(place: Place) -> Result<Self, Vec<Problem>> {
        let Reading { etag, outcome } = place.read();
        Ok(Self { place, etag, loaded: outcome? })
    }
}

/// Keeps the policy in force.
pub struct PolicyKeeper {
    in_force: Arc<ArcSwap<Policy>>,
    place: Place,
    history: Arc<dyn PolicyHistory>,
    standing: channel::Sender<Arc<Standing>>,
    /// Whoever changes the policy has it. Held while disk and history are written to, which the
    /// requests do not wait for.
    turn: Mutex<()>,
    /// Changes that run: an asker who goes away does not cut one off.
    pub(crate) changes: TaskTracker,
}

impl PolicyKeeper {
    /// Takes the policy that a router starts with, and notes it in the history.
    pub async fn open(opening: Opening, history: Arc<dyn PolicyHistory>) -> Self {
        let Opening { place, etag, loaded } = opening;
        if let (Place::Own(path), Some(folder)) = (&place, place.path().parent()) {
            // Made early so that it can be watched; whoever writes the file makes it if need be.
            if let Err(error) = std::fs::create_dir_all(folder) {
                tracing::debug!(%error, path = %path.display(), "the policy's folder is not made");
            }
        }
        let act = Act::unasked(PolicyCause::Start);
        let standing = stand(&loaded, &etag, place.is_shipped(), &act);
        let keeper = Self {
            in_force: Arc::new(ArcSwap::from_pointee(loaded.policy)),
            place,
            history,
            standing: channel::Sender::new(Arc::new(standing.clone())),
            turn: Mutex::new(()),
            changes: TaskTracker::new(),
        };
        let last = keeper.history.latest(1).await;
        let same = |entry: &PolicyEntry| entry.hash == standing.hash && entry.etag == etag;
        if !last.is_ok_and(|entries| entries.first().is_some_and(same)) {
            keeper.note(&standing, &act).await;
        }
        keeper
    }

    /// The policy in force, for whoever decides.
    #[must_use]
    pub fn in_force(&self) -> Arc<ArcSwap<Policy>> {
        Arc::clone(&self.in_force)
    }

    /// Where the policy lives.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// How things stand.
    #[must_use]
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing.borrow())
    }

    /// How things stand, and again whenever that changes.
    #[must_use]
    pub fn watch(&self) -> channel::Receiver<Arc<Standing>> {
        self.standing.subscribe()
    }

    /// What was in force, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(&self, limit: u32) -> Result<Vec<PolicyEntry>, StoreError> {
        self.history.latest(limit).await
    }

    /// The files of a policy that was in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sources(&self, hash: &str) -> Result<Option<Vec<SourceText>>, StoreError> {
        self.history.sources(hash).await
    }

    /// Reads the files, and puts in force what they say if it is another policy.
    pub async fn look(&self) {
        let _turn = self.turn.lock().await;
        let place = self.place.clone();
        match spawn_blocking(move || place.read()).await {
            Ok(reading) => self.take(reading).await,
            Err(error) => tracing::error!(%error, "the policy's files were not read"),
        }
    }

    async fn take(&self, reading: Reading) {
        let present = self.standing();
        if reading.etag == present.etag {
            return;
        }
        match reading.outcome {
            Ok(loaded) => {
                self.install(loaded, reading.etag, Act::unasked(PolicyCause::File)).await;
            }
            Err(problems) => self.refuse(&present, reading.etag, problems),
        }
    }

    /// Puts a prepared policy in force. From here on nothing can fail.
    async fn install(&self, loaded: Loaded, etag: String, act: Act) {
        let present = self.standing();
        let mut standing = stand(&loaded, &etag, self.place.is_shipped(), &act);
        let (hash, name) = (&standing.hash, &standing.name);
        if act.is_asked() || *hash != present.hash {
            self.note(&standing, &act).await;
            let (cause, by) = (act.cause.name(), &act.by);
            tracing::info!(%hash, %name, %cause, %by, "another policy is in force");
        } else {
            // The same policy in other words: a comment, an order of keys.
            standing.since_unix_ms = present.since_unix_ms;
            standing.cause = present.cause;
            standing.by.clone_from(&present.by);
            if present.refused.is_some() {
                tracing::info!(%hash, %name, "the policy's files are in order again");
            }
        }
        for warning in &standing.warnings {
            tracing::warn!(%warning, "the policy may surprise");
        }
        if standing.hash != present.hash {
            self.in_force.store(Arc::new(loaded.policy));
        }
        self.standing.send_replace(Arc::new(standing));
    }

    fn refuse(&self, present: &Standing, etag: String, problems: Vec<Problem>) {
        let list = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let in_force = &present.hash;
        tracing::error!(%in_force, "the policy's files are refused, the last good policy stays in force:\n{list}");
        let refused = Some(Refused { at_unix_ms: unix_ms(), problems });
        self.standing.send_replace(Arc::new(Standing { etag, refused, ..present.clone() }));
    }

    async fn note(&self, standing: &Standing, act: &Act) {
        let entry = PolicyEntry {
            hash: standing.hash.clone(),
            name: standing.name.clone(),
            etag: standing.etag.clone(),
            at_unix_ms: standing.since_unix_ms,
            cause: act.cause,
            by: act.by.clone(),
            note: act.note.clone(),
        };
        if let Err(error) = self.history.append(entry, standing.sources.clone()).await {
            let hash = &standing.hash;
            tracing::error!(%error, %hash, "a policy comes into force that the history does not have");
        }
    }
}

fn stand(loaded: &Loaded, etag: &str, shipped: bool, act: &Act) -> Standing {
    Standing {
        hash: loaded.policy.hash().to_string(),
        name: loaded.policy.name().to_owned(),
        sources: loaded.sources.clone(),
        warnings: loaded.warnings.clone(),
        etag: etag.to_owned(),
        shipped,
        since_unix_ms: unix_ms(),
        cause: act.cause,
        by: act.by.clone(),
        refused: None,
    }
}
