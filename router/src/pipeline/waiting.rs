//! A request for which everything is taken waits its turn, where waiting is worth it.

use super::Pipeline;
use super::drive::gone;
use super::prepare::{Prepared, fresh_seed};
use super::request::Request;
use super::room::Seat;
use super::stream_log::StreamLog;
use littoral_core::fair::{LOOK, cost_tokens, full_pool};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

impl Pipeline {
    /// Lets a request wait whose targets are all taken, or who would overtake others that wait; returns
    /// with what was decided in the end.
    pub(super) async fn wait_for_a_place(
        &self,
        request: &Request,
        prepared: Prepared,
        log: &StreamLog,
    ) -> Prepared {
        let Some(pool) = self.room.contended(prepared.decision()) else { return prepared };
        let Some(mut seat) = self.take_a_seat(request, &prepared, &pool) else { return prepared };
        let limits = self.room.limits();
        let deadline = Duration::from_millis(prepared.policy.deadline_ms(&prepared.facts().hints));
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
            if full_pool(prepared.decision()).is_none() {
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

    fn take_a_seat(&self, request: &Request, prepared: &Prepared, pool: &Arc<str>) -> Option<Seat> {
        let facts = prepared.facts();
        let most = request.prompt.max_output_tokens;
        let seat = self.room.join(
            pool,
            &facts.principal.tenant,
            request.priority,
            cost_tokens(facts.prompt_tokens.tokens, most),
            self.clock.now(),
        );
        let (seat, ahead) = seat.ok()?;
        self.room.limits().is_worth_it(prepared.decision(), ahead).then_some(seat)
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
