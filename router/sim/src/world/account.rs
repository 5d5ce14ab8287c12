//! Money: what calls cost, the core's budgets, and a second account kept beside them.
//!
//! The budgets are asked, reserved from and settled as the live router does it. The second account only
//! adds up what was really spent in each period, so that it sees an overrun that the budgets, if
//! somebody forgot to ask them, would not.

use super::World;
use super::asking::{Asked, bytes_of};
use super::deciding::Breakage;
use super::people::People;
use crate::scenario::Scenario;
use littoral_core::budget::{Budget, Budgets, Cost, Left, Names, Sent, Spender, Unit};
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
    /// Spent of each account of each budget, and the period in which it was.
    spent: BTreeMap<(usize, Names), (u64, u64)>,
    /// How far the worst account of money went beyond its hard limit in a period that is over.
    overrun: u64,
    name: String,
}

/// Who pays.
#[derive(Clone, Copy)]
pub(super) struct Payer<'a> {
    pub person: u32,
    pub tenant: &'a str,
    pub application: &'a str,
}

impl Ledger {
    pub fn new(scenario: &Scenario, breakage: Option<Breakage>) -> Self {
        Self {
            // Two of one name were refused when the scenario was compiled.
            budgets: Budgets::new(scenario.budgets.clone()).unwrap_or_default(),
            rules: scenario.budgets.clone(),
            broken: breakage == Some(Breakage::Budget),
            spent: BTreeMap::new(),
            overrun: 0,
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
    pub fn left(&mut self, payer: Payer<'_>, model: &str, unix_ms: u64) -> Left {
        self.be(payer.person);
        self.budgets.left(&spender(&self.name, payer, model), unix_ms)
    }

    /// Reserves the worst case of a call of so many tokens to read and to write at most, which is then sent.
    pub fn send(
        &mut self,
        payer: Payer<'_>,
        model: &Arc<str>,
        price: Price,
        (tokens_in, max_output_tokens): (u32, u32),
        unix_ms: u64,
    ) -> Result<Option<Sent>, ()> {
        if !self.has_budgets() {
            return Ok(None);
        }
        let worst = Self::worst(price, tokens_in, max_output_tokens);
        self.be(payer.person);
        let who = spender(&self.name, payer, model);
        let reserved = self.budgets.reserve(&who, worst, unix_ms).map_err(|_| ())?;
        Ok(Some(self.budgets.send(reserved).0))
    }

    /// A call is over, which cost so many micro-dollars and tokens.
    pub fn settle(
        &mut self,
        payer: Payer<'_>,
        sent: Option<Sent>,
        model: &Arc<str>,
        (usd_micros, tokens): (u64, u64),
        unix_ms: u64,
    ) {
        if let Some(sent) = sent {
            let _ = self.budgets.settle(sent, Cost { usd_micros: Some(usd_micros), tokens });
        }
        self.be(payer.person);
        for (at, rule) in self.rules.iter().enumerate() {
            let amount = if rule.unit == Unit::UsdMicros { usd_micros } else { tokens };
            let names = rule.scope.names(&spender(&self.name, payer, model));
            let Some(names) = names.filter(|_| amount > 0) else { continue };
            let begun = rule.period.around(unix_ms).start_unix_ms;
            let (period, spent) = self.spent.entry((at, names)).or_insert((begun, 0));
            if *period != begun {
                self.overrun = self.overrun.max(beyond(rule, *spent));
                (*period, *spent) = (begun, 0);
            }
            *spent += amount;
        }
    }

    /// How far the worst account of a money budget went beyond its hard limit, in micro-dollars.
    pub fn overrun_usd_micros(&self) -> u64 {
        let now = self
            .spent
            .iter()
            .filter_map(|((at, _), (_, spent))| Some(beyond(self.rules.get(*at)?, *spent)));
        now.max().unwrap_or(0).max(self.overrun)
    }

    /// Writes a person's name where a spender can borrow it.
    fn be(&mut self, person: u32) {
        use std::fmt::Write as _;
        self.name.clear();
        // Writing to a string does not fail.
        let _ = write!(self.name, "person-{person}");
    }
}

fn spender<'a>(user: &'a str, payer: Payer<'a>, model: &'a str) -> Spender<'a> {
    Spender { tenant: payer.tenant, user, application: payer.application, model }
}

/// How far spending went beyond a budget of money, in micro-dollars.
fn beyond(rule: &Budget, spent: u64) -> u64 {
    let hard = rule.hard.filter(|_| rule.unit == Unit::UsdMicros);
    hard.map_or(0, |hard| spent.saturating_sub(hard))
}

/// Who pays for a request.
pub(super) fn payer<'a>(people: &'a People, scenario: &'a Scenario, asked: &Asked) -> Payer<'a> {
    let request = scenario.requests.get(asked.kind as usize);
    Payer {
        person: asked.person,
        tenant: people.tenant(asked.person),
        application: request.map_or("", |request| &request.application),
    }
}

impl World<'_> {
    /// The calendar of the world.
    pub(super) fn unix_ms(&self) -> u64 {
        let start_ms = u64::from(self.scenario.start_minute) * 60_000;
        MONDAY_UNIX_MS + start_ms + self.now().as_millis() as u64
    }
}
