//! One account: what is spent, what may yet be, and what is left of a limit.
//!
//! Five parts stand beside each other and together never exceed the hard limit, as long as no provider
//! reports more than it could: `settled + reserved + slab + pending + overrun <= hard`. An overrun
//! takes from what is free, then from the slab, and what even those cannot hold stays an overrun: the
//! limit is then exceeded by money that is already gone, and nothing new is admitted.

/// An account of a budget in one period. All in the budget's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Spent, as reported or assumed.
    pub settled: u64,
    /// Held for dispatches that are not settled.
    pub reserved: u64,
    /// Journalled for reservations that are yet to be cut.
    pub slab: u64,
    /// On its way into the journal.
    pub pending: u64,
    /// Reported beyond what was reserved.
    pub overrun: u64,
    /// Spending up to here was told.
    pub(super) told: u64,
    /// The first millisecond after its period.
    pub(super) ends_unix_ms: u64,
}

impl Account {
    /// Spent, in all.
    #[must_use]
    pub const fn spent(&self) -> u64 {
        self.settled.saturating_add(self.overrun)
    }

    /// What a limit has left for new reservations: the slab is for them.
    #[must_use]
    pub const fn left(&self, hard: u64) -> u64 {
        hard.saturating_sub(self.spent()).saturating_sub(self.reserved)
    }

    /// What is left and in no slab.
    pub(super) const fn free(&self, hard: u64) -> u64 {
        self.left(hard).saturating_sub(self.slab).saturating_sub(self.pending)
    }

    /// Holds so much of what is free, and the rest from the slab. Says how much came from there.
    pub(super) fn reserve(&mut self, hard: u64, amount: u64) -> u64 {
        let of_slab = amount.saturating_sub(self.free(hard)).min(self.slab);
        self.slab -= of_slab;
        self.reserved = self.reserved.saturating_add(amount);
        of_slab
    }

    /// Holds so much from the slab, which has it.
    pub(super) fn cut(&mut self, amount: u64) {
        self.slab = self.slab.saturating_sub(amount);
        self.reserved = self.reserved.saturating_add(amount);
    }

    /// Ends a reservation, of which `spent` is gone and `overrun` besides. What is not spent goes back
    /// to where it came from.
    pub(super) fn settle(&mut self, hard: u64, held: Held, spent: u64, overrun: u64) {
        self.reserved = self.reserved.saturating_sub(held.amount);
        self.settled = self.settled.saturating_add(spent);
        self.slab = self.slab.saturating_add(held.amount.saturating_sub(spent).min(held.of_slab));
        self.overrun = self.overrun.saturating_add(overrun);
        let kept = self.left(hard).saturating_sub(self.pending);
        self.slab = self.slab.min(kept);
    }

    /// Nothing of it can change any more, and its period is over.
    pub(super) const fn is_over(&self, unix_ms: u64) -> bool {
        self.ends_unix_ms <= unix_ms && self.reserved == 0 && self.pending == 0
    }
}

/// What a reservation holds on an account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub amount: u64,
    /// How much of it came from the slab.
    pub of_slab: u64,
}
