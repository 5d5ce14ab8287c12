//! What budgets leave to a spender, as a decision sees it.

use super::rule::Unit;
use super::{Budgets, Cost, Spender};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the budgets of a spender leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Left {
    /// Money until the nearest hard limit, in micro-dollars; nothing where none counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd_micros: Option<Room>,
    /// Tokens until the nearest hard limit; nothing where none counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Room>,
    /// What is spent and reserved has reached a soft limit: prefer what is cheaper.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub over_soft: bool,
}

/// Room under a hard limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Name of the budget.
    pub budget: Arc<str>,
    /// What is left of it, in the budget's unit.
    pub left: u64,
    /// When it refills, in milliseconds from now.
    pub refills_in_ms: u64,
}

impl Left {
    /// Nothing counts.
    #[must_use]
    pub fn is_unbounded(&self) -> bool {
        *self == Self::default()
    }

    /// The limit that so much would not fit under, what counts there, and how much was wanted: nothing
    /// where the price is unknown. Of two the one that refills later: the other does not help before.
    #[must_use]
    pub fn lacks(&self, worst: Cost) -> Option<(&Room, Unit, Option<u64>)> {
        let rooms = [(&self.usd_micros, Unit::UsdMicros), (&self.tokens, Unit::Tokens)];
        let counted = rooms.into_iter().filter_map(|(room, unit)| Some((room.as_ref()?, unit)));
        counted
            .map(|(room, unit)| (room, unit, worst.of(unit)))
            .filter(|(room, _, wanted)| wanted.is_none_or(|wanted| wanted > room.left))
            .max_by_key(|(room, ..)| room.refills_in_ms)
    }
}

impl Budgets {
    /// What the budgets of a spender leave now.
    #[must_use]
    pub fn left(&self, who: &Spender<'_>, unix_ms: u64) -> Left {
        let mut all = Left::default();
        let now = unix_ms.max(self.latest_unix_ms);
        for (rule, key, ends_unix_ms) in self.counting(who, unix_ms) {
            let account = self.account(&key);
            let taken = account.spent().saturating_add(account.reserved);
            all.over_soft |= rule.budget.soft.is_some_and(|soft| taken >= soft);
            let Some(hard) = rule.budget.hard else { continue };
            let least = match rule.budget.unit {
                Unit::UsdMicros => &mut all.usd_micros,
                Unit::Tokens => &mut all.tokens,
            };
            let left = account.left(hard);
            if least.as_ref().is_none_or(|least| left < least.left) {
                let budget = Arc::clone(&rule.budget.name);
                let refills_in_ms = ends_unix_ms.saturating_sub(now);
                *least = Some(Room { budget, left, refills_in_ms });
            }
        }
        all
    }
}
