//! What the harness breaks on purpose shows in a metric.

use super::worlds::{play, value, world};
use crate::{Breakage, Run};
use littoral_core::policy::Policy;

const WORLD: &str = r#"
lasts = "40m"
askers = 50
arrivals = { kind = "poisson", per_s = 2 }
[[request]]
class = "internal"
share = 3
tokens_out = { fixed = 100 }
[[request]]
class = "restricted"
tokens_out = { fixed = 100 }
[[cloud]]
provider = "one"
model = "m"
usd_per_mtok_in = 0.5
usd_per_mtok_out = 1
[[cloud]]
provider = "two"
model = "m"
usd_per_mtok_in = 0.6
usd_per_mtok_out = 1.2
[[budget]]
name = "hour"
unit = "usd_micros"
period = "hour"
hard = 500_000
[[change]]
at = "5m"
lasts = "5m"
what = "cloud_hangs"
of = "one"
"#;

#[test]
fn each_breakage_shows_where_it_should_and_without_one_nothing_does() {
    let (scenario, policy) = (world(WORLD), Policy::shipped());
    let whole = play(&scenario, &policy, 1);
    let names = ["egress_bytes.restricted", "budget_overrun_usd"];
    assert_eq!(names.map(|name| value(&whole, name)), [0.0, 0.0]);
    assert!(value(&whole, "unanswered.restricted") > 0.0);
    assert!(value(&whole, "cost_usd") > 0.3, "the budget is nearly spent");
    assert!(whole.metrics.all.first_ms.max() < 10_000.0);
    let broken = |breakage| {
        println!("{breakage:?}");
        Run { breakage: Some(breakage), ..Run::of(&scenario, &policy, 1) }.play()
    };
    assert!(value(&broken(Breakage::PrivacyGate), "egress_bytes.restricted") > 0.0);
    assert!(value(&broken(Breakage::Budget), "budget_overrun_usd") > 0.1);
    let deaf = broken(Breakage::FirstTokenLimit);
    assert!(value(&deaf, "failed.DEADLINE_EXCEEDED") > 0.0);
}
