//! How good the choice inside a pool is: two hundred machines whose speeds differ tenfold, some of which
//! throttle without saying so, some of which come and go, under four ways to choose.
//!
//! A small event simulation: requests arrive at random, a machine answers one after the other. Every way
//! sees the same requests and the same machines.

use super::*;
use crate::estimate::{Estimates, Observation, Prior, TargetPriors};
use crate::fleet::Learned;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const MACHINES: usize = 200;
const REQUESTS: usize = 6_000;
/// Share of all machines' capacity that is asked for.
const LOAD: f64 = 0.55;
/// What is left of the speed of a machine that throttles.
const THROTTLED: f64 = 0.3;
const SEED: u64 = 0x1177;

/// One machine as it is, not as it says.
struct Machine {
    name: String,
    /// Tokens written a second, not throttled. It reads ten times as fast.
    rate: f64,
    /// From when to when it throttles, in seconds.
    hot: (f64, f64),
    /// From when to when it takes work, in seconds.
    there: (f64, f64),
    free_at: f64,
    ends: VecDeque<f64>,
}

impl Machine {
    fn speed(&self, at: f64) -> f64 {
        if at >= self.hot.0 && at < self.hot.1 { self.rate * THROTTLED } else { self.rate }
    }

    fn takes_work(&self, at: f64) -> bool {
        at >= self.there.0 && at < self.there.1
    }
}

struct Asked {
    at: f64,
    prompt: u32,
    answer: u32,
}

fn machines(rng: &mut StdRng, last: f64) -> Vec<Machine> {
    let one = |at: usize| {
        let rate = 10.0 * 10.0_f64.powf(rng.random::<f64>());
        let begin = rng.random::<f64>() * last;
        let hot =
            if at.is_multiple_of(4) { (begin, begin + last / 3.0) } else { (f64::MAX, f64::MAX) };
        let there = match at % 10 {
            1 => (0.0, begin),
            2 => (begin, f64::MAX),
            _ => (0.0, f64::MAX),
        };
        let name = format!("m{at:03}");
        Machine { name, rate, hot, there, free_at: 0.0, ends: VecDeque::new() }
    };
    (0..MACHINES).map(one).collect()
}

fn requests(rng: &mut StdRng, capacity: f64) -> Vec<Asked> {
    let mut at = 0.0;
    let one = |_| {
        let (prompt, answer) = (rng.random_range(50..800), rng.random_range(20..300));
        // 42.5 tokens' time of reading and 160 of writing.
        at += -(1.0 - rng.random::<f64>()).ln() * 202.5 / (LOAD * capacity);
        Asked { at, prompt, answer }
    };
    (0..REQUESTS).map(one).collect()
}

/// What a way to choose sees and remembers.
trait Way {
    fn choose(&mut self, machines: &[Machine], there: &[usize], asked: &Asked) -> usize;
    fn answered(&mut self, _machine: &Machine, _asked: &Asked, _times: (f64, f64), _at: f64) {}
}

struct Random(StdRng);
impl Way for Random {
    fn choose(&mut self, _: &[Machine], there: &[usize], _: &Asked) -> usize {
        there[self.0.random_range(0..there.len())]
    }
}

struct RoundRobin(usize);
impl Way for RoundRobin {
    fn choose(&mut self, _: &[Machine], there: &[usize], _: &Asked) -> usize {
        self.0 += 1;
        there[self.0 % there.len()]
    }
}

struct LeastQueue(StdRng);
impl Way for LeastQueue {
    fn choose(&mut self, machines: &[Machine], there: &[usize], _: &Asked) -> usize {
        let lot = |rng: &mut StdRng| rng.random::<u32>();
        let mut keyed: Vec<_> =
            there.iter().map(|at| (machines[*at].ends.len(), lot(&mut self.0), *at)).collect();
        keyed.sort_unstable();
        keyed[0].2
    }
}

struct Ours {
    known: Estimates,
    policy: Policy,
    number: u64,
}

impl Ours {
    fn view(&mut self, machine: &Machine, asked: &Asked) -> WorkerView {
        let now = Duration::from_secs_f64(asked.at);
        let prior = |mid: f64| Prior::new(mid, 3.0, 0.25).unwrap();
        if self.known.target(&machine.name, POOL).is_none() {
            let priors = TargetPriors {
                overhead_ms: prior(1e3 / machine.rate),
                prefill_tokens_per_s: prior(10.0 * machine.rate),
                gap_ms: prior(1e3 / machine.rate),
                joules_per_token: None,
            };
            self.known.expect(&machine.name, POOL, &priors, now);
        }
        let known = self.known.target(&machine.name, POOL).unwrap();
        let busy = machine.ends.len() as u32;
        WorkerView {
            slots: 1,
            active: busy.min(1),
            queued: busy.saturating_sub(1),
            queue_limit: 1_000,
            learned: Some(Learned {
                first_token_ms: known.first_token_ms(asked.prompt, now),
                gap_ms: known.gap_ms(now),
                slow_gap_ms: None,
                joules_per_token: None,
                throttled: known.baseline().throttled(),
            }),
            ..worker(&machine.name)
        }
    }
}

const POOL: &str = "acme/lab/qwen";

impl Way for Ours {
    fn choose(&mut self, machines: &[Machine], there: &[usize], asked: &Asked) -> usize {
        self.number += 1;
        let workers = there.iter().map(|at| self.view(&machines[*at], asked)).collect();
        let mut facts = asks(DataClass::Internal);
        facts.prompt_tokens.tokens = asked.prompt;
        facts.max_output_tokens = Some(asked.answer);
        let now = Duration::from_secs_f64(asked.at);
        let fleet = FleetView::of(vec![edge(workers)]);
        let decision = decide(&self.policy, &facts, &fleet, now, self.number);
        let chosen = route(&decision)[0];
        there.iter().copied().find(|at| machines[*at].name == chosen).unwrap()
    }

    fn answered(&mut self, machine: &Machine, asked: &Asked, (first, total): (f64, f64), at: f64) {
        let seen = Observation {
            target: &machine.name,
            pool: POOL,
            alias: "",
            tenant: "acme",
            prompt_tokens: asked.prompt,
            output_tokens: asked.answer,
            cut_short: true,
            first_token_ms: Some(first * 1e3),
            total_ms: total * 1e3,
            queued: false,
            sharers: 1,
            energy_joules: None,
        };
        self.known.observe(&seen, Duration::from_secs_f64(at));
    }
}

/// When an answer ended, on which machine, to which request, its prefill and its whole service.
type Ended = (u64, usize, usize, u64, u64);

/// The p95 of the first token and of the total, in seconds.
fn run(way: &mut dyn Way) -> (f64, f64) {
    let mut rng = StdRng::seed_from_u64(SEED);
    let capacity: f64 = machines(&mut rng.clone(), 1.0).iter().map(|machine| machine.rate).sum();
    let asked = requests(&mut rng, capacity);
    let last = asked.last().unwrap().at;
    let mut machines = machines(&mut StdRng::seed_from_u64(SEED), last);
    let (mut firsts, mut totals) = (Vec::new(), Vec::new());
    // Answers that have ended are learned from when they end: in order of time, in microseconds.
    let mut ended: BinaryHeap<Reverse<Ended>> = BinaryHeap::new();
    let us = |seconds: f64| (seconds * 1e6) as u64;
    for (number, request) in asked.iter().enumerate() {
        while ended.peek().is_some_and(|Reverse((end, ..))| *end <= us(request.at)) {
            let Some(Reverse((end, on, of, first, total))) = ended.pop() else { break };
            let times = (first as f64 / 1e6, total as f64 / 1e6);
            way.answered(&machines[on], &asked[of], times, end as f64 / 1e6);
        }
        for machine in &mut machines {
            while machine.ends.front().is_some_and(|end| *end <= request.at) {
                machine.ends.pop_front();
            }
        }
        let there: Vec<usize> =
            (0..MACHINES).filter(|at| machines[*at].takes_work(request.at)).collect();
        let on = way.choose(&machines, &there, request);
        let machine = &mut machines[on];
        let start = machine.free_at.max(request.at);
        let speed = machine.speed(start);
        let prefill = f64::from(request.prompt) / (10.0 * speed) + 1.0 / speed;
        let service = prefill + f64::from(request.answer - 1) / speed;
        machine.free_at = start + service;
        machine.ends.push_back(machine.free_at);
        firsts.push(start - request.at + prefill);
        totals.push(start - request.at + service);
        ended.push(Reverse((us(machine.free_at), on, number, us(prefill), us(service))));
    }
    let p95 = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() * 95 / 100]
    };
    (p95(firsts), p95(totals))
}

#[test]
fn our_choice_has_the_shortest_tail_of_four() {
    let rng = || StdRng::seed_from_u64(SEED);
    let policy = Policy::shipped();
    let mut ours = Ours { known: Estimates::default(), policy, number: 0 };
    let others: [(&str, (f64, f64)); 3] = [
        ("random", run(&mut Random(rng()))),
        ("round robin", run(&mut RoundRobin(0))),
        ("least queue", run(&mut LeastQueue(rng()))),
    ];
    let (first, total) = run(&mut ours);
    println!("seed {SEED:#x}: p95 of first token and total, in seconds");
    println!("ours         {first:6.2} {total:6.2}");
    for (name, (first, total)) in others {
        println!("{name:12} {first:6.2} {total:6.2}");
    }
    for (name, other) in others {
        assert!(first < other.0 && total < other.1, "{name} is better: {other:?}");
    }
}
