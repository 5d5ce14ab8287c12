//! The simulated world: who asks when, what is decided, who answers, and what that took.
//!
//! Decisions, flights, breakers, budgets and connectivity are the machines of the core, called as the live
//! router calls them; what is modelled here is what lies around them. One event is taken after another
//! and nothing is drawn but from named streams, so a world is the same whenever it is played.

mod account;
mod asking;
mod changing;
mod clouds;
mod coming;
mod conserved;
mod deciding;
mod dispatching;
mod flying;
mod judging;
mod learned;
mod machines;
#[cfg(test)]
mod parity;
mod people;
mod sampling;
mod standing;
mod tokens;
mod trip;
mod view;
mod waiting;

pub use coming::Coming;
pub use conserved::Conserved;
pub use deciding::{Breakage, Rule};

use crate::draws::Draws;
use crate::heap::EventHeap;
use crate::machine::Machine;
use crate::metrics::Metrics;
use crate::scenario::Scenario;
use account::Ledger;
use asking::Asking;
use clouds::Clouds;
use learned::Learned;
use littoral_core::decide::Memory;
use littoral_core::facts::Facts;
use littoral_core::fair::RoomLimits;
use littoral_core::flight::FlightMemory;
use littoral_core::flight::action::Action;
use littoral_core::policy::Policy;
use people::People;
use std::time::Duration;
use trip::Trips;
use view::View;
use waiting::Waiting;

/// What happens in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The next request of an open arrival process comes.
    Arrival,
    /// Somebody in a closed loop asks again.
    Ask(u32),
    /// Something may have happened on a machine: its number, and its generation.
    Machine(u32, u32),
    /// A cloud has answered a dispatch, or refused it: trip, number of the dispatch.
    Cloud(u32, u32),
    /// The way between asker and target breaks.
    Broken(u32, u32),
    /// A flight asked to be woken: trip, number of the wish.
    Wake(u32, u32),
    /// A lease is over: its machine.
    LeaseEnd(u32),
    /// Those who wait for a place get a turn.
    Kick,
    /// The same, though nothing was let go.
    Look,
    /// The longest wait of a request is over: its place, and the number of the wait.
    WaitOver(u32, u32),
    /// The way out is probed.
    Probe,
    /// A change of the scenario, by its place.
    Change(u32),
    /// A look at batteries, for the timeline.
    Sample,
}

/// Purposes of random streams.
pub(crate) mod purpose {
    pub const MACHINES: u64 = 11;
    pub const ARRIVALS: u64 = 12;
    pub const REQUESTS: u64 = 13;
    pub const DECISION: u64 = 14;
    pub const CLOUD: u64 = 15;
    pub const NETWORK: u64 = 16;
    pub const COIN: u64 = 17;
    pub const BREAKER: u64 = 18;
    pub const THINK: u64 = 19;
    pub const FLIGHT: u64 = 20;
}

/// A run: one rule, one seed.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The world.
    pub scenario: &'a Scenario,
    /// Who decides.
    pub rule: Rule<'a>,
    /// Seed of every draw.
    pub seed: u64,
    /// What the harness breaks on purpose, to see whether an assertion notices.
    pub breakage: Option<Breakage>,
    /// Told now and then how far the run is, 0 to 1.
    pub progress: Option<&'a (dyn Fn(f64) + Sync)>,
}

/// What is left of a run.
pub struct Outcome {
    /// What was measured.
    pub metrics: Metrics,
    /// Sums that must agree.
    pub conserved: Conserved,
    /// Events that were taken.
    pub events: u64,
    /// Most requests that were on their way at a time: all that memory grows with.
    pub most_at_once: usize,
}

impl<'a> Run<'a> {
    /// A run of a policy.
    #[must_use]
    pub const fn of(scenario: &'a Scenario, policy: &'a Policy, seed: u64) -> Self {
        Self { scenario, rule: Rule::Policy(policy), seed, breakage: None, progress: None }
    }

    /// Plays the world to its end: every request that came is answered, refused or failed.
    #[must_use]
    pub fn play(self) -> Outcome {
        let mut world = World::new(self);
        world.begin();
        let mut events = 0_u64;
        while let Some(event) = world.events.take() {
            events += 1;
            if events.is_multiple_of(1 << 14) {
                world.tell_progress();
            }
            world.happen(event);
            if world.is_over() && world.trips.are_over() && world.waiting.is_empty() {
                // What is still set concerns nobody any more.
                break;
            }
        }
        world.end(events)
    }
}

pub(crate) struct World<'a> {
    run: Run<'a>,
    scenario: &'a Scenario,
    events: EventHeap<Event>,
    machines: Vec<Machine>,
    /// Number of the first machine of each group.
    firsts: Vec<u32>,
    people: People,
    asking: Asking,
    facts: Vec<Facts>,
    view: View,
    clouds: Clouds,
    trips: Trips,
    waiting: Waiting,
    learned: Learned,
    ledger: Ledger,
    metrics: Metrics,
    conserved: Conserved,
    spare: Spare,
}

/// Memory that is used again and again.
#[derive(Default)]
struct Spare {
    /// Lists of what a flight asks for; more than one where one thing leads to another.
    actions: Vec<Vec<Action>>,
    /// The text of a token.
    text: String,
    /// Places of a crowd that are looked at.
    drawn: Vec<usize>,
    /// Trips that take a free slot.
    begun: Vec<u32>,
    /// Decisions that are over.
    decided: Memory,
    /// Flights that are over, at most as many as there were at a time.
    flown: Vec<FlightMemory>,
}

impl<'a> World<'a> {
    fn new(run: Run<'a>) -> Self {
        let scenario = run.scenario;
        let (mut machines, mut firsts) = (Vec::new(), Vec::new());
        machines.reserve_exact(scenario.machines.iter().map(|group| group.count as usize).sum());
        for (at, group) in scenario.machines.iter().enumerate() {
            firsts.push(machines.len() as u32);
            for _ in 0..group.count {
                let number = machines.len() as u64;
                let mut draws = Draws::of(run.seed, purpose::MACHINES, number, 0);
                machines.push(Machine::new(at as u16, group, &mut draws));
            }
        }
        let conserved = Conserved::at_start(&machines);
        Self {
            events: EventHeap::new(),
            people: People::new(scenario, &firsts),
            asking: Asking::new(run.seed),
            facts: asking::facts(scenario),
            view: View::new(scenario),
            clouds: Clouds::new(scenario, run.seed),
            trips: Trips::default(),
            waiting: Waiting::new(RoomLimits::default()),
            learned: Learned::new(scenario, machines.len()),
            ledger: Ledger::new(scenario, run.breakage),
            metrics: Metrics::new(scenario),
            conserved,
            spare: Spare::default(),
            machines,
            firsts,
            scenario,
            run,
        }
    }

    fn begin(&mut self) {
        for (at, change) in self.scenario.changes.iter().enumerate() {
            self.events.set_at(change.at, Event::Change(at as u32));
        }
        let offers: Vec<_> = self.scenario.offers().collect();
        for (at, (moment, _)) in offers.iter().enumerate() {
            let place = (self.scenario.changes.len() + at) as u32;
            self.events.set_at(*moment, Event::Change(place));
        }
        self.begin_asking();
        self.begin_sampling();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival => self.arrive(),
            Event::Ask(person) => self.ask(person),
            Event::Machine(machine, generation) => self.look_at_machine(machine, generation),
            Event::Cloud(trip, serial) => self.cloud_answers(trip, serial),
            Event::Broken(trip, serial) => self.way_breaks(trip, serial),
            Event::Wake(trip, wish) => self.wake(trip, wish),
            Event::LeaseEnd(machine) => self.lease_ends(machine),
            Event::Kick => self.give_turns(),
            Event::Look => self.look_for_places(),
            Event::WaitOver(who, number) => self.wait_is_over(who, number),
            Event::Probe => self.probe(),
            Event::Change(place) => self.change(place as usize),
            Event::Sample => self.sample(),
        }
    }

    fn now(&self) -> Duration {
        self.events.now()
    }

    /// The second of the week at the start.
    fn start_s(&self) -> f64 {
        f64::from(self.scenario.start_minute) * 60.0
    }

    fn tell_progress(&self) {
        let Some(progress) = self.run.progress else { return };
        let by_time = self.now().as_secs_f64() / self.scenario.lasts.as_secs_f64();
        let by_count = self
            .scenario
            .most_requests
            .map_or(0.0, |most| self.metrics.requests as f64 / most.max(1) as f64);
        progress(by_time.max(by_count).min(1.0));
    }

    fn end(mut self, events: u64) -> Outcome {
        self.settle_batteries();
        self.metrics.lasted = self.now();
        self.metrics.overrun_usd_micros = self.ledger.overrun_usd_micros();
        self.metrics.fairness = self.people.fairness();
        if let Some(progress) = self.run.progress {
            progress(1.0);
        }
        let most_at_once = self.trips.most_at_once();
        Outcome { metrics: self.metrics, conserved: self.conserved, events, most_at_once }
    }
}
