//! Holding a worst case before a dispatch: from a slab in memory, or from the limit itself.
//!
//! All accounts of a dispatch are looked at before any is touched, so a refusal leaves no trace.

use super::account::{Account, Held};
use super::journal::{AccountKey, Entry, Row};
use super::refused::{NotCut, Refused};
use super::{Budgets, Cost, Spender};

/// One slab is this share of what is free, so that slabs shrink as a limit comes near.
const SLAB_SHARE: u64 = 16;

/// A worst case that is held. It is sent or released; who drops it holds it for ever.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "what is neither sent nor released stays reserved"]
pub struct Reservation {
    pub(super) number: u64,
}

/// A part of budgets that is set aside and not yet durable. Its row is committed, then it is opened.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "what is neither opened nor given up stays pending"]
pub struct Slab {
    number: u64,
    entries: Vec<Entry>,
}

impl Slab {
    /// The row to commit before anything is cut from it.
    #[must_use]
    pub fn row(&self) -> Row {
        Row::Slab { slab: self.number, entries: self.entries.clone() }
    }
}

impl Budgets {
    /// Holds the worst case of a dispatch, from what is in slabs or not.
    ///
    /// # Errors
    /// A hard limit would not hold, or what the dispatch costs is unknown and a budget counts it.
    pub fn reserve(
        &mut self,
        who: &Spender<'_>,
        worst: Cost,
        unix_ms: u64,
    ) -> Result<Reservation, Refused> {
        self.pass(unix_ms);
        let wants = self.wants(who, worst, unix_ms)?;
        Ok(self.hold(wants, |account, hard, amount| account.reserve(hard, amount)))
    }

    /// Holds the worst case of a dispatch from open slabs alone: nothing has to be written.
    ///
    /// # Errors
    /// As [`Self::reserve`], or the slabs do not hold enough.
    pub fn cut(
        &mut self,
        who: &Spender<'_>,
        worst: Cost,
        unix_ms: u64,
    ) -> Result<Reservation, NotCut> {
        self.pass(unix_ms);
        let wants = self.wants(who, worst, unix_ms)?;
        if wants.iter().any(|want| want.amount > self.account(&want.key).slab) {
            return Err(NotCut::Dry);
        }
        Ok(self.hold(wants, |account, _, amount| {
            account.cut(amount);
            amount
        }))
    }

    /// Sets a slab aside from which this dispatch and some more like it can be cut. Nothing where
    /// what is open or pending is enough: then another's slab is on its way.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub fn take_slab(
        &mut self,
        who: &Spender<'_>,
        worst: Cost,
        unix_ms: u64,
    ) -> Result<Option<Slab>, Refused> {
        self.pass(unix_ms);
        let mut entries = Vec::new();
        for Want { key, hard, ends_unix_ms, amount } in self.wants(who, worst, unix_ms)? {
            let account = self.opened(&key, ends_unix_ms);
            let lacks = amount.saturating_sub(account.slab).saturating_sub(account.pending);
            if lacks > 0 {
                let amount = lacks.max(account.free(hard) / SLAB_SHARE);
                account.pending = account.pending.saturating_add(amount);
                entries.push(Entry { account: key, amount, overrun: 0 });
            }
        }
        if entries.is_empty() {
            return Ok(None);
        }
        Ok(Some(Slab { number: self.number(), entries }))
    }

    /// The slab's row is durable: reservations can be cut from it.
    pub fn open(&mut self, Slab { number, entries }: Slab) {
        self.end_pending(&entries, |account, amount| {
            account.slab = account.slab.saturating_add(amount);
        });
        self.open_slabs.insert(number);
    }

    /// The slab's row could not be written: it goes back.
    pub fn give_up(&mut self, Slab { entries, .. }: Slab) {
        self.end_pending(&entries, |_, _| {});
    }

    /// Gives back what is in open slabs and not cut, as at the end of the process. Says so in a row.
    pub fn return_unsent(&mut self) -> Option<Row> {
        self.accounts.values_mut().for_each(|account| account.slab = 0);
        // What was cut before and is released later goes to what is free.
        self.held.values_mut().flatten().for_each(|(_, held)| held.of_slab = 0);
        let slabs: Vec<u64> = std::mem::take(&mut self.open_slabs).into_iter().collect();
        (!slabs.is_empty()).then_some(Row::Returned { slabs })
    }

    fn wants(&self, who: &Spender<'_>, worst: Cost, unix_ms: u64) -> Result<Vec<Want>, Refused> {
        let claims = self.claims(who, worst, unix_ms)?;
        let want = |claim: super::Claim<'_>| Want {
            hard: claim.rule.hard(),
            key: claim.key,
            ends_unix_ms: claim.ends_unix_ms,
            amount: claim.amount,
        };
        Ok(claims.into_iter().map(want).collect())
    }

    fn hold(
        &mut self,
        wants: Vec<Want>,
        take: impl Fn(&mut Account, u64, u64) -> u64,
    ) -> Reservation {
        let mut held = Vec::with_capacity(wants.len());
        for Want { key, hard, ends_unix_ms, amount } in wants {
            let of_slab = take(self.opened(&key, ends_unix_ms), hard, amount);
            held.push((key, Held { amount, of_slab }));
        }
        let number = self.number();
        self.held.insert(number, held);
        Reservation { number }
    }

    fn end_pending(&mut self, entries: &[Entry], then: impl Fn(&mut Account, u64)) {
        for entry in entries {
            if let Some(account) = self.accounts.get_mut(&entry.account) {
                account.pending = account.pending.saturating_sub(entry.amount);
                then(account, entry.amount);
            }
        }
    }

    pub(super) fn opened(&mut self, key: &AccountKey, ends_unix_ms: u64) -> &mut Account {
        self.accounts
            .entry(key.clone())
            .or_insert_with(|| Account { ends_unix_ms, ..Account::default() })
    }

    fn number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        number
    }
}

/// What a dispatch takes from an account that has it.
struct Want {
    key: AccountKey,
    hard: u64,
    ends_unix_ms: u64,
    amount: u64,
}
