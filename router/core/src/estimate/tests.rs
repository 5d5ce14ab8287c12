//! What the estimates promise, on made and on recorded runs.
//!
//! Constants were chosen by reasoning and on the made runs; the recorded ones only check them.

mod draws;
mod forecasts;
mod learning;
mod pieces;
mod recorded;
mod stores;
mod synthetic;
mod totality;

use super::{Estimate, Prior};
use std::time::Duration;

/// How often intervals held what came next.
#[derive(Debug, Default)]
struct Tally {
    below: u32,
    inside: u32,
    above: u32,
}

impl Tally {
    fn count(&mut self, expected: Estimate, seen: f64) {
        if seen < expected.low() {
            self.below += 1;
        } else if seen > expected.high() {
            self.above += 1;
        } else {
            self.inside += 1;
        }
    }

    fn all(&self) -> u32 {
        self.below + self.inside + self.above
    }

    fn share(&self) -> f64 {
        f64::from(self.inside) / f64::from(self.all())
    }

    /// Nine of ten, with what thousands of dependent samples allow.
    fn assert_nine_of_ten(&self, what: &str) {
        println!("{what}: {:.3} held; {self:?}", self.share());
        assert!(
            (0.86..=0.94).contains(&self.share()),
            "{what}: {:.3} held, {self:?}",
            self.share()
        );
    }
}

fn prior(mid: f64, spread: f64) -> Prior {
    Prior::new(mid, spread, 1.0).unwrap()
}

fn at(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
