//! What the router says, and what the worker makes of it.
//!
//! Nothing here waits: answers go into the outbox, assignments become tasks. Whatever a router may
//! send in good faith is tolerated (an end that crossed its Cancel, a kind of message this worker
//! does not know); what would leave the two with different beliefs ends the session.

use super::frames::Joined;
use super::outbox::Unsendable;
use super::runs::NotStarted;
use super::{End, Session, running, unread};
use crate::engine::{Order, Refusal};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Assign, AssignCredit, Finished, finished};
use tokio::time::Instant;

impl Session<'_> {
    pub(super) fn on_message(&mut self, message: Down) -> Result<(), End> {
        match message {
            Down::LeaseAck(ack) => self.echo.heard(ack.seq, Instant::now()),
            Down::Assign(frame) => return self.on_frame(&frame),
            Down::Cancel(cancel) => self.on_cancel(cancel.assignment_id).map_err(unread)?,
            Down::Drain(_) if self.drain_ends.is_none() => {
                self.drain("the router asked for it").map_err(unread)?;
            }
            Down::Goodbye(goodbye) => return Err(End::goodbye(&self.setup.config.router, goodbye)),
            Down::Drain(_) | Down::Welcome(_) => {}
            Down::Load(order) => return self.on_order(Order::Load(order.model)),
            Down::Unload(order) => return self.on_order(Order::Unload(order.model)),
            Down::Pin(order) => return self.on_order(Order::Pin(order.model, order.pinned)),
            Down::Benchmark(order) => return self.on_order(Order::Benchmark(order.model)),
        }
        Ok(())
    }

    fn on_frame(&mut self, frame: &Assign) -> Result<(), End> {
        let (id, last) = (frame.assignment_id, frame.last);
        let bytes = u32::try_from(frame.payload.len()).unwrap_or(u32::MAX);
        let joined = self.frames.take(frame);
        self.give_credit(bytes, last).map_err(unread)?;
        match joined {
            Joined::Open => Ok(()),
            Joined::Whole(payload) => self.on_assignment(id, payload),
            Joined::Refused(refusal) => {
                self.around.outbox.control(running::reject(id, refusal)).map_err(unread)
            }
            Joined::TooMany => Err(End::lost("the router has too many assignments half sent")),
        }
    }

    /// Credit goes back in portions of a quarter window, and at the end of each assignment.
    fn give_credit(&mut self, bytes: u32, last: bool) -> Result<(), Unsendable> {
        self.credit = self.credit.saturating_add(bytes);
        if self.credit > 0 && (last || self.credit >= self.terms.window_bytes / 4) {
            let bytes = std::mem::take(&mut self.credit);
            self.around.outbox.control(Up::AssignCredit(AssignCredit { bytes }))?;
        }
        Ok(())
    }

    fn on_assignment(&mut self, id: u64, payload: Vec<u8>) -> Result<(), End> {
        let refusal = if self.drain_ends.is_some() {
            Refusal::new(Cause::Draining, "the worker takes nothing new")
        } else if self.asleep {
            Refusal::new(Cause::Draining, "the device sleeps")
        } else {
            match self.runs.start(id, payload, &self.around) {
                Ok(()) => return Ok(()),
                Err(NotStarted::Full) => Refusal::new(Cause::Busy, "every place is taken"),
                // A Reject would speak of the one that runs.
                Err(NotStarted::Duplicate) => {
                    return Err(End::lost(format!("the router gave the number {id} twice")));
                }
            }
        };
        self.around.outbox.control(running::reject(id, refusal)).map_err(unread)
    }

    fn on_cancel(&mut self, id: u64) -> Result<(), Unsendable> {
        if self.frames.cancel(id) && !self.runs.holds(id) {
            let result = Some(finished::Result::Cancelled(finished::Cancelled {}));
            return self
                .around
                .outbox
                .control(Up::Finished(Finished { assignment_id: id, result }));
        }
        self.runs.cancel(id);
        Ok(())
    }
}
