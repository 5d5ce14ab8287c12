//! The sweep over all leases, once a second.

use super::Registry;
use super::session::Session;
use super::why::Why;
use littoral_core::lease::SweepWatch;
use littoral_core::membership::{Phase, lose_at_most};
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often leases are looked at.
const SWEEP: Duration = Duration::from_secs(1);

impl Registry {
    /// Looks at every lease until `stop`.
    pub async fn sweep_until(self: Arc<Self>, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut watch = SweepWatch::new(SWEEP, self.clock.now());
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => self.sweep(&mut watch),
            }
        }
    }

    fn sweep(&self, watch: &mut SweepWatch) {
        let now = self.clock.now();
        let lateness = watch.lateness(now);
        if !lateness.is_zero() {
            tracing::warn!(late_ms = lateness.as_millis(), "lease sweep ran late; leases extended");
        }
        let mut changed = self.away.lock().prune(self.terms, now);
        let mut lost: Vec<(Duration, Arc<Session>)> = Vec::new();
        let all = self.all();
        for session in &all {
            let (phase, is_new, heard_at) = session.heard(|heard| {
                heard.membership.extend(lateness, now);
                let phase = heard.membership.phase(self.terms, now);
                (phase, heard.note(phase), heard.membership.heard())
            });
            if now >= session.token_ends() {
                let worker = &session.claims.worker_id;
                tracing::warn!(worker, "join token expired; session ended");
                self.leave(session, Why::TokenExpired);
            } else if phase == Phase::Lost {
                lost.push((heard_at, Arc::clone(session)));
            } else {
                changed |= is_new;
            }
        }
        self.lose(lost, all.len());
        if changed {
            self.touch();
        }
    }

    /// Lets the longest silent go, no more at once than is likely to be their own fault.
    fn lose(&self, mut lost: Vec<(Duration, Arc<Session>)>, present: usize) {
        let most = lose_at_most(present);
        if lost.len() > most {
            let silent = lost.len();
            tracing::warn!(silent, most, "many leases ended at once; the others stay suspect");
            lost.sort_unstable_by_key(|(heard_at, _)| Reverse(*heard_at));
            lost.drain(..silent - most);
        }
        for (_, session) in lost {
            tracing::warn!(worker = session.claims.worker_id, "lease over; worker lost");
            self.leave(&session, Why::LeaseOver);
        }
    }
}
