//! How things stand with the policy, as one value that is replaced as a whole.

use crate::policy_files::SourceText;
use crate::store::PolicyCause;
use littoral_kit::config::Problem;

/// What is in force, and what was refused since.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Hash of the policy in force.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// Its files.
    pub sources: Vec<SourceText>,
    /// What may surprise its author.
    pub warnings: Vec<Problem>,
    /// Digest of the files as they were last read, refused ones included.
    pub etag: String,
    /// There is no file: the shipped default is in force.
    pub shipped: bool,
    /// Since when it is in force, in milliseconds since the Unix epoch.
    pub since_unix_ms: u64,
    /// What put it in force.
    pub cause: PolicyCause,
    /// Who asked for it; empty where nobody did.
    pub by: String,
    /// The files say something else, and it was refused.
    pub refused: Option<Refused>,
}

/// Files that are no policy.
#[derive(Clone, Debug)]
pub struct Refused {
    /// When they were read, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// Every problem of theirs.
    pub problems: Vec<Problem>,
}

/// Who changes a policy, why and how.
#[derive(Clone, Debug)]
pub struct Act {
    /// How it is changed.
    pub cause: PolicyCause,
    /// Who asked for it; empty where nobody did.
    pub by: String,
    /// What they say of it.
    pub note: String,
}

impl Act {
    /// Something that nobody asked for over the wire.
    #[must_use]
    pub fn unasked(cause: PolicyCause) -> Self {
        Self { cause, by: String::new(), note: String::new() }
    }

    /// Somebody asked for it over the wire: it is told and kept even where nothing changes.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        matches!(self.cause, PolicyCause::Apply | PolicyCause::Rollback)
    }
}
