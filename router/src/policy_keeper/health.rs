//! The policy's health under a name of its own. The router stays ready where an edit was refused,
//! because it goes on under the last good policy; whoever watches this name learns of the edit.

use super::PolicyKeeper;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The name in `grpc.health.v1`.
pub const SERVICE: &str = "littoral.policy";

/// Tells now whether the files are in force, and again whenever that changes, until told to stop.
pub async fn tell_until(
    keeper: Arc<PolicyKeeper>,
    health: HealthReporter,
    stop: CancellationToken,
) {
    let mut standings = keeper.watch();
    loop {
        let refused = standings.borrow_and_update().refused.is_some();
        let status = if refused { ServingStatus::NotServing } else { ServingStatus::Serving };
        health.set_service_status(SERVICE, status).await;
        tokio::select! {
            changed = standings.changed() => if changed.is_err() { return },
            () = stop.cancelled() => return,
        }
    }
}
