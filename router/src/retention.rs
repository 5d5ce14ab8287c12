//! Letting go of what has been kept for long enough.

use crate::clock::unix_ms;
use crate::store::Ledger;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time between two rounds.
const ROUND: Duration = Duration::from_secs(60 * 60);

/// Once an hour lets go of what is older than `keep`, until `stop`.
pub async fn keep_until(ledger: Arc<dyn Ledger>, keep: Duration, stop: CancellationToken) {
    let mut rounds = tokio::time::interval(ROUND);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let keep_ms = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = rounds.tick() => {}
        }
        match ledger.forget(unix_ms().saturating_sub(keep_ms)).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "let go of what was kept for long enough"),
            Err(error) => tracing::warn!(%error, "what is old could not be let go of"),
        }
    }
}
