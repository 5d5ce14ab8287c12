//! When a flight is told of tokens, and when it is woken.
//!
//! A token is no event: the flight is told of the first one and of the last with their moments, when it matters.
//! Its limits hold all the same, because a timer is set wherever the next sign of life would come after the
//! moment at which the flight wants to be woken. While two dispatches run, the first word of either is waited
//! for: it ends the other.

use super::deciding::Breakage;
use super::trip::{At, Live};
use super::{Event, World};
use littoral_core::flight::event::{Channel, DispatchId, Event as Told};
use std::time::Duration;

/// What comes of a running dispatch, as things stand; endless where nothing does.
#[derive(Clone, Copy)]
struct Expected {
    first: Duration,
    end: Duration,
    gap: Duration,
}

impl World<'_> {
    /// Tells the flight of the tokens that came until a moment, if it does not know yet.
    pub(super) fn tell_tokens(&mut self, trip: u32, until: Duration) {
        let Some((place, expected)) = self.next_to_speak(trip) else { return };
        if expected.first > until {
            return;
        }
        let Some(state) = self.trips.get_mut(trip) else { return };
        let Some(live) = state.running.get_mut(place) else { return };
        let (dispatch, told, silent) = (live.dispatch, live.told, live.silent);
        live.told = true;
        let last_at = last_token(expected.first, expected.end, live.write, until);
        if !told {
            self.tell_token(trip, dispatch, expected.first);
        }
        if last_at > expected.first && !silent {
            self.tell_token(trip, dispatch, last_at);
        }
    }

    /// Tells the flight of one token.
    pub(super) fn tell_token(&mut self, trip: u32, dispatch: DispatchId, at: Duration) {
        // Its text is not simulated: one and the same goes in and comes back.
        let mut text = std::mem::take(&mut self.spare.text);
        if text.is_empty() {
            text.push('x');
        }
        let (channel, offset, logprobs) = (Channel::Content, None, Vec::new());
        self.tell(trip, Told::Delta { dispatch, channel, offset, text, logprobs }, at);
    }

    /// Of the running dispatches the one whose first token comes first.
    fn next_to_speak(&self, trip: u32) -> Option<(usize, Expected)> {
        let all = self.trips.get(trip)?.running.iter().enumerate();
        let all = all.map(|(place, live)| (place, self.expected(live)));
        all.min_by_key(|(_, expected)| expected.first)
    }

    fn expected(&self, live: &Live) -> Expected {
        let of = |first: Duration, end: Duration| {
            let gap = end.saturating_sub(first) / live.write.saturating_sub(1).max(1);
            Expected { first, end, gap }
        };
        let nothing = |first| Expected { first, end: Duration::MAX, gap: Duration::ZERO };
        if live.silent {
            return nothing(live.first_at);
        }
        let At::Machine(machine) = live.at else { return of(live.first_at, live.end_at) };
        let Some(machine) = self.machines.get(machine as usize) else {
            return nothing(Duration::MAX);
        };
        let Some(run) = machine.place_of(live.serial).and_then(|at| machine.active.get(at)) else {
            return nothing(Duration::MAX);
        };
        let away = Duration::from_secs_f64(live.trip_ms / 1e3);
        let first = run.first_at.unwrap_or_else(|| machine.moment_of(run.first));
        of(first.saturating_add(away), machine.moment_of(run.end).saturating_add(away))
    }

    /// Sets a timer where the flight would have to act before the next sign of life.
    pub(super) fn set_wake(&mut self, trip: u32) {
        let Some(state) = self.trips.get(trip) else { return };
        if state.running.is_empty() {
            if state.flight.as_ref().is_some_and(|flight| !flight.ended()) {
                // Nobody runs: a pause before the same target is tried again.
                let at = state.wake;
                self.wake_at(trip, at);
            }
            return;
        }
        let Some((place, Expected { first, end, gap })) = self.next_to_speak(trip) else { return };
        let is_deaf = self.run.breakage == Some(Breakage::FirstTokenLimit);
        let Some(live) = state.running.get(place) else { return };
        let stall = state.steps.get(live.attempt).map_or(Duration::MAX, |step| step.stall);
        // The first token is late, or nothing more comes.
        let is_due = if live.told { live.silent } else { first > state.wake };
        let at = if is_due && !is_deaf {
            state.wake
        } else if state.running.len() > 1 {
            first.min(state.deadline)
        } else if gap > stall {
            first.saturating_add(stall).max(state.wake)
        } else if end > state.deadline {
            state.deadline
        } else {
            return;
        };
        self.wake_at(trip, at);
    }

    fn wake_at(&mut self, trip: u32, at: Duration) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        if state.wish_at == Some(at) {
            return;
        }
        state.wish_at = Some(at);
        let wish = self.trips.number();
        if let Some(state) = self.trips.get_mut(trip) {
            state.wish = wish;
        }
        self.events.set_at(at, Event::Wake(trip, wish));
    }

    /// The moment of a wish has come.
    pub(super) fn wake(&mut self, trip: u32, wish: u32) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        if state.flight.is_none() || state.wish != wish {
            return;
        }
        state.wish_at = None;
        let now = self.now();
        self.tell_tokens(trip, now);
        let Some(state) = self.trips.get(trip) else { return };
        if state.flight.is_none() {
            return;
        }
        if state.wake > now && state.deadline > now {
            // Only a first word was waited for, or a token that came.
            return self.set_wake(trip);
        }
        self.revise(trip);
        self.tell(trip, Told::Timer, now);
    }
}

/// The moment of the last token that came until a moment.
fn last_token(first: Duration, end: Duration, write: u32, until: Duration) -> Duration {
    if until >= end || write < 2 || end == Duration::MAX {
        return end.min(until);
    }
    let gap_s = (end - first).as_secs_f64() / f64::from(write - 1);
    if gap_s <= 0.0 {
        return first;
    }
    let gaps = ((until - first).as_secs_f64() / gap_s).floor();
    first + Duration::from_secs_f64(gaps * gap_s)
}
