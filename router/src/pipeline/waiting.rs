//! A request for which everything is taken waits its turn, where waiting is worth it.

use super::Pipeline;
use super::drive::gone;
use super::prepare::{Prepared, fresh_seed};
use super::request::Request;
use super::room::Seat;
use super::stream_log::StreamLog;
use littoral_core::plan::{Gate, Outcome, Place, Refusal};
use littoral_core::reason::Reason;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A look at what is free though nobody said so: a device may have cooled down.
const LOOK: Duration = Duration::from_secs(1);

impl Pipeline {
    /// Lets a request wait whose targets are all taken, or who would overtake others that wait; returns
    /// with what was decided in the end.
    pub(super) async fn wait_for_a_place(
        &self,
        request: &Request,
        prepared: Prepared,
        log: &StreamLog,
    ) -> Prepared {
        let Some(pool) = self.contended(&prepared) else { return prepared };
        let Some(mut seat) = self.take_a_seat(request, &prepared, &pool) else { return prepared };
        let limits = self.room.limits();
        let deadline = deadline(&prepared);
        let wait = limits.wait.min(deadline.saturating_sub(self.waited(request)));
        let over = tokio::time::sleep(wait);
        let gone = gone(log, request.resume_window);
        tokio::pin!(over, gone);
        // Whoever took a place nobody waits for gets its turn at once.
        self.room.kick();
        let mut prepared = prepared;
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.hard.cancelled() => return prepared,
                () = self.shutdown.lame_duck.cancelled() => return prepared,
                () = &mut gone => return prepared,
                () = seat.turn() => {}
                () = &mut over => return self.decided_again(request, prepared),
            }
            prepared = self.decided_again(request, prepared);
            if self.is_full(&prepared).is_none() {
                return prepared;
            }
            seat.back();
        }
    }

    /// Gives turns whenever something is let go, until `stop`.
    pub async fn give_turns_until(self: Arc<Self>, stop: CancellationToken) {
        let freed = self.registry.freed();
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = freed.notified() => {}
                _ = looks.tick() => {}
            }
            self.room.kick();
        }
    }

    /// The pool that the request would have to wait for.
    fn contended(&self, prepared: &Prepared) -> Option<Arc<str>> {
        if let Some(full) = self.is_full(prepared) {
            return Some(full);
        }
        let plan = prepared.decision().plan()?;
        let first = plan.attempts.first()?;
        let on_worker = matches!(first.target.at, Place::Worker { .. });
        let waits = on_worker && self.room.is_contended(&first.target.pool);
        waits.then(|| Arc::clone(&first.target.pool))
    }

    /// The first pool that is full, where that is what was in the way.
    fn is_full(&self, prepared: &Prepared) -> Option<Arc<str>> {
        let decision = prepared.decision();
        let Outcome::Refused(Refusal { reason: Reason::Shed, .. }) = decision.outcome else {
            return None;
        };
        let full = decision.rejected.iter().find(|row| row.gate == Gate::Queue);
        full.map(|row| Arc::clone(&row.pool))
    }

    fn take_a_seat(&self, request: &Request, prepared: &Prepared, pool: &Arc<str>) -> Option<Seat> {
        let facts = prepared.facts();
        let expected = match &prepared.decision().outcome {
            Outcome::Refused(refusal) => refusal.retry_after_ms.unwrap_or(0),
            Outcome::Planned(_) => 0,
        };
        let tokens = facts.prompt_tokens.tokens.saturating_add(request.expected_answer_tokens());
        let seat = self.room.join(
            pool,
            &facts.principal.tenant,
            request.priority,
            u64::from(tokens),
            self.clock.now(),
        );
        let (seat, ahead) = seat.ok()?;
        // An error that says when to come back is better than a wait that cannot end well.
        let predicted = expected.saturating_mul(ahead as u64 + 1);
        let most = u64::try_from(self.room.limits().wait.as_millis()).unwrap_or(u64::MAX);
        (predicted <= most).then_some(seat)
    }

    fn decided_again(&self, request: &Request, prepared: Prepared) -> Prepared {
        let Prepared { content, record, policy } = prepared;
        let record = self.decide_under(&policy, &record.facts, request.session, fresh_seed());
        Prepared { content, record: Arc::new(record), policy }
    }

    fn waited(&self, request: &Request) -> Duration {
        self.clock.now().saturating_sub(request.arrived)
    }
}

/// Time from arrival to the end of the answer.
fn deadline(prepared: &Prepared) -> Duration {
    let deadlines = prepared.policy.deadlines();
    let wished = prepared.facts().hints.deadline_ms.unwrap_or(deadlines.default_ms);
    Duration::from_millis(wished.min(deadlines.max_ms))
}
