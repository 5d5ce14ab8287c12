//! A device that goes to sleep in the midst of a session, and wakes.
//!
//! What runs is given up at once: the router can plan it anew, which it could not do for a request
//! that is frozen with its device. Silence while the device sleeps is nobody's fault, so the lease is
//! not looked at until it is awake, and then begins anew: what the router said meanwhile is read first.

use super::Session;
use super::outbox::Unsendable;
use littoral_proto::v1::Sleep;
use littoral_proto::v1::worker_message::Message as Up;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

impl Session<'_> {
    /// The device fell asleep or woke.
    pub(super) fn on_control(&mut self) -> Result<(), Unsendable> {
        let now = *self.control.borrow_and_update();
        match now {
            Some(asleep) if !self.asleep => {
                self.asleep = true;
                let expected_ms = asleep
                    .expected
                    .map(|expected| u64::try_from(expected.as_millis()).unwrap_or(u64::MAX));
                self.around.outbox.control(Up::Sleep(Sleep { expected_ms }))?;
                self.around.asleep.cancel();
            }
            None if self.asleep => {
                self.asleep = false;
                self.around.asleep = CancellationToken::new();
                self.lease.renew(Instant::now());
                self.pulse.changed(Instant::now());
            }
            _ => {}
        }
        Ok(())
    }
}
