//! Which attempt goes on when one has failed.
//!
//! The first untried attempt in the plan's order that can go on from what was told: the order is the
//! policy's preference, and being able to continue a text does not outrank it. If none is left, an
//! attempt is tried a second time, once, where the network was to blame and the target did not ask
//! to be left alone: a broken connection is often a single event. Nothing else is retried. A hung
//! target would hang again, garbage comes again, an overloaded target suffers from retries, and what
//! the gate voided stays void. So a flight makes at most twice as many dispatches as its plan has
//! attempts, and money reserved for a plan must count with that.

use super::action::FailoverKind;
use super::event::{Blame, Fault};
use super::transcript::Bridge;
use crate::class::Tier;
use crate::plan::{Attempt, Place, Plan};

/// Most dispatches of one attempt: the first, and one more after a fault of the network.
pub const MAX_DISPATCHES_PER_ATTEMPT: u32 = 2;

/// What has become of each attempt of the plan.
pub(super) struct Candidates {
    states: Vec<State>,
    clouds_void: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Untried,
    Running { dispatches: u32 },
    Retriable { dispatches: u32 },
    Spent,
}

impl Candidates {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { states: vec![State::Untried; plan.attempts.len()], clouds_void: false }
    }

    /// From now on no attempt may leave for a cloud.
    pub(super) const fn void_clouds(&mut self) {
        self.clouds_void = true;
    }

    /// The attempts for which `gone` holds will not be tried (again). The live one is not asked about.
    pub(super) fn void(&mut self, gone: impl Fn(usize) -> bool) {
        for (index, state) in self.states.iter_mut().enumerate() {
            let waits = matches!(state, State::Untried | State::Retriable { .. });
            if waits && gone(index) {
                *state = State::Spent;
            }
        }
    }

    /// One more attempt stands at the end of the plan.
    pub(super) fn add(&mut self) {
        self.states.push(State::Untried);
    }

    pub(super) fn note_dispatch(&mut self, attempt: usize) {
        if let Some(state) = self.states.get_mut(attempt) {
            let before = match *state {
                State::Running { dispatches } | State::Retriable { dispatches } => dispatches,
                State::Untried | State::Spent => 0,
            };
            *state = State::Running { dispatches: before.saturating_add(1) };
        }
    }

    pub(super) fn note_fault(&mut self, attempt: usize, fault: &Fault) {
        let Some(state) = self.states.get_mut(attempt) else { return };
        let dispatches = match *state {
            State::Running { dispatches } => dispatches,
            State::Untried | State::Retriable { .. } | State::Spent => MAX_DISPATCHES_PER_ATTEMPT,
        };
        let retriable = fault.blame == Blame::Network
            && fault.retry_after_ms.is_none()
            && dispatches < MAX_DISPATCHES_PER_ATTEMPT;
        *state = if retriable { State::Retriable { dispatches } } else { State::Spent };
    }

    /// The attempt that goes on, and how; `None` if nobody can.
    pub(super) fn next(
        &self,
        plan: &Plan,
        failover: bool,
        bridge: Bridge,
    ) -> Option<(usize, FailoverKind)> {
        let pick = |wanted: fn(State) -> bool| {
            self.open(plan, failover, bridge).find(|&(index, _)| wanted(self.states[index]))
        };
        pick(|state| state == State::Untried)
            .or_else(|| pick(|state| matches!(state, State::Retriable { .. })))
    }

    /// How many untried attempts could go on.
    pub(super) fn untried(&self, plan: &Plan, failover: bool, bridge: Bridge) -> usize {
        self.open(plan, failover, bridge)
            .filter(|&(index, _)| self.states[index] == State::Untried)
            .count()
    }

    /// Attempts that may be sent and can go on from `bridge`, in the plan's order.
    fn open<'a>(
        &'a self,
        plan: &'a Plan,
        failover: bool,
        bridge: Bridge,
    ) -> impl Iterator<Item = (usize, FailoverKind)> + 'a {
        plan.attempts
            .iter()
            .enumerate()
            .take(if failover { self.states.len() } else { 0 })
            .filter(|(_, attempt)| !(self.clouds_void && is_egress(attempt)))
            .filter_map(move |(index, attempt)| Some((index, bridge.kind(&attempt.target)?)))
    }
}

/// True if a dispatch of `attempt` lets content leave. Tier and place should agree; where they do
/// not, the stricter one counts.
pub(super) const fn is_egress(attempt: &Attempt) -> bool {
    matches!(attempt.tier, Tier::Cloud) || matches!(attempt.target.at, Place::Cloud { .. })
}
