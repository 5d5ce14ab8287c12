//! Drives one flight: its actions become sends, waits and cancels; what happens becomes its events.
//!
//! One future a request. It waits for exactly one of: a word from a target, the flight's own timer,
//! the client going away, the hard stop of a shutdown. Everything it waits on has a bound, because
//! the flight always holds a deadline.

use super::Pipeline;
use super::account;
use super::beside::Calls;
use super::dispatch::{Dispatches, Sent};
use super::flights::Place;
use super::ledger;
use super::prepare::{Prepared, fresh_seed};
use super::request::{Delivery, Request};
use super::stream_log::StreamLog;
use super::told::Told;
use littoral_core::flight::action::{Action, Ending};
use littoral_core::flight::event::Event;
use littoral_core::flight::verdicts;
use littoral_core::flight::{Flight, FlightOptions};
use littoral_core::plan::{Outcome, Place as Site, Plan, Target};
use littoral_kit::again::Again;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Events of targets that may wait for the flight. At about a hundred tokens a second this is ten
/// seconds of a reader that has stopped reading.
const EVENT_QUEUE: usize = 1024;

/// What a flight holds to its end: its places in the router's bounds.
pub struct Holds {
    /// Place among the requests in flight, shared with the first client's stream.
    pub permit: Arc<OwnedSemaphorePermit>,
    /// Place among the running ids, with the log that clients read.
    pub place: Place,
}

impl Pipeline {
    /// A decided request on its way, which goes on while it is polled. What happens is told through the log in
    /// `holds`.
    pub fn fly(
        self: &Arc<Self>,
        request: Request,
        prepared: Prepared,
        holds: Holds,
    ) -> impl Future<Output = ()> + Send + use<> {
        let (pipeline, calls) = (Arc::clone(self), Calls::default());
        let flight = {
            let calls = calls.clone();
            async move {
                let log = &holds.place.log;
                let wait = pipeline.wait_for_a_place(&request, prepared, log);
                let prepared = pipeline.telemetry.admitting(&request.trace, wait).await;
                account::decided(&pipeline, &request, &prepared);
                pipeline.announce(&request.id, &prepared.record);
                log.append(Told::Routed(Arc::clone(&prepared.record)));
                match &prepared.decision().outcome {
                    Outcome::Planned(plan) => {
                        let flown = Flown {
                            pipeline: &pipeline,
                            request: &request,
                            prepared: &prepared,
                            plan,
                            log,
                            calls,
                        };
                        flown.fly().await;
                    }
                    Outcome::Refused(refusal) => {
                        log.append(account::refused(&pipeline, &request, &prepared, refusal));
                    }
                }
                drop(holds);
            }
        };
        Again::new(calls.beside(flight, self.shutdown.tasks.clone()))
    }
}

/// A request in the air, and everything it needs there.
struct Flown<'a> {
    pipeline: &'a Arc<Pipeline>,
    request: &'a Request,
    prepared: &'a Prepared,
    plan: &'a Plan,
    log: &'a Arc<StreamLog>,
    calls: Calls,
}

impl Flown<'_> {
    async fn fly(&self) {
        let (events_in, mut events) = mpsc::channel(EVENT_QUEUE);
        let (pipeline, request, prepared) = (self.pipeline, self.request, self.prepared);
        let mut dispatches =
            Dispatches::new(pipeline, request, prepared, self.deadline(), (events_in, &self.calls));
        let clock = self.pipeline.clock;
        let gone = gone(self.log, self.request.resume_window);
        tokio::pin!(gone);
        let (mut flight, actions) = Flight::start(self.plan.clone(), self.options(), clock.now());
        let mut todo = VecDeque::from(actions);
        let mut wake = clock.now();
        loop {
            while let Some(action) = todo.pop_front() {
                match action {
                    Action::Dispatch { dispatch, attempt, remainder, purpose } => {
                        let planned = (attempt, flight.plan());
                        let sent = dispatches.send(dispatch, planned, remainder, purpose).await;
                        if let Err(fault) = sent {
                            self.revise(&mut flight);
                            let failed = Event::Failed { dispatch, fault };
                            todo.extend(flight.on(failed, clock.now()));
                        }
                    }
                    Action::Cancel(dispatch) => dispatches.cancel(dispatch),
                    Action::WakeAt(at) => wake = at,
                    Action::Emit(emission) => {
                        if let Some(event) = self.tell(Told::Said(emission), gone.as_mut()).await {
                            todo.extend(flight.on(event, clock.now()));
                        }
                    }
                    Action::End(ending) => {
                        return self.finish(&mut dispatches, flight.plan(), ending).await;
                    }
                }
            }
            let event = self.next(&dispatches, &mut events, gone.as_mut(), wake).await;
            let changes = matches!(event, Event::Failed { .. } | Event::EgressCut | Event::Timer);
            if changes {
                self.revise(&mut flight);
            }
            todo.extend(flight.on(event, clock.now()));
            if changes {
                dispatches.judge(flight.rows(), flight.plan(), false, None);
            }
        }
    }

    /// Tells the flight what has become of its targets, and who else is there now.
    fn revise(&self, flight: &mut Flight) {
        let registry = &self.pipeline.registry;
        let gone = |target: &Target| match &target.at {
            Site::Worker { worker_id, incarnation } => registry
                .session(worker_id, *incarnation)
                .is_none_or(|session| session.takes_nothing_new()),
            Site::Cloud { .. } => !self.pipeline.egress.allowed(),
        };
        let (policy, facts) = (&self.prepared.policy, self.prepared.facts());
        let session = self.request.session;
        let now = self.pipeline.decide_under(policy, facts, session, fresh_seed());
        let more = now.decision.plan().map(|plan| plan.attempts.clone()).unwrap_or_default();
        flight.revise(gone, more);
    }

    fn deadline(&self) -> Duration {
        self.request.arrived + Duration::from_millis(self.plan.deadline_ms)
    }

    fn options(&self) -> FlightOptions {
        let allowed = self.request.hints.allow_failover.unwrap_or(true);
        let fallback = self.prepared.policy.fallback();
        FlightOptions {
            failover: fallback.failover && allowed,
            more_attempts_limit: fallback.max_attempts as usize,
            seed: fresh_seed(),
            can_reset: self.request.delivery != Delivery::ForGood,
            waited: self.pipeline.clock.now().saturating_sub(self.request.arrived),
            ..FlightOptions::default()
        }
    }

    /// Waits for whatever comes first.
    async fn next(
        &self,
        dispatches: &Dispatches<'_>,
        events: &mut mpsc::Receiver<Event>,
        gone: Pin<&mut impl Future<Output = ()>>,
        wake: Duration,
    ) -> Event {
        tokio::select! {
            biased;
            () = self.pipeline.shutdown.hard.cancelled() => Event::Shutdown,
            () = gone => Event::ClientGone,
            () = dispatches.overflowed() => Event::ClientGone,
            Some(event) = events.recv() => event,
            () = tokio::time::sleep_until(self.pipeline.clock.instant(wake)) => Event::Timer,
        }
    }

    /// Tells the clients. A slow one is waited for no longer than the request's own deadline: then the
    /// flight is told the time, and where all are gone that they are.
    async fn tell(&self, told: Told, gone: Pin<&mut impl Future<Output = ()>>) -> Option<Event> {
        let deadline = self.deadline();
        tokio::select! {
            biased;
            () = self.log.push(told) => None,
            () = gone => Some(Event::ClientGone),
            () = self.pipeline.shutdown.hard.cancelled() => Some(Event::Shutdown),
            () = tokio::time::sleep_until(self.pipeline.clock.instant(deadline)) => {
                Some(Event::Timer)
            }
        }
    }

    /// Gives the vectors of the dispatch that finished to the door that asked for them.
    fn hand_over(&self, sent: &[Sent], winner: Option<usize>) {
        let is_it = |sent: &&Sent| usize::try_from(sent.dispatch.0).ok() == winner;
        let brought = sent.iter().find(is_it).and_then(|sent| sent.vectors.as_ref()?.take());
        if let (Some(place), Some(vectors)) = (&self.request.vectors, brought) {
            // One request, one end: nothing is there yet.
            let _ = place.set(vectors);
        }
    }

    async fn finish(&self, dispatches: &mut Dispatches<'_>, plan: &Plan, ending: Ending) {
        let winner = verdicts::winner(&ending);
        dispatches.judge(&ending.dispatches, plan, true, winner);
        let mut sent = dispatches.close().await;
        self.hand_over(&sent, winner);
        let (request, prepared) = (self.request, self.prepared);
        let cost = ledger::settle(self.pipeline, request, plan, &mut sent, &ending);
        for last in account::ended(self.pipeline, request, prepared, plan, (&sent, cost), ending) {
            self.log.append(last);
        }
    }
}

/// Ends when nobody has read for a whole window. A client that comes back in time starts it anew.
pub(super) async fn gone(log: &StreamLog, window: Duration) {
    loop {
        log.deserted().await;
        if window.is_zero() || tokio::time::timeout(window, log.attended()).await.is_err() {
            return;
        }
    }
}
