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
//! - At most two dispatches run at once, and of two neither has said anything yet: the first word of one
//!   ends the other.
//!
//! An event is taken first and the clock is looked at afterwards: a token that arrives late still
//! counts, and an answer that finishes at the deadline is an answer. The deadline is judged at every
//! event, the limits of an attempt only at [`Event::Timer`], which the shell sends when no other
//! event waits: if a slow client held the shell up, the token that was due is among those.
//!
//! A flight that runs has a live dispatch, whom the client hears, and beside it perhaps a rival
//! (`hedge.rs`); or it waits for the moment at which a target is tried again (`pause.rs`).

pub mod action;
pub mod event;
pub mod verdicts;

mod candidates;
mod failure;
mod hedge;
mod limits;
mod live;
mod memory;
mod options;
mod pause;
mod recovery;
mod redaction;
mod revise;
mod rows;
#[cfg(test)]
mod tests;
mod transcript;
mod watch;

pub use candidates::MAX_DISPATCHES_PER_ATTEMPT;
pub use memory::FlightMemory;
pub use options::FlightOptions;

use crate::plan::{Attempt, Plan};
use crate::reason::Reason;
use action::{Action, Answered, Emission, Ending, Failure};
use candidates::Candidates;
use event::{DispatchId, Event, Finish, Usage};
use live::{Live, Text};
use pause::Pause;
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
    /// The dispatch that the client hears; none while the flight waits to try again.
    live: Option<Live>,
    /// One more beside it, until either says something.
    rival: Option<Live>,
    /// When a rival may be started; none once it was, and where none may be.
    hedge_at: Option<Duration>,
    /// A try that waits for its moment.
    pause: Option<Pause>,
    ended: bool,
    wake: Option<Duration>,
    failovers: u32,
    /// Attempts that joined the plan.
    added: usize,
}

impl Flight {
    /// Starts a plan at `now`, as time since the owner's start. The deadline counts from the request's
    /// arrival, all else from now: what passed between them is in the options. Returns the flight and its
    /// first actions.
    #[must_use]
    pub fn start(plan: Plan, options: FlightOptions, now: Duration) -> (Self, Vec<Action>) {
        let mut out = Vec::with_capacity(2);
        let flight = Self::start_in(FlightMemory::default(), plan, options, now, &mut out);
        (flight, out)
    }

    /// Tells what happened at `now` (time since the owner's start; a moment before the last one is
    /// taken as the last one). Returns what to do, in order; nothing once the flight has ended.
    pub fn on(&mut self, event: Event, now: Duration) -> Vec<Action> {
        let mut out = Vec::with_capacity(2);
        self.on_into(event, now, &mut out);
        out
    }

    /// As [`Self::on`], with what to do put at the end of `out`: whoever tells a flight much can use one
    /// list again and again.
    pub fn on_into(&mut self, event: Event, now: Duration, out: &mut Vec<Action>) {
        if self.ended() {
            return;
        }
        self.now = self.now.max(now);
        let is_timer = matches!(event, Event::Timer);
        self.take(event, out);
        if self.now >= self.deadline && !self.ended() {
            let message = failure::deadline_message(&self.plan, self.rows.all());
            self.stop(Reason::DeadlineExceeded, message, out);
        }
        if is_timer {
            self.wake = None;
            self.look_at_the_clock(out);
        }
        self.ask_to_wake(out);
    }

    /// True once [`Action::End`] came out.
    #[must_use]
    pub const fn ended(&self) -> bool {
        self.ended
    }

    /// What has become of each dispatch so far; empty once the flight has ended, when its end has them.
    #[must_use]
    pub fn rows(&self) -> &[action::DispatchRow] {
        self.rows.all()
    }

    /// The epoch of the text that is being told: 0 at first, one more with each reset.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.transcript.epoch()
    }

    /// Index of the attempt that the client hears now, if there is one.
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
                let advances =
                    self.running_mut(dispatch).is_some_and(|one| one.advance(done, of, now));
                if advances && self.is_live(dispatch) {
                    out.push(Action::Emit(Emission::Progress { done, of }));
                }
            }
            Event::Delta { dispatch, channel, offset, text, logprobs } => {
                self.take_text(dispatch, offset, Text { channel, text, logprobs }, out);
            }
            Event::ToolCallDelta { dispatch, fragment } => {
                let now = self.now;
                if let Some(one) = self.running_mut(dispatch)
                    && one.take_fragment(&fragment, now)
                {
                    self.hear(dispatch, out);
                    self.rows.note_token(dispatch, 0, now);
                    let epoch = self.transcript.note_tool_call();
                    out.push(Action::Emit(Emission::ToolCallDelta { epoch, fragment }));
                }
            }
            Event::Finished { dispatch, finish, usage } => {
                self.take_finish(dispatch, finish, usage, out);
            }
            Event::Failed { dispatch, fault } => {
                if self.running_mut(dispatch).is_some() {
                    self.recover(dispatch, fault, out);
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
        let Some(one) = self.running_mut(dispatch) else { return };
        match one.take_text(offset, &text, now) {
            Ok(false) => {}
            Ok(true) => {
                self.hear(dispatch, out);
                self.rows.note_token(dispatch, text.text.len(), now);
                out.push(Action::Emit(self.transcript.append(text)));
            }
            Err(fault) => self.abandon(dispatch, fault, out),
        }
    }

    fn take_finish(
        &mut self,
        dispatch: DispatchId,
        finish: Finish,
        usage: Option<Usage>,
        out: &mut Vec<Action>,
    ) {
        let Some(attempt) = self.running_mut(dispatch).map(|one| one.attempt) else { return };
        self.hear(dispatch, out);
        self.rows.close(dispatch, None, self.now);
        let epoch = self.transcript.epoch();
        self.end(Ok(Answered { attempt, finish, usage, epoch }), out);
    }

    /// Ends the flight from outside: nobody's fault, nobody goes on.
    fn stop(&mut self, reason: Reason, message: String, out: &mut Vec<Action>) {
        for one in [self.live.take(), self.rival.take()].into_iter().flatten() {
            out.push(Action::Cancel(one.dispatch));
            self.rows.close(one.dispatch, None, self.now);
        }
        self.fail(reason, message, out);
    }

    fn fail(&mut self, reason: Reason, message: String, out: &mut Vec<Action>) {
        self.end(Err(Failure { reason, message, retry_after_ms: None }), out);
    }

    fn end(&mut self, result: Result<Answered, Failure>, out: &mut Vec<Action>) {
        (self.live, self.rival, self.pause) = (None, None, None);
        self.ended = true;
        self.transcript.forget();
        let dispatches = self.rows.take();
        out.push(Action::End(Ending { result, dispatches, failovers: self.failovers }));
    }

    fn attempt_of(&self, dispatch: DispatchId) -> Option<&Attempt> {
        self.plan.attempts.get(self.running(dispatch)?.attempt)
    }

    fn is_live(&self, dispatch: DispatchId) -> bool {
        self.live.as_ref().is_some_and(|live| live.dispatch == dispatch)
    }

    fn running(&self, dispatch: DispatchId) -> Option<&Live> {
        let all = [self.live.as_ref(), self.rival.as_ref()];
        all.into_iter().flatten().find(|one| one.dispatch == dispatch)
    }

    /// The running dispatch of this number: events of others are late and dropped.
    fn running_mut(&mut self, dispatch: DispatchId) -> Option<&mut Live> {
        let all = [self.live.as_mut(), self.rival.as_mut()];
        all.into_iter().flatten().find(|one| one.dispatch == dispatch)
    }
}
