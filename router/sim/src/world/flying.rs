//! The flight of a request: the core's machine, told what happens, and its actions performed.
//!
//! As in the live router, before a flight is told of a failure or of the time it learns which targets are gone
//! and who would be planned now, and afterwards breakers hear what came of its calls.

use super::asking::Asked;
use super::trip::{At, Step};
use super::view::Stands;
use super::{World, purpose};
use crate::draws::Draws;
use littoral_core::fleet::Site;
use littoral_core::flight::action::{Action, Emission};
use littoral_core::flight::event::{Event as Told, Fault, Finish, Usage};
use littoral_core::flight::{Flight, FlightOptions};
use littoral_core::plan::{Attempt, Outcome, Place, Plan, Target};
use std::time::Duration;

/// Lists that are kept: as many as one thing leads to another.
const SPARE_LISTS: usize = 8;

impl World<'_> {
    /// Starts the flight of a planned request that arrived at a moment.
    pub(super) fn fly(&mut self, asked: Asked, arrived: Duration, second: bool, plan: Plan) {
        let now = self.now();
        let deadline = arrived.saturating_add(Duration::from_millis(plan.deadline_ms));
        let policy = self.policy_of(asked.number, second);
        let hints = &self.facts[asked.kind as usize].hints;
        let options = FlightOptions {
            failover: policy.fallback().failover && hints.allow_failover.unwrap_or(true),
            more_attempts_limit: policy.fallback().max_attempts as usize,
            seed: Draws::of(self.run.seed, purpose::FLIGHT, asked.number, 0).number(),
            waited: now.saturating_sub(arrived),
            ..FlightOptions::default()
        };
        let trip = self.trips.begin(asked, second, (arrived, deadline));
        for attempt in &plan.attempts {
            if let Some(step) = self.step(attempt)
                && let Some(trip) = self.trips.get_mut(trip)
            {
                trip.steps.push(step);
            }
        }
        let memory = self.spare.flown.pop().unwrap_or_default();
        let mut actions = self.spare.actions.pop().unwrap_or_default();
        let flight = Flight::start_in(memory, plan, options, now, &mut actions);
        if let Some(trip) = self.trips.get_mut(trip) {
            trip.flight = Some(flight);
        }
        self.perform(trip, actions);
    }

    /// Tells a flight what has become of its targets, and who else is there now.
    pub(super) fn revise(&mut self, trip: u32) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        if state.flight.is_none() {
            return;
        }
        state.looks += 1;
        let (asked, second, look) = (state.asked, state.second, state.looks);
        let policy = self.policy_of(asked.number, second);
        let asker = self.asker(&asked);
        self.state_facts(&asked, &asker);
        let made = self.decision(policy, &asked, &asker, look);
        let more = match self.spare.decided.outcome_of(made) {
            Outcome::Planned(plan) => plan.attempts,
            Outcome::Refused(_) => Vec::new(),
        };
        let Some(state) = self.trips.get_mut(trip) else { return };
        let Some(mut flight) = state.flight.take() else { return };
        let known = flight.plan().attempts.len();
        flight.revise(|target| self.is_gone(target), more);
        for attempt in flight.plan().attempts.iter().skip(known) {
            let step = self.step(attempt);
            if let (Some(step), Some(state)) = (step, self.trips.get_mut(trip)) {
                state.steps.push(step);
            }
        }
        if let Some(state) = self.trips.get_mut(trip) {
            state.flight = Some(flight);
        }
    }

    /// The session of a target has ended, or takes nothing new.
    fn is_gone(&self, target: &Target) -> bool {
        let pools = &self.view.fleet.pools;
        let Some(place) = pools.iter().position(|pool| pool.id == target.pool) else { return true };
        let Some(seats) = self.view.seats.get(place) else { return true };
        match (&target.at, self.view.stands[place]) {
            (Place::Cloud { .. }, _) => false,
            (Place::Worker { .. }, Stands::Own(_)) => {
                seats.first().is_none_or(|at| self.is_out(*at))
            }
            (Place::Worker { worker_id, .. }, Stands::Shared(group)) => {
                let number = worker_id.rsplit('-').next().and_then(|text| text.parse::<u32>().ok());
                let first = self.firsts.get(group as usize);
                number.zip(first).is_none_or(|(number, first)| self.is_out(first + number))
            }
            (Place::Worker { .. }, Stands::Cloud(_)) => true,
        }
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
        let fails = matches!(told, Told::Failed { .. } | Told::Timer);
        let Some(flight) = self.trips.get_mut(trip).and_then(|trip| trip.flight.as_mut()) else {
            return;
        };
        let mut actions = self.spare.actions.pop().unwrap_or_default();
        flight.on_into(told, at, &mut actions);
        if fails {
            self.judge_faults(trip);
        }
        self.perform(trip, actions);
    }

    fn perform(&mut self, trip: u32, mut actions: Vec<Action>) {
        let (mut refused, mut ended) = (None, None);
        for action in actions.drain(..) {
            match action {
                Action::Dispatch { dispatch, attempt, purpose, .. } => {
                    refused = self.dispatch(trip, (dispatch, purpose), attempt);
                }
                Action::Cancel(dispatch) => {
                    let running = self.trips.get(trip).map(|trip| &trip.running);
                    let live =
                        running.and_then(|all| all.iter().find(|it| it.dispatch == dispatch));
                    if let Some(serial) = live.map(|live| live.serial) {
                        self.release(trip, serial);
                    }
                }
                Action::Emit(Emission::Delta { text, .. }) => self.spare.text = text,
                Action::Emit(_) => {}
                Action::WakeAt(at) => {
                    if let Some(trip) = self.trips.get_mut(trip) {
                        trip.wake = at;
                    }
                }
                Action::End(ending) => ended = Some(ending),
            }
        }
        if self.spare.actions.len() < SPARE_LISTS {
            self.spare.actions.push(actions);
        }
        if let Some(ending) = ended {
            return self.land(trip, ending);
        }
        if let Some((dispatch, fault)) = refused {
            let now = self.now();
            self.revise(trip);
            return self.tell(trip, Told::Failed { dispatch, fault }, now);
        }
        self.set_wake(trip);
    }

    /// A dispatch is over by a fault that is not the flight's own.
    pub(super) fn fail(&mut self, trip: u32, serial: u32, fault: Fault, at: Duration) {
        self.tell_tokens(trip, at);
        let Some(dispatch) = self.trips.live(trip, serial).map(|live| live.dispatch) else {
            return;
        };
        self.release(trip, serial);
        self.revise(trip);
        self.tell(trip, Told::Failed { dispatch, fault }, at);
    }

    /// The target has finished.
    pub(super) fn finish(&mut self, trip: u32, serial: u32, tokens: (u32, u32), at: Duration) {
        self.tell_tokens(trip, at);
        let Some(dispatch) = self.trips.live(trip, serial).map(|live| live.dispatch) else {
            return;
        };
        let Some(state) = self.trips.get(trip) else { return };
        let (read, written) = tokens;
        let cut = written < state.asked.tokens_out;
        let finish = if cut { Finish::Length } else { Finish::Stop };
        let usage = Usage { prompt_tokens: read, completion_tokens: written, ..Usage::default() };
        self.tell(trip, Told::Finished { dispatch, finish, usage: Some(usage) }, at);
    }
}
