//! Who keeps the budgets: the one owner of [`Budgets`], their journal, and the reservations that are out.
//!
//! A dispatch holds its worst case before it is sent ([`Treasury::reserve`]); what it takes comes out of a
//! slab in memory, and only a dry slab waits for the disk. The row of a dispatch that is sent is committed
//! with its intent. Whatever becomes of the task that carries a hold, it is given back or settled: nothing
//! stays reserved for nobody.

mod hold;

pub use hold::{Charge, Hold};

use crate::clock::unix_ms;
use crate::store::{Ledger, Row, Store, StoreError};
use littoral_core::budget::{
    Account, AccountKey, Budget, Budgets, Cost, Left, NotCut, Refused, Settlement, Slab, Spender,
};
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::principal::Principal;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Longest wait of a reservation for slabs, its own and those of others: each could be emptied before it cuts.
const SLAB_LIMIT: Duration = Duration::from_secs(5);

/// The budgets and their journal.
pub struct Treasury {
    budgets: Mutex<Budgets>,
    /// Nobody counts anything.
    is_empty: bool,
    store: Arc<dyn Store>,
    /// A slab was opened or given up.
    slabs: Notify,
}

impl Treasury {
    /// The budgets as the journal left them. What was sent and not settled is taken at its worst case.
    ///
    /// # Errors
    /// The journal cannot be read or written, so nobody knows what is spent.
    pub async fn open(
        budgets: Vec<Budget>,
        store: Arc<dyn Store>,
        ledger: &dyn Ledger,
    ) -> Result<Self, StoreError> {
        let now = unix_ms();
        let is_empty = budgets.is_empty();
        let rows = ledger.journal(now).await?;
        let recovered = Budgets::recover(budgets, rows, now);
        let recovered = recovered.map_err(|twice| StoreError::Damaged {
            what: "budget",
            request_id: "the configuration".into(),
            why: twice.to_string(),
        })?;
        for settlement in &recovered.assumed {
            let spent = settlement.row.iter();
            for row in spent {
                store.commit(Row::Budget(row.clone())).await?;
            }
            tracing::warn!(
                "a dispatch that was cut off is taken at the most that it can have cost"
            );
            tell(settlement);
        }
        if let Some(row) = recovered.returned {
            store.commit(Row::Budget(row)).await?;
        }
        let budgets = Mutex::new(recovered.budgets);
        Ok(Self { budgets, is_empty, store, slabs: Notify::new() })
    }

    /// What budgets leave somebody at a model.
    #[must_use]
    pub fn left(&self, who: &Principal, model: &str) -> Left {
        if self.is_empty {
            return Left::default();
        }
        self.budgets.lock().left(&spender(who, model), unix_ms())
    }

    /// The accounts that are in use.
    #[must_use]
    pub fn accounts(&self) -> Vec<(AccountKey, Account)> {
        let budgets = self.budgets.lock();
        budgets.accounts().map(|(key, account)| (key.clone(), *account)).collect()
    }

    /// The budgets themselves.
    #[must_use]
    pub fn budgets(&self) -> Vec<Budget> {
        self.budgets.lock().rules().cloned().collect()
    }

    /// Reservations that are neither settled nor given back.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.budgets.lock().outstanding()
    }

    /// Holds the most that a dispatch can take.
    ///
    /// # Errors
    /// A budget has too little left, its price is unknown where one is counted, or what is set aside could
    /// not be written down.
    pub async fn reserve(
        self: &Arc<Self>,
        who: &Principal,
        model: &str,
        worst: Cost,
    ) -> Result<Hold, Fault> {
        if self.is_empty {
            return Ok(Hold::of_nothing(self));
        }
        let cut = self.cut(spender(who, model), worst);
        let late = || unwritten("the store took too long, or too many others wanted it; try again");
        tokio::time::timeout(SLAB_LIMIT, cut).await.map_err(|_| late())?
    }

    /// Cuts from a slab, and takes one, or waits for another's, as often as it takes.
    async fn cut(self: &Arc<Self>, who: Spender<'_>, worst: Cost) -> Result<Hold, Fault> {
        loop {
            // Heard from before the look: a slab that opens in between is not missed.
            let opened = self.slabs.notified();
            let cut = self.budgets.lock().cut(&who, worst, unix_ms());
            match cut {
                Ok(reservation) => return Ok(Hold::of(self, reservation)),
                Err(NotCut::Refused(refused)) => return Err(not_admitted(&refused)),
                Err(NotCut::Dry) => {}
            }
            let taken = self.budgets.lock().take_slab(&who, worst, unix_ms());
            match taken.map_err(|refused| not_admitted(&refused))? {
                Some(slab) => self.set_aside(slab).await?,
                None => opened.await,
            }
        }
    }

    /// Writes a slab down and opens it. Its task may end in the middle: then it goes back.
    async fn set_aside(&self, slab: Slab) -> Result<(), Fault> {
        let row = slab.row();
        let mut pending = Pending { treasury: self, slab: Some(slab) };
        let written = self.store.commit(Row::Budget(row)).await;
        if let (Ok(()), Some(slab)) = (&written, pending.slab.take_if(|_| written.is_ok())) {
            self.budgets.lock().open(slab);
            self.slabs.notify_waiters();
        }
        written.map_err(|error| unwritten(&error.to_string()))
    }

    /// Gives back what is set aside and unused, at the end of the process.
    pub fn close(&self) {
        if let Some(row) = self.budgets.lock().return_unsent() {
            self.record(Row::Budget(row));
        }
    }

    fn record(&self, row: Row) {
        if let Err(error) = self.store.record(row) {
            tracing::warn!(%error, "a row of a budget could not be kept; its worst case will be assumed");
        }
    }
}

/// A slab whose row is being written.
struct Pending<'a> {
    treasury: &'a Treasury,
    slab: Option<Slab>,
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if let Some(slab) = self.slab.take() {
            self.treasury.budgets.lock().give_up(slab);
            self.treasury.slabs.notify_waiters();
        }
    }
}

const fn spender<'a>(who: &'a Principal, model: &'a str) -> Spender<'a> {
    Spender {
        tenant: who.tenant.as_str(),
        user: who.user.as_str(),
        application: who.application.as_str(),
        model,
    }
}

fn not_admitted(refused: &Refused) -> Fault {
    let retry_after_ms = match refused {
        Refused::Exceeded(exceeded) => {
            exceeded.refills_at_unix_ms.map(|at| at.saturating_sub(unix_ms()))
        }
        Refused::Unpriced { .. } => None,
    };
    Fault { blame: Blame::Limit, kind: "budget", detail: refused.to_string(), retry_after_ms }
}

fn unwritten(why: &str) -> Fault {
    let detail = format!("what a budget sets aside could not be written down: {why}");
    Fault { blame: Blame::Limit, kind: "budget_unwritten", detail, retry_after_ms: None }
}

/// Says what a settlement brought about. Names of people stay out of the log.
fn tell(settlement: &Settlement) {
    for alert in &settlement.alerts {
        let (budget, spent, at, unit) = (&*alert.budget, alert.spent, alert.at, alert.unit);
        tracing::warn!(budget, spent, at, %unit, threshold = ?alert.threshold, "a budget reached a threshold");
    }
    for overrun in &settlement.overruns {
        let (budget, reserved) = (&*overrun.account.budget, overrun.reserved);
        tracing::error!(
            budget,
            reserved,
            reported = overrun.reported,
            "a provider reported more than a dispatch could have used"
        );
    }
}

#[cfg(test)]
mod tests;
