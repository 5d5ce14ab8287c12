//! The flight: the state machine that carries one plan to its end.
//!
//! Events go in, actions come out; the machine does no I/O and reads no clock. The live router
//! performs the actions on sockets, the simulator on a virtual clock, and both get the same answer.
//!
//! What always holds, whatever order the events come in:
//! - Exactly one [`Action::End`], and nothing after it.
//! - Every dispatch ends once: it finished, it failed, or it was cancelled.
//! - The text of an epoch is the concatenation of its deltas by offset; a change of author is told.
//! - Only attempts of the plan are dispatched, no cloud after egress was cut, nothing after the end,
//!   and no attempt more than [`MAX_DISPATCHES_PER_ATTEMPT`] times.
//! - While it runs, the last [`Action::WakeAt`] is the nearest limit.
//!
//! An event is taken first and the clock is looked at afterwards: a token that arrives late still
//! counts, and an answer that finishes at the deadline is an answer. The deadline is judged at every
//! event, the limits of an attempt only at [`Event::Timer`], which the shell sends when no other
//! event waits: if a slow client held the shell up, the token that was due is among those.
//!
//! There is no waiting state: a flight that runs has a live dispatch. Hedging would make that one
//! dispatch a short list; events already carry the number of their dispatch for it.

pub mod action;
pub mod event;

mod candidates;
mod failure;
mod limits;
mod live;
mod options;
mod redaction;
mod revise;
mod rows;
#[cfg(test)]
mod tests;
mod transcript;

pub use candidates::MAX_DISPATCHES_PER_ATTEMPT;
pub use options::FlightOptions;

use crate::plan::{Attempt, Plan};
use crate::reason::Reason;
use action::{Action, Answered, Emission, Ending, FailoverKind, Failure};
use candidates::Candidates;
use event::{Blame, DispatchId, Event, Fault, Finish, Usage};
use limits::{Limit, LimitKind};
use live::{Live, Text};
use rows::Rows;
use std::time::Duration;
use transcript::Transcript;

/// One request on its way through the attempts of its plan.
pub struct Flight {
    plan: Plan,
    options: FlightOptions,
    deadline: Duration,
    now: Duration,
    candidates: Candidates,
    transcript: Transcript,
    rows: Rows,
    /// The running dispatch; `None` once the flight has ended.
    live: Option<Live>,
    wake: Option<Duration>,
    failovers: u32,
    /// Attempts that joined the plan.
    added: usize,
}

impl Flight {
    /// Starts a plan. `now` is the moment the request arrived, as time since the owner's start; the
    /// deadline counts from it. Returns the flight and its first actions.
    #[must_use]
    pub fn start(plan: Plan, options: FlightOptions, now: Duration) -> (Self, Vec<Action>) {
        let keeps_text = options.failover && plan.attempts.iter().any(|a| a.target.accepts_prefix);
        let prefix_bytes_limit = if keeps_text { options.prefix_bytes_limit } else { 0 };
        let mut flight = Self {
            deadline: now.saturating_add(Duration::from_millis(plan.deadline_ms)),
            now,
            candidates: Candidates::new(&plan),
            transcript: Transcript::new(prefix_bytes_limit),
            rows: Rows::with_capacity(plan.attempts.len()),
            live: None,
            wake: None,
            failovers: 0,
            added: 0,
            options,
            plan,
        };
        let mut out = Vec::with_capacity(2);
        if flight.plan.attempts.is_empty() {
            flight.fail(Reason::Internal, "the plan has no attempt".into(), &mut out);
        } else if flight.deadline <= now {
            let message = format!("the deadline of {} ms leaves no time", flight.plan.deadline_ms);
            flight.fail(Reason::DeadlineExceeded, message, &mut out);
        } else {
            flight.dispatch(0, &mut out);
            flight.ask_to_wake(&mut out);
        }
        (flight, out)
    }

    /// Tells what happened at `now` (time since the owner's start; a moment before the last one is
    /// taken as the last one). Returns what to do, in order; nothing once the flight has ended.
    pub fn on(&mut self, event: Event, now: Duration) -> Vec<Action> {
        let mut out = Vec::with_capacity(2);
        if self.ended() {
            return out;
        }
        self.now = self.now.max(now);
        let is_timer = matches!(event, Event::Timer);
        self.take(event, &mut out);
        if self.now >= self.deadline && !self.ended() {
            let message = failure::deadline_message(&self.plan, self.rows.all());
            self.stop(Reason::DeadlineExceeded, message, &mut out);
        }
        if is_timer {
            self.wake = None;
            if let Some(fault) = self.overdue() {
                self.abandon(fault, &mut out);
            }
        }
        self.ask_to_wake(&mut out);
        out
    }

    /// True once [`Action::End`] came out.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.live.is_none()
    }

    /// The epoch of the text that is being told: 0 at first, one more with each reset.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.transcript.epoch()
    }

    /// Index of the attempt that is running now, if the flight has not ended.
    #[must_use]
    pub fn attempt(&self) -> Option<usize> {
        self.live.as_ref().map(|live| live.attempt)
    }

    fn take(&mut self, event: Event, out: &mut Vec<Action>) {
        match event {
            // That a target took the request says nothing of when its first token comes.
            Event::Timer | Event::Accepted(_) => {}
            Event::Progress { dispatch, done, of } => {
                let now = self.now;
                if self.live_mut(dispatch).is_some_and(|live| live.advance(done, of, now)) {
                    out.push(Action::Emit(Emission::Progress { done, of }));
                }
            }
            Event::Delta { dispatch, channel, offset, text, logprobs } => {
                self.take_text(dispatch, offset, Text { channel, text, logprobs }, out);
            }
            Event::ToolCallDelta { dispatch, fragment } => {
                let now = self.now;
                if let Some(live) = self.live_mut(dispatch)
                    && live.take_fragment(&fragment, now)
                {
                    self.rows.note_token(0, now);
                    let epoch = self.transcript.note_tool_call();
                    out.push(Action::Emit(Emission::ToolCallDelta { epoch, fragment }));
                }
            }
            Event::Finished { dispatch, finish, usage } => {
                self.take_finish(dispatch, finish, usage, out);
            }
            Event::Failed { dispatch, fault } => {
                if self.live_mut(dispatch).is_some() {
                    self.recover(fault, out);
                }
            }
            Event::ClientGone => {
                self.stop(Reason::Cancelled, "the client cancelled or went away".into(), out);
            }
            Event::Shutdown => {
                self.stop(Reason::ShuttingDown, "the router shuts down".into(), out);
            }
            Event::EgressCut => self.cut_egress(out),
        }
    }

    fn take_text(
        &mut self,
        dispatch: DispatchId,
        offset: Option<u64>,
        text: Text,
        out: &mut Vec<Action>,
    ) {
        let now = self.now;
        let Some(live) = self.live_mut(dispatch) else { return };
        match live.take_text(offset, &text, now) {
            Ok(false) => {}
            Ok(true) => {
                self.rows.note_token(text.text.len(), now);
                out.push(Action::Emit(self.transcript.append(text)));
            }
            Err(fault) => self.abandon(fault, out),
        }
    }

    fn take_finish(
        &mut self,
        dispatch: DispatchId,
        finish: Finish,
        usage: Option<Usage>,
        out: &mut Vec<Action>,
    ) {
        let Some(attempt) = self.live_mut(dispatch).map(|live| live.attempt) else { return };
        self.rows.close(None, self.now);
        let epoch = self.transcript.epoch();
        self.end(Ok(Answered { attempt, finish, usage, epoch }), out);
    }

    fn cut_egress(&mut self, out: &mut Vec<Action>) {
        self.candidates.void_clouds();
        if self.live_attempt().is_some_and(candidates::is_egress) {
            self.abandon(failure::egress_cut(), out);
        }
    }

    /// The fault of the live dispatch, if it has kept the flight waiting beyond its limit.
    fn overdue(&self) -> Option<Fault> {
        let limit = self.limit()?;
        if limit.at > self.now {
            return None;
        }
        let waited = self.now.saturating_sub(self.live.as_ref()?.sign_at);
        match limit.kind {
            LimitKind::Deadline => None,
            LimitKind::FirstToken => Some(failure::no_first_token(waited)),
            LimitKind::Stall => Some(failure::stalled(waited)),
        }
    }

    fn ask_to_wake(&mut self, out: &mut Vec<Action>) {
        let Some(limit) = self.limit() else { return };
        if self.wake != Some(limit.at) {
            self.wake = Some(limit.at);
            out.push(Action::WakeAt(limit.at.max(self.now)));
        }
    }

    /// The nearest limit; `None` once the flight has ended.
    fn limit(&self) -> Option<Limit> {
        let live = self.live.as_ref()?;
        let attempt = self.plan.attempts.get(live.attempt)?;
        let bridge = self.transcript.bridge(self.options);
        let others = self.candidates.untried(&self.plan, self.options.failover, bridge);
        Some(limits::nearest(live, attempt, others, self.deadline))
    }

    /// Gives up on the live dispatch, which still runs at its target.
    fn abandon(&mut self, fault: Fault, out: &mut Vec<Action>) {
        if let Some(live) = &self.live {
            out.push(Action::Cancel(live.dispatch));
        }
        self.recover(fault, out);
    }

    /// The live dispatch is over by `fault`: the next attempt goes on, or the flight ends.
    fn recover(&mut self, fault: Fault, out: &mut Vec<Action>) {
        let Some(from) = self.live.as_ref().map(|live| live.attempt) else { return };
        let why = fault.detail.clone();
        let client_fault = fault.blame == Blame::Client;
        self.candidates.note_fault(from, &fault);
        self.rows.close(Some(fault), self.now);
        if client_fault {
            return self.fail(Reason::InvalidRequest, why, out);
        }
        if self.now >= self.deadline {
            let message = failure::deadline_message(&self.plan, self.rows.all());
            return self.fail(Reason::DeadlineExceeded, message, out);
        }
        let bridge = self.transcript.bridge(self.options);
        match self.candidates.next(&self.plan, self.options.failover, bridge) {
            Some((to, kind)) => self.fail_over(from, to, why, kind, out),
            None => {
                let failure = failure::no_attempt_left(&self.plan, self.rows.all(), bridge);
                self.end(Err(failure), out);
            }
        }
    }

    fn fail_over(
        &mut self,
        from: usize,
        to: usize,
        why: String,
        kind: FailoverKind,
        out: &mut Vec<Action>,
    ) {
        if kind == FailoverKind::Reset {
            self.transcript.reset();
        }
        self.failovers = self.failovers.saturating_add(1);
        let (epoch, at_offset) = (self.transcript.epoch(), self.transcript.content_bytes());
        let name = |index: usize| self.plan.attempts.get(index).map(|one| one.target.clone());
        let targets = name(from).zip(name(to)).map(Box::new);
        // Sent before it is told: a client that reads slowly must not delay it.
        self.dispatch(to, out);
        out.push(Action::Emit(Emission::Failover {
            from,
            to,
            targets,
            why,
            kind,
            epoch,
            at_offset,
        }));
    }

    fn dispatch(&mut self, attempt: usize, out: &mut Vec<Action>) {
        let bound = self.plan.attempts.get(attempt).map_or(1, |one| one.limits.output_tokens);
        let remainder = self.transcript.remainder(bound);
        self.candidates.note_dispatch(attempt);
        let dispatch = self.rows.open(attempt, self.now);
        self.live = Some(Live::new(dispatch, attempt, self.now));
        out.push(Action::Dispatch { dispatch, attempt, remainder });
    }

    /// Ends the flight from outside: nobody's fault, nobody goes on.
    fn stop(&mut self, reason: Reason, message: String, out: &mut Vec<Action>) {
        if let Some(live) = &self.live {
            out.push(Action::Cancel(live.dispatch));
        }
        self.rows.close(None, self.now);
        self.fail(reason, message, out);
    }

    fn fail(&mut self, reason: Reason, message: String, out: &mut Vec<Action>) {
        self.end(Err(Failure { reason, message, retry_after_ms: None }), out);
    }

    fn end(&mut self, result: Result<Answered, Failure>, out: &mut Vec<Action>) {
        self.live = None;
        self.transcript.forget();
        let dispatches = self.rows.take();
        out.push(Action::End(Ending { result, dispatches, failovers: self.failovers }));
    }

    fn live_attempt(&self) -> Option<&Attempt> {
        self.live.as_ref().and_then(|live| self.plan.attempts.get(live.attempt))
    }

    /// The live dispatch, if it is the one named: events of others are late and dropped.
    fn live_mut(&mut self, dispatch: DispatchId) -> Option<&mut Live> {
        self.live.as_mut().filter(|live| live.dispatch == dispatch)
    }
}
