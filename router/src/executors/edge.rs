//! Dispatches to workers: hand the assignment to the worker's session, listen to what comes back.

use super::vectors::Vectors;
use crate::registry::Registry;
use crate::registry::session::{Ask, NotAssigned, Session};
use crate::registry::why::Why;
use littoral_core::flight::event::{Blame, DispatchId, Event, Fault};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The way from a worker's session to the flight of one request.
///
/// The session reads for many requests, so it never waits for one of them: where a flight's buffer
/// is full because its client reads too slowly, that flight alone is ended.
pub struct EdgeSink {
    /// Which dispatch speaks.
    pub dispatch: DispatchId,
    /// The flight's own events, bounded.
    pub events: mpsc::Sender<Event>,
    /// Cancelled when the buffer overflowed.
    pub overflow: CancellationToken,
    /// What the answer took out of its worker, once that is known.
    pub spent: Arc<OnceLock<Spent>>,
    /// Where vectors go, where those were asked for.
    pub vectors: Option<Arc<Vectors>>,
}

/// What an answer took out of its worker. `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// Energy of reading the prompt, in joules.
    pub prefill_joules: Option<f64>,
    /// Energy of generating the answer, in joules.
    pub decode_joules: Option<f64>,
    /// The energies come from a model of the machine and not from a meter.
    pub estimated: bool,
    /// Tokens of the prompt that a kept cache saved reading.
    pub cached_prompt_tokens: u32,
}

impl Spent {
    /// Energy of both, in joules; unknown where nothing is known of either.
    #[must_use]
    pub fn joules(&self) -> Option<f64> {
        match (self.prefill_joules, self.decode_joules) {
            (None, None) => None,
            (prefill, decode) => Some(prefill.unwrap_or(0.0) + decode.unwrap_or(0.0)),
        }
    }
}

impl EdgeSink {
    /// Tells the flight.
    pub fn send(&self, event: Event) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.events.try_send(event) {
            self.overflow.cancel();
        }
    }

    /// False where vectors were asked for and one is missing.
    #[must_use]
    pub fn has_all_vectors(&self) -> bool {
        self.vectors.as_ref().is_none_or(|vectors| vectors.is_complete())
    }

    /// Notes what the answer took, before its end is told.
    pub fn spend(&self, spent: Spent) {
        let _ = self.spent.set(spent);
    }

    /// Tells the flight that its dispatch failed.
    pub fn fail(&self, fault: Fault) {
        self.send(Event::Failed { dispatch: self.dispatch, fault });
    }

    /// Tells the flight that its worker is gone.
    pub fn lost(&self, worker_id: &str, why: Why) {
        let blame = if why == Why::Misbehaved { Blame::Target } else { Blame::Network };
        let detail = format!("worker {worker_id} {}", why.clause());
        self.fail(Fault { blame, kind: "lost", detail, retry_after_ms: None });
    }
}

/// A running dispatch.
pub struct EdgeCall {
    session: Arc<Session>,
    assignment_id: u64,
}

impl EdgeCall {
    /// Tells the worker to stop and gives the slot back. Does nothing if it ended before.
    pub fn cancel(&self) {
        self.session.cancel(self.assignment_id);
    }
}

/// Hands an assignment to one session of a worker.
///
/// # Errors
/// The session is over, or every slot is taken. Nothing was sent then.
pub fn dispatch(
    registry: &Registry,
    worker: (&str, u64),
    ask: Ask<'_>,
    sink: EdgeSink,
) -> Result<EdgeCall, Fault> {
    let (worker_id, incarnation) = worker;
    let fault = |kind, why: &str| Fault {
        blame: Blame::Target,
        kind,
        detail: format!("worker {worker_id} {why}"),
        retry_after_ms: None,
    };
    let session = registry
        .session(worker_id, incarnation)
        .ok_or_else(|| fault("lost", "has no such session any more"))?;
    let assigned = session.assign(ask, sink, registry.now()).map_err(|why| match why {
        NotAssigned::NoModel => fault("no_model", "does not hold this model"),
        NotAssigned::Busy => fault("busy", "has every slot and queue place taken"),
        NotAssigned::Closed => fault("draining", "takes nothing new"),
    })?;
    Ok(EdgeCall { session, assignment_id: assigned })
}
