//! What a row of a trace states of its content, its tenant and its beginning counts.

use super::worlds::value;
use crate::scenario::{RawScenario, Scenario, compile};
use crate::{Outcome, Run};
use littoral_core::policy::Policy;

/// A world whose requests come from a trace: two people, a server and a cloud.
fn traced(trace: &str, more: &str) -> Result<Scenario, String> {
    let text = format!(
        r#"
name = "traced"
policy = "p"
lasts = "1h"
trace = "trace.csv"
askers = 2
arrivals = {{ kind = "trace" }}
[[request]]
class = "internal"
tokens_in = {{ trace = true }}
tokens_out = {{ trace = true }}
[[cloud]]
provider = "one"
model = "m"
usd_per_mtok_in = 1
usd_per_mtok_out = 1
{more}
"#
    );
    let raw: RawScenario = toml::from_str(&text).unwrap();
    compile(&raw, false, &|_| Ok(trace.to_owned())).map_err(|problems| problems[0].to_string())
}

fn play(scenario: &Scenario) -> Outcome {
    println!("seed 1");
    Run::of(scenario, &Policy::shipped(), 1).play()
}

#[test]
fn the_class_of_a_row_overrides_that_of_its_kind() {
    let trace = "t_s,tokens_in,tokens_out,class\n0,100,10,restricted\n10,100,10,\n20,100,10,public\n\
                 3000,100,10,restricted\n";
    let outcome = play(&traced(trace, "").unwrap());
    let left = |class: &str| value(&outcome, &format!("egress_bytes.{class}"));
    assert_eq!(value(&outcome, "refused.EGRESS_DENIED"), 2.0);
    assert_eq!([left("public"), left("internal"), left("restricted")], [400.0, 400.0, 0.0]);
}

#[test]
fn the_tenant_of_a_row_says_whose_people_ask_and_whose_budget_pays() {
    let rows: String =
        (0..60).map(|at| format!("{at},1000,10,{}\n", ["north", "south"][at % 3 / 2])).collect();
    let trace = format!("t_s,tokens_in,tokens_out,tenant\n{rows}");
    let budget = "[[budget]]\nname = \"b\"\nunit = \"tokens\"\nperiod = \"day\"\nhard = 20_000\n\
                  scope = { tenant = { only = \"south\" } }\n";
    let outcome = play(&traced(&trace, budget).unwrap());
    // The trace is played again until the hour is over; the budget holds one tenant back and not the other.
    let (requests, refused) = (value(&outcome, "requests"), value(&outcome, "refused"));
    let south = requests / 3.0;
    assert!(refused > 0.9 * south && refused < south, "{refused} of {requests}");
    assert!(outcome.metrics.fairness < 0.6, "{}", outcome.metrics.fairness);
}

#[test]
fn rows_that_begin_alike_are_read_once_by_the_machine_that_holds_the_beginning() {
    let machine = "[[machines]]\nname = \"rack\"\nmodel = \"n\"\nprefill_tokens_per_s = 100\n\
                   decode_tokens_per_s = 50\nslots = 1\nqueue_limit = 9\n";
    let first_ms = |prefix: &str| {
        let rows: String = (0..20).map(|at| format!("{},1000,10,{prefix}\n", at * 60)).collect();
        let trace = format!("t_s,tokens_in,tokens_out,prefix\n{rows}");
        let world = traced(&trace, machine).unwrap();
        value(&play(&world), "edge.p50_ttft_ms")
    };
    let (alone, together) = (first_ms(""), first_ms("form"));
    assert!(alone > 9_000.0 && together < 500.0, "{alone} {together}");
}

#[test]
fn a_trace_with_more_tenants_than_people_is_refused_and_a_bad_row_is_told_with_file_and_line() {
    let many = "t_s,tokens_in,tokens_out,tenant\n0,1,1,a\n1,1,1,b\n2,1,1,c\n";
    let told = traced(many, "").unwrap_err();
    assert!(told.contains("names 3 tenants, and only 2 people ask"), "{told}");
    let told = traced("t_s,tokens_in,tokens_out,class\n0,1,1,none\n", "").unwrap_err();
    assert!(told.contains("trace.csv: line 2: \"none\" is none of public"), "{told}");
}
