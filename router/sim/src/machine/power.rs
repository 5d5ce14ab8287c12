//! Charge of a battery, worked out when somebody looks.
//!
//! Every joule is accounted for: what was there, what the charger gave, what the machine took and what
//! models took add up to what is there now. What a full battery cannot take is not given, and what an
//! empty one cannot give is noted as missing.

use crate::draws::Draws;
use crate::scenario::{Battery, Machines};
use std::time::Duration;

const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 24.0 * HOUR_S;

/// What a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spent {
    /// Prompt tokens that were read.
    pub read: f64,
    /// Tokens that were generated.
    pub written: f64,
    /// Energy of both.
    pub joules: f64,
}

impl Spent {
    /// Of so many tokens read and written.
    pub fn of(kind: &Machines, read: f64, written: f64) -> Self {
        let each = kind.joules_per_token.unwrap_or(0.0);
        Self { read, written, joules: read * kind.joules_per_prompt_token + written * each }
    }
}

/// Charge of a machine's battery, with the account of it since the start. In joules.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Charge {
    pub joules: f64,
    /// Shift of its hours on the charger, in hours; endless for one that is always there.
    shift_h: f32,
    always: bool,
    looked_at: Duration,
    /// Given by the charger.
    pub given: f64,
    /// Taken by the machine itself.
    pub base: f64,
    /// Taken by models.
    pub models: f64,
    /// Wanted of an empty battery.
    pub missing: f64,
}

impl Charge {
    /// As it is at the start; of a machine without a battery, nothing.
    pub fn new(battery: Option<&Battery>, draws: &mut Draws) -> Self {
        let Some(battery) = battery else { return Self::default() };
        let (low, high) = battery.start;
        let joules = battery.capacity_joules * (low + (high - low) * draws.unit());
        let shift_h = (2.0 * draws.unit() - 1.0) as f32;
        Self { joules, shift_h, always: draws.chance(battery.always_plugged), ..Self::default() }
    }

    /// Lets time pass until `now`; `start_s` is the second of the day at which the world began.
    pub fn advance(&mut self, battery: &Battery, start_s: f64, now: Duration) {
        let mut at = start_s + self.looked_at.as_secs_f64();
        let end = start_s + now.as_secs_f64();
        self.looked_at = now;
        while at < end {
            let (plugged, until) = self.stretch(battery, at);
            let until = until.min(end);
            self.pass(battery, plugged, until - at);
            at = until;
        }
    }

    /// Models take energy. From the charger where there is one, else from the battery.
    pub fn draw(&mut self, joules: f64, battery: Option<&Battery>) {
        if battery.is_none() {
            return;
        }
        self.models += joules;
        self.take(joules);
    }

    /// Whether it runs on its battery at a moment.
    pub fn on_battery(&self, battery: &Battery, start_s: f64, now: Duration) -> bool {
        !self.stretch(battery, start_s + now.as_secs_f64()).0
    }

    /// Whether it is plugged at a second, and until when that stays so.
    fn stretch(&self, battery: &Battery, at_s: f64) -> (bool, f64) {
        if self.always {
            return (true, f64::INFINITY);
        }
        let (from, to) = battery.plugged;
        let length_s = (to - from).rem_euclid(24.0) * HOUR_S;
        if length_s == 0.0 {
            return (false, f64::INFINITY);
        }
        let from_s = (from + f64::from(self.shift_h)) * HOUR_S;
        let since = (at_s - from_s).rem_euclid(DAY_S);
        // A step of at least a millisecond, or rounding could stand still.
        if since < length_s {
            (true, at_s + (length_s - since).max(1e-3))
        } else {
            (false, at_s + (DAY_S - since).max(1e-3))
        }
    }

    fn pass(&mut self, battery: &Battery, plugged: bool, seconds: f64) {
        let wanted = battery.base_watts * seconds;
        self.base += wanted;
        let charger = if plugged { battery.charger_watts * seconds } else { 0.0 };
        let room = battery.capacity_joules - self.joules + wanted;
        let given = charger.min(room.max(0.0));
        self.given += given;
        self.joules += given;
        self.take(wanted);
    }

    fn take(&mut self, joules: f64) {
        self.joules -= joules;
        if self.joules < 0.0 {
            self.missing -= self.joules;
            self.joules = 0.0;
        }
    }
}
