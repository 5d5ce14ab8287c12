//! How fast the device heats up while it works.
//!
//! The slope of the thermal reading between two looks at which work ran, as a mean over the latest
//! ones. A device that cools or keeps its temperature while it works heats by 0. It is an estimate:
//! other programs heat too, and a warm device heats more slowly than a cold one.

use std::time::Duration;

/// Weight of the latest slope.
const WEIGHT: f64 = 0.3;
/// More than a twentieth of the way to the limit in a second is a fault of the sensor.
const MOST_PER_S: f64 = 0.05;
/// Looks farther apart than this had something between them.
const LONGEST: Duration = Duration::from_secs(60);

/// What has been learned.
#[derive(Debug, Default)]
pub(super) struct Heating {
    last: Option<(Duration, f64)>,
    per_s: Option<f64>,
}

impl Heating {
    /// A look at `now`, a time since any fixed moment. The gain in a second of work, once known.
    pub(super) fn look(
        &mut self,
        now: Duration,
        thermal_fraction: Option<f64>,
        working: bool,
    ) -> Option<f64> {
        let this = thermal_fraction.filter(|_| working).map(|fraction| (now, fraction));
        if let Some(((since, before), (now, after))) = self.last.zip(this) {
            let length = now.saturating_sub(since);
            if !length.is_zero() && length <= LONGEST {
                let slope = ((after - before) / length.as_secs_f64()).clamp(0.0, MOST_PER_S);
                let mean = |known: f64| known + WEIGHT * (slope - known);
                self.per_s = Some(self.per_s.map_or(slope, mean));
            }
        }
        self.last = this;
        self.per_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(looks: &[(u64, f64, bool)]) -> Option<f64> {
        let mut heating = Heating::default();
        let look = |&(second, thermal, working): &(u64, f64, bool)| {
            heating.look(Duration::from_secs(second), Some(thermal), working)
        };
        looks.iter().map(look).last().flatten()
    }

    #[test]
    fn the_slope_counts_between_two_looks_at_work_and_no_others() {
        assert_eq!(looks(&[(0, 0.5, true), (10, 0.75, true)]), Some(0.025));
        assert_eq!(looks(&[(0, 0.5, false), (10, 0.75, true)]), None);
        assert_eq!(looks(&[(0, 0.5, true), (10, 0.75, false), (20, 0.9, true)]), None);
        assert_eq!(looks(&[(0, 0.5, true), (600, 0.75, true)]), None);
    }

    #[test]
    fn the_latest_slopes_are_averaged_and_bounded() {
        let known = looks(&[(0, 0.5, true), (10, 0.6, true), (20, 0.6, true)]).unwrap();
        assert!((known - 0.007).abs() < 1e-9, "{known}");
        assert_eq!(looks(&[(0, 0.5, true), (1, 9.0, true)]), Some(MOST_PER_S));
        assert_eq!(looks(&[(0, 0.5, true), (1, 0.1, true)]), Some(0.0));
    }
}
