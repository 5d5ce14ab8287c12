//! Cases pass, fail and are refused as they should be.

mod bad;

use super::*;
use crate::policy::DEFAULT_POLICY_TOML;

const HEAD: &str = "policy = 'p.toml'
[worker.laptop]
owner = 'alice'
model = 'small'
[worker.lab]
group = 'lab'
model = 'medium'
[cloud.openai]
model = 'gpt-4o-mini'
";

fn compiled(text: &str) -> Result<Cases, Vec<String>> {
    let raw: RawCases = toml::from_str(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    Cases::compile(&raw).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// The verdict of one case under the default policy, in a file where another case has all parts.
fn verdict(case: &str) -> Verdict {
    let rest = "[[case]]\nname = 'the rest'\nexpect.says = ['chose']";
    let cases = compiled(&format!("{HEAD}[[case]]\nname = 'it'\n{case}\n{rest}")).unwrap();
    cases.cases[0].run(&Policy::compile(toml::from_str(DEFAULT_POLICY_TOML).unwrap()).unwrap())
}

fn passes(case: &str) {
    let verdict = verdict(case);
    assert!(verdict.passed(), "{case}\n{:#?}\n{}", verdict.mismatches, verdict.explanation);
}

/// The only mismatch of a case.
fn mismatch(case: &str) -> Mismatch {
    let mut verdict = verdict(case);
    assert_eq!(verdict.mismatches.len(), 1, "{case}\n{:#?}", verdict.mismatches);
    verdict.mismatches.remove(0)
}

#[test]
fn a_route_is_expected_in_its_order_and_shown_beside_the_one_that_was_taken() {
    passes("class = 'public'\nexpect.route = ['laptop', 'lab', 'openai']");
    let shown = mismatch("class = 'public'\nexpect.route = ['lab', 'laptop', 'openai']");
    assert_eq!((shown.key.as_str(), shown.expected.as_str()), ("route", "lab, laptop, openai"));
    assert_eq!(shown.got, "laptop, lab, openai");
    assert!(shown.because[0].starts_with("lab comes later: "), "{shown:?}");
    let shorter = mismatch("class = 'public'\nexpect.route = ['laptop', 'lab']");
    assert_eq!(shorter.got, "laptop, lab, openai");
}

#[test]
fn who_was_expected_and_not_asked_is_told_with_the_reason() {
    let shown = mismatch("class = 'personal'\nexpect.route = ['laptop', 'lab', 'openai']");
    assert_eq!(shown.got, "laptop, lab");
    assert_eq!(shown.because[0], "openai lost at class: class personal may not reach tier cloud");
    let refused = mismatch("class = 'personal'\nfleet = ['openai']\nexpect.route = ['openai']");
    assert!(refused.got.starts_with("refused, EGRESS_DENIED: "), "{refused:?}");
    assert_eq!(refused.because.len(), 1);
}

#[test]
fn a_refusal_is_expected_by_its_reason() {
    passes("class = 'personal'\nfleet = ['openai']\nexpect.refused = 'EGRESS_DENIED'");
    let other = mismatch("class = 'personal'\nfleet = ['openai']\nexpect.refused = 'SHED'");
    assert_eq!(other.expected, "refused, SHED");
    assert!(other.got.starts_with("refused, EGRESS_DENIED: "), "{other:?}");
    let answered = mismatch("class = 'public'\nexpect.refused = 'EGRESS_DENIED'");
    assert_eq!(answered.got, "answered by laptop, lab, openai");
}

#[test]
fn a_loser_is_expected_by_its_gate_or_by_words_of_its_reason() {
    passes("expect.lost = { openai = 'class' }");
    passes("expect.lost = { openai = 'content without a label' }");
    let gate = mismatch("expect.lost = { openai = 'tier' }");
    assert_eq!((gate.key.as_str(), gate.expected.as_str()), ("lost.openai", "openai lost at tier"));
    assert!(gate.got.starts_with("openai lost at class: content without"), "{gate:?}");
    let words = mismatch("expect.lost = { openai = 'too dear' }");
    assert!(words.expected.contains("\"too dear\""), "{words:?}");
    let winner = mismatch("expect.lost = { lab = 'class' }");
    assert_eq!(winner.got, "lab is number 2 of the route");
}

#[test]
fn the_explanation_is_expected_to_say_something() {
    passes("expect.says = ['counts as personal']");
    let shown = mismatch("expect.says = ['counts as personal', 'rule night']");
    assert_eq!((shown.key.as_str(), shown.expected.as_str()), ("says", "rule night"));
    assert!(shown.because.iter().any(|line| line.starts_with("chose ")), "{shown:?}");
}

#[test]
fn every_mismatch_of_a_case_is_told() {
    let case = "class = 'personal'\nexpect.route = ['lab']\nexpect.lost = { openai = 'tier' }\n\
                expect.says = ['rule a', 'rule b']";
    assert_eq!(verdict(case).mismatches.len(), 4);
}

#[test]
fn a_change_of_a_part_is_of_one_case_and_a_given_charge_is_a_battery() {
    let low = "with = { laptop = { battery_fraction = 0.1 } }";
    passes(&format!("{low}\nexpect.lost = {{ laptop = 'battery at 10 %' }}"));
    let mains = low.replace("0.1", "0.1, on_battery = false");
    passes(&format!("{mains}\nexpect.route = ['laptop', 'lab']"));
    let unknown = "with = { laptop = { on_battery = true } }";
    passes(&format!("{unknown}\nexpect.lost = {{ laptop = 'charge unknown' }}"));
    passes("expect.route = ['laptop', 'lab']");
}

#[test]
fn a_fact_can_be_made_unknown() {
    let priced = "class = 'public'\nhints = { max_cost_usd_micros = 10000 }";
    passes(&format!("{priced}\nexpect.route = ['laptop', 'lab', 'openai']"));
    passes(&format!(
        "{priced}\nwith = {{ openai = {{ unknown = ['price'] }} }}\n\
         expect.lost = {{ openai = 'price unknown' }}"
    ));
}

#[test]
fn the_asker_of_a_case_stands_over_that_of_the_file_and_machines_stay_where_they_are() {
    passes("asker = { user = 'bob' }\nexpect.route = ['lab']");
    passes("asker = { user = 'bob', owner = 'alice' }\nexpect.route = ['laptop', 'lab']");
    passes(
        "asker = { tenant = 'other' }\nexpect.lost = { lab = 'another organisation' }\nexpect.refused = 'EGRESS_DENIED'",
    );
}

#[test]
fn a_label_that_covers_a_part_only_covers_nothing() {
    passes("class = 'public'\nlabelled = false\nexpect.lost = { openai = 'class' }");
}

#[test]
fn workers_that_are_alike_stand_in_one_pool_and_two_of_them_are_drawn() {
    let many: String = (0..4)
        .map(|index| format!("[worker.box-{index}]\ngroup = 'rack'\nmodel = 'big'\n"))
        .collect();
    let case = "[[case]]\nname = 'it'\nexpect.says = ['acme/rack/big: drew']";
    let cases = compiled(&format!("policy = 'p'\n{many}{case}")).unwrap();
    let verdict = cases.cases[0].run(&Policy::shipped());
    assert!(verdict.passed(), "{}", verdict.explanation);
    assert_eq!(verdict.decision.plan().unwrap().attempts.len(), 2);
    assert_eq!(verdict, cases.cases[0].run(&Policy::shipped()), "the same again");
}

#[test]
fn the_moment_of_a_case_is_that_of_the_rules() {
    let text =
        "version = 1\nname = 'x'\n[[rule]]\nname = 'night'\nwhen = 'time.hour >= 22'\ndeny = true";
    let policy = Policy::compile(toml::from_str(text).unwrap()).unwrap();
    let at = |time: &str| {
        let case =
            format!("[[case]]\nname = 'it'\ntime = '{time}'\nexpect.lost = {{ lab = 'night' }}");
        compiled(&format!("{HEAD}{case}")).unwrap().cases[0].run(&policy).passed()
    };
    assert!(at("sat 23:10") && !at("sat 21:59"));
}

#[test]
fn the_cases_on_the_page_pass_under_the_policy_on_the_page() {
    let page = include_str!("../../../../docs/POLICIES.md");
    let blocks = |fence: &'static str| {
        page.split(fence).skip(1).map(|rest| rest.split("```").next().unwrap())
    };
    let cases = compiled(blocks("```toml cases\n").next().unwrap()).unwrap();
    let name = cases.policy.strip_suffix(".toml").unwrap();
    let named = blocks("```toml\n").find(|text| text.contains(&format!("name = \"{name}\"")));
    let policy = Policy::compile(toml::from_str(named.unwrap()).unwrap()).unwrap();
    assert_eq!(cases.cases.len(), 4);
    for case in &cases.cases {
        let verdict = case.run(&policy);
        assert!(verdict.passed(), "{}\n{:#?}", case.name(), verdict.mismatches);
    }
}
