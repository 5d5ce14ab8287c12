//! Orders for models on their way down, and what came of them on its way up.
//!
//! An order is queued and answered by the engine's changes, whoever gave it. Only an order that is not
//! even queued is answered here. Of a model that this worker does not have nothing can be told: its
//! event would offer it.

use super::outbox::Unsendable;
use super::{Session, unread};
use crate::engine::{Change, Order, Refusal};
use crate::session::End;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::{Hardware, ModelEvent};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::Instant;

/// Something a listener hears.
pub(super) enum Heard {
    /// A change.
    Change(Change),
    /// It was too slow and missed some.
    Missed,
}

/// The next change; without a source there is none, ever. Safe to drop between polls.
pub(super) async fn next(changes: &mut Option<Receiver<Change>>) -> Heard {
    let received = match changes {
        Some(changes) => changes.recv().await,
        None => std::future::pending().await,
    };
    match received {
        Ok(change) => Heard::Change(change),
        Err(RecvError::Lagged(_)) => Heard::Missed,
        Err(RecvError::Closed) => {
            *changes = None;
            std::future::pending().await
        }
    }
}

impl Session<'_> {
    pub(super) fn on_order(&mut self, order: Order) -> Result<(), End> {
        let name = order.model().to_owned();
        let queued = match self.around.engine.residency() {
            _ if self.drain_ends.is_some() => {
                Err(Refusal::new(Cause::Draining, "the worker is about to end"))
            }
            Some(residency) => residency.order(order),
            None => Err(Refusal::new(Cause::Unsupported, "this worker's models always stay")),
        };
        let Err(refusal) = queued else { return Ok(()) };
        tracing::warn!(model = name, why = refusal.detail, "an order for a model was not taken");
        let offer = self.around.engine.offer().models.into_iter().find(|it| it.name == name);
        let Some(offer) = offer else { return Ok(()) };
        let states = self.around.engine.load();
        let pinned = states.iter().any(|state| state.name == name && state.pinned);
        let failure = Some(refusal.detail);
        let event = ModelEvent { offer: Some(offer), pinned, failure, ..ModelEvent::default() };
        self.around.outbox.control(Up::ModelEvent(event)).map_err(unread)
    }

    pub(super) fn on_heard(&mut self, heard: Heard) -> Result<(), Unsendable> {
        self.pulse.changed(Instant::now());
        match heard {
            Heard::Change(Change::Model(event)) => {
                self.around.outbox.control(Up::ModelEvent(*event))
            }
            Heard::Change(Change::Hardware(accelerators)) => {
                self.around.outbox.control(Up::Hardware(Hardware { accelerators }))
            }
            Heard::Change(Change::State) => Ok(()),
            Heard::Missed => self.tell_everything(),
        }
    }

    /// The router shall not go on with what was missed.
    fn tell_everything(&mut self) -> Result<(), Unsendable> {
        let offer = self.around.engine.offer();
        let states = self.around.engine.load();
        let accelerators = offer.accelerators;
        self.around.outbox.control(Up::Hardware(Hardware { accelerators }))?;
        for model in offer.models {
            let pinned = states.iter().any(|state| state.name == model.name && state.pinned);
            let event = ModelEvent { offer: Some(model), pinned, ..ModelEvent::default() };
            self.around.outbox.control(Up::ModelEvent(event))?;
        }
        Ok(())
    }
}
