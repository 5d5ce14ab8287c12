//! Where a machine is within reach and where not: tunnels, lifts, dead spots.
//!
//! Time is cut into rounds of one covered and one uncovered stretch on average. In each round the
//! uncovered stretch begins at a drawn moment. Rounds are drawn by their number, so whether a machine
//! is within reach is known for any moment without an event: a million phones cost nothing.

use crate::draws::Draws;
use std::time::Duration;

/// Stretches of one machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coverage {
    pub seed: u64,
    pub machine: u64,
    /// Mean covered and uncovered time, in seconds.
    pub stretches: (f64, f64),
}

impl Coverage {
    /// Since when it is out of reach, if it is.
    pub fn lost_since(&self, now: Duration) -> Option<Duration> {
        let now_s = now.as_secs_f64();
        let begin = self.gap_of(self.round(now_s));
        let is_out = (begin..begin + self.stretches.1).contains(&now_s);
        is_out.then(|| Duration::from_secs_f64(begin.max(0.0)))
    }

    /// When it goes out of reach next.
    pub fn next_loss(&self, now: Duration) -> Duration {
        let now_s = now.as_secs_f64();
        let round = self.round(now_s);
        let begin = self.gap_of(round);
        let next = if begin > now_s { begin } else { self.gap_of(round + 1.0) };
        Duration::from_secs_f64(next.max(0.0))
    }

    fn length(&self) -> f64 {
        self.stretches.0 + self.stretches.1
    }

    fn shift(&self) -> f64 {
        Draws::of(self.seed, 21, self.machine, 0).unit() * self.length()
    }

    fn round(&self, now_s: f64) -> f64 {
        ((now_s + self.shift()) / self.length()).floor()
    }

    /// When the uncovered stretch of a round begins, in seconds.
    fn gap_of(&self, round: f64) -> f64 {
        let into = Draws::of(self.seed, 22, self.machine, round.to_bits()).unit();
        round * self.length() - self.shift() + into * self.stretches.0
    }
}
