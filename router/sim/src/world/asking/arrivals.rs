//! When requests come: at random, by the hour, in bursts, or as they were recorded.

use super::super::World;
use crate::scenario::Arrivals;
use crate::trace::Row;
use std::time::Duration;

impl World<'_> {
    /// The next moment at which a request of an open process comes, where one does.
    pub(super) fn next_arrival(&mut self) -> Option<Duration> {
        let now = self.now();
        let start_s = self.start_s();
        let (scenario, asking) = (self.scenario, &mut self.asking);
        let after = |at: Duration, seconds: f64| {
            at.saturating_add(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
        };
        match &scenario.arrivals {
            Arrivals::Poisson { per_s } => Some(after(
                now,
                asking.arrivals.exponential(1.0 / (per_s * asking.rush).max(1e-12)),
            )),
            Arrivals::Diurnal { per_s, hours } => {
                let mean = hours.iter().sum::<f64>() / 24.0;
                let highest = hours.iter().fold(0.0_f64, |high, hour| high.max(*hour));
                let most = per_s * asking.rush * highest / mean;
                let mut at = now;
                // Lewis and Shedler, 1979: draw for the busiest hour, keep in proportion.
                loop {
                    at = after(at, asking.arrivals.exponential(1.0 / most.max(1e-12)));
                    if at >= scenario.lasts {
                        return None;
                    }
                    let hour = ((start_s + at.as_secs_f64()) / 3_600.0) as usize % 24;
                    let busy = hours.get(hour).copied().unwrap_or_default();
                    if asking.arrivals.chance(busy / highest) {
                        return Some(at);
                    }
                }
            }
            Arrivals::Bursty { per_s, factor, burst_s, calm_s } => {
                let calm_rate = per_s * (burst_s + calm_s) / (calm_s + factor * burst_s);
                let mut at = now;
                loop {
                    let (is_burst, until) = asking.burst;
                    let rate = calm_rate * asking.rush * if is_burst { *factor } else { 1.0 };
                    let next = after(at, asking.arrivals.exponential(1.0 / rate.max(1e-12)));
                    if next < until {
                        return Some(next);
                    }
                    // Without memory: the draw begins anew where the rate changes.
                    at = until.max(at);
                    let mean = if is_burst { *calm_s } else { *burst_s };
                    asking.burst = (!is_burst, after(at, asking.arrivals.exponential(mean)));
                    if at >= scenario.lasts {
                        return None;
                    }
                }
            }
            Arrivals::Trace { speed } => {
                let trace = scenario.trace.as_ref()?;
                if asking.row >= trace.rows.len() {
                    asking.row = 0;
                    asking.round_began = after(asking.round_began, trace.period_s() / speed);
                }
                let row = trace.rows.get(asking.row)?;
                Some(after(asking.round_began, row.at_s / speed))
            }
            Arrivals::Closed { .. } => None,
        }
    }

    /// The recorded request that comes now, where arrivals are recorded.
    pub(super) fn recorded(&mut self) -> Option<Row> {
        let trace = self.scenario.trace.as_ref()?;
        if !matches!(self.scenario.arrivals, Arrivals::Trace { .. }) {
            return None;
        }
        let row = trace.rows.get(self.asking.row).copied();
        self.asking.row += 1;
        row
    }
}
