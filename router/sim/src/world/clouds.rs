//! Clouds: how long they take, how they refuse, and the core's breakers and state of the network that stand
//! before them. Calls are made in [`calling`].

mod calling;

use crate::draws::Draws;
use crate::scenario::{Latency, Scenario};
use littoral_core::breaker::{Breaker, Pass, Terms};
use littoral_core::fleet::{Price, Resting};
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::Fault;
use littoral_core::offline::{Connectivity, Reached};
use littoral_core::retry::Shares;
use std::time::Duration;

/// A call that is refused takes so long.
const REFUSAL: Duration = Duration::from_millis(120);
/// A connection that cannot be made is given up after so long.
const NO_CONNECTION: Duration = Duration::from_secs(1);

struct State {
    offered: bool,
    down: bool,
    hangs: bool,
    slow: f64,
    price: Price,
    /// Requests that its limit still lets through, and when that was worked out.
    room: f64,
    room_at: Duration,
    breaker: Breaker,
}

/// All clouds.
pub(super) struct Clouds {
    all: Vec<State>,
    connectivity: Connectivity,
    shares: Shares,
    /// The way out is gone, whether the router knows or not.
    pub offline: bool,
    probe_at: Option<Duration>,
}

impl Latency {
    /// Median time to the first token and between tokens, in milliseconds.
    #[must_use]
    pub fn medians(&self) -> (f64, f64) {
        match self {
            Self::LogNormal { first_token_ms, gap_ms } => (first_token_ms.0, gap_ms.0),
            Self::Measured(samples) => {
                let median = |of: fn(&(f64, f64)) -> f64| {
                    let mut all: Vec<f64> = samples.rows.iter().map(of).collect();
                    all.sort_by(f64::total_cmp);
                    all.get(all.len() / 2).copied().unwrap_or(500.0).max(1e-3)
                };
                (median(|row| row.0), median(|row| row.1))
            }
        }
    }

    fn draw(&self, draws: &mut Draws) -> (f64, f64) {
        match self {
            Self::LogNormal { first_token_ms, gap_ms } => (
                draws.log_normal(first_token_ms.0, first_token_ms.1),
                draws.log_normal(gap_ms.0, gap_ms.1),
            ),
            Self::Measured(samples) => {
                samples.rows.get(draws.below(samples.rows.len())).copied().unwrap_or((500.0, 20.0))
            }
        }
    }
}

impl Clouds {
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let each = scenario.clouds.iter().map(|cloud| State {
            offered: cloud.from.is_zero(),
            down: false,
            hangs: false,
            slow: 1.0,
            price: cloud.price,
            room: cloud.requests_per_minute.unwrap_or(f64::INFINITY) / 6.0,
            room_at: Duration::ZERO,
            breaker: Breaker::new(Terms::default()),
        });
        let mut providers: Vec<_> = scenario.clouds.iter().map(|cloud| &cloud.provider).collect();
        providers.sort();
        providers.dedup();
        Self {
            all: each.collect(),
            connectivity: Connectivity::new(providers.len(), seed),
            shares: Shares::default(),
            offline: false,
            probe_at: None,
        }
    }

    /// Whether it is there at all.
    pub fn is_offered(&self, cloud: usize) -> bool {
        self.all.get(cloud).is_some_and(|state| state.offered)
    }

    /// Why it is left alone now.
    pub fn resting(&self, cloud: usize, now: Duration) -> Option<Resting> {
        let of_breaker = || self.all.get(cloud)?.breaker.resting(now);
        self.connectivity.resting(now).or_else(of_breaker)
    }

    /// Lets a call through, as the live router does. What merely is slow is called without a word to the
    /// breaker: a decision came to it where nobody else was left.
    ///
    /// # Errors
    /// Repeats or hedges are beyond their share, no cloud can be reached, or it is left alone.
    pub fn admit(
        &mut self,
        cloud: usize,
        pool: &str,
        purpose: Purpose,
        now: Duration,
    ) -> Result<Option<Pass>, Fault> {
        self.shares.allow(purpose, now)?;
        if let Some(resting) = self.connectivity.resting(now) {
            return Err(resting.fault(pool));
        }
        let Some(state) = self.all.get_mut(cloud) else { return Ok(None) };
        let slow = state.breaker.is_merely_slow();
        let pass = state.breaker.admit(now);
        if pass.is_some() || slow {
            return Ok(pass);
        }
        let resting = state.breaker.resting(now);
        Err(resting.unwrap_or(Resting::Failing { left_ms: 0 }).fault(pool))
    }

    /// The breaker of a cloud.
    pub fn breaker(&mut self, cloud: usize) -> Option<&mut Breaker> {
        self.all.get_mut(cloud).map(|state| &mut state.breaker)
    }

    /// What a call showed of the way to its provider.
    pub fn reached(&mut self, reached: Reached<'_>, now: Duration) {
        self.connectivity.on(reached, now);
    }

    pub fn price(&self, cloud: usize) -> Price {
        let free = Price { input_usd_micros_per_mtok: 0, output_usd_micros_per_mtok: 0 };
        self.all.get(cloud).map_or(free, |state| state.price)
    }

    pub fn set_price(&mut self, cloud: usize, price: Price) {
        self.change(cloud, |state| state.price = price);
    }

    pub fn offer(&mut self, cloud: usize) {
        self.change(cloud, |state| state.offered = true);
    }

    pub fn set_down(&mut self, cloud: usize, down: bool) {
        self.change(cloud, |state| state.down = down);
    }

    pub fn set_hangs(&mut self, cloud: usize, hangs: bool) {
        self.change(cloud, |state| state.hangs = hangs);
    }

    pub fn set_slow(&mut self, cloud: usize, factor: f64) {
        self.change(cloud, |state| state.slow = factor);
    }

    fn change(&mut self, cloud: usize, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.all.get_mut(cloud) {
            change(state);
        }
    }
}

impl State {
    /// How long a request has to wait that the limit does not let through; else it is let through.
    fn limited(&mut self, per_minute: Option<f64>, now: Duration) -> Option<Duration> {
        let per_s = per_minute? / 60.0;
        let passed = now.saturating_sub(self.room_at).as_secs_f64();
        // As many as ten seconds bring may come at once.
        self.room = (self.room + passed * per_s).min((per_s * 10.0).max(1.0));
        self.room_at = now;
        if self.room >= 1.0 {
            self.room -= 1.0;
            return None;
        }
        Some(Duration::from_secs_f64((1.0 - self.room) / per_s))
    }
}
