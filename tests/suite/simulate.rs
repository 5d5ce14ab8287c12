//! Simulation and the live router: a scenario fitted to what a router recorded, and the simulator held against a
//! router with paced workers. How near it comes is measured by hand, on a quiet machine (docs/SIMULATION.md): here
//! other tests share the processors, so nothing is asserted about the time that anything took.

use littoral_proto::v1;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::process::{Home, Said};
use littoral_tests::scripted_engine::ScriptedEngine;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
const LIGHT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/scenarios/validation/light.toml");
/// Requests of the fit: more than the fewest of which one is made.
const REQUESTS: u64 = 60;

fn json(said: &Said) -> Value {
    serde_json::from_str(said.out.lines().next().unwrap_or_default()).expect("a line of JSON")
}

/// Fits a scenario of this name to a database; the text of the scenario.
async fn fit(home: &Home, name: &str, database: &Path) -> String {
    let (scenario, database) = (home.path(name), database.display().to_string());
    let file = scenario.display().to_string();
    let said = home.run(["simulate", "fit", &file, "--database", &database, "--json"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(json(&said)["records"], REQUESTS, "{said:?}");
    std::fs::read_to_string(scenario).expect("a scenario")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_is_fitted_to_a_router_that_runs_and_to_one_that_has_ended_and_can_be_played() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = ScriptedEngine::new("small", &["one ", "two ", "three"]);
    cluster.join(&Seat::shared("rack"), Arc::new(engine)).await;
    let mut chat = cluster.chat();
    for at in 0..REQUESTS {
        let text = format!("question {at}");
        let answer = ask(&mut chat, prompt(&text, v1::DataClass::Internal)).await;
        assert_eq!(answer.text(), "one two three");
    }
    let (home, database) = (Home::empty(BINARY), cluster.state().join("littoral.db"));
    let while_it_runs = fit(&home, "running.toml", &database).await;
    assert!(cluster.router.stop().await, "an orderly end");
    let bytes = std::fs::metadata(&database).expect("a database").len();
    println!("{bytes} bytes of database for {REQUESTS} requests, one worker, one dispatch each");
    let after_it_ended = fit(&home, "ended.toml", &database).await;
    let without_names = |text: &str| text.replace("ended", "running");
    assert_eq!(without_names(&after_it_ended), without_names(&while_it_runs));
    for line in [
        "application = \"local\"",
        "class = \"internal\"",
        "share = 60 # requests seen",
        "decode_tokens_per_s = ",
        "tokens_out = { median = 3, sigma = 0 } # 60 answers",
        "max_output_tokens = 24 # stated by nearly all requests",
        "Less than a day was observed",
    ] {
        assert!(after_it_ended.contains(line), "{line} is missing in:\n{after_it_ended}");
    }
    let scenario = home.path("ended.toml").display().to_string();
    let said = home.run(["simulate", &scenario, "--seeds", "1", "--json"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(json(&said)["contenders"][0]["metrics"]["requests"]["mean"].as_f64() > Some(0.0));
    let again = home.run(["simulate", "fit", &scenario, "--database", "nowhere.db"]).await;
    assert_eq!(again.code, Some(1), "{again:?}");
    again.must_fail_with(&["there is no database nowhere.db", "state folder"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulator_and_a_live_router_with_paced_workers_are_compared_quantile_by_quantile() {
    let home = Home::empty(BINARY);
    // Bounds that no load of this machine exceeds: that they are kept is asserted elsewhere.
    let bounds = ["--p50", "100000", "--p95", "100000"];
    let arguments = ["simulate", "validate", LIGHT, "--reduced", "--json"];
    let said = home.run(arguments.iter().chain(&bounds)).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let verdict = json(&said);
    let requests = verdict["requests"].as_u64().expect("a count");
    assert!(requests > 5, "{verdict}");
    assert_eq!(verdict["answered"], serde_json::json!([requests, requests]), "{verdict}");
    let lines = verdict["lines"].as_array().expect("a table");
    let names: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line["wait"].as_str().unwrap(), line["quantile"].as_str().unwrap()))
        .collect();
    let (first, whole) = ("first token", "whole answer");
    assert_eq!(names, [(first, "p50"), (first, "p95"), (whole, "p50"), (whole, "p95")]);
    for side in ["measured_ms", "predicted_ms"] {
        let ms: Vec<f64> = lines.iter().map(|line| line[side].as_f64().unwrap()).collect();
        assert!(0.0 < ms[0] && ms[0] <= ms[1] && ms[0] < ms[2] && ms[2] <= ms[3], "{verdict}");
    }
    // Nobody answers faster than the machine's own pace.
    let measured = |line: usize| lines[line]["measured_ms"].as_f64().unwrap();
    assert!(measured(2) - measured(0) > 20.0, "{verdict}");
    let left: Vec<_> = std::fs::read_dir(home.folder.path()).unwrap().collect();
    assert!(left.is_empty(), "the user's home is left alone: {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scenario_that_cannot_be_played_live_is_refused_with_every_reason() {
    let office = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/scenarios/office.toml");
    let said = Home::empty(BINARY).run(["simulate", "validate", office]).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    said.must_fail_with(&[
        "nothing was validated",
        "cloud: only machines",
        "battery is not played",
    ]);
    let neither = Home::empty(BINARY).run(["simulate"]).await;
    assert_eq!(neither.code, Some(2), "{neither:?}");
}
