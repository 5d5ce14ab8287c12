//! What is no case, and what is said of it.

use super::*;

fn problems(text: &str) -> String {
    compiled(text).unwrap_err().join("\n")
}

fn of_case(case: &str) -> String {
    problems(&format!("{HEAD}[[case]]\nname = 'it'\n{case}"))
}

#[test]
fn a_file_without_a_policy_a_case_or_a_name_is_refused() {
    insta::assert_snapshot!(problems(""), @r"
    policy: is missing: name the policy, as a path from this file
    case: is missing: write at least one [[case]]
    ");
    insta::assert_snapshot!(problems(&format!("{HEAD}[[case]]\nexpect.says = ['a']")), @"case[0].name: is missing: say what the case is about");
}

#[test]
fn a_case_that_expects_nothing_or_too_much_is_refused() {
    insta::assert_snapshot!(of_case("class = 'public'"), @"case[0].expect: expects nothing: say route, refused, lost or says");
    insta::assert_snapshot!(of_case("expect.route = []"), @"case[0].expect.route: names nobody: where nobody is to answer, expect refused and its reason");
    insta::assert_snapshot!(of_case("expect = { route = ['lab', 'lab'], refused = 'SHED', lost = { lab = 'tier', laptop = '' }, says = [''] }"), @r#"
    case[0].expect.route[1]: "lab" is tried once, not twice
    case[0].expect.refused: contradicts route: drop one of the two
    case[0].expect.lost.lab: contradicts route: drop one of the two
    case[0].expect.lost.laptop: is empty: name the gate, or a text of the reason
    case[0].expect.says[0]: "" stands in every explanation
    "#);
}

#[test]
fn parts_that_are_not_there_are_told_wherever_they_are_named() {
    insta::assert_snapshot!(of_case("fleet = ['lab', 'latpop', 'lab']\nwith = { laptop = { slots = 1 } }\nexpect = { route = ['openai'], lost = { laptop = 'class' } }"), @r#"
    worker.laptop: no fleet names it: use it in a case, or remove it
    cloud.openai: no fleet names it: use it in a case, or remove it
    case[0].fleet[1]: "latpop" is no part of this file: it has lab, laptop, openai
    case[0].fleet[2]: "lab" is there once, not twice
    case[0].with.laptop: is not in the fleet of this case
    case[0].expect.route[0]: "openai" is not in the fleet of this case
    case[0].expect.lost.laptop: "laptop" is not in the fleet of this case
    "#);
}

#[test]
fn a_part_has_a_model_and_what_such_a_part_can_have() {
    let text = "policy = 'p'\n[worker.a]\nregion = 'eu'\nquality = 1.5\nunknown = ['price']\n\
                [cloud.a]\nmodel = 'm'\nslots = 2\nfirst_token_ms = -1.0\nunknown = ['on_battery']\n\
                [worker.'a b']\nmodel = 'm'\n[[case]]\nname = 'it'\n\
                with = { a = { prefill_tokens_per_s = 0.0 } }\nexpect.says = ['x']";
    insta::assert_snapshot!(problems(text), @r#"
    worker.a.model: is missing: name the model it runs
    worker.a.region: a worker has no such fact: remove it
    worker.a.unknown[0]: a worker has no such fact: remove it
    worker.a.quality: cannot be: give a number from 0 to 1
    worker.a b: a part's name has letters, digits, - and _ only
    cloud.a.slots: a cloud has no such fact: remove it
    cloud.a.unknown[0]: a cloud has no such fact: remove it
    cloud.a.first_token_ms: cannot be: give a number of at least 0
    cloud.a: "a" is a worker too: give each part its own name
    case[0].with.a.prefill_tokens_per_s: a cloud has no such fact: remove it
    case[0].with.a.prefill_tokens_per_s: cannot be: give a number over 0
    "#);
}

#[test]
fn two_cases_of_one_name_and_two_clouds_that_are_one_are_refused() {
    let case = "[[case]]\nname = 'it'\nexpect.says = ['x']\n";
    let twins = "policy = 'p'\n[cloud.a]\nprovider = 'p'\nmodel = 'm'\n[cloud.b]\nprovider = 'p'\nmodel = 'm'\n";
    insta::assert_snapshot!(problems(&format!("{twins}{case}{case}")), @r"
    case[0].fleet: a and b are one model of one provider: give one of them another provider
    case[1].name: is the name of an earlier case: give each its own
    case[1].fleet: a and b are one model of one provider: give one of them another provider
    ");
}

#[test]
fn a_moment_that_is_none_and_a_label_without_a_class_are_refused() {
    insta::assert_snapshot!(of_case("time = 'noon'\nlabelled = true\nexpect.says = ['x']"), @r#"
    case[0].time: is no moment of the week: write it like "sat 23:10"
    case[0].labelled: says that there is a label: say which, with class
    "#);
}
