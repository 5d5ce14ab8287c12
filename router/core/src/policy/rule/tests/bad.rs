//! What an author reads about a condition, or a rule, that does not hold together.

use super::*;

/// Condition and problems, as the author reads them.
#[rustfmt::skip]
const BAD: &[(&str, &str)] = &[
    ("", "is empty: write a condition, such as request.class >= \"personal\""),
    ("request.clas == \"public\"", "line 1, column 1: \"request.clas\" is no fact: did you mean request.class?"),
    ("battery_fraction < 0.2", "line 1, column 1: \"battery_fraction\" is no fact: did you mean device.battery_fraction?"),
    ("target.teir == 'cloud'", "line 1, column 1: \"target.teir\" is no fact: did you mean target.tier?"),
    ("request.class", "line 1, column 1: request.class is one of public, internal, personal, restricted, and a condition is true or false: compare it, as in request.class >= \"personal\""),
    ("request.class == \"privat\"", "line 1, column 18: \"privat\" is no word of request.class (public, internal, personal, restricted): did you mean \"public\"?"),
    ("request.class > 2", "line 1, column 17: request.class is one of public, internal, personal, restricted, and 2 is a whole number: write it as in request.class >= \"personal\""),
    ("request.prompt_tokens > 0.5", "line 1, column 25: request.prompt_tokens is a whole number (tokens), and 0.5 is a decimal number: write it as in request.prompt_tokens > 4000"),
    ("request.prompt_tokens > \"many\"", "line 1, column 25: request.prompt_tokens is a whole number (tokens), and \"many\" is a text: write it as in request.prompt_tokens > 4000"),
    ("request.prompt_tokens > -1", "line 1, column 26: -1 is out of range: request.prompt_tokens is a whole number (tokens) from 0 to 4294967295"),
    ("request.prompt_tokens >= 0", "line 1, column 1: is always true, whatever the fact is: correct or remove it"),
    ("request.mode > \"prefer_edge\"", "line 1, column 1: request.mode is one of policy_default, prefer_on_device, only_on_device, prefer_edge, only_local_network, prefer_in_cloud, only_in_cloud, without an order: use == or !="),
    ("request.labelled > true", "line 1, column 1: request.labelled is true or false, without an order: use == or !="),
    ("request.labelled == 1", "line 1, column 21: request.labelled is true or false, and 1 is a whole number: write it as in !request.labelled"),
    ("device.battery_fraction < 20", "line 1, column 27: 20 is out of range: device.battery_fraction is a decimal number (a share of 1) from 0.0 to 1.0"),
    ("device.battery_fraction < 20.0", "line 1, column 27: 20.0 is out of range: device.battery_fraction is a decimal number (a share of 1) from 0.0 to 1.0"),
    ("principal.user < \"m\"", "line 1, column 1: principal.user is a text, without an order: use == or !="),
    ("principal.user == alice", "line 1, column 19: \"alice\" is no fact: did you mean request.class?"),
    ("true", "line 1, column 1: true stands alone and never changes: name a fact"),
    ("1 < 2", "line 1, column 1: compares two literals and never changes: name a fact"),
    ("request.labelled && !request.labelled", "is always false: the rule would match no request, whatever the facts are; correct the condition, or remove the rule"),
    ("request.prompt_tokens > 500 && request.prompt_tokens < 300", "is always false: the rule would match no request, whatever the facts are; correct the condition, or remove the rule"),
    ("request.class >= \"public\"", "line 1, column 1: is always true, whatever the fact is: correct or remove it"),
    ("size(request.model) > 3", "line 1, column 1: function calls (here \"size\") are not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.model.startsWith(\"gpt\")", "line 1, column 1: function calls (here \"startsWith\") are not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.prompt_tokens + 1 > 5", "line 1, column 1: arithmetic is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("-request.prompt_tokens < 5", "line 1, column 1: arithmetic is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.labelled ? true : false", "line 1, column 1: the operator ?: is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.model[0] == \"a\"", "line 1, column 1: indexing is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("has(request.model)", "line 1, column 4: the macro has() is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("[1, 2].exists(x, x == 1)", "line 1, column 14: macros such as all() and exists() are not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("{\"a\": 1} == request.model", "line 1, column 1: map literals are not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.model == null", "line 1, column 18: null is not supported: an unknown fact makes a restriction match by itself"),
    ("request.model == b\"a\"", "line 1, column 18: bytes are not supported: write a text without the b"),
    ("request.prompt_tokens == 5u", "line 1, column 26: unsigned literals are not supported: drop the u"),
    ("request.model in \"abc\"", "line 1, column 18: in needs a list of literals, such as [\"a\", \"b\"]"),
    ("request.model in []", "line 1, column 18: is an empty list, which holds nothing: list at least one"),
    ("request.model in [\"a\", 1]", "line 1, column 24: request.model is a text, and 1 is a whole number: write it as in request.model == \"smollm2\""),
    ("\"a\" in [\"a\"]", "line 1, column 1: in looks for a fact, such as request.model in [\"a\", \"b\"]"),
    ("request.model in [request.model]", "line 1, column 19: a list in a condition holds literals only"),
    ("target.model == request.model", "line 1, column 1: compares the facts target.model and request.model, which is not supported: compare a fact with a literal"),
    ("request.prompt_tokens == 1 == true", "line 1, column 1: is a comparison where a fact or a literal is due: join comparisons by && or ||"),
    ("request.labelled == (1 < 2)", "line 1, column 22: is a comparison where a fact or a literal is due: join comparisons by && or ||"),
    ("request.labelled &&", "line 1, column 20: is no CEL (mismatched input '<EOF>'): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("request.labelled = true", "line 1, column 18: is no CEL (token recognition error at: '= '): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("request.labelled and principal.loopback", "line 1, column 18: is no CEL (mismatched input 'and'): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("request.labelled\n  && request.foo > 1\n  && target.tier == 'cluod'", "line 2, column 6: \"request.foo\" is no fact: did you mean request.mode?\nline 3, column 21: \"cluod\" is no word of target.tier (device, edge, cloud): did you mean \"cloud\"?"),
    ("request.model == \"a\\u0001\"", "line 1, column 18: holds a control character: no fact does, remove it"),
    ("request.prompt_tokens == 99999999999999999999", "line 1, column 26: is no CEL (invalid int literal): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("[request.labelled]", "line 1, column 1: a list anywhere but after in is not supported: use comparisons of facts with literals, in, &&, || and !"),
    ("request.class == \"private\" || foo() || bar.baz", "line 1, column 18: \"private\" is no word of request.class (public, internal, personal, restricted): did you mean \"public\"?\nline 1, column 31: function calls (here \"foo\") are not supported: use comparisons of facts with literals, in, &&, || and !\nline 1, column 40: \"bar.baz\" is no fact: did you mean request.needs.audio?"),
    ("(((((((((((((((((((((((((((((((((((request.labelled)))))))))))))))))))))))))))))))))))", "line 1, column 34: nests deeper than 32: use fewer parentheses, or more rules"),
    ("\"é\" == request.mdel", "line 1, column 8: \"request.mdel\" is no fact: did you mean request.model?"),
    ("\"é\" == $", "line 1, column 8: is no CEL (token recognition error at: '$'): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("\"é\" == \"ü\" || 5 < null", "line 1, column 1: compares two literals and never changes: name a fact\nline 1, column 19: null is not supported: an unknown fact makes a restriction match by itself"),
    ("principal.groups", "line 1, column 1: principal.groups is a list of texts, and a condition is true or false: compare it, as in \"clinicians\" in principal.groups"),
    ("principal.groups == \"a\"", "line 1, column 1: principal.groups is a list of texts: ask whether it holds one, as in \"clinicians\" in principal.groups"),
    ("principal.groups < \"a\"", "line 1, column 1: principal.groups is a list of texts: ask whether it holds one, as in \"clinicians\" in principal.groups"),
    ("principal.groups in [\"a\"]", "line 1, column 1: principal.groups is a list of texts: ask whether it holds one, as in \"clinicians\" in principal.groups"),
    ("5 in principal.groups", "line 1, column 1: principal.groups is a list of texts, and 5 is a whole number: write it as in \"clinicians\" in principal.groups"),
    ("\"a\" in principal.group", "line 1, column 8: \"principal.group\" is no fact: did you mean principal.groups?"),
    ("\"a\" in principal.user", "line 1, column 1: principal.user is a text and no list: write it as in principal.user != \"alice\""),
    ("principal.user in principal.groups", "line 1, column 1: compares the facts principal.user and principal.groups, which is not supported: compare a fact with a literal"),
    ("\"a\" in principal.groups && !(\"a\" in principal.groups)", "is always false: the rule would match no request, whatever the facts are; correct the condition, or remove the rule"),
    ("content.bytes > \"1k\"", "line 1, column 17: content.bytes is a whole number (bytes), and \"1k\" is a text: write it as in content.bytes > 100000"),
    ("principal.profile == \"job\"", "line 1, column 22: \"job\" is no word of principal.profile (device, service, work): did you mean \"work\"?"),
    ("principal.profile > \"device\"", "line 1, column 1: principal.profile is one of device, service, work, without an order: use == or !="),
    ("principal.device_class == \"Phone\"", "line 1, column 27: \"Phone\" is no word of principal.device_class (phone, pc, vehicle, robot, edge_server): did you mean \"phone\"?"),
    ("time.hour == 24", "line 1, column 14: 24 is out of range: time.hour is a whole number (hours) from 0 to 23"),
    ("time.hour >= 0 && time.hour <= 23", "line 1, column 1: is always true, whatever the fact is: correct or remove it\nline 1, column 19: is always true, whatever the fact is: correct or remove it"),
    ("time.hour >= 18 && time.hour < 8", "is always false: the rule would match no request, whatever the facts are; correct the condition, or remove the rule"),
    ("time.minute_of_day < 2400", "line 1, column 22: 2400 is out of range: time.minute_of_day is a whole number (minutes) from 0 to 1439"),
    ("time.weekday == \"sat\"", "line 1, column 17: \"sat\" is no word of time.weekday (monday, tuesday, wednesday, thursday, friday, saturday, sunday): did you mean \"saturday\"?"),
    ("time.weekday > 5", "line 1, column 16: time.weekday is one of monday, tuesday, wednesday, thursday, friday, saturday, sunday, and 5 is a whole number: write it as in time.weekday >= \"saturday\""),
    ("fleet.ready == 0", "line 1, column 1: \"fleet.ready\" is no fact: did you mean fleet.edge_ready?"),
    ("fleet.edge_ready < 0", "line 1, column 1: is always false, whatever the fact is: correct or remove it"),
    ("fleet.cloud_ready == 0.5", "line 1, column 22: fleet.cloud_ready is a whole number (targets), and 0.5 is a decimal number: write it as in fleet.cloud_ready > 0"),
    ("target.retention_days > \"30d\"", "line 1, column 25: target.retention_days is a whole number (days), and \"30d\" is a text: write it as in target.retention_days > 30"),
    ("target.context_tokens < 8k", "line 1, column 26: is no CEL (extraneous input 'k'): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
    ("target.quality < 60", "line 1, column 18: 60 is out of range: target.quality is a decimal number (a share of 1) from 0.0 to 1.0"),
    ("device.class >= \"robot\"", "line 1, column 1: device.class is one of phone, pc, vehicle, robot, edge_server, without an order: use == or !="),
    ("device.accelerator == \"tpu\"", "line 1, column 23: \"tpu\" is no word of device.accelerator (cpu, gpu, npu): did you mean \"cpu\"?"),
    ("device.queue > 3", "line 1, column 1: \"device.queue\" is no fact: did you mean device.queued?"),
    ("request.model == \"é", "line 1, column 18: is no CEL (token recognition error at: '\"é'): compare a fact with a literal by == != < <= > >= or in, and join comparisons by && and ||"),
];

#[test]
fn every_bad_condition_is_told_by_place_cause_and_way_out() {
    for (when, told) in BAD {
        let problems = compiled(when).expect_err(when);
        assert_eq!(problems.join("\n"), *told, "{when}");
    }
    assert!(BAD.len() >= 25);
}

#[test]
fn what_is_too_long_or_too_entangled_is_refused_before_it_is_parsed() {
    let told = |text: &str| compiled(text).unwrap_err().join("\n");
    let long = format!("request.model == \"{}\"", "a".repeat(4_096));
    assert_eq!(told(&long), "has 4115 bytes, over the limit of 4096: split it into several rules");
    assert_eq!(
        told(&"!".repeat(600)),
        "has 600 operators and dots, over the limit of 512: split it into several rules"
    );
    assert_eq!(told(&["a"; 100].join(" || ")).lines().count(), 16);
}

#[test]
fn every_problem_of_all_rules_is_told_at_once() {
    let rules = "[[rule]]\nwhen = 'request.clas == 1'\ndeny = true\n\
        [[rule]]\nname = 'a'\nmax_tier = 'edge'\n\
        [[rule]]\nname = 'a'\nwhen = \"request.labelled &&\\n  foo()\"\n\
        [[rule]]\nname = 'b'\nwhen = 'request.labelled'\ndeny = false\nmax_first_token_ms = 0\n\
        [[rule]]\nname = 'c'\nwhen = 'request.labelled'\ndeny = true\nmax_tier = 'edge'\n\
        [[rule]]\nname = 'd\\n'\nwhen = 'request.labelled'\nmax_cost_usd_micros = 1000000000001\n\
        [[rule]]\nname = 'LONG'\nwhen = 'request.labelled'\ndeny = true\n\
        [ceilings]\npersonal = 'cloud'";
    let told = policy(&rules.replace("'d\\n'", "\"d\\n\"").replace("LONG", &"n".repeat(65)))
        .unwrap_err()
        .join("\n");
    insta::assert_snapshot!(told, @r#"
    ceilings.personal: class personal may reach edge at most, not cloud: lower it, or leave it out
    rule[2].name: "a" is already rule[1]: give each rule its own name
    rule[0].name: is missing: give the rule a name
    rule[0].when: line 1, column 1: "request.clas" is no fact: did you mean request.class?
    rule[1].when: is missing: say when the rule applies, or by for to whom
    rule[2].when: line 2, column 3: function calls (here "foo") are not supported: use comparisons of facts with literals, in, &&, || and !
    rule[2]: has no effect: give it deny, max_tier, another limit, a preference or a tag
    rule[3].deny: is false, which changes nothing: remove it, no rule can allow
    rule[3].max_first_token_ms: 0 is out of range: milliseconds from 1 to 86400000
    rule[4].deny: leaves nothing for the rule's other effects to limit: remove one or the other
    rule[5].name: holds a control character: remove it
    rule[5].max_cost_usd_micros: 1000000000001 is out of range: micro-dollars from 0 to 1000000000000
    rule[6].name: has 65 characters: use at most 64
    "#);
}

#[test]
fn a_key_that_is_no_effect_is_refused_and_not_ignored() {
    for key in ["hedges = true", "tags = ['x']", "require = 'eu'", "weight = {}", "allow = true"] {
        let rule = format!("[[rule]]\nname = 'a'\nwhen = 'request.labelled'\ndeny = true\n{key}");
        let told = policy(&rule).unwrap_err().join("\n");
        assert!(told.starts_with("unknown field `"), "{told}");
        assert!(told.contains("`max_first_token_ms`"), "{told}");
    }
    let word = policy("[[rule]]\nname = 'a'\nwhen = 'request.labelled'\nmax_tier = 'clowd'");
    insta::assert_snapshot!(word.unwrap_err().join("\n"), @"unknown variant `clowd`, expected one of `device`, `edge`, `cloud`");
}

#[test]
fn more_rules_than_the_limit_are_refused() {
    let rule =
        |index| format!("[[rule]]\nname = 'r{index}'\nwhen = 'request.labelled'\ndeny = true\n");
    let rules = |count: usize| (0..count).map(rule).collect::<String>();
    assert_eq!(policy(&rules(MOST_RULES)).unwrap().rules().len(), MOST_RULES);
    let told = policy(&rules(MOST_RULES + 1)).unwrap_err();
    assert_eq!(told, ["rule: has 1025 entries, over the limit of 1024"]);
}
