//! The simulated world: arrivals, decisions, queues and the time that service takes.

use crate::draws::Draws;
use crate::heap::EventHeap;
use crate::report::{Quantiles, Report, TierReport, millis};
use crate::scenario::{AnswerLength, Scenario};
use littoral_core::class::Tier;
use littoral_core::decide::decide;
use littoral_core::fleet::{CloudSite, FleetView, Site, WorkerView};
use littoral_core::plan::{Attempt, Outcome, Place};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Plays a scenario to its end: every request that came is answered or refused.
#[must_use]
pub fn run(scenario: &Scenario) -> Report {
    let mut world = World::new(scenario);
    world.events.set_after(Duration::ZERO, Event::Arrival);
    while let Some(event) = world.events.take() {
        match event {
            Event::Arrival => world.arrive(),
            Event::Finished(seat) => world.finish(seat),
        }
    }
    world.report()
}

enum Event {
    /// The next request comes.
    Arrival,
    /// A worker finished a request.
    Finished(Seat),
}

/// Where a worker stands in the view: pool and place in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seat {
    pool: usize,
    worker: usize,
}

/// A request on its way.
struct Request {
    arrived: Duration,
    tier: Tier,
    answer_tokens: f64,
}

/// What was measured of one tier.
#[derive(Default)]
struct Tally {
    first_token: Vec<Duration>,
    total: Vec<Duration>,
    cost_usd_micros: f64,
    energy_joules: f64,
}

struct World<'a> {
    scenario: &'a Scenario,
    fleet: FleetView,
    events: EventHeap<Event>,
    waiting: BTreeMap<Seat, VecDeque<Request>>,
    gaps: Draws,
    lengths: Draws,
    seeds: Draws,
    arrived: u32,
    tallies: BTreeMap<Tier, Tally>,
    report: Report,
}

impl<'a> World<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let mut fleet = scenario.fleet.clone();
        for pool in &mut fleet.pools {
            if let Site::Workers(site) = &mut pool.site {
                for worker in &mut site.workers {
                    (worker.active, worker.queued) = (0, 0);
                }
            }
        }
        let draws = |purpose| Draws::new(scenario.seed, purpose);
        Self {
            scenario,
            fleet,
            events: EventHeap::new(),
            waiting: BTreeMap::new(),
            gaps: draws(1),
            lengths: draws(2),
            seeds: draws(3),
            arrived: 0,
            tallies: BTreeMap::new(),
            report: Report::default(),
        }
    }

    /// One request comes, and the next is set.
    fn arrive(&mut self) {
        if self.arrived == self.scenario.requests {
            return;
        }
        self.arrived += 1;
        let gap = self.gaps.exponential(1.0 / self.scenario.arrivals_per_s);
        self.events.set_after(seconds(gap), Event::Arrival);
        let answer_tokens = match self.scenario.answer {
            AnswerLength::Fixed(tokens) => tokens,
            AnswerLength::Exponential { mean } => self.lengths.exponential(mean),
        };
        let Scenario { policy, facts, .. } = self.scenario;
        let decision = decide(policy, facts, &self.fleet, self.events.now(), self.seeds.number());
        match &decision.outcome {
            Outcome::Refused(refusal) => {
                *self.report.refused.entry(refusal.reason).or_default() += 1;
            }
            Outcome::Planned(plan) => {
                if let Some(attempt) = plan.attempts.first() {
                    self.dispatch(attempt, answer_tokens);
                }
            }
        }
    }

    fn dispatch(&mut self, attempt: &Attempt, answer_tokens: f64) {
        let request = Request { arrived: self.events.now(), tier: attempt.tier, answer_tokens };
        match &attempt.target.at {
            Place::Cloud { .. } => self.answer_from_cloud(&attempt.target.pool, &request),
            Place::Worker { worker_id, .. } => {
                let Some(seat) = self.seat(&attempt.target.pool, worker_id) else { return };
                let Some(worker) = worker_at(&mut self.fleet, seat) else { return };
                if worker.active < worker.slots {
                    self.start(seat, &request);
                } else {
                    worker.queued += 1;
                    self.waiting.entry(seat).or_default().push_back(request);
                }
            }
        }
    }

    /// A slot of the worker begins with a request.
    fn start(&mut self, seat: Seat, request: &Request) {
        let Some(worker) = worker_at(&mut self.fleet, seat) else { return };
        worker.active += 1;
        let prompt = f64::from(self.scenario.facts.prompt_tokens.tokens);
        let prefill_s = prompt / worker.prefill_tokens_per_s.unwrap_or(f64::INFINITY);
        let gap_s = 1.0 / worker.decode_tokens_per_s.unwrap_or(f64::INFINITY);
        let away_s = worker.round_trip_ms.unwrap_or(0.0) / 1e3;
        let joules = worker.device.joules_per_token.unwrap_or(0.0) * request.answer_tokens;
        let service = seconds(prefill_s + gap_s * request.answer_tokens);
        self.events.set_after(service, Event::Finished(seat));
        let waited = self.events.now().saturating_sub(request.arrived);
        let first = waited + seconds(away_s + prefill_s + gap_s);
        let total = waited + seconds(away_s) + service;
        self.tally(request.tier, first, total, 0.0, joules);
    }

    /// A slot is free again: the request that waited longest takes it.
    fn finish(&mut self, seat: Seat) {
        let next = self.waiting.get_mut(&seat).and_then(VecDeque::pop_front);
        let Some(worker) = worker_at(&mut self.fleet, seat) else { return };
        worker.active = worker.active.saturating_sub(1);
        if let Some(request) = next {
            worker.queued = worker.queued.saturating_sub(1);
            self.start(seat, &request);
        }
    }

    fn answer_from_cloud(&mut self, pool: &str, request: &Request) {
        let Some(site) = self.cloud(pool) else { return };
        let first_s = site.first_token_ms.unwrap_or(0.0) / 1e3;
        let gap_s = 1.0 / site.decode_tokens_per_s.unwrap_or(f64::INFINITY);
        let prompt = f64::from(self.scenario.facts.prompt_tokens.tokens);
        let cost = site.price.and_then(|price| price.text()).map_or(0.0, |price| {
            prompt * price.input_usd_micros_per_mtok as f64 / 1e6
                + request.answer_tokens * price.output_usd_micros_per_mtok as f64 / 1e6
        });
        let total_s = first_s + gap_s * (request.answer_tokens - 1.0).max(0.0);
        self.tally(request.tier, seconds(first_s), seconds(total_s), cost, 0.0);
    }

    fn tally(&mut self, tier: Tier, first: Duration, total: Duration, cost: f64, joules: f64) {
        let tally = self.tallies.entry(tier).or_default();
        tally.first_token.push(first);
        tally.total.push(total);
        tally.cost_usd_micros += cost;
        tally.energy_joules += joules;
    }

    fn seat(&self, pool: &str, worker_id: &str) -> Option<Seat> {
        let pool = self.fleet.pools.iter().position(|known| *known.id == *pool)?;
        let Site::Workers(site) = &self.fleet.pools.get(pool)?.site else { return None };
        let worker = site.workers.iter().position(|known| *known.worker_id == *worker_id)?;
        Some(Seat { pool, worker })
    }

    fn cloud(&self, pool: &str) -> Option<&CloudSite> {
        match &self.fleet.pools.iter().find(|known| *known.id == *pool)?.site {
            Site::Cloud(site) => Some(site),
            Site::Workers(_) => None,
        }
    }

    fn report(mut self) -> Report {
        self.report.requests = self.arrived;
        self.report.lasted_ms = millis(self.events.now());
        self.report.answered = std::mem::take(&mut self.tallies)
            .into_iter()
            .map(|(tier, tally)| (tier, tally.report()))
            .collect();
        self.report
    }
}

impl Tally {
    fn report(self) -> TierReport {
        TierReport {
            requests: u32::try_from(self.total.len()).unwrap_or(u32::MAX),
            first_token_ms: Quantiles::of(self.first_token),
            total_ms: Quantiles::of(self.total),
            cost_usd_micros: self.cost_usd_micros,
            energy_joules: self.energy_joules,
        }
    }
}

fn worker_at(fleet: &mut FleetView, seat: Seat) -> Option<&mut WorkerView> {
    match &mut fleet.pools.get_mut(seat.pool)?.site {
        Site::Workers(site) => site.workers.get_mut(seat.worker),
        Site::Cloud(_) => None,
    }
}

/// Seconds as a duration; what no duration can hold is the longest one.
fn seconds(s: f64) -> Duration {
    Duration::try_from_secs_f64(s.max(0.0)).unwrap_or(Duration::MAX)
}
