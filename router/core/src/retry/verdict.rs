//! What follows from a failure: for the request, for the key, and for the target's standing.

use super::kind::Kind;
use crate::flight::event::{Blame, Fault};

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whose fault it is.
    pub blame: Blame,
    /// The same target may take the same request a moment later, with the same key.
    pub retryable: bool,
    /// The key is to be left alone for a while; another one may do.
    pub key_at_fault: bool,
    /// It says something of the target's health, and not of this request alone.
    pub counts: bool,
}

impl Verdict {
    /// Of a fault that an executor or the flight found. Its blame is kept; a kind that is not known
    /// here is no reason to try the same again.
    #[must_use]
    pub fn of(fault: &Fault) -> Self {
        let kind = Kind::named(fault.kind);
        let of_the_request = matches!(kind, Some(Kind::TooLong | Kind::Unsupported));
        let of_the_far_end = matches!(fault.blame, Blame::Target | Blame::Network);
        Self {
            blame: fault.blame,
            retryable: of_the_far_end && kind.is_some_and(passes),
            key_at_fault: matches!(kind, Some(Kind::Auth | Kind::Quota | Kind::RateLimited)),
            counts: of_the_far_end && !of_the_request,
        }
    }
}

/// A fault of this kind may be gone in a moment.
const fn passes(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::RateLimited
            | Kind::Timeout
            | Kind::Overloaded
            | Kind::Server
            | Kind::Connect
            | Kind::Cut
            | Kind::Garbage
    )
}
