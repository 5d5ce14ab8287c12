//! The flight of a request: the core's machine, told what happens, and its actions performed.
//!
//! A token is not an event here: a million answers of two hundred tokens would be two hundred million.
//! The flight is told of the first token and of the last, with their moments, when it matters: at the
//! end, before a timer, before a fault. Its limits hold all the same, because a timer is set
//! wherever the next sign of life would come after the moment at which the flight wants to be woken.

use super::asking::Asked;
use super::deciding::Breakage;
use super::dispatching::fault;
use super::trip::{At, Step};
use super::view::Stands;
use super::{Event, World};
use littoral_core::fleet::Site;
use littoral_core::flight::action::{Action, Purpose};
use littoral_core::flight::event::{
    Blame, Channel, DispatchId, Event as Told, Fault, Finish, Usage,
};
use littoral_core::flight::{Flight, FlightOptions};
use littoral_core::plan::{Attempt, Place, Plan};
use littoral_core::retry::Kind;
use std::time::Duration;

impl World<'_> {
    /// Starts the flight of a planned request.
    pub(super) fn fly(&mut self, asked: Asked, plan: Plan, failover: bool) {
        let now = self.now();
        let deadline = now.saturating_add(Duration::from_millis(plan.deadline_ms));
        let hints = &self.facts[asked.kind as usize].hints;
        let failover = failover && hints.allow_failover.unwrap_or(true);
        let trip = self.trips.begin(asked, now, deadline);
        for attempt in &plan.attempts {
            if let Some(step) = self.step(attempt)
                && let Some(trip) = self.trips.get_mut(trip)
            {
                trip.steps.push(step);
            }
        }
        let options = FlightOptions { failover, ..FlightOptions::default() };
        let (flight, actions) = Flight::start(plan, options, now);
        if let Some(trip) = self.trips.get_mut(trip) {
            trip.flight = Some(flight);
        }
        self.perform(trip, actions, Cancelled::Otherwise);
    }

    /// An attempt as far as it matters here; every target of a plan stands in the view.
    fn step(&self, attempt: &Attempt) -> Option<Step> {
        let pools = &self.view.fleet.pools;
        let place = pools.iter().position(|pool| pool.id == attempt.target.pool)?;
        let (at, held) = match (&pools[place].site, &attempt.target.at) {
            (Site::Workers(site), Place::Worker { worker_id, .. }) => {
                let worker = site.workers.iter().position(|it| it.worker_id == *worker_id)?;
                let held = site.workers[worker].held_tokens;
                (At::Machine(*self.view.seats[place].get(worker)?), held)
            }
            _ => match self.view.stands[place] {
                Stands::Cloud(cloud) => (At::Cloud(cloud), 0),
                Stands::Own(_) | Stands::Shared(_) => return None,
            },
        };
        let bounds = attempt.bounds.map(|bounds| bounds.first_token_ms);
        Some(Step {
            at,
            tier: attempt.tier,
            predicted_first_ms: attempt.predicted.first_token_ms,
            predicted_total_ms: attempt.predicted.total_ms,
            quality: attempt.predicted.quality,
            bounds: bounds.map(|first| (first.low(), first.high())),
            stall: Duration::from_millis(attempt.limits.stall_ms),
            output_tokens: attempt.limits.output_tokens,
            held,
        })
    }

    /// Tells a flight something, and performs what it asks for.
    pub(super) fn tell(&mut self, trip: u32, told: Told, at: Duration) {
        let cancelled = match told {
            Told::Timer => Cancelled::Overdue,
            _ => Cancelled::Otherwise,
        };
        let Some(flight) = self.trips.get_mut(trip).and_then(|trip| trip.flight.as_mut()) else {
            return;
        };
        let actions = flight.on(told, at);
        self.perform(trip, actions, cancelled);
    }

    fn perform(&mut self, trip: u32, actions: Vec<Action>, cancelled: Cancelled) {
        let mut refused = None;
        for action in actions {
            match action {
                // Two at once are not modelled: a rival counts as one beyond its share of the traffic.
                Action::Dispatch { dispatch, purpose: Purpose::Hedge, .. } => {
                    refused = Some((dispatch, fault(Kind::Overloaded, Blame::Limit)));
                }
                Action::Dispatch { dispatch, attempt, .. } => {
                    refused = self.dispatch(trip, dispatch, attempt);
                }
                Action::Cancel(_) => self.cancel(trip, cancelled),
                Action::Emit(_) => {}
                Action::WakeAt(at) => {
                    if let Some(trip) = self.trips.get_mut(trip) {
                        trip.wake = at;
                    }
                }
                Action::End(ending) => return self.land(trip, &ending),
            }
        }
        if let Some((dispatch, fault)) = refused {
            let now = self.now();
            return self.tell(trip, Told::Failed { dispatch, fault }, now);
        }
        self.set_wake(trip);
    }

    /// A dispatch is over by a fault that is not the flight's own.
    pub(super) fn fail(&mut self, trip: u32, fault: Fault, at: Duration) {
        self.tell_tokens(trip, at);
        let live = self.trips.get_mut(trip).and_then(|trip| trip.live.as_ref());
        let Some(dispatch) = live.map(|live| live.dispatch) else { return };
        self.release(trip, Some(&fault));
        self.tell(trip, Told::Failed { dispatch, fault }, at);
    }

    /// The target has finished.
    pub(super) fn finish(&mut self, trip: u32, read: u32, written: u32, at: Duration) {
        self.tell_tokens(trip, at);
        let Some(trip_state) = self.trips.get_mut(trip) else { return };
        let Some(live) = &trip_state.live else { return };
        let dispatch = live.dispatch;
        let cut = written < trip_state.asked.tokens_out;
        let finish = if cut { Finish::Length } else { Finish::Stop };
        let usage = Usage { prompt_tokens: read, completion_tokens: written, ..Usage::default() };
        self.tell(trip, Told::Finished { dispatch, finish, usage: Some(usage) }, at);
    }

    /// Tells the flight of the tokens that came until a moment, if it does not know yet.
    pub(super) fn tell_tokens(&mut self, trip: u32, until: Duration) {
        let Some((first_at, end_at, _)) = self.expected(trip) else { return };
        if first_at > until {
            return;
        }
        let Some(live) = self.trips.get_mut(trip).and_then(|trip| trip.live.as_mut()) else {
            return;
        };
        let (dispatch, told, silent) = (live.dispatch, live.told, live.silent);
        live.told = true;
        let last_at = last_token(first_at, end_at, live.write, until);
        if !told {
            self.tell(trip, token(dispatch), first_at);
        }
        if last_at > first_at && !silent {
            self.tell(trip, token(dispatch), last_at);
        }
    }

    /// Tells the flight of one token.
    pub(super) fn tell_token(&mut self, trip: u32, dispatch: DispatchId, at: Duration) {
        self.tell(trip, token(dispatch), at);
    }

    /// First token, end, and the gap between tokens of the running dispatch, as things stand; endless where
    /// nothing comes.
    pub(super) fn expected(&self, trip: u32) -> Option<(Duration, Duration, Duration)> {
        let live = self.trips.get(trip)?.live.as_ref()?;
        let gap = |first: Duration, end: Duration| {
            end.saturating_sub(first) / live.write.saturating_sub(1).max(1)
        };
        if live.silent {
            return Some((live.first_at, Duration::MAX, Duration::ZERO));
        }
        let At::Machine(machine) = live.at else {
            return Some((live.first_at, live.end_at, gap(live.first_at, live.end_at)));
        };
        let machine = self.machines.get(machine as usize)?;
        let Some(run) = machine.place_of(live.serial).and_then(|at| machine.active.get(at)) else {
            return Some((Duration::MAX, Duration::MAX, Duration::ZERO));
        };
        let away = Duration::from_secs_f64(live.trip_ms / 1e3);
        let first = run.first_at.unwrap_or_else(|| machine.moment_of(run.first));
        let (first, end) =
            (first.saturating_add(away), machine.moment_of(run.end).saturating_add(away));
        Some((first, end, gap(first, end)))
    }

    /// Sets a timer where the flight would have to act before the next sign of life.
    pub(super) fn set_wake(&mut self, trip: u32) {
        if let Some(state) = self.trips.get_mut(trip)
            && state.live.is_none()
            && state.flight.as_ref().is_some_and(|flight| !flight.ended())
        {
            // Nobody runs: a pause before the same target is tried again.
            let at = state.wake;
            return self.wake_at(trip, at);
        }
        let Some((first, end, gap)) = self.expected(trip) else { return };
        let is_deaf = self.run.breakage == Some(Breakage::FirstTokenLimit);
        let Some(state) = self.trips.get_mut(trip) else { return };
        let Some(live) = &state.live else { return };
        let stall = state.steps.get(live.attempt).map_or(Duration::MAX, |step| step.stall);
        // The first token is late, or nothing more comes.
        let is_due = if live.told { live.silent } else { first > state.wake };
        let at = if is_due && !is_deaf {
            state.wake
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
        self.tell(trip, Told::Timer, now);
    }
}

/// Why a dispatch is cancelled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    /// It took too long.
    Overdue,
    /// Its target is not to blame.
    Otherwise,
}

/// A token: its text is not simulated.
fn token(dispatch: DispatchId) -> Told {
    let (channel, text) = (Channel::Content, "x".into());
    Told::Delta { dispatch, channel, offset: None, text, logprobs: Vec::new() }
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
