//! Requests for which everything is taken: each waits its turn in the core's waiting room, where waiting is worth it.
//!
//! As in the live router a turn comes whenever something is let go, and once a second though nothing was. Who
//! has a turn decides anew, and goes or keeps its place. Whose wait is over decides a last time.

use super::asking::Asked;
use super::{Event, World};
use littoral_core::fair::{LOOK, Priority, Room, RoomLimits, Seat, cost_tokens, full_pool};
use littoral_core::plan::Decision;
use std::time::Duration;

/// A request that waits.
struct Waiter {
    asked: Asked,
    arrived: Duration,
    seat: Seat,
    /// Times that it was looked at.
    looks: u32,
    /// Tells it from others that sat there before.
    number: u32,
}

/// Those who wait.
pub(super) struct Waiting {
    room: Room<u32>,
    /// By the number that the room calls them by; places are used again.
    all: Vec<Option<Waiter>>,
    free: Vec<u32>,
    /// Those who were called and have not looked yet.
    called: Vec<u32>,
    /// An event is set for now, and one for the next look.
    kicked: bool,
    looks: bool,
}

impl Waiting {
    pub fn new(limits: RoomLimits) -> Self {
        let (all, free, called) = (Vec::new(), Vec::new(), Vec::new());
        Self { room: Room::new(limits), all, free, called, kicked: false, looks: false }
    }

    pub fn is_empty(&self) -> bool {
        self.room.is_empty()
    }

    /// The number of whoever sits down next.
    fn next_number(&self) -> u32 {
        self.free.last().copied().unwrap_or(self.all.len() as u32)
    }

    fn sit(&mut self, waiter: Waiter) -> u32 {
        let number = self.next_number();
        if self.free.pop().is_none() {
            self.all.push(None);
        }
        if let Some(place) = self.all.get_mut(number as usize) {
            *place = Some(waiter);
        }
        number
    }

    fn get(&mut self, at: u32) -> Option<&mut Waiter> {
        self.all.get_mut(at as usize)?.as_mut()
    }

    /// Somebody leaves; whose turn it is then is called.
    fn leave(&mut self, at: u32, had_turn: bool) -> Option<Waiter> {
        let waiter = self.all.get_mut(at as usize)?.take()?;
        self.free.push(at);
        let called = &mut self.called;
        self.room.leave(&waiter.seat, had_turn, |next| {
            called.push(next);
            true
        });
        Some(waiter)
    }
}

impl World<'_> {
    /// Lets a request wait whose targets are all taken, or who would overtake others that wait. False where it
    /// goes as it was decided.
    pub(super) fn waits(&mut self, asked: &Asked, decision: &Decision) -> bool {
        let now = self.now();
        let waiting = &mut self.waiting;
        let Some(pool) = waiting.room.contended(decision) else { return false };
        let request = self.scenario.requests.get(asked.kind as usize);
        let most = request.and_then(|request| request.max_output_tokens);
        let asker = (&**self.people.tenant(asked.person), Priority::Normal);
        let cost = cost_tokens(asked.tokens_in, most);
        let who = waiting.next_number();
        let Ok((seat, ahead)) = waiting.room.join(pool, asker, cost, who, now) else {
            return false;
        };
        if !waiting.room.limits().is_worth_it(decision, ahead) {
            waiting.room.leave(&seat, false, |_| false);
            return false;
        }
        self.metrics.waited += 1;
        let number = self.trips.number();
        let waiter = Waiter { asked: *asked, arrived: now, seat, looks: 0, number };
        let at = self.waiting.sit(waiter);
        let deadline_ms = request.map_or(u64::MAX, |request| {
            self.policy_of(asked.number, false).deadline_ms(&request.hints)
        });
        let wait = self.waiting.room.limits().wait.min(Duration::from_millis(deadline_ms));
        self.events.set_at(now.saturating_add(wait), Event::WaitOver(at, number));
        if !std::mem::replace(&mut self.waiting.looks, true) {
            self.events.set_at(next_look(now), Event::Look);
        }
        // Whoever took a place nobody waits for gets its turn at once.
        self.something_is_free();
        true
    }

    /// Something was let go: the next of those who wait get a turn, when what happens now is over.
    pub(super) fn something_is_free(&mut self) {
        if !self.waiting.is_empty() && !std::mem::replace(&mut self.waiting.kicked, true) {
            self.events.set_at(self.events.now(), Event::Kick);
        }
    }

    /// The next of each lane gets a turn.
    pub(super) fn give_turns(&mut self) {
        self.waiting.kicked = false;
        let Waiting { room, called, .. } = &mut self.waiting;
        room.kick(|who| {
            called.push(who);
            true
        });
        while let Some(who) = self.waiting.called.pop() {
            self.take_turn(who);
        }
    }

    /// Looks at what is free though nobody said so.
    pub(super) fn look_for_places(&mut self) {
        self.waiting.looks = !self.waiting.is_empty();
        if self.waiting.looks {
            self.events.set_at(next_look(self.events.now()), Event::Look);
            self.give_turns();
        }
    }

    fn take_turn(&mut self, who: u32) {
        let Some((asked, second, decision)) = self.decided_again(who) else { return };
        if full_pool(&decision).is_some() {
            let Waiting { room, all, .. } = &mut self.waiting;
            if let Some(Some(waiter)) = all.get(who as usize) {
                room.back(&waiter.seat, who);
            }
            return;
        }
        // It takes its place before the turn passes on.
        let Some(arrived) = self.waiting.get(who).map(|waiter| waiter.arrived) else { return };
        self.go(asked, arrived, second, decision);
        self.waiting.leave(who, true);
    }

    /// The longest wait is over: the request goes as is decided now.
    pub(super) fn wait_is_over(&mut self, who: u32, number: u32) {
        if self.waiting.get(who).is_none_or(|waiter| waiter.number != number) {
            return;
        }
        let Some((asked, second, decision)) = self.decided_again(who) else { return };
        if let Some(waiter) = self.waiting.leave(who, false) {
            self.go(asked, waiter.arrived, second, decision);
        }
    }

    fn decided_again(&mut self, who: u32) -> Option<(Asked, bool, Decision)> {
        let waiter = self.waiting.get(who)?;
        waiter.looks += 1;
        let (asked, look) = (waiter.asked, waiter.looks);
        let (second, decision) = self.decided(&asked, look);
        Some((asked, second, decision))
    }
}

/// The next whole [`LOOK`] from the start of the world.
fn next_look(now: Duration) -> Duration {
    let looks = now.as_millis() / LOOK.as_millis() + 1;
    LOOK.saturating_mul(u32::try_from(looks).unwrap_or(u32::MAX))
}
