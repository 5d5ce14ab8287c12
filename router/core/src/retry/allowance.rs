//! Repeats as a share of traffic: the budget of retries, and that of hedges.
//!
//! Each first attempt saves up a part of a repeat, each repeat spends a whole one. A limit on tries
//! per request alone does not do: when everything fails it multiplies all traffic by that limit. What
//! is saved is bounded, so a quiet hour is not spent in one storm; and a little comes with time, so
//! that a system with little traffic can repeat at all.

use std::time::Duration;

/// A repeat, in the unit of what is saved.
const REPEAT: u64 = 1_000;

/// How many repeats are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    per_mille: u64,
    floor_per_s: u64,
    most: u64,
    saved: u64,
    at: Duration,
}

impl Allowance {
    /// Repeats in a thousand first attempts, besides `floor_per_s` every second whatever the traffic;
    /// at most `most` are saved up. It begins with one second's floor.
    #[must_use]
    pub fn new(per_mille: u32, floor_per_s: u32, most: u32) -> Self {
        let (floor_per_s, most) = (u64::from(floor_per_s), u64::from(most) * REPEAT);
        let saved = (floor_per_s * REPEAT).min(most);
        Self { per_mille: per_mille.into(), floor_per_s, most, saved, at: Duration::ZERO }
    }

    /// For retries: a tenth of traffic, and one a second.
    #[must_use]
    pub fn for_retries() -> Self {
        Self::new(100, 1, 100)
    }

    /// For hedges: a twentieth of traffic, and one a second. A hedge waits for the p95, so that one in
    /// twenty is what it asks for while all is well.
    #[must_use]
    pub fn for_hedges() -> Self {
        Self::new(50, 1, 50)
    }

    /// A first attempt was sent.
    pub fn save(&mut self) {
        self.add(self.per_mille);
    }

    /// Spends a repeat. False where none is left, and then nothing is repeated.
    #[must_use]
    pub fn spend(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(self.at).as_millis();
        self.at = self.at.max(now);
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        // A thousandth of a repeat for each millisecond and each repeat a second.
        self.add(passed.saturating_mul(self.floor_per_s));
        let left = self.saved.checked_sub(REPEAT);
        self.saved = left.unwrap_or(self.saved);
        left.is_some()
    }

    fn add(&mut self, saved: u64) {
        self.saved = self.saved.saturating_add(saved).min(self.most);
    }
}
