//! What is held for a dispatch, and what it becomes. Either may be dropped at any moment, with its task: a
//! hold then goes back, and a charge is taken at its worst case.

use super::{Treasury, tell};
use crate::store::Row;
use littoral_core::budget::{Cost, Reservation, Row as JournalRow, Sent};
use std::sync::Arc;

/// The worst case of a dispatch that is not sent yet.
#[must_use = "what is dropped is given back"]
pub struct Hold {
    treasury: Arc<Treasury>,
    reservation: Option<Reservation>,
}

impl Hold {
    pub(super) fn of(treasury: &Arc<Treasury>, reservation: Reservation) -> Self {
        Self { treasury: Arc::clone(treasury), reservation: Some(reservation) }
    }

    pub(super) fn of_nothing(treasury: &Arc<Treasury>) -> Self {
        Self { treasury: Arc::clone(treasury), reservation: None }
    }

    /// The dispatch is about to be sent. The row, where there is one, is committed before its first byte.
    pub fn send(mut self) -> (Charge, Option<JournalRow>) {
        let treasury = Arc::clone(&self.treasury);
        let Some(reservation) = self.reservation.take() else {
            return (Charge { treasury, sent: None }, None);
        };
        let (sent, row) = treasury.budgets.lock().send(reservation);
        (Charge { treasury, sent: Some(sent) }, row)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(reservation) = self.reservation.take() {
            self.treasury.budgets.lock().release(reservation);
        }
    }
}

/// The worst case of a dispatch that may have been sent.
#[must_use = "what is dropped is taken at its worst case"]
pub struct Charge {
    treasury: Arc<Treasury>,
    sent: Option<Sent>,
}

impl Charge {
    /// The dispatch took so much; nothing where nobody knows. The row, where there is one, is to be recorded.
    #[must_use]
    pub fn settle(mut self, actual: Option<Cost>) -> Option<JournalRow> {
        self.end(actual)
    }

    /// The dispatch was not sent after all: nothing of it is spent.
    pub fn take_back(mut self) {
        if let Some(row) = self.end(Some(Cost::NOTHING)) {
            self.treasury.record(Row::Budget(row));
        }
    }

    fn end(&mut self, actual: Option<Cost>) -> Option<JournalRow> {
        let sent = self.sent.take()?;
        let mut budgets = self.treasury.budgets.lock();
        let settlement = match actual {
            Some(actual) => budgets.settle(sent, actual),
            None => budgets.assume(sent),
        };
        drop(budgets);
        tell(&settlement);
        settlement.row
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(row) = self.end(None) {
            self.treasury.record(Row::Budget(row));
        }
    }
}
