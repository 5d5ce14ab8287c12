//! Looks at batteries: now and then for the timeline, and all of them at the end.

use super::{Event, World};
use crate::metrics::SLICES;
use std::time::Duration;

/// Batteries that are looked at for the timeline.
const LOOKED_AT: usize = 500;

impl World<'_> {
    pub(super) fn begin_sampling(&mut self) {
        if self.scenario.machines.iter().any(|group| group.battery.is_some()) {
            self.events.set_at(Duration::ZERO, Event::Sample);
        }
    }

    pub(super) fn sample(&mut self) {
        let now = self.now();
        let step = (self.machines.len() / LOOKED_AT).max(1);
        let (mut sum, mut count) = (0.0, 0.0);
        for at in (0..self.machines.len()).step_by(step) {
            if let Some(share) = self.charge_of(at, now) {
                sum += share;
                count += 1.0;
            }
        }
        if count > 0.0 {
            self.metrics.charge_seen(now, sum / count);
        }
        let next = now + self.scenario.lasts / SLICES as u32;
        if next < self.scenario.lasts {
            self.events.set_at(next, Event::Sample);
        }
    }

    /// Brings every battery to the end of the world.
    pub(super) fn settle_batteries(&mut self) {
        let end = self.now().max(self.scenario.lasts);
        for at in 0..self.machines.len() {
            if let Some(share) = self.charge_of(at, end) {
                self.metrics.left_in_battery(share);
            }
        }
        self.conserved.at_end(&self.machines);
    }

    /// Charge of a machine at a moment, as a share.
    fn charge_of(&mut self, at: usize, now: Duration) -> Option<f64> {
        let (start_s, scenario) = (self.start_s(), self.scenario);
        let machine = self.machines.get_mut(at)?;
        let battery = scenario.machines[machine.group as usize].battery.as_ref()?;
        machine.charge.advance(battery, start_s, now);
        Some(machine.charge.joules / battery.capacity_joules)
    }
}
