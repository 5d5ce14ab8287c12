//! The waiting room: requests for whom every slot and queue place is taken, in fair order.
//!
//! Each contended pool has a lane, a [`FairQueue`] of its own, so that nobody who could be served waits
//! behind somebody who cannot. Where a slot is let go, the next of each lane gets a turn: it decides
//! anew, and either takes what is free, and the lane goes on, or goes back to its place. A request that
//! arrives while others wait for the same pool waits behind them.
//!
//! Waiting is bounded: by the places of the room, by the request's own deadline, and by the longest
//! wait that is worth more than an error that says when to come back.

use littoral_core::fair::{FairQueue, Full, Places, Priority, Ticket};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

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

/// One lane: who waits for a pool.
struct Lane {
    queue: FairQueue,
    waiting: HashMap<u64, oneshot::Sender<()>>,
    tickets: BTreeMap<Ticket, u64>,
    /// Somebody has a turn and has not said what came of it.
    in_turn: bool,
}

/// The waiting room.
pub struct Room {
    limits: RoomLimits,
    lanes: Mutex<Lanes>,
}

#[derive(Default)]
struct Lanes {
    by_pool: BTreeMap<Arc<str>, Lane>,
    next: u64,
}

/// A place in the room. Dropping it leaves.
pub struct Seat {
    room: Arc<Room>,
    pool: Arc<str>,
    ticket: Ticket,
    number: u64,
    cost: u64,
    turn: oneshot::Receiver<()>,
    has_turn: bool,
}

impl Room {
    /// An empty room.
    #[must_use]
    pub fn new(limits: RoomLimits) -> Self {
        Self { limits, lanes: Mutex::default() }
    }

    /// Its bounds.
    #[must_use]
    pub const fn limits(&self) -> RoomLimits {
        self.limits
    }

    /// Whether somebody waits for a pool.
    #[must_use]
    pub fn is_contended(&self, pool: &str) -> bool {
        self.lanes.lock().by_pool.contains_key(pool)
    }

    /// Requests that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lanes.lock().by_pool.values().map(|lane| lane.queue.len()).sum()
    }

    /// Whether nobody waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a place for a request of a tenant that costs so many tokens. Says too how many are served
    /// before it at most.
    ///
    /// # Errors
    /// The lane is full, or the tenant's places in it are.
    pub fn join(
        self: &Arc<Self>,
        pool: &Arc<str>,
        tenant: &str,
        priority: Priority,
        cost: u64,
        now: Duration,
    ) -> Result<(Seat, usize), Full> {
        let mut lanes = self.lanes.lock();
        let number = lanes.next;
        lanes.next += 1;
        let lane = lanes.by_pool.entry(Arc::clone(pool)).or_insert_with(|| Lane {
            queue: FairQueue::new(self.limits.places),
            waiting: HashMap::new(),
            tickets: BTreeMap::new(),
            in_turn: false,
        });
        let ahead = lane.queue.ahead_of(tenant);
        let ticket = lane.queue.join(tenant, priority, cost, now)?;
        let (sender, turn) = oneshot::channel();
        lane.waiting.insert(number, sender);
        lane.tickets.insert(ticket.clone(), number);
        drop(lanes);
        let (room, pool) = (Arc::clone(self), Arc::clone(pool));
        Ok((Seat { room, pool, ticket, number, cost, turn, has_turn: false }, ahead))
    }

    /// Something may be free: the next of every lane gets a turn.
    pub fn kick(&self) {
        self.lanes.lock().by_pool.values_mut().for_each(Lane::next);
    }

    fn forget(&self, seat: &Seat) {
        let mut lanes = self.lanes.lock();
        let Some(lane) = lanes.by_pool.get_mut(&seat.pool) else { return };
        lane.queue.leave(&seat.ticket);
        lane.waiting.remove(&seat.number);
        lane.tickets.remove(&seat.ticket);
        // A turn that was given and never used passes on.
        if seat.has_turn || seat.was_called() {
            lane.in_turn = false;
            lane.next();
        }
        if lane.tickets.is_empty() {
            lanes.by_pool.remove(&seat.pool);
        }
    }
}

impl Lane {
    fn next(&mut self) {
        while !self.in_turn {
            let Some(ticket) = self.queue.serve() else { return };
            let number = self.tickets.get(&ticket).copied();
            let sender = number.and_then(|number| self.waiting.remove(&number));
            // Who has left meanwhile is passed over.
            self.in_turn = sender.is_some_and(|sender| sender.send(()).is_ok());
        }
    }
}

impl Seat {
    /// Waits for a turn. It ends with [`Seat::back`], or with the seat.
    pub async fn turn(&mut self) {
        // The sender goes only with its lane, and the lane outlives its seats.
        let _ = (&mut self.turn).await;
        self.has_turn = true;
    }

    /// Nothing was free: back to the same place.
    pub fn back(&mut self) {
        let (sender, turn) = oneshot::channel();
        let mut lanes = self.room.lanes.lock();
        if let Some(lane) = lanes.by_pool.get_mut(&self.pool) {
            lane.queue.put_back(&self.ticket, self.cost);
            lane.waiting.insert(self.number, sender);
            lane.in_turn = false;
        }
        drop(lanes);
        (self.turn, self.has_turn) = (turn, false);
    }

    fn was_called(&self) -> bool {
        // Called and not yet listening: the sender is used up, and the value may lie in the channel.
        !self.has_turn && !self.turn.is_empty()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let room = Arc::clone(&self.room);
        room.forget(self);
    }
}

#[cfg(test)]
mod tests;
