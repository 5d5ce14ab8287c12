//! What a flight waits for, and what it does when the moment has come.

use super::action::Action;
use super::event::{DispatchId, Fault};
use super::limits::{self, Limit, LimitKind};
use super::live::Live;
use super::{Flight, failure};

impl Flight {
    /// Everything whose moment has come: limits, the rival's start, the end of a pause.
    pub(super) fn look_at_the_clock(&mut self, out: &mut Vec<Action>) {
        for one in [self.rival.as_ref(), self.live.as_ref()].map(|one| one.map(|one| one.dispatch))
        {
            if let Some(dispatch) = one
                && let Some(fault) = self.overdue(dispatch)
            {
                self.abandon(dispatch, fault, out);
            }
        }
        self.hedge_if_due(out);
        if let Some(pause) = self.pause.take_if(|pause| pause.until <= self.now) {
            self.try_again(pause, out);
        }
    }

    /// The fault of a running dispatch, if it has kept the flight waiting beyond its limit.
    fn overdue(&self, dispatch: DispatchId) -> Option<Fault> {
        let one = self.running(dispatch)?;
        let limit = self.limit_of(one)?;
        if limit.at > self.now {
            return None;
        }
        let waited = self.now.saturating_sub(one.sign_at);
        match limit.kind {
            LimitKind::Deadline => None,
            LimitKind::FirstToken => Some(failure::no_first_token(waited)),
            LimitKind::Stall => Some(failure::stalled(waited)),
        }
    }

    pub(super) fn ask_to_wake(&mut self, out: &mut Vec<Action>) {
        if self.ended {
            return;
        }
        let limits = [self.live.as_ref(), self.rival.as_ref()];
        let limits = limits.into_iter().flatten().filter_map(|one| Some(self.limit_of(one)?.at));
        let moments = [self.pause.as_ref().map(|pause| pause.until), self.hedges_at()];
        let all = limits.chain(moments.into_iter().flatten()).chain([self.deadline]);
        let at = all.min().unwrap_or(self.deadline);
        if self.wake != Some(at) {
            self.wake = Some(at);
            out.push(Action::WakeAt(at.max(self.now)));
        }
    }

    /// The nearest limit of a running dispatch.
    fn limit_of(&self, one: &Live) -> Option<Limit> {
        let attempt = self.plan.attempts.get(one.attempt)?;
        let bridge = self.transcript.bridge(self.options);
        let beside = usize::from(self.rival.is_some());
        let others = self.candidates.untried(&self.plan, self.options.failover, bridge) + beside;
        Some(limits::nearest(one, attempt, others, self.deadline))
    }
}
