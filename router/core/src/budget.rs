//! Token and money budgets that no race and no crash can overrun.
//!
//! A dispatch reserves its worst case before it is sent and settles what it took afterwards. The worst
//! case is a true bound, so `reserved + settled <= limit` holds at every moment; checking what is
//! spent and adding to it later would let every request pass that comes in between. A provider that
//! reports more than it could have used makes an overrun, which is counted, reported, and leaves that
//! much less for others.
//!
//! How it is called, by the one owner of the budgets:
//!
//! 1. The decision asks [`Budgets::check`] of each candidate; a refusal names the budget and when it
//!    refills. [`Budgets::left`] lets it prefer a cheaper one.
//! 2. Each dispatch, be it a retry, a hedge or a failover, [`Budgets::cut`]s its own reservation from a
//!    slab in memory. If that is dry, the owner takes a slab ([`Budgets::take_slab`]), commits its row,
//!    opens it ([`Budgets::open`]) and cuts again. Who has no journal calls [`Budgets::reserve`].
//! 3. [`Budgets::send`] turns the reservation into one that is sent, with a row to be committed before
//!    the first byte leaves. One that is not sent is given back by [`Budgets::release`].
//! 4. [`Budgets::settle`] says what it took, or [`Budgets::assume`] that nobody knows: its worst case.
//! 5. After a crash [`Budgets::recover`] reads the rows: what was sent and not settled is assumed,
//!    slabs return.
//!
//! A reservation belongs to the period in which it was made, whenever it is settled. Time is the wall
//! clock's, in milliseconds since 1970, because refills follow the calendar; a clock that goes back
//! stands still instead, or a period would refill that is spent already.

mod account;
mod journal;
mod left;
mod period;
mod recover;
mod refused;
mod reserve;
mod rule;
mod scope;
mod settle;

pub use account::Account;
pub use journal::{AccountKey, Entry, Row};
pub use left::{Left, Room};
pub use period::{Period, Span};
pub use recover::Recovered;
pub use refused::{Exceeded, NotCut, Refused};
pub use reserve::{Reservation, Slab};
pub use rule::{Alert, Budget, NamedTwice, Threshold, Unit};
pub use scope::{Names, Over, Scope, Spender};
pub use settle::{Overrun, Sent, Settlement};

use account::Held;
use rule::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a dispatch takes, or may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Money in micro-dollars, where it is known.
    pub usd_micros: Option<u64>,
    /// Tokens, read and generated.
    pub tokens: u64,
}

impl Cost {
    /// What was not sent, or is not billed.
    pub const NOTHING: Self = Self { usd_micros: Some(0), tokens: 0 };

    const fn of(self, unit: Unit) -> Option<u64> {
        match unit {
            Unit::UsdMicros => self.usd_micros,
            Unit::Tokens => Some(self.tokens),
        }
    }
}

/// All budgets with their accounts.
#[derive(Debug, Default)]
pub struct Budgets {
    rules: Vec<Rule>,
    accounts: BTreeMap<AccountKey, Account>,
    held: BTreeMap<u64, Vec<(AccountKey, Held)>>,
    open_slabs: BTreeSet<u64>,
    next_number: u64,
    latest_unix_ms: u64,
    swept_until_unix_ms: u64,
}

/// A budget that counts a spender, with the account and what would be taken from it.
struct Claim<'a> {
    rule: &'a Rule,
    key: AccountKey,
    ends_unix_ms: u64,
    amount: u64,
}

impl Budgets {
    /// Budgets of which nothing is spent.
    ///
    /// # Errors
    /// Two of them have the same name.
    pub fn new(budgets: Vec<Budget>) -> Result<Self, NamedTwice> {
        let mut all = Self::default();
        all.replace(budgets)?;
        Ok(all)
    }

    /// Changes the budgets. Accounts of those that keep their name, unit and period stay: an edit
    /// refills nothing.
    ///
    /// # Errors
    /// Two of them have the same name. Then nothing changes.
    pub fn replace(&mut self, budgets: Vec<Budget>) -> Result<(), NamedTwice> {
        let mut names = BTreeSet::new();
        if let Some(twice) = budgets.iter().find(|budget| !names.insert(&budget.name)) {
            return Err(NamedTwice(Arc::clone(&twice.name)));
        }
        self.rules = budgets.into_iter().map(Rule::new).collect();
        Ok(())
    }

    /// Whether a dispatch that takes `worst` at most could be reserved now. It reserves nothing.
    ///
    /// # Errors
    /// A hard limit would not hold, or what the dispatch costs is unknown and a budget counts it.
    pub fn check(&self, who: &Spender<'_>, worst: Cost, unix_ms: u64) -> Result<(), Refused> {
        self.claims(who, worst, unix_ms).map(|_| ())
    }

    /// The budgets as they were stated.
    pub fn rules(&self) -> impl Iterator<Item = &Budget> {
        self.rules.iter().map(|rule| &rule.budget)
    }

    /// The accounts that are in use, for those who watch.
    pub fn accounts(&self) -> impl Iterator<Item = (&AccountKey, &Account)> {
        self.accounts.iter()
    }

    /// Reservations that are neither settled nor released.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.held.len()
    }

    fn account(&self, key: &AccountKey) -> Account {
        self.accounts.get(key).copied().unwrap_or_default()
    }

    /// The budgets that count a spender, with their accounts and the ends of their periods.
    fn counting<'a>(
        &'a self,
        who: &'a Spender<'_>,
        unix_ms: u64,
    ) -> impl Iterator<Item = (&'a Rule, AccountKey, u64)> {
        let now = unix_ms.max(self.latest_unix_ms);
        self.rules.iter().filter_map(move |rule| {
            let budget = &rule.budget;
            let span = budget.period.around(now);
            let key = AccountKey {
                budget: Arc::clone(&budget.name),
                names: budget.scope.names(who)?,
                unit: budget.unit,
                period: budget.period,
                start_unix_ms: span.start_unix_ms,
            };
            Some((rule, key, span.end_unix_ms))
        })
    }

    /// What a dispatch would take from each account, if all of them have it.
    fn claims<'a>(
        &'a self,
        who: &'a Spender<'_>,
        worst: Cost,
        unix_ms: u64,
    ) -> Result<Vec<Claim<'a>>, Refused> {
        let mut claims = Vec::new();
        let mut exceeded: Option<Exceeded> = None;
        for (rule, key, ends_unix_ms) in self.counting(who, unix_ms) {
            let Some(amount) = rule.claim(worst) else {
                let (budget, model) = (Arc::clone(&rule.budget.name), who.model.into());
                return Err(Refused::Unpriced { budget, model });
            };
            let account = self.account(&key);
            let claim = Claim { rule, key, ends_unix_ms, amount };
            if amount > account.left(rule.hard()) {
                let this = claim.exceeded(&account);
                exceeded = exceeded.filter(|other| other.refills_after(&this)).or(Some(this));
            }
            claims.push(claim);
        }
        exceeded.map_or(Ok(claims), |exceeded| Err(Refused::Exceeded(Box::new(exceeded))))
    }

    /// Takes note of the time, and once a minute lets go of accounts that are over.
    fn pass(&mut self, unix_ms: u64) {
        self.latest_unix_ms = self.latest_unix_ms.max(unix_ms);
        if self.latest_unix_ms >= self.swept_until_unix_ms {
            let now = self.latest_unix_ms;
            self.swept_until_unix_ms = Period::Minute.around(now).end_unix_ms;
            self.accounts.retain(|_, account| !account.is_over(now));
        }
    }
}

impl Claim<'_> {
    fn exceeded(&self, account: &Account) -> Exceeded {
        let (budget, limit) = (&self.rule.budget, self.rule.hard());
        Exceeded {
            budget: Arc::clone(&budget.name),
            names: self.key.names.clone(),
            unit: budget.unit,
            period: budget.period,
            limit,
            spent: account.spent(),
            reserved: account.reserved,
            asked: self.amount,
            refills_at_unix_ms: (self.amount <= limit).then_some(self.ends_unix_ms),
        }
    }
}

#[cfg(test)]
mod tests;
