//! What breaks in the world is met by the machines of the core.

use super::worlds::{play, policy, value, world};
use littoral_core::policy::Policy;

/// People without machines, one server and two clouds.
pub(crate) fn two_clouds(change: &str) -> String {
    format!(
        r#"
lasts = "40m"
askers = 50
arrivals = {{ kind = "poisson", per_s = 2 }}
[[request]]
class = "internal"
tokens_out = {{ fixed = 100 }}
[[cloud]]
provider = "one"
model = "m"
usd_per_mtok_in = 0.1
usd_per_mtok_out = 0.2
latency = {{ first_token_ms = [300, 0.2], gap_ms = [10, 0.1] }}
[[cloud]]
provider = "two"
model = "m"
usd_per_mtok_in = 5
usd_per_mtok_out = 9
latency = {{ first_token_ms = [500, 0.2], gap_ms = [12, 0.1] }}
{change}
"#
    )
}

#[test]
fn a_cloud_that_is_down_is_left_alone_after_a_few_failures_and_found_again() {
    let down = "[[change]]\nat = \"10m\"\nlasts = \"10m\"\nwhat = \"cloud_down\"\nof = \"one\"\n";
    let outcome = play(&world(&two_clouds(down)), &Policy::shipped(), 1);
    assert_eq!(outcome.metrics.answered(), outcome.metrics.requests);
    // 1,200 requests come while it is down; a breaker lets a few of them find out.
    let failovers = outcome.metrics.failovers;
    assert!((5..150).contains(&failovers), "{failovers}");
    let [cheap, dear] = outcome.metrics.paid_usd_micros[..] else { panic!("two clouds are paid") };
    assert!(cheap > 0 && dear > 0, "{cheap} {dear}");
}

#[test]
fn a_cloud_that_says_nothing_is_given_up_in_time() {
    let hangs = "[[change]]\nat = \"10m\"\nlasts = \"10m\"\nwhat = \"cloud_hangs\"\nof = \"one\"\n";
    let outcome = play(&world(&two_clouds(hangs)), &Policy::shipped(), 1);
    assert_eq!(outcome.metrics.answered(), outcome.metrics.requests);
    // Whoever asked a hung cloud was sent on after the first-token limit of two seconds.
    let slowest = outcome.metrics.all.first_ms.max();
    assert!((2_300.0..6_000.0).contains(&slowest), "{slowest}");
    assert!(value(&outcome, "p95_ttft_ms") < 2_000.0);
}

#[test]
fn without_a_way_out_clouds_are_not_asked_and_afterwards_they_are() {
    let offline = "[[change]]\nat = \"10m\"\nlasts = \"10m\"\nwhat = \"offline\"\n";
    let outcome = play(&world(&two_clouds(offline)), &Policy::shipped(), 1);
    let refused = value(&outcome, "refused");
    // 1,200 requests come; the way back is found half a minute later at most.
    assert!((1_100.0..1_300.0).contains(&refused), "{refused}");
    assert!(value(&outcome, "failed") < 30.0);
    let last = outcome.metrics.timeline.last().unwrap();
    assert!(last.answered[2] > 0 && last.unanswered == 0, "{last:?}");
}

#[test]
fn a_limit_of_requests_is_met_by_sending_the_rest_elsewhere() {
    let limited = two_clouds("")
        .replace("provider = \"one\"", "provider = \"one\"\nrequests_per_minute = 60");
    let outcome = play(&world(&limited), &Policy::shipped(), 1);
    assert_eq!(outcome.metrics.answered(), outcome.metrics.requests);
    let [cheap, dear] = outcome.metrics.paid_usd_micros[..] else { panic!("two clouds are paid") };
    assert!(cheap > 0 && dear > 0, "{cheap} {dear}");
}

#[test]
fn requests_on_a_machine_that_is_lost_are_answered_by_another() {
    let scenario = world(
        r#"
lasts = "1h"
askers = 20
arrivals = { kind = "poisson", per_s = 0.5 }
[[request]]
class = "personal"
tokens_out = { fixed = 200 }
[[machines]]
name = "rack"
count = 4
model = "m"
slots = 4
queue_limit = 8
prefill_tokens_per_s = 3000
decode_tokens_per_s = 50
slowdown = 0.1
[[change]]
at = "20m"
what = "machines_lost"
of = "rack"
share = 0.25
"#,
    );
    let outcome = play(&scenario, &Policy::shipped(), 2);
    assert_eq!(outcome.metrics.answered(), outcome.metrics.requests);
    assert!((1..40).contains(&outcome.metrics.failovers), "{}", outcome.metrics.failovers);
    let [_, edge, _] = &outcome.metrics.tiers;
    assert_eq!(edge.first_ms.count(), outcome.metrics.requests);
}

#[test]
fn in_a_tunnel_a_vehicle_answers_itself() {
    let scenario = world(
        r#"
lasts = "2h"
arrivals = { kind = "poisson", per_s = 2 }
[[request]]
class = "internal"
tokens_out = { fixed = 100 }
[[machines]]
name = "vehicle"
count = 50
owned = true
model = "small"
quality = 0.5
prefill_tokens_per_s = 500
decode_tokens_per_s = 20
queue_limit = 2
network = { kind = "5g", metered = false, covered = "8m", uncovered = "2m" }
[[cloud]]
provider = "one"
model = "large"
quality = 0.9
usd_per_mtok_in = 0.1
usd_per_mtok_out = 0.2
"#,
    );
    let cloud_first = policy("tiers = { order = [\"cloud\", \"device\"] }");
    let outcome = play(&scenario, &cloud_first, 1);
    let share = value(&outcome, "share.device");
    assert!((0.17..0.25).contains(&share), "a fifth of the time is in tunnels: {share}");
    assert!(outcome.metrics.failovers > 0, "some were on their way when the tunnel came");
    assert!(value(&outcome, "answered_share") > 0.999);
}
