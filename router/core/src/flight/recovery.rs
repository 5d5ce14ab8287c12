//! What happens when a dispatch is over before its answer: who goes on, when, and what the client is told.

use super::action::{Action, Emission, FailoverKind, Purpose};
use super::event::{Blame, DispatchId, Fault};
use super::live::Live;
use super::pause::{self, Pause};
use super::{Flight, candidates, failure};
use crate::reason::Reason;

impl Flight {
    /// Gives up on a dispatch that still runs at its target.
    pub(super) fn abandon(&mut self, dispatch: DispatchId, fault: Fault, out: &mut Vec<Action>) {
        out.push(Action::Cancel(dispatch));
        self.recover(dispatch, fault, out);
    }

    /// Nothing may leave any more: dispatches to clouds are over, and no attempt at one is made.
    pub(super) fn cut_egress(&mut self, out: &mut Vec<Action>) {
        self.candidates.void_clouds();
        // The rival first: it must not take the other's place.
        for one in [self.rival.as_ref(), self.live.as_ref()].map(|one| one.map(|one| one.dispatch))
        {
            if let Some(dispatch) = one
                && self.attempt_of(dispatch).is_some_and(candidates::is_egress)
            {
                self.abandon(dispatch, failure::egress_cut(), out);
            }
        }
        let is_egress =
            |index: usize| self.plan.attempts.get(index).is_some_and(candidates::is_egress);
        if let Some(pause) = self.pause.take_if(|pause| is_egress(pause.attempt)) {
            self.go_on(pause.from, pause.why, out);
        }
    }

    /// A dispatch is over by `fault`: its rival or the next attempt goes on, or the flight ends.
    pub(super) fn recover(&mut self, dispatch: DispatchId, fault: Fault, out: &mut Vec<Action>) {
        let Some(from) = self.running(dispatch).map(|one| one.attempt) else { return };
        let why = fault.detail.clone();
        let client_fault = fault.blame == Blame::Client;
        let was_rival = self.rival.take_if(|rival| rival.dispatch == dispatch).is_some();
        if was_rival && fault.blame == Blame::Limit {
            // A rival is extra. Where a limit lets none be, its target still goes on for one that fails.
            self.candidates.give_back(from);
        } else {
            self.candidates.note_fault(&self.plan, from, &fault);
        }
        self.rows.close(dispatch, Some(fault), self.now);
        if was_rival {
            return;
        }
        self.live = None;
        if client_fault {
            return self.stop(Reason::InvalidRequest, why, out);
        }
        if self.now >= self.deadline {
            let message = failure::deadline_message(&self.plan, self.rows.all());
            return self.stop(Reason::DeadlineExceeded, message, out);
        }
        if let Some(rival) = self.rival.take() {
            return self.hand_over(from, rival, why, out);
        }
        self.go_on(from, why, out);
    }

    /// Whoever is left goes on, at once or when its moment comes; or nobody does.
    pub(super) fn go_on(&mut self, from: usize, why: String, out: &mut Vec<Action>) {
        let bridge = self.transcript.bridge(self.options);
        if let Some((to, kind)) = self.candidates.next(&self.plan, self.options.failover, bridge) {
            return self.go_over((from, to), why, (kind, Purpose::Failover), out);
        }
        match self.pause_after(from, why) {
            Some(pause) if pause.until <= self.now => self.try_again(pause, out),
            Some(pause) => self.pause = Some(pause),
            None => self.give_up(out),
        }
    }

    /// The pause before an attempt is tried again, where one can be.
    fn pause_after(&self, from: usize, why: String) -> Option<Pause> {
        let bridge = self.transcript.bridge(self.options);
        let again = self.candidates.again(&self.plan, self.options.failover, bridge)?;
        let attempt = self.plan.attempts.get(again.attempt)?;
        let (tries, retry_after_ms) = (again.dispatches, again.retry_after_ms);
        let seed = self.options.seed;
        let until = pause::until(attempt, tries, retry_after_ms, seed, (self.now, self.deadline))?;
        Some(Pause { from, attempt: again.attempt, why, until })
    }

    /// The moment of a try has come. Somebody may have joined the plan meanwhile, or gone.
    pub(super) fn try_again(
        &mut self,
        Pause { from, attempt, why, .. }: Pause,
        out: &mut Vec<Action>,
    ) {
        let (bridge, failover) = (self.transcript.bridge(self.options), self.options.failover);
        if let Some((to, kind)) = self.candidates.next(&self.plan, failover, bridge) {
            return self.go_over((from, to), why, (kind, Purpose::Failover), out);
        }
        match self.candidates.kind(&self.plan, failover, bridge, attempt) {
            Some(kind) => self.go_over((from, attempt), why, (kind, Purpose::Repeat), out),
            None => self.give_up(out),
        }
    }

    fn give_up(&mut self, out: &mut Vec<Action>) {
        let bridge = self.transcript.bridge(self.options);
        let failure = failure::no_attempt_left(&self.plan, self.rows.all(), bridge);
        self.end(Err(failure), out);
    }

    fn go_over(
        &mut self,
        (from, to): (usize, usize),
        why: String,
        (kind, purpose): (FailoverKind, Purpose),
        out: &mut Vec<Action>,
    ) {
        if kind == FailoverKind::Reset {
            self.transcript.reset();
        }
        // Sent before it is told: a client that reads slowly must not delay it.
        self.live = Some(self.dispatch(to, purpose, out));
        self.tell_failover((from, to), why, kind, out);
    }

    pub(super) fn tell_failover(
        &mut self,
        (from, to): (usize, usize),
        why: String,
        kind: FailoverKind,
        out: &mut Vec<Action>,
    ) {
        self.failovers = self.failovers.saturating_add(1);
        let (epoch, at_offset) = (self.transcript.epoch(), self.transcript.content_bytes());
        let name = |index: usize| self.plan.attempts.get(index).map(|one| one.target.clone());
        let targets = name(from).zip(name(to)).map(Box::new);
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

    pub(super) fn dispatch(
        &mut self,
        attempt: usize,
        purpose: Purpose,
        out: &mut Vec<Action>,
    ) -> Live {
        let bound = self.plan.attempts.get(attempt).map_or(1, |one| one.limits.output_tokens);
        let remainder = self.transcript.remainder(bound);
        self.candidates.note_dispatch(attempt);
        let dispatch = self.rows.open(attempt, self.now);
        out.push(Action::Dispatch { dispatch, attempt, remainder, purpose });
        Live::new(dispatch, attempt, self.now)
    }
}
