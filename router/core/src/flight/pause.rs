//! Waiting for a moment at which the same target is tried again.

use super::event::Fault;
use crate::plan::{Attempt, Place};
use crate::retry::{Backoff, Verdict};
use std::time::Duration;

/// The longest Retry-After that is waited for.
const LONGEST: Duration = Duration::from_secs(10);

/// A try that waits for its moment.
pub(super) struct Pause {
    /// The attempt that failed last.
    pub(super) from: usize,
    /// The attempt that is tried.
    pub(super) attempt: usize,
    /// Why it is tried again, without content.
    pub(super) why: String,
    /// When.
    pub(super) until: Duration,
}

/// Whether a fault passes, so that the same attempt may be tried again. Of a worker only a broken
/// connection does: what it said or did it would do again. A target that was silent for as long as the
/// flight waits is not waited for once more, and what answers in no dialect will do so again.
pub(super) fn passes(attempt: &Attempt, fault: &Fault) -> bool {
    use super::event::Blame;
    match attempt.target.at {
        Place::Worker { .. } => fault.blame == Blame::Network && fault.retry_after_ms.is_none(),
        Place::Cloud { .. } => {
            let comes_again = matches!(fault.kind, "first_token_timeout" | "stalled" | "garbage");
            Verdict::of(fault).retryable && !comes_again
        }
    }
}

/// When an attempt is tried again after `tries` dispatches of it; nothing where it could not answer before
/// the deadline any more, or would be waited for longer than a person waits in silence: then the asker is
/// told when to come back, and decides. A worker is tried at once: its broken connection is nobody's load.
pub(super) fn until(
    attempt: &Attempt,
    tries: u32,
    retry_after_ms: Option<u64>,
    seed: u64,
    (now, deadline): (Duration, Duration),
) -> Option<Duration> {
    if matches!(attempt.target.at, Place::Worker { .. }) {
        return Some(now);
    }
    let needs_ms = attempt.predicted.first_token_ms.unwrap_or_default();
    let needs = Duration::try_from_secs_f64(needs_ms / 1e3).unwrap_or_default();
    let latest = deadline.saturating_sub(needs);
    let retry_after = retry_after_ms.map(Duration::from_millis);
    if retry_after.is_some_and(|asked| asked > LONGEST) {
        return None;
    }
    Backoff::default().next(tries.saturating_sub(1), retry_after, seed, now, latest)
}
