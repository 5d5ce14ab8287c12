//! What the live router does besides deciding, and the simulator with the same code: rivals, places to wait
//! for, and plans that are looked at again.

use super::faults::two_clouds;
use super::worlds::{play, policy, value, world};
use crate::Outcome;
use littoral_core::policy::Policy;

/// The same cloud for everybody, slow now and then.
fn tail(hedge: bool, seed: u64) -> Outcome {
    let text = two_clouds("").replace("first_token_ms = [300, 0.2]", "first_token_ms = [300, 1.2]");
    let hedged = policy(&format!("fallback = {{ hedge = {hedge} }}"));
    play(&world(&text), &hedged, seed)
}

#[test]
fn a_rival_shortens_the_tail_within_its_share_and_is_paid_for() {
    for seed in 1..=2 {
        let (alone, hedged) = (tail(false, seed), tail(true, seed));
        let hedges = value(&hedged, "hedges");
        assert_eq!(value(&alone, "hedges"), 0.0);
        // A twentieth of the traffic at most, and one a second; 4,800 requests come in 2,400 s.
        assert!((100.0..2_700.0).contains(&hedges), "{hedges}");
        assert_eq!(hedged.metrics.answered(), hedged.metrics.requests);
        let p99 = |outcome: &Outcome| value(outcome, "p99_ttft_ms");
        println!("p99 {} alone, {} hedged, {hedges} hedges", p99(&alone), p99(&hedged));
        // Alone, whoever is late is given up after two seconds and asked elsewhere.
        assert!(p99(&hedged) < 0.9 * p99(&alone));
        assert!(value(&hedged, "cost_usd") > value(&alone, "cost_usd"));
        let paid: u64 = hedged.metrics.paid_usd_micros.iter().sum();
        assert_eq!(paid, hedged.conserved.paid_usd_micros);
    }
}

#[test]
fn whoever_finds_everything_taken_waits_for_a_place() {
    let scenario = world(
        r#"
lasts = "3h"
askers = 100
arrivals = { kind = "poisson", per_s = 0.6 }
[[request]]
class = "personal"
tokens_in = { fixed = 1 }
tokens_out = { mean = 100 }
[[machines]]
name = "rack"
model = "m"
slots = 1
queue_limit = 1
prefill_tokens_per_s = 100_000
decode_tokens_per_s = 100
"#,
    );
    let outcome = play(&scenario, &Policy::shipped(), 1);
    // One slot and one place in the queue would refuse 18 % (M/M/1/2 at a load of 0.6).
    let (answered, waited) = (value(&outcome, "answered_share"), value(&outcome, "waited"));
    assert!(answered > 0.96, "{answered}");
    let share = waited / value(&outcome, "requests");
    assert!((0.1..0.5).contains(&share), "{share}");
    // Nobody waits in the room for longer than ten seconds.
    let longest = outcome.metrics.all.first_ms.max();
    assert!((3_000.0..20_000.0).contains(&longest), "{longest}");
}

#[test]
fn a_target_that_the_plan_had_no_room_for_joins_it_when_the_planned_one_fails() {
    let down = "[[change]]\nat = \"10m\"\nlasts = \"10m\"\nwhat = \"cloud_down\"\nof = \"one\"\n";
    let scenario = world(&two_clouds(down));
    let failed = |failover: bool| {
        let alone = policy(&format!("fallback = {{ max_attempts = 1, failover = {failover} }}"));
        let outcome = play(&scenario, &alone, 1);
        println!("failover {failover}: {} failovers", outcome.metrics.failovers);
        value(&outcome, "failed")
    };
    // Until the breaker has seen enough, the one that fails is planned again, and nobody else joins.
    let (without, with) = (failed(false), failed(true));
    assert!(without > 10.0 && with < without / 2.0, "{without} {with}");
}
