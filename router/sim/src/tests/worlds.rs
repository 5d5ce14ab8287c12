//! Small worlds for tests, and policies for them.

use crate::scenario::{RawScenario, Scenario, compile};
use crate::{Outcome, Run};
use littoral_core::policy::{Policy, RawPolicy};

/// A world of a text, with `name` and `policy` put before it.
pub(crate) fn world(text: &str) -> Scenario {
    let raw: RawScenario =
        toml::from_str(&format!("name = \"w\"\npolicy = \"p\"\n{text}")).unwrap();
    let nothing = |path: &str| Err(format!("{path} is not read here"));
    compile(&raw, false, &nothing).unwrap()
}

/// A policy of a text.
pub(crate) fn policy(text: &str) -> Policy {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = \"p\"\n{text}")).unwrap();
    Policy::compile(raw).unwrap()
}

/// No deadline within a day, so that a queue may grow as theory lets it.
pub(crate) fn patient() -> Policy {
    policy("deadlines = { default_ms = 86_400_000, max_ms = 86_400_000 }")
}

/// Plays a world and prints what it takes to play it again.
pub(crate) fn play(scenario: &Scenario, policy: &Policy, seed: u64) -> Outcome {
    println!("{} under {}, seed {seed}", scenario.name, policy.name());
    Run::of(scenario, policy, seed).play()
}

/// A value of a run by its name.
pub(crate) fn value(outcome: &Outcome, name: &str) -> f64 {
    outcome.metrics.values()[name]
}

/// An office: people with machines of their own, shared machines and two clouds, with batteries, heat, networks
/// that break, cold loads, and changes on the way.
pub(crate) const OFFICE: &str = r#"
start = "mon 08:00"
lasts = "4h"
arrivals = { kind = "bursty", per_s = 1.2, factor = 6, burst = "2m", calm = "10m" }

[[request]]
name = "chat"
share = 3
class = "internal"
tokens_in = { median = 500, sigma = 0.9 }
tokens_out = { median = 160, sigma = 0.8 }
follows = 0.4

[[request]]
name = "letter"
class = "personal"
tokens_in = { mean = 900 }
tokens_out = { fixed = 300 }

[[request]]
name = "unlabelled"
tokens_in = { median = 200 }
tokens_out = { median = 80 }
max_output_tokens = 100

[[machines]]
name = "laptop"
count = 40
owned = true
model = "small"
quality = 0.65
device_class = "pc"
queue_limit = 1
prefill_tokens_per_s = 500
decode_tokens_per_s = 22
spread = 0.25
joules_per_token = 0.7
joules_per_prompt_token = 0.02
load = "3s"
unloads_after = "15m"
awake = "08:00-18:00"
battery = { capacity_wh = 1.5, start = [0.3, 1.0], base_watts = 0.3, charger_watts = 2, plugged = "09:00-11:00" }
thermal = { heating_per_s = 0.02, cooling_per_s = 0.015, throttles_at = 0.7 }
network = { kind = "wifi", loss = 0.01, covered = "20m", uncovered = "30s" }

[[machines]]
name = "rack"
count = 3
model = "medium"
quality = 0.8
slots = 4
queue_limit = 6
kv_tokens = 20_000
prefill_tokens_per_s = 3_000
decode_tokens_per_s = 45
slowdown = 0.3
joules_per_token = 2.5
network = { kind = "ethernet" }

[[cloud]]
provider = "one"
model = "large"
quality = 0.9
usd_per_mtok_in = 0.5
usd_per_mtok_out = 1.5
requests_per_minute = 40

[[cloud]]
provider = "two"
model = "larger"
quality = 0.93
usd_per_mtok_in = 2.5
usd_per_mtok_out = 10
latency = { first_token_ms = [900, 0.6], gap_ms = [14, 0.4] }

[[budget]]
name = "month"
unit = "usd_micros"
period = "hour"
hard = 400_000

[[change]]
at = "30m"
lasts = "10m"
what = "cloud_down"
of = "one"

[[change]]
at = "1h"
lasts = "10m"
what = "cloud_hangs"
of = "two"

[[change]]
at = "90m"
lasts = "20m"
what = "machines_lost"
of = "rack"
share = 0.6

[[change]]
at = "2h"
lasts = "15m"
what = "offline"

[[change]]
at = "150m"
lasts = "30m"
what = "price"
of = "one"
usd_per_mtok_in = 5
usd_per_mtok_out = 15

[[change]]
at = "200m"
lasts = "5m"
what = "rush"
factor = 3
"#;

/// Puts clouds first as soon as the objective says so.
pub(crate) fn objective_first() -> Policy {
    policy("tiers = { ranking = \"objective_first\" }")
}
