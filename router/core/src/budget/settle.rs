//! The end of a reservation: released, settled, or assumed.
//!
//! What was sent cannot be released, because the provider may bill it whatever became of the answer:
//! the types of the two are different.

use super::account::{Account, Held};
use super::journal::{AccountKey, Entry, Row};
use super::reserve::Reservation;
use super::rule::{Alert, Rule};
use super::{Budgets, Cost};

/// A reservation whose dispatch is sent. It is settled or assumed.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "what is neither settled nor assumed stays reserved"]
pub struct Sent {
    number: u64,
}

/// A provider reported more than it could have used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrun {
    /// The account.
    pub account: AccountKey,
    /// What was reserved, in its unit.
    pub reserved: u64,
    /// What was reported.
    pub reported: u64,
}

/// What the end of a reservation brings about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// The row to write; nothing where no budget counts the dispatch.
    pub row: Option<Row>,
    /// Thresholds that were reached.
    pub alerts: Vec<Alert>,
    /// Reports beyond what was reserved: a bound that does not hold, or a provider that miscounts.
    pub overruns: Vec<Overrun>,
}

impl Budgets {
    /// The dispatch is about to be sent. The row, where there is one, is committed before its first
    /// byte.
    pub fn send(&self, Reservation { number }: Reservation) -> (Sent, Option<Row>) {
        let held = self.held.get(&number).into_iter().flatten();
        let entries: Vec<Entry> =
            held.map(|(account, held)| entry(account, held.amount, 0)).collect();
        let row = (!entries.is_empty()).then_some(Row::Sent { reservation: number, entries });
        (Sent { number }, row)
    }

    /// The dispatch will not be sent: all that it held goes back.
    pub fn release(&mut self, Reservation { number }: Reservation) {
        for (key, held) in self.held.remove(&number).unwrap_or_default() {
            self.end(&key, held, 0, 0);
        }
    }

    /// The dispatch took so much. Money that is not known is taken at its worst case.
    #[must_use]
    pub fn settle(&mut self, Sent { number }: Sent, actual: Cost) -> Settlement {
        self.finish(number, Some(actual))
    }

    /// Nobody knows what the dispatch took: its worst case.
    #[must_use]
    pub fn assume(&mut self, Sent { number }: Sent) -> Settlement {
        self.finish(number, None)
    }

    pub(super) fn finish(&mut self, number: u64, actual: Option<Cost>) -> Settlement {
        let mut settlement = Settlement::default();
        let mut entries = Vec::new();
        let mut assumed = false;
        for (key, held) in self.held.remove(&number).unwrap_or_default() {
            let reported = actual.and_then(|actual| actual.of(key.unit));
            assumed |= reported.is_none();
            let took = reported.unwrap_or(held.amount);
            let spent = took.min(held.amount);
            let overrun = took - spent;
            settlement.alerts.extend(self.end(&key, held, spent, overrun));
            entries.push(entry(&key, spent, overrun));
            if overrun > 0 {
                let reserved = held.amount;
                settlement.overruns.push(Overrun { account: key, reserved, reported: took });
            }
        }
        let row = Row::Settled { reservation: number, entries, assumed };
        settlement.row =
            (!matches!(&row, Row::Settled { entries, .. } if entries.is_empty())).then_some(row);
        settlement
    }

    fn end(&mut self, key: &AccountKey, held: Held, spent: u64, overrun: u64) -> Vec<Alert> {
        let Some(account) = self.accounts.get_mut(key) else { return Vec::new() };
        let rule = self.rules.iter().find(|rule| rule.budget.name == key.budget);
        account.settle(rule.map_or(u64::MAX, Rule::hard), held, spent, overrun);
        rule.map_or_else(Vec::new, |rule| tell(rule, key, account))
    }
}

/// Thresholds that an account reached since it was last asked.
fn tell(rule: &Rule, key: &AccountKey, account: &mut Account) -> Vec<Alert> {
    let (told, spent) = (account.told, account.spent());
    account.told = told.max(spent);
    rule.alerts(&key.names, told, spent).collect()
}

fn entry(account: &AccountKey, amount: u64, overrun: u64) -> Entry {
    Entry { account: account.clone(), amount, overrun }
}
