//! Nothing is lost and nothing comes from nowhere.

use super::worlds::{OFFICE, objective_first, play, value, world};
use crate::Scenario;
use crate::scenario::Arrivals;
use littoral_core::policy::Policy;

fn accounts_agree(scenario: &Scenario, policy: &Policy, seed: u64) {
    let outcome = play(scenario, policy, seed);
    let metrics = &outcome.metrics;
    let (refused, failed) = (value(&outcome, "refused"), value(&outcome, "failed"));
    // Requests.
    assert_eq!(value(&outcome, "requests"), value(&outcome, "answered") + refused + failed);
    assert!(metrics.requests > 1_000, "{}", metrics.requests);
    let by_tier: u64 = metrics.tiers.iter().map(|tier| tier.first_ms.count()).sum();
    assert_eq!(by_tier, metrics.answered());
    let of_slices: u64 = metrics.timeline.iter().map(|slice| slice.requests).sum();
    assert_eq!(of_slices, metrics.requests);
    // Energy.
    let conserved = &outcome.conserved;
    let scale = conserved.start_joules + conserved.given_joules + conserved.base_joules;
    let unexplained = conserved.unexplained_joules();
    assert!(unexplained.abs() < 1e-9 * scale, "{unexplained} J of {conserved:?}");
    assert!((metrics.joules[0] - conserved.battery_model_joules).abs() < 1e-9 * scale);
    let told = metrics.joules[0] + metrics.joules[1];
    assert!((told - conserved.model_joules).abs() < 1e-9 * scale);
    assert!(conserved.battery_model_joules > 0.0 && conserved.given_joules > 0.0);
    // Money.
    assert_eq!(metrics.cost_usd_micros(), conserved.paid_usd_micros);
    let of_slices: u64 = metrics.timeline.iter().map(|slice| slice.usd_micros).sum();
    assert_eq!(of_slices, metrics.cost_usd_micros());
    assert!(metrics.cost_usd_micros() > 0);
    assert_eq!(value(&outcome, "budget_overrun_usd"), 0.0);
}

#[test]
fn requests_energy_and_money_add_up_under_every_fault_at_once() {
    let scenario = world(OFFICE);
    for seed in 1..=4 {
        accounts_agree(&scenario, &Policy::shipped(), seed);
        accounts_agree(&scenario, &objective_first(), seed);
    }
}

#[test]
fn they_add_up_in_a_closed_loop_too() {
    let scenario = Scenario { arrivals: Arrivals::Closed { think_s: 20.0 }, ..world(OFFICE) };
    accounts_agree(&scenario, &objective_first(), 5);
}

#[test]
fn a_lone_request_takes_as_long_and_costs_as_much_as_was_predicted() {
    let scenario = world(
        r#"
lasts = "1h"
most_requests = 1
askers = 1
arrivals = { kind = "poisson", per_s = 1 }
[[request]]
class = "public"
tokens_in = { fixed = 500 }
tokens_out = { fixed = 256 }
[[cloud]]
provider = "p"
model = "m"
usd_per_mtok_in = 1
usd_per_mtok_out = 2
latency = { first_token_ms = [300, 0], gap_ms = [2, 0] }
"#,
    );
    let outcome = play(&scenario, &Policy::shipped(), 1);
    let metrics = &outcome.metrics;
    assert_eq!((metrics.all.first_ms.max(), metrics.all.total_ms.max()), (300.0, 810.0));
    assert_eq!(metrics.cost_usd_micros(), 500 + 512);
    assert!(value(&outcome, "prediction_error.total_p50") < 0.1);
}
