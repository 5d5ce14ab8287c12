//! Changing the policy on somebody's word: apply, and rollback.
//!
//! The order is: is it a policy, did the asker see what it replaces, can it be written. Only then it
//! is written, read back and swapped in. So disk and memory agree whatever happens in between, and a
//! restart finds what was in force.

use super::PolicyKeeper;
use super::standing::{Act, Standing};
use super::write::{self, WriteError};
use crate::policy_files::{self, SourceText};
use crate::store::{PolicyCause, StoreError};
use littoral_kit::config::Problem;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A change that somebody wants.
#[derive(Clone, Debug)]
pub struct Change {
    /// The files.
    pub sources: Vec<SourceText>,
    /// Digest of what it replaces.
    pub etag: String,
    /// Who wants it, and how.
    pub act: Act,
}

/// Why a policy was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The files are no policy.
    #[error("the files are no policy: {}", list(.0))]
    Invalid(Vec<Problem>),
    /// The asker saw something older.
    #[error(
        "the policy was changed by somebody else; its etag is {present}: look at it, and send the change again with that"
    )]
    Stale {
        /// The present digest.
        present: String,
    },
    /// The files are changing at this moment.
    #[error("the files at {path} are being changed; wait until they are read and look at them")]
    Unsettled {
        /// Where.
        path: String,
    },
    /// They were changed between the writing and the reading back.
    #[error(
        "the files at {path} were changed by somebody else in the same moment; what they say now is in force, unless it was refused: look at the status"
    )]
    Overtaken {
        /// Where.
        path: String,
    },
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// No policy of this hash was ever in force.
    #[error("no policy {hash} was ever in force; `littoral policy history` lists those that were")]
    Unknown {
        /// The hash.
        hash: String,
    },
    /// The history cannot be read.
    #[error("failed to read the history of policies: {0}")]
    History(#[from] StoreError),
    /// A thread ended badly.
    #[error("the change was cut off; look at the status")]
    CutOff,
}

impl PolicyKeeper {
    /// Writes a policy and puts it in force, or does neither.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn apply(&self, change: Change) -> Result<Arc<Standing>, ChangeError> {
        let texts = change.sources;
        let checked = spawn_blocking(move || (policy_files::load_texts(&texts), texts)).await;
        let (wanted, texts) = checked.map_err(|_| ChangeError::CutOff)?;
        let wanted = wanted.map_err(ChangeError::Invalid)?.policy;

        let _turn = self.turn.lock().await;
        let present = self.standing().etag.clone();
        if change.etag != present {
            return Err(ChangeError::Stale { present });
        }
        let path = self.place.path().display().to_string();
        let place = self.place.clone();
        let work = move || {
            if place.etag() != present {
                let path = place.path().display().to_string();
                return Err(ChangeError::Unsettled { path });
            }
            write::write(&place, &texts)?;
            Ok(place.read())
        };
        let reading = spawn_blocking(work).await.map_err(|_| ChangeError::CutOff)??;
        match reading.outcome {
            Ok(loaded) if loaded.policy.hash() == wanted.hash() => {
                self.install(loaded, reading.etag, change.act).await;
                Ok(self.standing())
            }
            _ => {
                self.take(reading).await;
                Err(ChangeError::Overtaken { path })
            }
        }
    }

    /// Puts a policy of the past in force again.
    ///
    /// # Errors
    /// [`ChangeError`].
    pub async fn rollback(
        &self,
        hash: &str,
        etag: String,
        by: String,
        note: String,
    ) -> Result<Arc<Standing>, ChangeError> {
        let sources = self.history.sources(hash).await?;
        let sources = sources.ok_or_else(|| ChangeError::Unknown { hash: hash.to_owned() })?;
        let act = Act { cause: PolicyCause::Rollback, by, note };
        self.apply(Change { sources, etag, act }).await
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
