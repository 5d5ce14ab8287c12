//! Which attempt goes on when one has failed.
//!
//! The first untried attempt in the plan's order that can go on from what was told: the order is the
//! policy's preference, and being able to continue a text does not outrank it. If none is left, an
//! attempt whose fault passes is tried again ([`super::pause`]), once. A hung target would hang again,
//! garbage comes again, and what the gate voided stays void. So a flight makes at most twice as many
//! dispatches as its plan has attempts; each reserves its own money.

use super::action::FailoverKind;
use super::event::Fault;
use super::pause;
use super::transcript::Bridge;
use crate::class::Tier;
use crate::plan::{Attempt, Place, Plan};
use smallvec::{SmallVec, smallvec};

/// Most dispatches of one attempt: the first, and one more where its fault passes.
pub const MAX_DISPATCHES_PER_ATTEMPT: u32 = 2;

/// An attempt that can be tried again.
pub(super) struct Again {
    pub(super) attempt: usize,
    /// How often it was dispatched.
    pub(super) dispatches: u32,
    pub(super) retry_after_ms: Option<u64>,
}

/// What has become of each attempt of the plan.
pub(super) struct Candidates {
    states: SmallVec<[State; 4]>,
    clouds_void: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent to it yet, however often it was refused.
    Untried {
        refused: u32,
    },
    Running {
        dispatches: u32,
    },
    Retriable {
        dispatches: u32,
        retry_after_ms: Option<u64>,
    },
    Spent,
}

impl State {
    const UNTRIED: Self = Self::Untried { refused: 0 };
}

impl Candidates {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { states: smallvec![State::UNTRIED; plan.attempts.len()], clouds_void: false }
    }

    /// From now on no attempt may leave for a cloud.
    pub(super) const fn void_clouds(&mut self) {
        self.clouds_void = true;
    }

    /// The attempts for which `gone` holds will not be tried (again). The live one is not asked about.
    pub(super) fn void(&mut self, gone: impl Fn(usize) -> bool) {
        for (index, state) in self.states.iter_mut().enumerate() {
            let waits = matches!(state, State::Untried { .. } | State::Retriable { .. });
            if waits && gone(index) {
                *state = State::Spent;
            }
        }
    }

    /// One more attempt stands at the end of the plan.
    pub(super) fn add(&mut self) {
        self.states.push(State::UNTRIED);
    }

    pub(super) fn note_dispatch(&mut self, attempt: usize) {
        if let Some(state) = self.states.get_mut(attempt) {
            let before = match *state {
                State::Running { dispatches } | State::Retriable { dispatches, .. } => dispatches,
                State::Untried { refused } => refused,
                State::Spent => 0,
            };
            *state = State::Running { dispatches: before.saturating_add(1) };
        }
    }

    /// Nothing was sent: the attempt waits for its turn as before.
    pub(super) fn give_back(&mut self, attempt: usize) {
        if let Some(state) = self.states.get_mut(attempt)
            && let State::Running { dispatches } = *state
        {
            *state = State::Untried { refused: dispatches };
        }
    }

    pub(super) fn note_fault(&mut self, plan: &Plan, attempt: usize, fault: &Fault) {
        let (Some(state), Some(planned)) =
            (self.states.get_mut(attempt), plan.attempts.get(attempt))
        else {
            return;
        };
        let dispatches = match *state {
            State::Running { dispatches } => dispatches,
            State::Untried { .. } | State::Retriable { .. } | State::Spent => {
                MAX_DISPATCHES_PER_ATTEMPT
            }
        };
        let retriable = pause::passes(planned, fault) && dispatches < MAX_DISPATCHES_PER_ATTEMPT;
        *state = if retriable {
            State::Retriable { dispatches, retry_after_ms: fault.retry_after_ms }
        } else {
            State::Spent
        };
    }

    /// The first untried attempt that can go on, and how; `None` if there is none.
    pub(super) fn next(
        &self,
        plan: &Plan,
        failover: bool,
        bridge: Bridge,
    ) -> Option<(usize, FailoverKind)> {
        self.open(plan, failover, bridge).find(|&(index, _)| self.is_untried(index))
    }

    /// The first attempt that can be tried again; `None` if there is none.
    pub(super) fn again(&self, plan: &Plan, failover: bool, bridge: Bridge) -> Option<Again> {
        self.open(plan, failover, bridge).find_map(|(attempt, _)| match self.states.get(attempt) {
            Some(&State::Retriable { dispatches, retry_after_ms }) => {
                Some(Again { attempt, dispatches, retry_after_ms })
            }
            _ => None,
        })
    }

    /// How this attempt would go on, where it still may.
    pub(super) fn kind(
        &self,
        plan: &Plan,
        failover: bool,
        bridge: Bridge,
        attempt: usize,
    ) -> Option<FailoverKind> {
        let is_open = matches!(self.states.get(attempt), Some(State::Retriable { .. }));
        let mut open = self.open(plan, failover && is_open, bridge);
        open.find(|(index, _)| *index == attempt).map(|(_, kind)| kind)
    }

    /// How many untried attempts could go on.
    pub(super) fn untried(&self, plan: &Plan, failover: bool, bridge: Bridge) -> usize {
        self.open(plan, failover, bridge).filter(|&(index, _)| self.is_untried(index)).count()
    }

    fn is_untried(&self, attempt: usize) -> bool {
        matches!(self.states.get(attempt), Some(State::Untried { .. }))
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
