//! The waiting room: requests for whom every slot and queue place is taken, in fair order.
//!
//! Each contended pool has a lane, a [`FairQueue`] of its own, so that nobody who could be served waits
//! behind somebody who cannot. Where a slot is let go, the next of each lane gets a turn: it decides
//! anew, and either takes what is free, and the lane goes on, or goes back to its place. A request that
//! arrives while others wait for the same pool waits behind them.
//!
//! Waiting is bounded: by the places of the room, by the request's own deadline, and by the longest
//! wait that is worth more than an error that says when to come back.

use super::{FairQueue, Full, Places, Priority, Ticket};
use crate::plan::{Decision, Gate, Outcome, Place, Refusal};
use crate::reason::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A look at what is free though nobody said so: a device may have cooled down.
pub const LOOK: Duration = Duration::from_secs(1);

/// Tokens that an answer is taken to have while nobody knows.
const ANSWER_TOKENS: u32 = 256;

/// What a request costs its tenant among those that wait: its prompt, and what its answer may take, in tokens.
#[must_use]
pub fn cost_tokens(prompt_tokens: u32, max_output_tokens: Option<u32>) -> u64 {
    let answer = max_output_tokens.map_or(ANSWER_TOKENS, |most| most.min(ANSWER_TOKENS));
    u64::from(prompt_tokens) + u64::from(answer)
}

/// Bounds of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomLimits {
    /// Places of each lane.
    pub places: Places,
    /// Longest wait.
    pub wait: Duration,
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self { places: Places { all: 512, tenant: 128 }, wait: Duration::from_secs(10) }
    }
}

impl RoomLimits {
    /// Whether a seat is worth taking behind so many others: a place may be free in as long as the refusal
    /// says, and then in as long again for each of them. An error that says when to come back is better
    /// than a wait that cannot end well.
    #[must_use]
    pub fn is_worth_it(&self, decision: &Decision, ahead: usize) -> bool {
        let expected_ms = match &decision.outcome {
            Outcome::Refused(refusal) => refusal.retry_after_ms.unwrap_or(0),
            Outcome::Planned(_) => 0,
        };
        let predicted = expected_ms.saturating_mul((ahead as u64).saturating_add(1));
        u128::from(predicted) <= self.wait.as_millis()
    }
}

/// The first pool that is full, where that is what was in the way of a request.
#[must_use]
pub fn full_pool(decision: &Decision) -> Option<&Arc<str>> {
    let Outcome::Refused(Refusal { reason: Reason::Shed, .. }) = decision.outcome else {
        return None;
    };
    let full = decision.rejected.iter().find(|row| row.gate == Gate::Queue);
    full.map(|row| &row.pool)
}

/// One lane: who waits for a pool, and how each is called.
struct Lane<W> {
    queue: FairQueue,
    waiting: BTreeMap<Ticket, Option<W>>,
    /// Somebody has a turn and has not said what came of it.
    in_turn: bool,
}

/// The waiting room. It holds no requests, only their places, and for each a `W` by which it is called.
pub struct Room<W> {
    limits: RoomLimits,
    lanes: BTreeMap<Arc<str>, Lane<W>>,
}

/// A place in the room. It has to be left, or its lane stands still once its turn has come.
#[derive(Clone, Debug)]
pub struct Seat {
    pool: Arc<str>,
    ticket: Ticket,
    cost_tokens: u64,
}

impl<W> Room<W> {
    /// An empty room.
    #[must_use]
    pub const fn new(limits: RoomLimits) -> Self {
        Self { limits, lanes: BTreeMap::new() }
    }

    /// Its bounds.
    #[must_use]
    pub const fn limits(&self) -> RoomLimits {
        self.limits
    }

    /// The pool that a decided request would have to wait for: one that is full, or one for which others
    /// wait, whom it would overtake.
    #[must_use]
    pub fn contended<'a>(&self, decision: &'a Decision) -> Option<&'a Arc<str>> {
        if let Some(full) = full_pool(decision) {
            return Some(full);
        }
        let target = &decision.plan()?.attempts.first()?.target;
        let on_worker = matches!(target.at, Place::Worker { .. });
        (on_worker && self.lanes.contains_key(&target.pool)).then_some(&target.pool)
    }

    /// Requests that wait for a turn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lanes.values().map(|lane| lane.queue.len()).sum()
    }

    /// Whether nobody has a place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Takes a place for a request of a tenant that costs so many tokens. Says too how many are served
    /// before it at most.
    ///
    /// # Errors
    /// The lane is full, or the tenant's places in it are.
    pub fn join(
        &mut self,
        pool: &Arc<str>,
        (tenant, priority): (&str, Priority),
        cost_tokens: u64,
        waiter: W,
        now: Duration,
    ) -> Result<(Seat, usize), Full> {
        let places = self.limits.places;
        let lane = self.lanes.entry(Arc::clone(pool)).or_insert_with(|| Lane {
            queue: FairQueue::new(places),
            waiting: BTreeMap::new(),
            in_turn: false,
        });
        let ahead = lane.queue.ahead_of(tenant);
        let joined = lane.queue.join(tenant, priority, cost_tokens, now);
        if let Ok(ticket) = &joined {
            lane.waiting.insert(ticket.clone(), Some(waiter));
        } else if lane.waiting.is_empty() {
            self.lanes.remove(pool);
        }
        Ok((Seat { pool: Arc::clone(pool), ticket: joined?, cost_tokens }, ahead))
    }

    /// Something may be free: the next of every lane gets a turn. `call` says whether it heard; who has left
    /// meanwhile is passed over.
    pub fn kick(&mut self, mut call: impl FnMut(W) -> bool) {
        self.lanes.values_mut().for_each(|lane| lane.next(&mut call));
    }

    /// Leaves a place. A turn that the place had, used or not, passes on.
    pub fn leave(&mut self, seat: &Seat, had_turn: bool, mut call: impl FnMut(W) -> bool) {
        let Some(lane) = self.lanes.get_mut(&seat.pool) else { return };
        lane.queue.leave(&seat.ticket);
        lane.waiting.remove(&seat.ticket);
        if had_turn {
            lane.in_turn = false;
            lane.next(&mut call);
        }
        if lane.waiting.is_empty() {
            self.lanes.remove(&seat.pool);
        }
    }

    /// Nothing was free: back to the same place, to be called by `waiter` again.
    pub fn back(&mut self, seat: &Seat, waiter: W) {
        if let Some(lane) = self.lanes.get_mut(&seat.pool) {
            lane.queue.put_back(&seat.ticket, seat.cost_tokens);
            lane.waiting.insert(seat.ticket.clone(), Some(waiter));
            lane.in_turn = false;
        }
    }
}

impl<W> Lane<W> {
    fn next(&mut self, call: &mut impl FnMut(W) -> bool) {
        while !self.in_turn {
            let Some(ticket) = self.queue.serve() else { return };
            let waiter = self.waiting.get_mut(&ticket).and_then(Option::take);
            self.in_turn = waiter.is_some_and(&mut *call);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(all: usize) -> Room<u32> {
        let places = Places { all, tenant: 3 };
        Room::new(RoomLimits { places, wait: Duration::from_secs(1) })
    }

    fn join(room: &mut Room<u32>, pool: &str, who: u32) -> Result<Seat, Full> {
        let asker = ("a", Priority::Normal);
        room.join(&pool.into(), asker, 10, who, Duration::ZERO).map(|(seat, _)| seat)
    }

    fn kicked(room: &mut Room<u32>) -> Vec<u32> {
        let mut called = Vec::new();
        room.kick(|who| {
            called.push(who);
            true
        });
        called
    }

    #[test]
    fn one_turn_at_a_time_in_each_lane_and_whoever_leaves_passes_it_on() {
        let mut room = room(4);
        let first = join(&mut room, "p", 1).unwrap();
        let second = join(&mut room, "p", 2).unwrap();
        let elsewhere = join(&mut room, "q", 3).unwrap();
        assert_eq!((kicked(&mut room), kicked(&mut room)), (vec![1, 3], vec![]));
        let mut called = None;
        room.leave(&first, true, |who| called.replace(who).is_none());
        assert_eq!(called, Some(2));
        for seat in [second, elsewhere] {
            room.leave(&seat, true, |_| true);
        }
        assert!(room.is_empty());
    }

    #[test]
    fn who_finds_nothing_keeps_its_place_and_who_does_not_hear_is_passed_over() {
        let mut room = room(4);
        let first = join(&mut room, "p", 1).unwrap();
        join(&mut room, "p", 2).unwrap();
        for _ in 0..2 {
            assert_eq!(kicked(&mut room), [1]);
            room.back(&first, 1);
        }
        let mut called = Vec::new();
        room.kick(|who| {
            called.push(who);
            who == 2
        });
        assert_eq!(called, [1, 2]);
    }

    #[test]
    fn places_are_bounded_and_a_lane_that_nobody_got_into_is_not_there() {
        let mut full = room(0);
        assert_eq!(join(&mut full, "p", 1).unwrap_err(), Full::All);
        assert!(full.is_empty());
        let mut room = room(4);
        for who in 0..3 {
            join(&mut room, "p", who).unwrap();
        }
        assert_eq!(join(&mut room, "p", 4).unwrap_err(), Full::Tenant);
        assert_eq!(room.len(), 3);
    }
}
