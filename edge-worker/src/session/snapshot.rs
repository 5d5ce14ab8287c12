//! What a State says, composed at the moment it is sent.
//!
//! The router measures the round trip by the number of its last LeaseAck coming back; the time the
//! worker held that number is told with it and taken off, so a late heartbeat is not a slow line.

use crate::control::WorkerControl;
use crate::engine::Engine;
use crate::performance::Performance;
use littoral_proto::v1::State;
use littoral_proto::v1::state::Device;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;
use tokio::time::Instant;

/// The last LeaseAck: its number and when it came. Number 0 means none yet.
#[derive(Clone, Default)]
pub(super) struct Echo(Arc<Mutex<Option<(u64, Instant)>>>);

impl Echo {
    /// Remembers a LeaseAck.
    pub(super) fn heard(&self, seq: u64, now: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((seq, now));
    }

    fn held(&self, now: Instant) -> (u64, u32) {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.map_or((0, 0), |(seq, heard)| {
            let held_ms = now.saturating_duration_since(heard).as_millis();
            (seq, u32::try_from(held_ms).unwrap_or(u32::MAX))
        })
    }
}

/// The sources of a State.
pub(super) struct Snapshot {
    pub engine: Arc<dyn Engine>,
    pub device: watch::Receiver<Device>,
    pub performance: Arc<Performance>,
    pub echo: Echo,
    /// Memory that models may take together, in bytes.
    pub budget: Option<u64>,
    pub control: WorkerControl,
}

impl Snapshot {
    /// The State as of now; none while the device sleeps, since a State says that it is awake.
    pub(super) fn take(&self) -> Option<State> {
        if self.control.is_asleep() {
            return None;
        }
        let (lease_ack_seq, held_ms) = self.echo.held(Instant::now());
        let mut models = self.engine.load();
        models.iter_mut().for_each(|state| self.performance.tell(state));
        Some(State {
            device: Some(self.device.borrow().clone()),
            models,
            lease_ack_seq,
            held_ms,
            model_memory_budget_bytes: self.budget,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_echo_tells_the_number_and_how_long_it_was_held() {
        let (echo, start) = (Echo::default(), Instant::now());
        assert_eq!(echo.held(start), (0, 0));
        echo.heard(4, start);
        assert_eq!(echo.held(start + Duration::from_millis(120)), (4, 120));
        echo.heard(5, start + Duration::from_secs(1));
        assert_eq!(echo.held(start), (5, 0));
    }
}
