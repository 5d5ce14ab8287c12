//! Requests on machines: taken in, waiting, through, or lost with the machine.

use super::dispatching::{fault, observation};
use super::learned::reported;
use super::trip::At;
use super::{Event, World};
use crate::machine::{Spent, Waiting};
use littoral_core::flight::event::Blame;
use littoral_core::lease::LeaseTerms;
use littoral_core::retry::Kind;
use std::time::Duration;

impl World<'_> {
    /// A request reaches a machine. False where it has to wait.
    pub(super) fn send_to_machine(&mut self, at: u32, one: Waiting) -> bool {
        let (now, scenario) = (self.now(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return false };
        let kind = &scenario.machines[machine.group as usize];
        if machine.lost_since.is_some() {
            // Nobody knows yet that it is gone: what is sent there is never heard of.
            return true;
        }
        let begins = machine.waiting.is_empty() && machine.has_room(kind, &one);
        if begins {
            machine.begin(kind, one, now);
            self.set_machine(at);
        } else {
            machine.waiting.push_back(one);
        }
        begins
    }

    /// Sets the machine's next event, and looks at the timers of those that its rate concerns.
    fn set_machine(&mut self, at: u32) {
        let scenario = self.scenario;
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        let kind = &scenario.machines[machine.group as usize];
        machine.generation = machine.generation.wrapping_add(1);
        if let Some(next) = machine.next_at(kind) {
            self.events.set_at(next, Event::Machine(at, machine.generation));
        }
        // One that runs alone was looked at when it was sent.
        let together = machine.active.len();
        if together > 1 || kind.thermal.is_some() {
            for place in 0..together {
                let run =
                    self.machines.get(at as usize).and_then(|it| it.active.get(place).copied());
                if let Some(run) = run {
                    self.set_wake(run.trip);
                }
            }
        }
    }

    /// Something may have happened on a machine.
    pub(super) fn look_at_machine(&mut self, at: u32, generation: u32) {
        let (now, scenario) = (self.now(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        if machine.generation != generation || machine.lost_since.is_some() {
            return;
        }
        let kind = &scenario.machines[machine.group as usize];
        machine.advance(kind, now);
        let mut through = false;
        while let Some(place) = self.machines.get(at as usize).and_then(|it| it.finished()) {
            through = true;
            self.run_is_through(at, place);
        }
        if let Some(machine) = self.machines.get_mut(at as usize) {
            machine.turn(kind);
        }
        if through {
            self.begin_waiting(at);
            self.something_is_free();
        }
        self.set_machine(at);
    }

    fn run_is_through(&mut self, at: u32, place: usize) {
        let (now, start_s, scenario) = (self.now(), self.start_s(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        let kind = &scenario.machines[machine.group as usize];
        let Some(run) = machine.active.get(place).copied() else { return };
        if let Some(battery) = &kind.battery {
            machine.charge.advance(battery, start_s, now);
        }
        let spent = machine.stop(kind, place, now);
        let speed = f64::from(machine.speed);
        let first = run.first_at.unwrap_or(now);
        let Some(state) = self.trips.get_mut(run.trip) else { return };
        let asked = state.asked;
        let whole = asked.tokens_in.saturating_add(run.write);
        if let Some(machine) = self.machines.get_mut(at as usize) {
            machine.held = (asked.conversation, whole);
        }
        let Some(state) = self.trips.get_mut(run.trip) else { return };
        let Some(live) = state.running.iter_mut().find(|live| live.serial == run.serial) else {
            return;
        };
        let away = Duration::from_secs_f64(live.trip_ms / 1e3);
        let end = now.saturating_add(away);
        let cut = run.write < asked.tokens_out;
        let mut seen = observation(live, run.read, run.write, cut, first.saturating_add(away), end);
        seen.sharers = if kind.slowdown == 0.0 { 1 } else { run.sharers };
        seen.energy_joules = kind.joules_per_token.map(|each| each * f64::from(run.write));
        // The flight is told first: it looks at the live dispatch.
        live.first_at = first.saturating_add(away);
        live.end_at = end;
        let dispatch_end = (live.first_at, end);
        self.spend(run.trip, at, spent);
        self.learned.machine_answered(at, || reported(kind, speed), &seen, now);
        self.finish_on_machine((run.trip, run.serial), (run.read, run.write), dispatch_end);
    }

    fn finish_on_machine(
        &mut self,
        (trip, serial): (u32, u32),
        tokens: (u32, u32),
        at: (Duration, Duration),
    ) {
        // From here on the run is no longer on the machine: its moments are known.
        if let Some(live) = self.trips.live(trip, serial) {
            live.at = match live.at {
                At::Machine(_) => At::Machine(u32::MAX),
                at @ At::Cloud(_) => at,
            };
            let (dispatch, told) = (live.dispatch, live.told);
            live.told = true;
            if !told {
                self.tell_token(trip, dispatch, at.0);
            }
        }
        self.finish(trip, serial, tokens, at.1);
    }

    /// Energy that a request took.
    fn spend(&mut self, trip: u32, machine: u32, spent: Spent) {
        let Some(machine) = self.machines.get(machine as usize) else { return };
        let owned = self.kind(machine).owned;
        self.metrics.spent(owned, spent.joules);
        self.conserved.spent(spent);
        if let Some(state) = self.trips.get_mut(trip) {
            state.joules += spent.joules;
        }
    }

    /// Those that wait take the slots that are free.
    fn begin_waiting(&mut self, at: u32) {
        let (now, scenario) = (self.now(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        let kind = &scenario.machines[machine.group as usize];
        let mut begun = std::mem::take(&mut self.spare.begun);
        while let Some(one) = machine.waiting.front().copied() {
            if !machine.has_room(kind, &one) {
                break;
            }
            machine.waiting.pop_front();
            machine.begin(kind, one, now);
            begun.push(one.trip);
        }
        begun.drain(..).for_each(|trip| self.set_wake(trip));
        self.spare.begun = begun;
    }

    /// A request leaves a machine before it is through.
    pub(super) fn leave_machine(&mut self, trip: u32, at: u32, serial: u32) {
        let (now, start_s, scenario) = (self.now(), self.start_s(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        let kind = &scenario.machines[machine.group as usize];
        if let Some(place) = machine.place_of(serial) {
            if let Some(battery) = &kind.battery {
                machine.charge.advance(battery, start_s, now);
            }
            let spent = machine.stop(kind, place, now);
            self.spend(trip, at, spent);
            self.begin_waiting(at);
            self.set_machine(at);
            self.something_is_free();
        } else if let Some(place) = machine.waiting.iter().position(|one| one.serial == serial) {
            machine.waiting.remove(place);
            self.something_is_free();
        }
    }

    /// A machine is gone: its requests fall silent, and when its lease is over they fail.
    pub(super) fn lose_machine(&mut self, at: u32) {
        let (now, scenario) = (self.now(), self.scenario);
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        if machine.lost_since.is_some() {
            return;
        }
        let kind = &scenario.machines[machine.group as usize];
        machine.advance(kind, now);
        machine.lost_since = Some(now);
        machine.generation = machine.generation.wrapping_add(1);
        for (trip, serial) in self.trips.running_at(At::Machine(at)) {
            self.hush(trip, serial);
        }
        let lease = LeaseTerms::default().lease;
        self.events.set_at(now.saturating_add(lease), Event::LeaseEnd(at));
    }

    /// Nothing more is heard of the target of a dispatch.
    pub(super) fn hush(&mut self, trip: u32, serial: u32) {
        let now = self.now();
        self.tell_tokens(trip, now);
        if let Some(live) = self.trips.live(trip, serial) {
            live.silent = true;
            if !live.told {
                live.first_at = Duration::MAX;
            }
        }
        self.set_wake(trip);
    }

    /// The lease of a machine that was lost is over: whatever still waits for it fails.
    pub(super) fn lease_ends(&mut self, at: u32) {
        let Some(machine) = self.machines.get(at as usize) else { return };
        if machine.lost_since.is_none() {
            return;
        }
        let now = self.now();
        for (trip, serial) in self.trips.running_at(At::Machine(at)) {
            self.fail(trip, serial, fault(Kind::Cut, Blame::Network), now);
        }
    }

    /// A machine is back, empty.
    pub(super) fn return_machine(&mut self, at: u32) {
        // Whatever had waited for it is gone, whether its lease was over or not.
        self.lease_ends(at);
        if let Some(machine) = self.machines.get_mut(at as usize) {
            machine.lost_since = None;
            machine.held = (0, 0);
        }
        self.something_is_free();
    }
}
