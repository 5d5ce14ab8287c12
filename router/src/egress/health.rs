//! The switch in health, under a name of its own: a router whose egress is off serves, and whoever
//! watches this name sees that no cloud answers.

use super::EgressSwitch;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// The name in `grpc.health.v1`.
pub const SERVICE: &str = "egress";

/// Tells now how the switch stands.
pub async fn tell(switch: &EgressSwitch, health: &HealthReporter) {
    let allowed = switch.standing().allowed();
    let status = if allowed { ServingStatus::Serving } else { ServingStatus::NotServing };
    health.set_service_status(SERVICE, status).await;
}

/// Tells again whenever that changes, until told to stop.
pub async fn tell_until(
    switch: Arc<EgressSwitch>,
    health: HealthReporter,
    stop: CancellationToken,
) {
    let mut standings = switch.watch();
    loop {
        standings.mark_unchanged();
        tell(&switch, &health).await;
        tokio::select! {
            changed = standings.changed() => if changed.is_err() { return },
            () = stop.cancelled() => return,
        }
    }
}
