//! How many simulated requests a second one core plays, and in how much memory.
//!
//! `cargo run --release -p littoral-sim --example speed -- 1000 1000000`: devices, requests.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and prints"
)]

use littoral_core::policy::Policy;
use littoral_sim::Run;
use littoral_sim::scenario::{RawScenario, compile};
use std::time::Instant;

fn world(devices: u64, requests: u64) -> RawScenario {
    // Everybody asks ten times an hour.
    let per_s = devices as f64 / 360.0;
    let hours = requests as f64 / per_s / 3_600.0;
    let text = format!(
        r#"
name = "speed"
policy = "shipped"
lasts = "{hours}h"
most_requests = {requests}
arrivals = {{ kind = "poisson", per_s = {per_s} }}

[[request]]
class = "internal"
tokens_in = {{ median = 400, sigma = 0.8 }}
tokens_out = {{ median = 150, sigma = 0.7 }}

[[machines]]
name = "device"
count = {devices}
owned = true
model = "small"
quality = 0.7
prefill_tokens_per_s = 800
decode_tokens_per_s = 30
joules_per_token = 0.5
spread = 0.2
queue_limit = 1
battery = {{ capacity_wh = 50, base_watts = 2, charger_watts = 40, plugged = "20:00-06:00" }}

[[machines]]
name = "edge"
count = 4
model = "medium"
quality = 0.8
slots = 8
queue_limit = 16
prefill_tokens_per_s = 4000
decode_tokens_per_s = 60
slowdown = 0.15

[[cloud]]
provider = "one"
model = "large"
quality = 0.9
usd_per_mtok_in = 0.15
usd_per_mtok_out = 0.6

[[cloud]]
provider = "two"
model = "larger"
quality = 0.93
usd_per_mtok_in = 2.5
usd_per_mtok_out = 10
"#
    );
    toml::from_str(&text).expect("the world is well written")
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|text| text.parse().ok());
    let devices = numbers.next().unwrap_or(1_000);
    let requests = numbers.next().unwrap_or(1_000_000);
    let read = |path: &str| Err(format!("{path} is not read here"));
    let world = compile(&world(devices, requests), false, &read).expect("the world compiles");
    let policy = Policy::shipped();
    let begun = Instant::now();
    let outcome = Run::of(&world, &policy, 1).play();
    let took = begun.elapsed().as_secs_f64();
    let metrics = &outcome.metrics;
    let values = metrics.values();
    let share = |tier: &str| values.get(&format!("share.{tier}")).copied().unwrap_or_default();
    println!(
        "{devices} devices, {} requests in {took:.2} s: {:.0} requests a second, {:.2} events each",
        metrics.requests,
        metrics.requests as f64 / took,
        outcome.events as f64 / metrics.requests as f64,
    );
    println!(
        "answered {}, device {:.3}, edge {:.3}, cloud {:.3}; first token p95 {:.0} ms; peak {} MB",
        metrics.answered(),
        share("device"),
        share("edge"),
        share("cloud"),
        metrics.all.first_ms.quantile(0.95),
        peak_mb().unwrap_or_default(),
    );
}

/// Most memory that the process ever had, where the system tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_024)
}
