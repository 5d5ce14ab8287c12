//! Why a reservation is refused, and what helps.

use super::period::{Period, Utc};
use super::rule::Unit;
use super::scope::Names;
use std::sync::Arc;
use thiserror::Error;

/// Why nothing was reserved.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// A hard limit would not hold.
    #[error("{0}")]
    Exceeded(Box<Exceeded>),
    /// A budget counts money, and what the dispatch costs at most is unknown.
    #[error(
        "budget `{budget}` counts money and the price of {model} is unknown; state its price, or \
         choose a model whose price is known"
    )]
    Unpriced {
        /// Name of the budget.
        budget: Arc<str>,
        /// The model.
        model: Arc<str>,
    },
}

/// Why nothing was cut.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotCut {
    /// The limit allows it and no slab holds it: take one.
    #[error("no slab holds enough; take one")]
    Dry,
    /// The limit does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// A hard limit that would not hold. Of several the one that refills last: the others do not help
/// before.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "budget `{budget}`{names} allows {limit} {unit} a {}: {spent} are spent and {reserved} reserved, \
     and this may take {asked}; {}",
    .period.name(), self.way_out()
)]
pub struct Exceeded {
    /// Name of the budget.
    pub budget: Arc<str>,
    /// Whose account.
    pub names: Names,
    /// What it counts.
    pub unit: Unit,
    /// How often it refills.
    pub period: Period,
    /// The hard limit, in its unit.
    pub limit: u64,
    /// What is spent of it.
    pub spent: u64,
    /// What is held for dispatches that are not settled.
    pub reserved: u64,
    /// What was asked for.
    pub asked: u64,
    /// When the account refills, in milliseconds since 1970; nothing where not even a full one would
    /// hold what was asked.
    pub refills_at_unix_ms: Option<u64>,
}

impl Exceeded {
    /// Whether this one stands in the way for longer than the other.
    pub(super) fn refills_after(&self, other: &Self) -> bool {
        let never = |exceeded: &Self| exceeded.refills_at_unix_ms.unwrap_or(u64::MAX);
        never(self) >= never(other)
    }

    fn way_out(&self) -> String {
        match self.refills_at_unix_ms {
            Some(at) => format!("it refills at {}", Utc(at)),
            None => "ask for fewer tokens or raise the limit".into(),
        }
    }
}
