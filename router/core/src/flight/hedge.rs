//! A rival for a target that is late with its first token.
//!
//! Once the first dispatch has taken longer than nineteen of twenty of its target's answers do, the next
//! attempt of the plan is started beside it. Whoever says something first goes on, and the other is
//! cancelled at once. Both are dispatches like any others: cleared, paid for, and in the rows. There is at
//! most one in a flight: who is late twice is no exception any more.

use super::Flight;
use super::action::{Action, FailoverKind, Purpose};
use super::event::DispatchId;
use super::live::Live;
use super::transcript::Bridge;
use std::time::Duration;

impl Flight {
    /// When a rival may be started, where one still may.
    pub(super) fn hedges_at(&self) -> Option<Duration> {
        let at = self.hedge_at?;
        let first = self.live.as_ref().filter(|live| live.dispatch == DispatchId(0))?;
        let may = !first.has_token && self.rival.is_none() && self.next_beside().is_some();
        may.then_some(at)
    }

    pub(super) fn hedge_if_due(&mut self, out: &mut Vec<Action>) {
        if self.hedges_at().is_some_and(|at| at <= self.now)
            && let Some(to) = self.next_beside()
        {
            self.hedge_at = None;
            self.rival = Some(self.dispatch(to, Purpose::Hedge, out));
        }
    }

    /// Somebody said something: the other of two is cancelled, and who was the rival goes on.
    pub(super) fn hear(&mut self, dispatch: DispatchId, out: &mut Vec<Action>) {
        let Some(rival) = self.rival.take() else { return };
        let (loser, winner) = if rival.dispatch == dispatch {
            (self.live.take(), Some(rival))
        } else {
            (Some(rival), None)
        };
        let Some(loser) = loser else { return };
        out.push(Action::Cancel(loser.dispatch));
        self.rows.close(loser.dispatch, None, self.now);
        if let Some(winner) = winner {
            self.hand_over(loser.attempt, winner, "the other answered first".into(), out);
        }
    }

    /// The rival goes on in place of `from`. Nothing was told yet, so nothing is void.
    pub(super) fn hand_over(
        &mut self,
        from: usize,
        rival: Live,
        why: String,
        out: &mut Vec<Action>,
    ) {
        let to = rival.attempt;
        self.live = Some(rival);
        self.tell_failover((from, to), why, FailoverKind::Continued, out);
    }

    /// The attempt that could be started beside the live one.
    fn next_beside(&self) -> Option<usize> {
        let failover = self.options.failover;
        self.candidates.next(&self.plan, failover, Bridge::Open).map(|(to, _)| to)
    }
}
