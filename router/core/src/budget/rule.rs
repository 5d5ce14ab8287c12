//! A budget as an operator states it, and the marks at which it speaks.

use super::Cost;
use super::period::Period;
use super::scope::{Names, Scope};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// What a budget counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Money, in micro-dollars.
    UsdMicros,
    /// Tokens, read and generated.
    Tokens,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UsdMicros => "micro-dollars",
            Self::Tokens => "tokens",
        })
    }
}

/// A limit on what somebody spends in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Its name, which its accounts keep over restarts.
    pub name: Arc<str>,
    /// Whose spending it counts.
    #[serde(default)]
    pub scope: Scope,
    /// What it counts.
    pub unit: Unit,
    /// When it refills.
    pub period: Period,
    /// Never exceeded, in the budget's unit. Without it the budget only counts.
    #[serde(default)]
    pub hard: Option<u64>,
    /// Exceeded with a word, in the budget's unit.
    #[serde(default)]
    pub soft: Option<u64>,
    /// Says so when so many percent are spent: of the hard limit, or of the soft one where there is
    /// no hard one.
    #[serde(default)]
    pub alert_percent: Vec<u8>,
}

/// What was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// So many percent.
    Percent(u8),
    /// The soft limit.
    Soft,
}

/// A threshold was reached; told once in a period of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Name of the budget.
    pub budget: Arc<str>,
    /// Whose account.
    pub names: Names,
    /// What was reached.
    pub threshold: Threshold,
    /// What is spent, in the budget's unit.
    pub spent: u64,
    /// Where the threshold is, in the budget's unit.
    pub at: u64,
    /// The unit.
    pub unit: Unit,
}

/// Two budgets have the same name, and their accounts could not be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there are two budgets named `{0}`; rename one of them")]
pub struct NamedTwice(pub Arc<str>);

/// A budget with its marks worked out.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub budget: Budget,
    marks: Vec<(u64, Threshold)>,
}

impl Rule {
    pub fn new(budget: Budget) -> Self {
        let of = budget.hard.or(budget.soft);
        let percents = budget.alert_percent.iter().filter_map(|percent| {
            let at = u128::from(of?) * u128::from(*percent);
            let at = u64::try_from(at.div_ceil(100)).unwrap_or(u64::MAX);
            Some((at, Threshold::Percent(*percent)))
        });
        let soft = budget.soft.map(|soft| (soft, Threshold::Soft));
        // Nothing is reached by spending nothing.
        let mut marks: Vec<_> =
            percents.chain(soft).map(|(at, threshold)| (at.max(1), threshold)).collect();
        marks.sort_unstable();
        marks.dedup();
        Self { budget, marks }
    }

    /// The limit that holds; what has none can hold any number.
    pub fn hard(&self) -> u64 {
        self.budget.hard.unwrap_or(u64::MAX)
    }

    /// What is held for a dispatch; nothing where that has to be known and is not. What only counts holds
    /// nothing for an amount without a bound: it refuses nobody.
    pub fn claim(&self, worst: Cost) -> Option<u64> {
        let bounded = worst.of(self.budget.unit).filter(|amount| *amount < u64::MAX);
        match self.budget.hard {
            Some(_) => worst.of(self.budget.unit),
            None => Some(bounded.unwrap_or(0)),
        }
    }

    /// Alerts of an account that had told all up to `told` and has now spent `spent`.
    pub fn alerts(&self, names: &Names, told: u64, spent: u64) -> impl Iterator<Item = Alert> {
        let reached = move |(at, _): &&(u64, Threshold)| told < *at && *at <= spent;
        self.marks.iter().filter(reached).map(move |(at, threshold)| Alert {
            budget: Arc::clone(&self.budget.name),
            names: names.clone(),
            threshold: *threshold,
            spent,
            at: *at,
            unit: self.budget.unit,
        })
    }
}
