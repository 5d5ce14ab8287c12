//! Problems of scenario files are told all at once, each with its path.

use crate::scenario::{RawScenario, compile};

#[test]
fn every_problem_is_told_with_its_path_and_what_would_be_right() {
    let raw: RawScenario = toml::from_str(
        r#"
lasts = "soon"
start = "monday"
seeds = [1, 1]
assert = ["p95_ttft_ms < 800", "p95_tftt_ms < 800", "shed"]
arrivals = { kind = "sometimes" }
[[request]]
tokens_in = { fixed = 3, mean = 4 }
tokens_out = { trace = true }
[[machines]]
name = "m"
model = "m"
prefill_tokens_per_s = -1
awake = "9 to 5"
slots = 0
[[cloud]]
provider = "p"
model = "m"
usd_per_mtok_in = 1
latency = { measured = "x.csv", of = "y" }
[[change]]
at = "1h"
what = "price"
of = "q"
"#,
    )
    .unwrap();
    let nothing = |_: &str| Err("is not there".to_owned());
    let problems = compile(&raw, false, &nothing).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let paths = [
        "name",
        "policy",
        "lasts",
        "start",
        "seeds",
        "assert[1]",
        "assert[2]",
        "arrivals.kind",
        "request[0].tokens_in",
        "request[0].tokens_out",
        "machines[0].prefill_tokens_per_s",
        "machines[0].decode_tokens_per_s",
        "machines[0].awake",
        "machines[0].slots",
        "cloud[0].usd_per_mtok_out",
        "cloud[0].latency.measured",
        "change[0].of",
        "askers",
    ];
    for path in paths {
        assert!(
            told.iter().any(|line| line.starts_with(&format!("{path}: "))),
            "{path}: {told:#?}"
        );
    }
    assert_eq!(told.len(), paths.len(), "{told:#?}");
}
