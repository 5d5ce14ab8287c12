//! How often a worker went without a word, with forgetting.
//!
//! The scheme is that of route flap damping (RFC 2439): each loss adds to a penalty that halves with
//! time; above one threshold the worker is held back, and it comes back only below a lower one, so it
//! does not swing around a single value.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Time in which the penalty halves.
const HALF_LIFE: Duration = Duration::from_secs(60);
/// Losses, with forgetting, from which on a worker is held back: used last.
const SUPPRESS: f64 = 2.5;
/// Losses, with forgetting, below which it comes back.
const REUSE: f64 = 1.0;
/// Most that can be held against a worker: it comes back within four half-lives whatever it did.
const MOST: f64 = 16.0;

/// The losses of one worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flaps {
    penalty: f64,
    at: Duration,
    held_back: bool,
}

impl Flaps {
    /// It was lost at `now`.
    pub fn add(&mut self, now: Duration) {
        let penalty = (self.penalty(now) + 1.0).min(MOST);
        let held_back = penalty >= SUPPRESS || self.suppress(now);
        *self = Self { penalty, at: self.at.max(now), held_back };
    }

    /// Losses at `now`, each counting half for every half-life of its age.
    #[must_use]
    pub fn penalty(&self, now: Duration) -> f64 {
        let age = now.saturating_sub(self.at).as_secs_f64();
        self.penalty * (-age / HALF_LIFE.as_secs_f64()).exp2()
    }

    /// Whether it is to be held back at `now`.
    #[must_use]
    pub fn suppress(&self, now: Duration) -> bool {
        self.held_back && self.penalty(now) >= REUSE
    }

    /// Nothing is left that could hold it back: it can be forgotten.
    #[must_use]
    pub fn is_forgotten(&self, now: Duration) -> bool {
        self.penalty(now) < REUSE / 4.0
    }
}
