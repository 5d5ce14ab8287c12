//! The dispatches of one flight: each goes to a worker or, once cleared and written down, to a
//! cloud.
//!
//! The order for a cloud is the promise of this house: the gate clears this content for this target
//! under this policy; the switch lets egress be; the intent is written down; only then does the first
//! byte leave, and none after the switch was thrown.

mod cleared;
mod intent;
mod paid;

use super::Pipeline;
use super::beside::Calls;
use super::prepare::{Prepared, conversation};
use super::request::Request;
use crate::egress;
use crate::executors::edge::{self, EdgeCall, EdgeSink, Spent};
use crate::executors::vectors::Vectors;
use crate::registry::session::Ask;
use crate::treasury::Charge;
use crate::wire::assignment::assignment;
use cleared::not_cleared;
use littoral_core::budget::Cost;
use littoral_core::class::Tier;
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::{Blame, DispatchId, Event, Fault};
use littoral_core::money::ModelPrice;
use littoral_core::plan::{Attempt, Place, Plan};
use littoral_core::privacy::{ScannedText, gate};
use littoral_core::prompt::Remainder;
use paid::Paid;
use prost::Message as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Longest wait of an ending flight for a cancelled cloud call to say what it sent.
const REPORT_LIMIT: Duration = Duration::from_secs(2);

/// What one dispatch sent away.
pub struct Sent {
    /// Its number.
    pub dispatch: DispatchId,
    /// Index into the plan's attempts.
    pub attempt: usize,
    /// Bytes of content: an assignment for a worker, the request body for a cloud.
    pub bytes: u64,
    /// What the answer took out of a worker.
    pub spent: Spent,
    /// The price at a cloud when it was sent, where known.
    pub price: Option<ModelPrice>,
    /// The most that it can have cost.
    pub worst: Cost,
    /// What budgets hold for it.
    pub charge: Option<Charge>,
    /// The vectors that came of it, where those were asked for.
    pub vectors: Option<Arc<Vectors>>,
}

enum Call {
    Edge(EdgeCall, Arc<OnceLock<Spent>>),
    Cloud(CancellationToken),
}

struct Open {
    dispatch: DispatchId,
    call: Call,
    attempt: usize,
    bytes: Bytes,
    paid: Option<Paid>,
    vectors: Option<Arc<Vectors>>,
}

enum Bytes {
    Known(u64),
    /// The cloud executor counts what it really handed over.
    Reported {
        report: oneshot::Receiver<u64>,
        at_most: u64,
    },
}

/// All dispatches of one flight.
pub struct Dispatches<'a> {
    pipeline: &'a Arc<Pipeline>,
    request: &'a Request,
    prepared: &'a Prepared,
    /// Moment by which the answer must be complete.
    deadline: Duration,
    events: mpsc::Sender<Event>,
    calls: &'a Calls,
    overflow: CancellationToken,
    open: Vec<Open>,
}

impl<'a> Dispatches<'a> {
    /// No dispatch yet. What targets say goes into the channel.
    #[must_use]
    pub fn new(
        pipeline: &'a Arc<Pipeline>,
        request: &'a Request,
        prepared: &'a Prepared,
        deadline: Duration,
        (events, calls): (mpsc::Sender<Event>, &'a Calls),
    ) -> Self {
        let (overflow, open) = (CancellationToken::new(), Vec::new());
        Self { pipeline, request, prepared, deadline, events, calls, overflow, open }
    }

    /// Ends when events piled up because the client reads too slowly.
    pub async fn overflowed(&self) {
        self.overflow.cancelled().await;
    }

    /// Sends the request to one attempt of the plan.
    ///
    /// # Errors
    /// Nothing was sent, and why.
    pub async fn send(
        &mut self,
        dispatch: DispatchId,
        (index, plan): (usize, &Plan),
        remainder: Remainder,
        purpose: Purpose,
    ) -> Result<(), Fault> {
        let attempt = plan.attempts.get(index).ok_or_else(|| Fault {
            blame: Blame::Router,
            kind: "no_attempt",
            detail: format!("the plan has no attempt {index}"),
            retry_after_ms: None,
        })?;
        self.request.trace.dispatched(attempt, purpose);
        self.recheck(attempt, None)?;
        let vectors = self.vectors();
        let begun = self.begun(attempt, &remainder).await;
        let (call, bytes, paid) = match &attempt.target.at {
            Place::Worker { worker_id, incarnation } => {
                let worker = (&**worker_id, *incarnation);
                self.judge_begun(attempt, begun.as_ref())?;
                let (call, bytes) =
                    self.to_worker(dispatch, worker, attempt, (remainder, vectors.clone()))?;
                (call, bytes, None)
            }
            Place::Cloud { .. } => {
                let what = (remainder, begun.as_ref(), vectors.clone());
                let sent = self.to_cloud(dispatch, attempt, what, purpose).await?;
                (sent.0, sent.1, Some(sent.2))
            }
        };
        self.open.push(Open { dispatch, attempt: index, call, bytes, paid, vectors });
        Ok(())
    }

    /// Places for what comes of one dispatch, where vectors are asked for.
    fn vectors(&self) -> Option<Arc<Vectors>> {
        let prompt = &self.request.prompt;
        let embed = prompt.embed?;
        Some(Arc::new(Vectors::of(prompt.messages.len(), embed.dimensions)))
    }

    fn to_worker(
        &self,
        dispatch: DispatchId,
        worker: (&str, u64),
        attempt: &Attempt,
        (remainder, vectors): (Remainder, Option<Arc<Vectors>>),
    ) -> Result<(Call, Bytes), Fault> {
        let left = self.deadline.saturating_sub(self.pipeline.clock.now());
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        let model = &attempt.target.model;
        let most_text_bytes = most_text_bytes(remainder.max_output_tokens);
        let session = self.request.session.map(conversation);
        let mut assignment = assignment(&self.request.prompt, model, remainder, left_ms, session);
        assignment.traceparent = self.request.trace.traceparent(dispatch);
        let payload = assignment.encode_to_vec();
        let bytes = payload.len() as u64;
        let spent = Arc::default();
        let sink = EdgeSink {
            dispatch,
            events: self.events.clone(),
            overflow: self.overflow.clone(),
            spent: Arc::clone(&spent),
            vectors,
        };
        let ask = Ask { model, payload, most_text_bytes };
        let call = edge::dispatch(&self.pipeline.registry, worker, ask, sink)?;
        Ok((Call::Edge(call, spent), Bytes::Known(bytes)))
    }

    async fn to_cloud(
        &self,
        dispatch: DispatchId,
        attempt: &Attempt,
        (remainder, begun, vectors): (Remainder, Option<&ScannedText>, Option<Arc<Vectors>>),
        purpose: Purpose,
    ) -> Result<(Call, Bytes, Paid), Fault> {
        debug_assert_eq!(attempt.tier, Tier::Cloud);
        let most_output_tokens = remainder.max_output_tokens;
        let cleared = gate::clear(self.asked(attempt), remainder, begun).map_err(not_cleared)?;
        let class = cleared.class();
        let pass = self.pipeline.egress.pass()?;
        let mut call = self.pipeline.clouds.prepare(cleared)?;
        call.bring(vectors);
        let at_most = call.bytes();
        let paid = self.pay(&mut call, attempt, most_output_tokens, purpose).await?;
        let (paid, held) = paid;
        let written = self.write_intent(dispatch, attempt, class, at_most, held).await;
        // Switch and policy may have changed while the store wrote. Later than this the call sees the
        // switch, and what already streams is not the policy's to cut.
        let off = || if pass.is_cut() { Err(egress::off()) } else { Ok(()) };
        if let Err(fault) = written.and_then(|()| off()).and_then(|()| self.recheck(attempt, begun))
        {
            paid.charge.take_back();
            return Err(fault);
        }
        let cancel = CancellationToken::new();
        let (report_in, report) = oneshot::channel();
        let (events, stop) = (self.events.clone(), cancel.clone());
        self.calls.begin(async move {
            let sent = call.run(&pass, dispatch, events.clone(), stop).await;
            let is_cut = pass.is_cut();
            // Whoever throws the switch waits for the call, and not for the flight.
            drop(pass);
            // A flight that no longer listens has already accounted for the most it could be.
            let _ = report_in.send(sent.sent_bytes);
            if is_cut {
                // Of a call that had ended by itself the flight knows already, and drops this.
                let _ = events.send(Event::EgressCut).await;
            }
        });
        Ok((Call::Cloud(cancel), Bytes::Reported { report, at_most }, paid))
    }

    /// Stops a dispatch.
    pub fn cancel(&self, dispatch: DispatchId) {
        for open in self.open.iter().filter(|open| open.dispatch == dispatch) {
            match &open.call {
                Call::Edge(call, _) => call.cancel(),
                Call::Cloud(cancel) => cancel.cancel(),
            }
        }
    }

    /// What every dispatch sent. A cloud call that does not report in time counts as its whole body.
    pub async fn close(&mut self) -> Vec<Sent> {
        let mut all = Vec::with_capacity(self.open.len());
        for open in self.open.drain(..) {
            let bytes = match open.bytes {
                Bytes::Known(bytes) => bytes,
                Bytes::Reported { report, at_most } => {
                    let report = tokio::time::timeout(REPORT_LIMIT, report).await;
                    report.ok().and_then(Result::ok).unwrap_or(at_most)
                }
            };
            let spent = match &open.call {
                Call::Edge(_, spent) => spent.get().copied().unwrap_or_default(),
                Call::Cloud(_) => Spent::default(),
            };
            let (price, worst, charge) = match open.paid {
                Some(paid) => (paid.price, paid.worst, Some(paid.charge)),
                None => (None, Cost::default(), None),
            };
            let Open { dispatch, attempt, vectors, .. } = open;
            all.push(Sent { dispatch, attempt, bytes, spent, price, worst, charge, vectors });
        }
        all
    }
}

/// Longest text of so many tokens, in bytes: far above any tokenizer's longest words, and never less than
/// sixteen megabytes, so that only an answer without end is cut.
const fn most_text_bytes(tokens: u32) -> u64 {
    (tokens as u64).saturating_mul(256).saturating_add(16 << 20)
}
