//! Money: what calls cost, the core's budgets, and a second account kept beside them.
//!
//! The budgets are asked, reserved from and settled as the live router does it. The second account only
//! adds up what was really spent in each period, so that it sees an overrun that the budgets, if
//! somebody forgot to ask them, would not.

use super::World;
use super::asking::{Asked, bytes_of};
use super::deciding::Breakage;
use crate::scenario::Scenario;
use littoral_core::budget::{Budget, Budgets, Cost, Left, Over, Sent, Spender, Unit};
use littoral_core::fleet::Price;
use littoral_core::money::{Asked as Bound, ModelPrice, Used};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The Monday at whose midnight the week of every world begins, in milliseconds since 1970: 2 March 2026,
/// so that a month of the calendar begins close by.
const MONDAY_UNIX_MS: u64 = 1_772_409_600_000;

/// Accounts.
pub(super) struct Ledger {
    budgets: Budgets,
    rules: Vec<Budget>,
    /// Nobody asks the budgets: a breakage of the harness.
    broken: bool,
    /// Spent of each budget, by person where it has an account for each, in each period.
    spent: BTreeMap<(usize, u32, u64), u64>,
    name: String,
}

impl Ledger {
    pub fn new(scenario: &Scenario, breakage: Option<Breakage>) -> Self {
        Self {
            // Two of one name were refused when the scenario was compiled.
            budgets: Budgets::new(scenario.budgets.clone()).unwrap_or_default(),
            rules: scenario.budgets.clone(),
            broken: breakage == Some(Breakage::Budget),
            spent: BTreeMap::new(),
            name: String::new(),
        }
    }

    pub fn has_budgets(&self) -> bool {
        !self.rules.is_empty() && !self.broken
    }

    /// What a call cost, in micro-dollars.
    pub fn cost(&self, price: Price, read: u32, written: u32) -> u64 {
        let used = Used {
            prompt_tokens: read.into(),
            completion_tokens: written.into(),
            ..Used::default()
        };
        ModelPrice::from(price).settled(&used).unwrap_or(u64::MAX)
    }

    fn worst(price: Price, tokens_in: u32, max_output_tokens: u32) -> Cost {
        let asked =
            Bound { body_bytes: bytes_of(tokens_in), max_output_tokens, ..Bound::default() };
        let price = ModelPrice::from(price);
        Cost {
            usd_micros: price.worst_case(&asked).ok(),
            tokens: price.most_tokens(&asked).unwrap_or(u64::MAX),
        }
    }

    /// What the budgets leave a person at a model.
    pub fn left(&mut self, person: u32, model: &str, unix_ms: u64) -> Left {
        self.be(person);
        self.budgets.left(&spender(&self.name, model), unix_ms)
    }

    /// Reserves the worst case of a call, which is then sent.
    pub fn send(
        &mut self,
        asked: &Asked,
        model: &Arc<str>,
        price: Price,
        max_output_tokens: u32,
        unix_ms: u64,
    ) -> Result<Option<Sent>, ()> {
        if !self.has_budgets() {
            return Ok(None);
        }
        let worst = Self::worst(price, asked.tokens_in, max_output_tokens);
        self.be(asked.person);
        let who = spender(&self.name, model);
        let reserved = self.budgets.reserve(&who, worst, unix_ms).map_err(|_| ())?;
        Ok(Some(self.budgets.send(reserved).0))
    }

    /// A call is over.
    pub fn settle(
        &mut self,
        asked: &Asked,
        sent: Option<Sent>,
        model: &Arc<str>,
        usd_micros: u64,
        tokens: u64,
        unix_ms: u64,
    ) {
        if let Some(sent) = sent {
            let _ = self.budgets.settle(sent, Cost { usd_micros: Some(usd_micros), tokens });
        }
        for (at, rule) in self.rules.iter().enumerate() {
            let counts = match &rule.scope.model {
                Over::Only(only) => only == model,
                Over::All | Over::Each => true,
            };
            let amount = if rule.unit == Unit::UsdMicros { usd_micros } else { tokens };
            if !counts || amount == 0 {
                continue;
            }
            let person = if rule.scope.user == Over::Each { asked.person } else { u32::MAX };
            let begun = rule.period.around(unix_ms).start_unix_ms;
            *self.spent.entry((at, person, begun)).or_default() += amount;
        }
    }

    /// How far the worst account of a money budget went beyond its hard limit, in micro-dollars.
    pub fn overrun_usd_micros(&self) -> u64 {
        let over = self.spent.iter().filter_map(|((at, _, _), spent)| {
            let rule = self.rules.get(*at).filter(|rule| rule.unit == Unit::UsdMicros)?;
            Some(spent.saturating_sub(rule.hard?))
        });
        over.max().unwrap_or(0)
    }

    /// Writes a person's name where a spender can borrow it.
    fn be(&mut self, person: u32) {
        use std::fmt::Write as _;
        self.name.clear();
        // Writing to a string does not fail.
        let _ = write!(self.name, "person-{person}");
    }
}

fn spender<'a>(user: &'a str, model: &'a str) -> Spender<'a> {
    Spender { tenant: "acme", user, application: "", model }
}

impl World<'_> {
    /// The calendar of the world.
    pub(super) fn unix_ms(&self) -> u64 {
        let start_ms = u64::from(self.scenario.start_minute) * 60_000;
        MONDAY_UNIX_MS + start_ms + self.now().as_millis() as u64
    }
}
