//! The same world in another size.

use super::{Arrivals, Effect, Scenario};
use std::time::Duration;

impl Scenario {
    /// With so many times as many people, and the machines that they own; everybody asks as often as
    /// before. Shared machines, the limits of clouds and budgets follow, so that the world stays as
    /// tight as it was; of what there is any of, at least one stays.
    #[must_use]
    pub fn with_population(mut self, factor: f64) -> Self {
        let scaled = |count: u32| ((f64::from(count) * factor).round() as u32).max(count.min(1));
        self.askers = scaled(self.askers);
        for group in &mut self.machines {
            group.count = scaled(group.count);
        }
        for cloud in &mut self.clouds {
            cloud.requests_per_minute =
                cloud.requests_per_minute.map(|most| (most * factor).max(1.0));
        }
        for budget in &mut self.budgets {
            // A budget of each person stays; one of everybody shrinks with them.
            if budget.scope.user == littoral_core::budget::Over::All {
                let scaled = |limit: u64| (limit as f64 * factor).round() as u64;
                (budget.hard, budget.soft) = (budget.hard.map(scaled), budget.soft.map(scaled));
            }
        }
        self.with_rate(factor)
    }

    /// With so many times as many requests of the same people. A closed loop has no rate of its own and
    /// stays as it is.
    #[must_use]
    pub fn with_rate(mut self, factor: f64) -> Self {
        match &mut self.arrivals {
            Arrivals::Poisson { per_s }
            | Arrivals::Diurnal { per_s, .. }
            | Arrivals::Bursty { per_s, .. } => *per_s *= factor,
            Arrivals::Trace { speed } => *speed *= factor,
            Arrivals::Closed { .. } => {}
        }
        self
    }

    /// Over another length of time: what changes on the way comes as much earlier or later.
    #[must_use]
    pub fn with_length(mut self, lasts: Duration) -> Self {
        let factor = lasts.as_secs_f64() / self.lasts.as_secs_f64().max(1e-9);
        for change in &mut self.changes {
            change.at = change.at.mul_f64(factor);
        }
        for cloud in &mut self.clouds {
            cloud.from = cloud.from.mul_f64(factor);
        }
        self.lasts = lasts;
        self
    }

    /// Clouds whose first offer is a change of their own, in the list of changes.
    pub(crate) fn offers(&self) -> impl Iterator<Item = (Duration, Effect)> + '_ {
        let later = self.clouds.iter().enumerate().filter(|(_, cloud)| !cloud.from.is_zero());
        later.map(|(at, cloud)| (cloud.from, Effect::Offered(at)))
    }
}
