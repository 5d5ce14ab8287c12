//! Sums that must agree, whatever was decided: nothing is lost and nothing comes from nowhere.

use crate::machine::{Machine, Spent};

/// Both sides of the accounts of energy and money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conserved {
    /// Energy in batteries at the start, in joules.
    pub start_joules: f64,
    /// Energy in batteries at the end.
    pub end_joules: f64,
    /// What chargers gave.
    pub given_joules: f64,
    /// What machines with a battery took for themselves.
    pub base_joules: f64,
    /// What models took of machines with a battery.
    pub battery_model_joules: f64,
    /// What empty batteries could not give.
    pub missing_joules: f64,
    /// Energy of all dispatches, machine by machine.
    pub model_joules: f64,
    /// Tokens generated on machines.
    pub written: f64,
    /// Money of all calls, in micro-dollars.
    pub paid_usd_micros: u64,
}

impl Conserved {
    pub(super) fn at_start(machines: &[Machine]) -> Self {
        let start_joules = machines.iter().map(|machine| machine.charge.joules).sum();
        Self { start_joules, ..Self::default() }
    }

    pub(super) const fn spent(&mut self, spent: Spent) {
        self.model_joules += spent.joules;
        self.written += spent.written;
    }

    pub(super) const fn paid(&mut self, usd_micros: u64) {
        self.paid_usd_micros = self.paid_usd_micros.saturating_add(usd_micros);
    }

    pub(super) fn at_end(&mut self, machines: &[Machine]) {
        for machine in machines {
            let charge = &machine.charge;
            self.end_joules += charge.joules;
            self.given_joules += charge.given;
            self.base_joules += charge.base;
            self.battery_model_joules += charge.models;
            self.missing_joules += charge.missing;
        }
    }

    /// Energy that the batteries' account cannot explain, in joules.
    #[must_use]
    pub fn unexplained_joules(&self) -> f64 {
        let came = self.start_joules + self.given_joules + self.missing_joules;
        came - self.base_joules - self.battery_model_joules - self.end_joules
    }
}
