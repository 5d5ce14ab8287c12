//! The budgets as the journal left them.

use super::account::Held;
use super::journal::{AccountKey, Entry, Row};
use super::settle::Settlement;
use super::{Budget, Budgets, NamedTwice};
use std::collections::{BTreeMap, BTreeSet};

/// What a restart found.
#[derive(Debug)]
pub struct Recovered {
    /// The budgets: nothing is reserved, no slab is open.
    pub budgets: Budgets,
    /// Dispatches that were sent and not settled, now at their worst case. Their rows are to be
    /// written.
    pub assumed: Vec<Settlement>,
    /// The row that says that open slabs went back, where there were any.
    pub returned: Option<Row>,
}

/// What is known of the dispatches in a journal.
#[derive(Default)]
struct Read {
    sent: BTreeMap<u64, Vec<Entry>>,
    settled: BTreeSet<u64>,
}

impl Budgets {
    /// The budgets after a crash or a stop. What was sent and not settled is taken at its worst case;
    /// slabs return, because whatever was cut from them and sent has a row of its own. Thresholds that
    /// settled rows had reached were told then and are not told again.
    ///
    /// Reading the same rows again, with those that this returns behind them, gives the same accounts.
    ///
    /// # Errors
    /// Two budgets have the same name.
    pub fn recover(
        budgets: Vec<Budget>,
        rows: impl IntoIterator<Item = Row>,
        unix_ms: u64,
    ) -> Result<Recovered, NamedTwice> {
        let mut all = Self::new(budgets)?;
        let mut read = Read::default();
        rows.into_iter().for_each(|row| all.read(row, &mut read));
        let unsettled: Vec<_> =
            read.sent.into_iter().filter(|(number, _)| !read.settled.contains(number)).collect();
        for (number, entries) in unsettled {
            let mut held = Vec::new();
            for Entry { account, amount, .. } in entries {
                let kept = all.kept(&account);
                kept.reserved = kept.reserved.saturating_add(amount);
                held.push((account, Held { amount, of_slab: 0 }));
            }
            all.held.insert(number, held);
        }
        let numbers: Vec<u64> = all.held.keys().copied().collect();
        let assumed = numbers.into_iter().map(|number| all.finish(number, None)).collect();
        let returned = all.return_unsent();
        all.pass(unix_ms);
        Ok(Recovered { budgets: all, assumed, returned })
    }

    fn read(&mut self, row: Row, read: &mut Read) {
        let number = match row {
            Row::Slab { slab, .. } => {
                self.open_slabs.insert(slab);
                slab
            }
            Row::Returned { slabs } => {
                slabs.iter().for_each(|slab| {
                    self.open_slabs.remove(slab);
                });
                return;
            }
            Row::Sent { reservation, entries } => {
                read.sent.insert(reservation, entries);
                reservation
            }
            Row::Settled { reservation, entries, .. } => {
                // A row that was written twice is one dispatch.
                if read.settled.insert(reservation) {
                    entries.iter().for_each(|entry| self.read_settled(entry));
                }
                reservation
            }
        };
        self.next_number = self.next_number.max(number.saturating_add(1));
    }

    fn read_settled(&mut self, entry: &Entry) {
        let account = self.kept(&entry.account);
        account.settled = account.settled.saturating_add(entry.amount);
        account.overrun = account.overrun.saturating_add(entry.overrun);
        account.told = account.spent();
    }

    /// An account of the journal. A clock that was set back over the restart stands still at it.
    fn kept(&mut self, key: &AccountKey) -> &mut super::Account {
        self.latest_unix_ms = self.latest_unix_ms.max(key.start_unix_ms);
        self.opened(key, key.period.around(key.start_unix_ms).end_unix_ms)
    }
}
