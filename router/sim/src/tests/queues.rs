//! Waits are those of the theory of queues.

use super::worlds::{patient, world};
use crate::{Run, Scenario};
use std::thread;

const REQUESTS: u64 = 400_000;
const SEEDS: [u64; 4] = [1, 2, 3, 4];

/// Servers of one second each, a load for each, and how long answers are.
fn servers(servers: u32, load: f64, tokens_out: &str) -> Scenario {
    let per_s = load * f64::from(servers);
    world(&format!(
        r#"
lasts = "700d"
most_requests = {REQUESTS}
askers = 1
arrivals = {{ kind = "poisson", per_s = {per_s} }}
[[request]]
class = "internal"
tokens_in = {{ fixed = 1 }}
tokens_out = {tokens_out}
max_output_tokens = 1_000_000
[[machines]]
name = "server"
model = "m"
context_tokens = 2_000_000
slots = {servers}
slowdown = 0
queue_limit = 4_000_000_000
prefill_tokens_per_s = 1_000_000
decode_tokens_per_s = 1_000
network = {{ round_trip_ms = 0 }}
"#
    ))
}

/// Mean wait for a server, in seconds, over all seeds, as it would be at exactly the stated load.
///
/// A run of half a million requests has a load that is a few thousandths off, and a wait that is five
/// times as much off for it at a load of 0.8. So `theory` of load and mean service is a control variate:
/// what it says of the load that came is taken out, and what it says of the stated one put in.
fn wait_s(scenario: &Scenario, load: f64, theory: impl Fn(f64, f64) -> f64) -> f64 {
    let policy = patient();
    let servers = f64::from(scenario.machines[0].slots);
    let runs = thread::scope(|scope| {
        let runs = SEEDS.map(|seed| {
            let policy = &policy;
            scope.spawn(move || {
                let metrics = Run::of(scenario, policy, seed).play().metrics;
                assert_eq!(metrics.answered(), REQUESTS);
                let (first, total) = (&metrics.all.first_ms, &metrics.all.total_ms);
                // What is no wait: one token read and one written.
                let wait_s = (first.mean() - 1.001) / 1e3;
                let service_s = (total.mean() - first.mean() + 1.001) / 1e3;
                let load = REQUESTS as f64 / metrics.lasted.as_secs_f64() * service_s / servers;
                (wait_s, load, service_s)
            })
        });
        runs.map(|run| run.join().unwrap())
    });
    println!("seeds {SEEDS:?}: waits, loads and services {runs:?}");
    let at_load = |(wait, came, service): &(f64, f64, f64)| {
        wait * theory(load, 1.0) / theory(*came, *service)
    };
    runs.iter().map(at_load).sum::<f64>() / runs.len() as f64
}

fn is_within_two_percent(
    what: &str,
    scenario: &Scenario,
    load: f64,
    theory: impl Fn(f64, f64) -> f64,
) {
    let (measured, theory_s) = (wait_s(scenario, load, &theory), theory(load, 1.0));
    let off = 100.0 * (measured / theory_s - 1.0);
    println!("{what} at {load}: {measured:.4} s, theory {theory_s:.4} s, {off:+.2} %");
    assert!(off.abs() <= 2.0, "{what} at {load}: {measured} s is {off:.2} % off {theory_s} s");
}

/// Erlang's C: the chance to wait for one of `c` servers at a load of `rho` each.
fn chance_to_wait(c: u32, rho: f64) -> f64 {
    let a = rho * f64::from(c);
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..c {
        term *= a / f64::from(k);
        sum += term;
    }
    let last = term * a / f64::from(c) / (1.0 - rho);
    last / (sum + last)
}

#[test]
fn one_server_with_exponential_service_waits_as_m_m_1() {
    for load in [0.5, 0.8] {
        let theory = |load: f64, service: f64| service * load / (1.0 - load);
        is_within_two_percent("M/M/1", &servers(1, load, "{ mean = 1000 }"), load, theory);
    }
}

#[test]
fn several_servers_with_exponential_service_wait_as_m_m_c() {
    for (count, load) in [(4, 0.8), (10, 0.7)] {
        let theory = |load: f64, service: f64| {
            service * chance_to_wait(count, load) / (f64::from(count) * (1.0 - load))
        };
        let world = servers(count, load, "{ mean = 1000 }");
        is_within_two_percent(&format!("M/M/{count}"), &world, load, theory);
    }
}

#[test]
fn one_server_with_any_service_waits_as_pollaczek_and_khinchine_say() {
    let sigma = 0.6_f64;
    // A mean of a second, so that the load is the rate.
    let median = 1e3 * (-sigma * sigma / 2.0).exp();
    let log_normal = format!("{{ median = {median}, sigma = {sigma} }}");
    for (load, length, moment) in [
        (0.5, "{ fixed = 1000 }", 1.0),
        (0.8, "{ fixed = 1000 }", 1.0),
        (0.8, &log_normal, (sigma * sigma).exp()),
    ] {
        let theory = |load: f64, service: f64| service * load * moment / (2.0 * (1.0 - load));
        is_within_two_percent(&format!("M/G/1, {length}"), &servers(1, load, length), load, theory);
    }
}
