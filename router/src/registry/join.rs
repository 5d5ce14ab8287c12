//! Why a session may not join.

use thiserror::Error;

/// Why a session may not join. Each is a sentence for the worker's operator.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum JoinRefused {
    /// Another session of the same worker is newer.
    #[error(
        "a newer session of this worker is present (incarnation {present}, this one says {offered}); \
         is a second worker running under the same token? give each worker its own"
    )]
    Ghost {
        /// Incarnation of the session that is there.
        present: u64,
        /// Incarnation of the one that knocked.
        offered: u64,
    },
}

/// Checks that `offered` is newer than `present`.
///
/// # Errors
/// It is not: the knocking session is a ghost.
pub fn newer(offered: u64, present: u64) -> Result<(), JoinRefused> {
    if offered > present { Ok(()) } else { Err(JoinRefused::Ghost { present, offered }) }
}
