//! What the log has of a request, in the words of the replay.

use crate::store::{Logged, OutcomeRow};
use littoral_core::class::Tier;
use littoral_sim::replay::{Actual, Answered, Ended, Recorded};

/// A request of the past; `None` where this build cannot decide it again.
pub(super) fn of(logged: &Logged) -> Option<Recorded> {
    Some(Recorded {
        request_id: logged.request_id.clone(),
        at_unix_ms: logged.at_unix_ms,
        record: logged.record()?,
        actual: logged.outcome().and_then(|outcome| actual(logged, &outcome)),
    })
}

/// What happened; `None` where the end says neither who answered nor why nobody did.
fn actual(logged: &Logged, outcome: &OutcomeRow) -> Option<Actual> {
    let ended = match (&outcome.served, outcome.reason) {
        (Some(served), _) => Ended::Answered(Answered {
            target: served.target.clone(),
            tier: served.tier,
            first_token_ms: served.first_token_ms,
            total_ms: served.total_ms,
        }),
        (None, Some(reason)) => Ended::Failed(reason),
        (None, None) => return None,
    };
    let spent = &logged.spent;
    let served = outcome.served.as_ref();
    // Where the ledger has nothing of an answer, the answer itself says what it took.
    let (cost_usd_micros, joules) = match (spent.dispatches, served) {
        (0, Some(served)) if served.tier == Tier::Cloud => (served.cost_usd_micros, None),
        (0, Some(served)) => (Some(0), served.energy_joules),
        _ => (spent.cost_usd_micros, spent.joules),
    };
    Some(Actual {
        ended,
        alone: spent.dispatches == 1,
        cost_usd_micros,
        cost_assumed: spent.assumed,
        joules,
        egress_bytes: outcome.receipt.egress_bytes,
    })
}
