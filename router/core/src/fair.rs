//! Who is next when not everybody can be served: tenants share fairly, a tenant's own requests go by
//! priority and age.
//!
//! Between tenants the queue is deficit round robin (Shreedhar and Varghese, "Efficient fair queueing
//! using deficit round robin", 1995): each turn gives a tenant a quantum of tokens, and a request is
//! served when its tenant has saved up its cost. So a tenant that floods the queue with long prompts
//! waits behind itself, and one that asks now and then waits for one turn of the others at most.
//!
//! Inside a tenant a request's place is the moment of its arrival plus the head start that it grants
//! to more urgent ones. That is ageing: a background request is overtaken by those that arrive up to
//! [`Priority::grants`] later, and by nobody after that.
//!
//! Everything is bounded: places in all, and places a tenant.

mod room;

pub use room::{LOOK, Room, RoomLimits, Seat, cost_tokens, full_pool};

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Tokens that a tenant is given a turn: a usual request.
const QUANTUM: u64 = 1_024;

/// How urgent a request is next to others of its tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Priority {
    /// Somebody waits for it now.
    High,
    /// An ordinary request.
    #[default]
    Normal,
    /// Nobody waits for it.
    Low,
}

impl Priority {
    /// Head start that it grants to more urgent requests.
    #[must_use]
    pub const fn grants(self) -> Duration {
        match self {
            Self::High => Duration::ZERO,
            Self::Normal => Duration::from_secs(5),
            Self::Low => Duration::from_secs(60),
        }
    }
}

/// Places of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// In all.
    pub all: usize,
    /// For one tenant.
    pub tenant: usize,
}

/// Which places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// All of them.
    All,
    /// Those of the tenant.
    Tenant,
}

/// A request's place: it stays the same while the request waits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    tenant: Arc<str>,
    due: Duration,
    number: u64,
}

/// One that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    cost: u64,
}

/// Those of one tenant.
#[derive(Debug, Default)]
struct Line {
    waiting: BTreeMap<(Duration, u64), Waiting>,
    deficit: u64,
}

/// A bounded fair queue. It holds no requests, only their places.
#[derive(Debug)]
pub struct FairQueue {
    places: Places,
    lines: BTreeMap<Arc<str>, Line>,
    turns: VecDeque<Arc<str>>,
    /// The tenant at the front has got its quantum for this turn.
    given: bool,
    len: usize,
    next_number: u64,
}

impl FairQueue {
    /// An empty queue.
    #[must_use]
    pub fn new(places: Places) -> Self {
        let (lines, turns) = (BTreeMap::new(), VecDeque::new());
        Self { places, lines, turns, given: false, len: 0, next_number: 0 }
    }

    /// Takes a place for a request of a tenant that costs so many tokens.
    ///
    /// # Errors
    /// Every place is taken, or every place of this tenant.
    pub fn join(
        &mut self,
        tenant: &str,
        priority: Priority,
        cost_tokens: u64,
        now: Duration,
    ) -> Result<Ticket, Full> {
        if self.len >= self.places.all {
            return Err(Full::All);
        }
        if self.waiting_of(tenant) >= self.places.tenant {
            return Err(Full::Tenant);
        }
        let due = now.saturating_add(priority.grants());
        let ticket = Ticket { tenant: tenant.into(), due, number: self.next_number };
        self.next_number += 1;
        self.put(&ticket, cost_tokens);
        Ok(ticket)
    }

    /// Whose turn it is. It leaves the queue, and its cost is charged to its tenant.
    pub fn serve(&mut self) -> Option<Ticket> {
        loop {
            let tenant = Arc::clone(self.turns.front()?);
            let Some(line) = self.lines.get_mut(&tenant) else {
                self.turns.pop_front();
                self.given = false;
                continue;
            };
            if !std::mem::replace(&mut self.given, true) {
                line.deficit = line.deficit.saturating_add(QUANTUM);
            }
            let first = line.waiting.first_entry()?;
            if first.get().cost <= line.deficit {
                let (due, number) = *first.key();
                line.deficit -= first.remove().cost;
                self.len -= 1;
                self.drop_if_empty(&tenant);
                return Some(Ticket { tenant, due, number });
            }
            self.turns.rotate_left(1);
            self.given = false;
        }
    }

    /// Gives back a turn that could not be used: the place stays what it was and nothing is charged.
    pub fn put_back(&mut self, ticket: &Ticket, cost_tokens: u64) {
        self.put(ticket, cost_tokens);
        if let Some(line) = self.lines.get_mut(&ticket.tenant) {
            line.deficit = line.deficit.saturating_add(cost(cost_tokens)).min(MOST_SAVED);
        }
    }

    /// Leaves the queue. False if it was not in it.
    pub fn leave(&mut self, ticket: &Ticket) -> bool {
        let line = self.lines.get_mut(&ticket.tenant);
        let left = line.and_then(|line| line.waiting.remove(&(ticket.due, ticket.number)));
        if left.is_some() {
            self.len -= 1;
            self.drop_if_empty(&ticket.tenant);
        }
        left.is_some()
    }

    /// Requests that wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Requests of one tenant that wait.
    #[must_use]
    pub fn waiting_of(&self, tenant: &str) -> usize {
        self.lines.get(tenant).map_or(0, |line| line.waiting.len())
    }

    /// Most requests that are served before a new one of this tenant is: its own, and from each other
    /// tenant as many as it has itself, or all that it has.
    #[must_use]
    pub fn ahead_of(&self, tenant: &str) -> usize {
        let own = self.waiting_of(tenant);
        let others = self.lines.iter().filter(|(name, _)| ***name != *tenant);
        others.map(|(_, line)| line.waiting.len().min(own + 1)).sum::<usize>() + own
    }

    fn put(&mut self, ticket: &Ticket, cost_tokens: u64) {
        if !self.lines.contains_key(&ticket.tenant) {
            self.turns.push_back(Arc::clone(&ticket.tenant));
        }
        let line = self.lines.entry(Arc::clone(&ticket.tenant)).or_default();
        let place = Waiting { cost: cost(cost_tokens) };
        if line.waiting.insert((ticket.due, ticket.number), place).is_none() {
            self.len += 1;
        }
    }

    /// Who has nobody waiting has nothing saved: a tenant cannot hoard turns while it is away.
    fn drop_if_empty(&mut self, tenant: &Arc<str>) {
        if self.lines.get(tenant).is_none_or(|line| !line.waiting.is_empty()) {
            return;
        }
        self.lines.remove(tenant);
        if self.turns.front() == Some(tenant) {
            self.given = false;
        }
        self.turns.retain(|turn| turn != tenant);
    }
}

/// Largest cost of one request, in tokens, and so the most that a tenant can have saved.
const MOST_SAVED: u64 = 1 << 20;

/// A request costs at least one token, and no more than anyone can save.
fn cost(tokens: u64) -> u64 {
    tokens.clamp(1, MOST_SAVED)
}

#[cfg(test)]
mod tests;
