//! The waiting room of the core, shared by the requests that wait: each is called through a channel.

use littoral_core::fair::{self, Full, Priority, RoomLimits};
use littoral_core::plan::Decision;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// The waiting room.
pub struct Room {
    limits: RoomLimits,
    places: Mutex<fair::Room<oneshot::Sender<()>>>,
}

/// A place in the room. Dropping it leaves.
pub struct Seat {
    room: Arc<Room>,
    place: fair::Seat,
    turn: oneshot::Receiver<()>,
    has_turn: bool,
}

impl Room {
    /// An empty room.
    #[must_use]
    pub const fn new(limits: RoomLimits) -> Self {
        Self { limits, places: Mutex::new(fair::Room::new(limits)) }
    }

    /// Its bounds.
    #[must_use]
    pub const fn limits(&self) -> RoomLimits {
        self.limits
    }

    /// The pool that a decided request would have to wait for.
    #[must_use]
    pub fn contended(&self, decision: &Decision) -> Option<Arc<str>> {
        self.places.lock().contended(decision).map(Arc::clone)
    }

    /// Requests that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.lock().len()
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
        let (sender, turn) = oneshot::channel();
        let joined = self.places.lock().join(pool, (tenant, priority), cost, sender, now);
        let (place, ahead) = joined?;
        Ok((Seat { room: Arc::clone(self), place, turn, has_turn: false }, ahead))
    }

    /// Something may be free: the next of every lane gets a turn.
    pub fn kick(&self) {
        self.places.lock().kick(call);
    }
}

/// Calls whoever waits at the other end; false where nobody does any more.
fn call(waiter: oneshot::Sender<()>) -> bool {
    waiter.send(()).is_ok()
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
        self.room.places.lock().back(&self.place, sender);
        (self.turn, self.has_turn) = (turn, false);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut places = self.room.places.lock();
        // Called and not yet listening: the sender is used up, and the value may lie in the channel.
        let had_turn = self.has_turn || !self.turn.is_empty();
        places.leave(&self.place, had_turn, call);
    }
}

#[cfg(test)]
mod tests;
