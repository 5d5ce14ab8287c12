//! What has to survive the process, as plain rows.
//!
//! | row | written | waited for |
//! |---|---|---|
//! | `Slab` | when a slab is taken | before anything is cut from it |
//! | `Sent` | at each dispatch, with the intent | before the first byte leaves |
//! | `Settled` | at the end of a dispatch | no: without it the worst case is assumed |
//! | `Returned` | when the rest of slabs goes back | no: a restart returns it too |
//!
//! Cutting and releasing write nothing. The owner keeps the order of rows. Rows of periods that are over
//! can go once nothing in them is unsettled.

use super::period::Period;
use super::rule::Unit;
use super::scope::Names;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Names an account: a budget, the names it tells apart, and a period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountKey {
    /// Name of the budget.
    pub budget: Arc<str>,
    /// Whose account.
    pub names: Names,
    /// What it counts: a budget that is edited to count something else begins anew.
    pub unit: Unit,
    /// When it refills, for the same reason.
    pub period: Period,
    /// The first millisecond of the period since 1970.
    pub start_unix_ms: u64,
}

/// So much on an account, in its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The account.
    pub account: AccountKey,
    /// How much.
    pub amount: u64,
    /// Reported beyond what was reserved.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub overrun: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(amount: &u64) -> bool {
    *amount == 0
}

/// A row of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Row {
    /// A slab is taken.
    Slab {
        /// Its number.
        slab: u64,
        /// How much of which accounts.
        entries: Vec<Entry>,
    },
    /// A dispatch is about to be sent.
    Sent {
        /// Number of its reservation.
        reservation: u64,
        /// Its worst case on each account.
        entries: Vec<Entry>,
    },
    /// A dispatch is over.
    Settled {
        /// Number of its reservation.
        reservation: u64,
        /// What it took.
        entries: Vec<Entry>,
        /// Nobody reported it: it is the worst case.
        assumed: bool,
    },
    /// The rest of slabs went back.
    Returned {
        /// Their numbers.
        slabs: Vec<u64>,
    },
}
