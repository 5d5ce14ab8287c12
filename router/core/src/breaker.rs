//! A circuit breaker: a provider that fails is left alone, and found again when it is back.
//!
//! One breaker stands for one model of one provider with one key. It trips on any of three signs:
//!
//! - a run of failures. At a high rate the window is full of older successes, and the share alone
//!   would need seconds of failures to fall;
//! - the share of failures in the window, which sees a provider that fails now and then;
//! - the share of answers in the window that are slower than a multiple of this target's own median: a
//!   provider that hangs is not up because it answers in the end.
//!
//! Open, it admits nobody, for a time that doubles with each trip up to [`Terms::reopen`]'s most, and is
//! jittered so that many routers do not come back together. Then it is half-open: a bounded number of
//! calls go through as probes. Enough good answers close it; one that counts against the target opens
//! it again.
//!
//! How it is called: the decision reads [`Breaker::resting`]; a dispatch needs a [`Pass`] from
//! [`Breaker::admit`], which its end gives back to [`Breaker::on`], whatever the end. Only what the
//! provider or the network did counts ([`crate::retry::Verdict::counts`]); a client that cancelled and
//! a router that failed are [`Outcome::Void`]. A pass from before a trip says nothing of the time
//! after it.

mod resting;
mod terms;
mod window;

pub(crate) use resting::left_ms;
pub use terms::Terms;

use crate::estimate::{HalfLife, Quantiles};
use crate::retry::Verdict;
use std::time::Duration;
use window::Window;

/// Leave to send one call. Its end is told to [`Breaker::on`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the end of every admitted call is told to the breaker"]
pub struct Pass {
    generation: u64,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered, with its first token after so long, where there was one.
    Answered(Option<Duration>),
    /// Failed in a way that counts against the target.
    Failed,
    /// Says nothing of the target: cancelled, never sent, or another's fault.
    Void,
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        if verdict.counts { Self::Failed } else { Self::Void }
    }
}

/// What tripped a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Failures.
    Failing,
    /// Answers far slower than its own. Where nothing else is left, slow is better than nothing.
    Slow,
}

/// What the decision sees of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Takes calls.
    Closed,
    /// Takes so many more calls, as probes.
    HalfOpen {
        /// Calls that it would admit now.
        probes: u32,
    },
    /// Takes nothing before a moment.
    Open {
        /// When it is tried again, on the owner's clock.
        until: Duration,
        /// What tripped it.
        cause: Cause,
    },
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed { since: Duration },
    Open { until: Duration, cause: Cause },
    HalfOpen { probing: u32, last: Duration, good: u32, after: Cause },
}

/// A circuit breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    terms: Terms,
    state: State,
    /// Passes of an older generation do not count.
    generation: u64,
    failures_in_a_row: u32,
    /// Trips without a long calm between them.
    trips: u32,
    window: Window,
    usual_ms: Quantiles,
}

impl Breaker {
    /// A closed breaker that has seen nothing.
    #[must_use]
    pub fn new(terms: Terms) -> Self {
        Self {
            terms,
            state: State::Closed { since: Duration::ZERO },
            generation: 0,
            failures_in_a_row: 0,
            trips: 0,
            window: Window::new(terms.window),
            usual_ms: Quantiles::new(HalfLife::SPEED),
        }
    }

    /// Where it stands at `now`.
    #[must_use]
    pub fn standing(&self, now: Duration) -> Standing {
        match self.state {
            State::Closed { .. } => Standing::Closed,
            State::Open { until, cause } if now < until => Standing::Open { until, cause },
            State::Open { .. } => Standing::HalfOpen { probes: self.terms.probes() },
            State::HalfOpen { probing, last, .. } if self.given_up(probing, last, now) => {
                Standing::HalfOpen { probes: self.terms.probes() }
            }
            State::HalfOpen { probing, .. } => {
                Standing::HalfOpen { probes: self.terms.probes().saturating_sub(probing) }
            }
        }
    }

    /// Whether slowness is all that it holds against its target: where nothing else is left, slow is better
    /// than nothing, while it is probed too.
    #[must_use]
    pub const fn is_merely_slow(&self) -> bool {
        matches!(
            self.state,
            State::Open { cause: Cause::Slow, .. } | State::HalfOpen { after: Cause::Slow, .. }
        )
    }

    /// Whether it would admit a call at `now`.
    #[must_use]
    pub fn admits(&self, now: Duration) -> bool {
        match self.standing(now) {
            Standing::Closed => true,
            Standing::HalfOpen { probes } => probes > 0,
            Standing::Open { .. } => false,
        }
    }

    /// Leave for one call, where it admits one. What begins after the open time is a probe.
    pub fn admit(&mut self, now: Duration) -> Option<Pass> {
        if !self.admits(now) {
            return None;
        }
        let begin = |good, after| State::HalfOpen { probing: 1, last: now, good, after };
        match self.state {
            State::Closed { .. } => {}
            State::Open { cause, .. } => self.turn(begin(0, cause)),
            State::HalfOpen { probing, last, good, after } if self.given_up(probing, last, now) => {
                self.turn(begin(good, after));
            }
            State::HalfOpen { probing, good, after, .. } => {
                self.state = State::HalfOpen { probing: probing + 1, last: now, good, after };
            }
        }
        Some(Pass { generation: self.generation })
    }

    /// A call ended. `seed` draws the jitter of the open time, if it trips.
    pub fn on(&mut self, Pass { generation }: Pass, outcome: Outcome, seed: u64, now: Duration) {
        if generation != self.generation {
            return;
        }
        let slow = self.is_slow(outcome, now);
        if let Outcome::Answered(Some(first_token)) = outcome {
            self.usual_ms.update(first_token.as_secs_f64() * 1e3, now);
        }
        match self.state {
            State::Closed { .. } => self.count(outcome, slow, seed, now),
            State::Open { .. } => {}
            State::HalfOpen { probing, last, good, after } => {
                let probing = probing.saturating_sub(1);
                let good = good + u32::from(matches!(outcome, Outcome::Answered(_)));
                self.state = State::HalfOpen { probing, last, good, after };
                match outcome {
                    Outcome::Failed => self.trip(Cause::Failing, seed, now),
                    Outcome::Answered(_) if slow => self.trip(Cause::Slow, seed, now),
                    Outcome::Answered(_) if good >= self.terms.good_probes => self.close(now),
                    Outcome::Answered(_) | Outcome::Void => {}
                }
            }
        }
    }

    fn count(&mut self, outcome: Outcome, slow: bool, seed: u64, now: Duration) {
        let failed = match outcome {
            Outcome::Void => return,
            Outcome::Failed => true,
            Outcome::Answered(_) => false,
        };
        self.failures_in_a_row = if failed { self.failures_in_a_row.saturating_add(1) } else { 0 };
        let seen = self.window.count(failed, slow, now);
        if self.failures_in_a_row >= self.terms.in_a_row || self.terms.too_many_failed(seen) {
            self.trip(Cause::Failing, seed, now);
        } else if self.terms.too_many_slow(seen) {
            self.trip(Cause::Slow, seed, now);
        }
    }

    /// Far slower than the median of its own answers, where there were enough, and slower than anybody minds:
    /// a target that answers in a millisecond may take ten.
    fn is_slow(&self, outcome: Outcome, now: Duration) -> bool {
        let Outcome::Answered(Some(first_token)) = outcome else { return false };
        if first_token < self.terms.slow_least {
            return false;
        }
        if self.usual_ms.samples(now) < f64::from(self.terms.least_calls) {
            return false;
        }
        let usual_ms = self.usual_ms.quantile(0.5, now);
        usual_ms.is_some_and(|usual| {
            first_token.as_secs_f64() * 1e3 > usual * f64::from(self.terms.slow_factor)
        })
    }

    fn trip(&mut self, cause: Cause, seed: u64, now: Duration) {
        // A long calm forgives the trips before it.
        if let State::Closed { since } = self.state
            && now.saturating_sub(since) > self.terms.reopen.most
        {
            self.trips = 0;
        }
        let wait = self.terms.reopen.at_least_half(self.trips, seed);
        self.trips = self.trips.saturating_add(1);
        self.turn(State::Open { until: now.saturating_add(wait), cause });
    }

    fn close(&mut self, now: Duration) {
        self.failures_in_a_row = 0;
        self.window = Window::new(self.terms.window);
        self.turn(State::Closed { since: now });
    }

    const fn turn(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }

    /// All probes are out, and nobody heard of them for so long that others may go.
    fn given_up(&self, probing: u32, last: Duration, now: Duration) -> bool {
        probing >= self.terms.probes() && now >= last.saturating_add(self.terms.patience)
    }
}

#[cfg(test)]
mod tests;
