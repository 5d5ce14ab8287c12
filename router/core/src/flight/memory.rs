//! Memory of flights that are over, for those that come.

use super::action::{Action, DispatchRow, Purpose};
use super::candidates::Candidates;
use super::rows::Rows;
use super::transcript::Transcript;
use super::{Flight, FlightOptions};
use crate::plan::Plan;
use crate::reason::Reason;
use std::time::Duration;

/// What a flight keeps while it runs, empty, with the room that it had. Whoever owns many flights, one after the
/// other, starts them in it.
#[derive(Default)]
pub struct FlightMemory {
    pub(super) rows: Vec<DispatchRow>,
    pub(super) text: String,
}

impl Flight {
    /// As [`Self::start`], in memory that may have been used before, with its first actions put at the end of
    /// `out`.
    #[must_use]
    pub fn start_in(
        memory: FlightMemory,
        plan: Plan,
        options: FlightOptions,
        now: Duration,
        out: &mut Vec<Action>,
    ) -> Self {
        let keeps_text = options.failover && plan.attempts.iter().any(|a| a.target.accepts_prefix);
        let prefix_bytes_limit = if keeps_text { options.prefix_bytes_limit } else { 0 };
        let mut flight = Self {
            deadline: now
                .saturating_sub(options.waited)
                .saturating_add(Duration::from_millis(plan.deadline_ms)),
            now,
            candidates: Candidates::new(&plan),
            transcript: Transcript::new(prefix_bytes_limit, memory.text),
            rows: Rows::new(memory.rows, plan.attempts.len()),
            live: None,
            rival: None,
            hedge_at: None,
            pause: None,
            ended: false,
            wake: None,
            failovers: 0,
            added: 0,
            options,
            plan,
        };
        if flight.plan.attempts.is_empty() {
            flight.fail(Reason::Internal, "the plan has no attempt".into(), out);
        } else if flight.deadline <= now {
            let message = format!("the deadline of {} ms leaves no time", flight.plan.deadline_ms);
            flight.fail(Reason::DeadlineExceeded, message, out);
        } else {
            flight.live = Some(flight.dispatch(0, Purpose::First, out));
            flight.hedge_at = flight.plan.hedge_after_ms.map(|ms| now + Duration::from_millis(ms));
            flight.ask_to_wake(out);
        }
        flight
    }

    /// What is left of a flight: its plan as it stood, and its memory, with the rows that came with its end.
    #[must_use]
    pub fn into_parts(self, mut rows: Vec<DispatchRow>) -> (Plan, FlightMemory) {
        rows.clear();
        let mut text = self.transcript.into_content();
        text.clear();
        (self.plan, FlightMemory { rows, text })
    }
}
