//! Hedging on latencies that others measured: the flight machine on a virtual clock, two targets alike, the
//! second started beside the first past its own p95. Once each target is one of the measured providers, and
//! once both are as uneven as all of them together. The samples and their licence are in
//! `estimate/testdata`.

use super::*;
use crate::decide::seed::mix;
use crate::money::ModelPrice;
use crate::retry::Allowance;
use std::collections::BTreeMap;

const CLOUD_LATENCY: &str = include_str!("../../estimate/testdata/cloud_latency.csv");
const SEED: u64 = 20_261_126;
const REQUESTS: u64 = 20_000;
/// Requests a second, for the share that hedges may have.
const RATE: u64 = 50;
/// A dollar and two a million tokens.
const PRICE: ModelPrice = ModelPrice::of_tokens(1_000_000, 2_000_000);
const PROMPT_TOKENS: u32 = 550;

/// A recorded request: first token and end in milliseconds, and its tokens.
#[derive(Clone, Copy)]
struct Sample {
    first_ms: u64,
    total_ms: u64,
    tokens: u32,
}

fn series() -> BTreeMap<&'static str, Vec<Sample>> {
    let mut all: BTreeMap<&str, Vec<Sample>> = BTreeMap::new();
    for line in CLOUD_LATENCY.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(',').collect();
        let ms = |index: usize| cells[index].parse::<f64>().unwrap().round() as u64;
        let sample = Sample {
            first_ms: ms(1),
            total_ms: ms(2),
            tokens: cells[3].parse::<f64>().unwrap() as u32,
        };
        all.entry(cells[0]).or_default().push(sample);
    }
    all
}

fn quantile(sorted: &[u64], share: f64) -> u64 {
    sorted[(share * (sorted.len() - 1) as f64) as usize]
}

#[derive(Default)]
struct Tally {
    first_ms: Vec<u64>,
    cost_usd_micros: u64,
    hedges: u64,
}

/// What a call costs that ran for so long: what was written until then.
fn cost(sample: Sample, ran_ms: u64) -> u64 {
    let writing = sample.total_ms.saturating_sub(sample.first_ms).max(1);
    let written = ran_ms.saturating_sub(sample.first_ms).min(writing);
    let tokens = (u64::from(sample.tokens) * written / writing) as u32;
    PRICE.expected(PROMPT_TOKENS, (0, 0), tokens).unwrap()
}

/// One request at `start`, whose two targets would take these times.
fn fly(
    plan: Plan,
    samples: [Sample; 2],
    start: Duration,
    hedges: &mut Allowance,
    tally: &mut Tally,
) {
    let (mut flight, mut todo) = Flight::start(plan, OPTIONS, start);
    let mut due: Vec<(Duration, Event)> = Vec::new();
    let mut running: Vec<(u32, Sample, Duration)> = Vec::new();
    let (mut wake, mut first) = (None, None);
    let mut now = start;
    loop {
        for action in std::mem::take(&mut todo) {
            match action {
                Action::Dispatch { dispatch, attempt, purpose, .. } => {
                    if purpose == Purpose::Hedge {
                        tally.hedges += 1;
                        if !hedges.spend(now) {
                            tally.hedges -= 1;
                            let refused = fault(Blame::Limit);
                            due.push((now, Event::Failed { dispatch, fault: refused }));
                            continue;
                        }
                    }
                    let sample = samples[attempt];
                    running.push((dispatch.0, sample, now));
                    due.push((
                        now + ms(sample.first_ms),
                        delta(dispatch.0, Channel::Content, None, "x"),
                    ));
                    let finish = Finish::Stop;
                    let end = Event::Finished { dispatch, finish, usage: None };
                    due.push((now + ms(sample.total_ms), end));
                }
                Action::Cancel(DispatchId(id)) => {
                    let at = running.iter().position(|(running, ..)| *running == id).unwrap();
                    let (_, sample, since) = running.remove(at);
                    tally.cost_usd_micros += cost(sample, (now - since).as_millis() as u64);
                }
                Action::Emit(Emission::Delta { .. }) => {
                    first.get_or_insert((now - start).as_millis() as u64);
                }
                Action::Emit(_) => {}
                Action::WakeAt(at) => wake = Some(at),
                Action::End(ending) => {
                    assert!(ending.result.is_ok());
                    for (_, sample, since) in running {
                        tally.cost_usd_micros += cost(sample, (now - since).as_millis() as u64);
                    }
                    return tally.first_ms.push(first.unwrap());
                }
            }
        }
        let next = due
            .iter()
            .enumerate()
            .min_by_key(|(_, (at, _))| *at)
            .map(|(index, (at, _))| (index, *at));
        match (next, wake) {
            (Some((index, at)), wake) if wake.is_none_or(|wake| at <= wake) => {
                now = now.max(at);
                todo = flight.on(due.remove(index).1, now);
            }
            (_, Some(at)) => {
                (now, wake) = (now.max(at), None);
                todo = flight.on(Event::Timer, now);
            }
            (_, None) => panic!("nothing is waited for"),
        }
    }
}

/// All requests, each with two targets that take what these samples took, hedged or not.
fn run(samples: &[Sample], hedged: bool) -> Tally {
    let mut first_ms: Vec<u64> = samples.iter().map(|sample| sample.first_ms).collect();
    first_ms.sort_unstable();
    let mut tally = Tally::default();
    let mut hedges = Allowance::for_hedges();
    for number in 0..REQUESTS {
        let drawn = |what: u64| mix(SEED ^ number.wrapping_mul(8) ^ what);
        let pick = |what| samples[(drawn(what) % samples.len() as u64) as usize];
        let mut attempts = [cloud("a"), cloud("b")];
        for attempt in &mut attempts {
            (attempt.limits.first_token_ms, attempt.limits.stall_ms) = (60_000, 60_000);
        }
        let hedge_after_ms = hedged.then(|| quantile(&first_ms, 0.95));
        let plan = Plan { hedge_after_ms, ..plan(attempts) };
        let start = ms(number * 1_000 / RATE);
        hedges.save();
        fly(plan, [pick(1), pick(2)], start, &mut hedges, &mut tally);
    }
    tally.first_ms.sort_unstable();
    tally
}

/// Prints what hedging brings and costs, and returns the p99 without and with it, and the extra cost.
fn compare(name: &str, samples: &[Sample]) -> (u64, u64, f64) {
    let (without, with) = (run(samples, false), run(samples, true));
    let of = |tally: &Tally, share| quantile(&tally.first_ms, share);
    let extra = with.cost_usd_micros as f64 / without.cost_usd_micros as f64 - 1.0;
    let (p99, hedged) = (of(&without, 0.99), of(&with, 0.99));
    let (p50, p95) = (of(&without, 0.5), of(&without, 0.95));
    let [p999, hedged_p999] = [&without, &with].map(|tally| of(tally, 0.999));
    let hedges = with.hedges as f64 / REQUESTS as f64 * 100.0;
    println!(
        "{name}: first token p50 {p50}, p95 {p95} ms; p99 {p99} -> {hedged} ms, p99.9 {p999} -> {hedged_p999} \
         ms; {hedges:.1} % hedged, {:.1} % more cost",
        extra * 100.0
    );
    (p99, hedged, extra)
}

#[test]
fn a_hedge_past_the_p95_cuts_a_long_tail_for_a_few_percent_of_cost_and_a_short_one_not() {
    println!("seed {SEED}, {REQUESTS} requests each");
    let series = series();
    for (name, samples) in &series {
        let (p99, hedged, extra) = compare(name, samples);
        assert!(hedged <= p99, "a rival makes nobody slower");
        assert!(extra < 0.07, "{extra}");
    }
    let all: Vec<Sample> = series.into_values().flatten().collect();
    let (p99, hedged, extra) = compare("all of them", &all);
    assert!(hedged * 10 <= p99 * 8, "p99 falls by a fifth at least: {p99} to {hedged}");
    assert!(extra < 0.07, "{extra}");
}
