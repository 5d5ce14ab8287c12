//! A router's records into the fit of a scenario.

use crate::policy_files::SourceText;
use crate::store::{Counted, ObserveError, Observed, OutcomeRow};
use littoral_sim::fit::{Ended, Fit};
use std::path::Path;

/// What a database gave.
pub struct Fitted {
    /// What was seen.
    pub fit: Fit,
    /// Records that were read, and that could not be.
    pub counted: Counted,
    /// The policy that came into force last.
    pub policy: Option<Vec<SourceText>>,
}

/// Reads a router's database, from a moment on in milliseconds since the Unix epoch. The router may run or not;
/// nothing is written.
///
/// # Errors
/// [`ObserveError`].
pub fn observe(database: &Path, since_unix_ms: u64) -> Result<Fitted, ObserveError> {
    let observed = Observed::open(database)?;
    let mut fit = Fit::default();
    let counted = observed.each(since_unix_ms, |at_unix_ms, record, outcome| {
        fit.add(at_unix_ms, record, outcome.and_then(ended).as_ref());
    })?;
    Ok(Fitted { fit, counted, policy: observed.policy()? })
}

/// The end of a request that was answered.
fn ended(outcome: &OutcomeRow) -> Option<Ended<'_>> {
    let served = outcome.served.as_ref()?;
    let mut usage = outcome.usage;
    // What a worker's cache saved stands beside its energy.
    if let (Some(usage), Some(spent)) = (usage.as_mut(), served.spent.as_ref()) {
        usage.cached_tokens = usage.cached_tokens.max(spent.cached_prompt_tokens);
    }
    Some(Ended {
        target: &served.target,
        first_token_ms: served.first_token_ms,
        total_ms: served.total_ms,
        usage,
        finish: outcome.finish,
        failovers: outcome.failovers,
    })
}
