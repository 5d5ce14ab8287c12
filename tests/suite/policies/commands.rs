//! `littoral policy check|test|explain|schema`, as people call them: no router is there.

use super::policies;
use littoral_tests::process::{Home, Said};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

const POLICY: &str = "version = 1\nname = 'office'\n[tiers]\norder = ['device', 'edge']\n";
const CASES: &str = "policy = 'policy.toml'\n\
    [worker.laptop]\nowner = 'alice'\nmodel = 'small'\n\
    [cloud.openai]\nmodel = 'gpt-4o-mini'\n\
    [[case]]\nname = 'public stays'\nclass = 'public'\nexpect.route = ['laptop']\n\
    [[case]]\nname = 'nobody is home'\nclass = 'public'\nfleet = ['openai']\n\
    expect.lost = { openai = 'tier' }\n";

/// A home with a policy and its cases.
fn home() -> Home {
    let home = Home::empty(BINARY);
    write(&home, "policy.toml", POLICY);
    write(&home, "cases.toml", CASES);
    home
}

fn write(home: &Home, name: &str, text: &str) {
    std::fs::write(home.path(name), text).expect("a file");
}

/// Runs `littoral policy`; an argument that starts with `@` is a file of the home.
async fn policy(home: &Home, arguments: &[&str]) -> Said {
    let own = |argument: &&str| match argument.strip_prefix('@') {
        Some(name) => home.path(name).display().to_string(),
        None => (*argument).to_owned(),
    };
    home.run(std::iter::once("policy".to_owned()).chain(arguments.iter().map(own))).await
}

fn json(said: &Said) -> Value {
    serde_json::from_str(said.out.lines().next().unwrap_or_default()).expect("a line of JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_ok_with_the_counts_or_every_problem_with_its_place() {
    let home = home();
    let said = policy(&home, &["check", "@policy.toml"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.starts_with("ok office "), "{said:?}");
    assert!(said.out.contains(": 0 rules, 1 alias, 0 warnings"), "{said:?}");

    write(&home, "bad.toml", "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n");
    let said = policy(&home, &["check", "@bad.toml"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    said.must_fail_with(&["2 problems", "bad.toml:3:1: nmae", "bad.toml:5:1: deadlines.wrong"]);
    let said = policy(&home, &["check", "@bad.toml", "--json"]).await;
    assert_eq!(json(&said)["problems"][0]["line"], 3, "{said:?}");

    let shipped = policy(&home, &["check"]).await;
    assert!(shipped.out.starts_with("ok default "), "{shipped:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_is_told_and_with_strict_it_is_an_error() {
    let home = home();
    let odd = "version = 1\nname = 'x'\n[tiers]\norder = ['cloud']\n\
               [ceilings]\npublic = 'edge'\ninternal = 'edge'\n";
    write(&home, "odd.toml", odd);
    let said = policy(&home, &["check", "@odd.toml"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("1 warning") && said.err.contains("odd.toml:4"), "{said:?}");
    let said = policy(&home, &["check", "@odd.toml", "--strict"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    said.must_fail_with(&["1 warning", "odd.toml:4", "tiers.order"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn test_passes_and_after_a_change_of_the_policy_shows_expected_and_got() {
    let home = home();
    let said = policy(&home, &["test", "@cases.toml"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("cases.toml  2 passed"), "{said:?}");

    write(&home, "open.toml", "version = 1\nname = 'open'\n");
    let said = policy(&home, &["test", "@cases.toml", "--policy", "@open.toml"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    for part in [
        "cases.toml  0 passed, 2 failed",
        "failed public stays",
        "- expected laptop\n",
        "+ got      laptop, openai\n",
        "- expected openai lost at tier",
        "+ got      openai is number 1 of the route",
        "policy explain",
        "open.toml",
    ] {
        assert!(said.out.contains(part), "{part:?} in {}", said.out);
    }
    said.must_fail_with(&["2 of 2 cases failed"]);
    let said = policy(&home, &["test", "@cases.toml", "--policy", "@open.toml", "--json"]).await;
    assert_eq!(json(&said)["failed"], 2, "{said:?}");
    assert_eq!(json(&said)["files"][0]["cases"][0]["mismatches"][0]["key"], "route", "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn test_tells_every_problem_of_every_case_file_and_tries_nothing() {
    let home = home();
    write(&home, "slips.toml", "policy = 'none.toml'\n[[case]]\nname = 'a'\nclas = 'public'\n");
    write(&home, "lost.toml", &CASES.replace("policy.toml", "gone.toml"));
    let said = policy(&home, &["test", "@cases.toml", "@slips.toml", "@lost.toml"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    said.must_fail_with(&["slips.toml:4:1: case[0].clas", "expects nothing", "gone.toml"]);
    assert_eq!(said.out, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_lists_the_cases_and_argues_one() {
    let home = home();
    let said = policy(&home, &["explain", "@cases.toml"]).await;
    assert_eq!(said.out, "public stays\nnobody is home\n", "{said:?}");
    let said = policy(&home, &["explain", "@cases.toml", "public"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in ["public stays", "chose acme/@alice/small (device, worker laptop)", "lost at tier"]
    {
        assert!(said.out.contains(part), "{part:?} in {}", said.out);
    }
    let said = policy(&home, &["explain", "@cases.toml", "no such case"]).await;
    said.must_fail_with(&["no case is called", "nobody is home"]);
    let said = policy(&home, &["explain", "@cases.toml", "public", "--json"]).await;
    assert_eq!(json(&said)["passed"], true, "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_is_the_file_of_the_repository() {
    let said = policy(&home(), &["schema"]).await;
    let kept = std::fs::read_to_string(policies().join("schema.json")).expect("a schema");
    assert_eq!(said.out, kept);
}
