//! What an author reads about a rule whose audience or effects do not hold together.

use super::*;

/// The part of a rule after its name, and all problems of it without the path `rule[0].`.
#[rustfmt::skip]
const BAD: &[(&str, &str)] = &[
    ("deny = true", "when: is missing: say when the rule applies, or by for to whom"),
    ("for = {}\ndeny = true", "for: names nobody: give it tenant, application, group, profile or device_class, or remove it"),
    ("for = { tenant = ' ' }\ndeny = true", "for.tenant: is empty: name one, or remove the key"),
    ("for = { group = '' }\ndeny = true", "for.group: is empty: name one, or remove the key"),
    ("for = { application = \"a\\u0001\" }\ndeny = true", "for.application: holds a control character: remove it"),
    ("for = { tenant = 'a' }\nwhen = 'principal.tenant == \"b\"'\ndeny = true", "for: and when exclude each other: the rule would match no request; correct one of them"),
    ("for = { group = 'a' }\nwhen = '!(\"a\" in principal.groups)'\ndeny = true", "for: and when exclude each other: the rule would match no request; correct one of them"),
    ("for = { profile = 'work' }\nwhen = 'principal.profile in [\"device\", \"service\"]'\ndeny = true", "for: and when exclude each other: the rule would match no request; correct one of them"),
    ("for = { tenant = '' }\nwhen = 'request.labeled'\ndeny = false", "for.tenant: is empty: name one, or remove the key\nwhen: line 1, column 1: \"request.labeled\" is no fact: did you mean request.labelled?\ndeny: is false, which changes nothing: remove it, no rule can allow"),
    ("when = 'request.labelled'", "has no effect: give it deny, max_tier, another limit, a preference or a tag"),
    ("when = 'request.labelled'\nown_device = false", "own_device: is false, which changes nothing: remove it, no rule can allow"),
    ("when = 'request.labelled'\nlower_label = false", "lower_label: is false, which changes nothing: remove it"),
    ("when = 'request.labelled'\ndeny = true\nregions = ['eu']", "deny: leaves nothing for the rule's other effects to limit: remove one or the other"),
    ("when = 'request.labelled'\nregions = []", "regions: is an empty list: name at least one of the regions of the configured clouds, or remove it"),
    ("when = 'request.labelled'\nregions = ['eu', '']", "regions: holds an empty name: remove it, an unknown region never passes"),
    ("when = 'request.labelled'\nregions = ['eu', 'us', 'eu']", "regions: names \"eu\" twice: once is enough"),
    ("when = 'request.labelled'\nregions = [\"e\\tu\"]", "regions: \"e\\tu\" holds a control character: remove it"),
    ("when = 'request.labelled'\nmax_retention_days = 36501", "max_retention_days: 36501 is out of range: days from 0 to 36500"),
    ("when = 'request.labelled'\naccelerator = []", "accelerator: is an empty list: name at least one of cpu, gpu, npu, or remove it"),
    ("when = 'request.labelled'\naccelerator = ['gpu', 'gpu']", "accelerator: names \"gpu\" twice: once is enough"),
    ("when = 'request.labelled'\nmax_first_token_ms = 0", "max_first_token_ms: 0 is out of range: milliseconds from 1 to 86400000"),
    ("when = 'request.labelled'\nmax_total_ms = 0", "max_total_ms: 0 is out of range: milliseconds from 1 to 86400000"),
    ("when = 'request.labelled'\nmax_total_ms = 86400001", "max_total_ms: 86400001 is out of range: milliseconds from 1 to 86400000"),
    ("when = 'request.labelled'\nmax_energy_joules = -1.0", "max_energy_joules: -1.0 is out of range: joules from 0.0 to 1000000000.0"),
    ("when = 'request.labelled'\nmax_energy_joules = nan", "max_energy_joules: NaN is out of range: joules from 0.0 to 1000000000.0"),
    ("when = 'request.labelled'\nmin_quality = 70.0", "min_quality: 70 is out of range: a probability from 0 to 1; 70 % is 0.7"),
    ("when = 'request.labelled'\nweights = {}", "weights: is empty: give it first_token_usd_micros_per_s, total_usd_micros_per_s, energy_usd_micros_per_joule or bad_answer_usd_micros"),
    ("when = 'request.labelled'\nweights = { total_usd_micros_per_s = -1.0, bad_answer_usd_micros = inf }", "weights.total_usd_micros_per_s: -1.0 is out of range: micro-dollars from 0.0 to 1000000000000.0\nweights.bad_answer_usd_micros: inf is out of range: micro-dollars from 0.0 to 1000000000000.0"),
    ("when = 'request.labelled'\nprefer = []", "prefer: is an empty list: name at least one of device, edge, cloud, or remove it"),
    ("when = 'request.labelled'\nprefer = ['edge', 'edge']", "prefer: names \"edge\" twice: once is enough"),
    ("when = 'request.labelled'\nprefer = ['cloud']\n[tiers]\norder = ['edge', 'device']", "prefer: names cloud, which this policy does not use: name one of edge, device, or add cloud to tiers.order"),
    ("when = 'request.labelled'\ntag = []", "tag: is an empty list: name at least one of your own names, such as billing-a, or remove it"),
    ("when = 'request.labelled'\ntag = ['Billing A', 'é', '']", "tag: \"Billing A\" is no tag: use 1 to 32 of a to z, 0 to 9, _ and -: did you mean \"billing-a\"?\ntag: \"é\" is no tag: use 1 to 32 of a to z, 0 to 9, _ and -\ntag: \"\" is no tag: use 1 to 32 of a to z, 0 to 9, _ and -"),
    ("when = 'request.labelled'\ntag = ['a', 'b', 'a']", "tag: names \"a\" twice: once is enough"),
    ("when = 'target.tier == \"cloud\"'\npreset = 'fast'", "when: line 1, column 1: target.tier differs from target to target, and preset is settled once a request, before any is looked at: name facts of request, content, principal, time or fleet alone, or give preset a rule of its own"),
    ("when = '''request.labelled\n && device.on_battery'''\nmax_tier = 'edge'\nhedge = false", "when: line 2, column 5: device.on_battery differs from worker to worker, and hedge is settled once a request, before any is looked at: name facts of request, content, principal, time or fleet alone, or give hedge a rule of its own"),
    ("when = 'target.region == \"eu\"'\ntag = ['eu']", "when: line 1, column 1: target.region differs from target to target, and tag is settled once a request, before any is looked at: name facts of request, content, principal, time or fleet alone, or give tag a rule of its own"),
    ("when = 'request.labelled || \"a\" == target.model'\nlower_label = true", "when: line 1, column 28: target.model differs from target to target, and lower_label is settled once a request, before any is looked at: name facts of request, content, principal, time or fleet alone, or give lower_label a rule of its own"),
];

/// What is refused while the file is read, before rules are compiled: the shape and closed words.
#[rustfmt::skip]
const UNREADABLE: &[(&str, &str)] = &[
    ("for = { team = 'a' }", "unknown field `team`, expected one of `tenant`, `application`, `group`, `profile`, `device_class`"),
    ("for = { profile = 'helper' }", "unknown variant `helper`, expected one of `device`, `service`, `work`"),
    ("for = { device_class = 'tablet' }", "unknown variant `tablet`, expected one of `phone`, `pc`, `vehicle`, `robot`, `edge_server`"),
    ("accelerator = ['tpu']", "unknown variant `tpu`, expected one of `cpu`, `gpu`, `npu`"),
    ("preset = 'battery_saver'", "unknown variant `battery_saver`, expected one of `private`, `cheap`, `fast`, `balanced`, `battery-saver`, `offline-first`"),
    ("weights = { latency = 1.0 }", "unknown field `latency`, expected one of `first_token_usd_micros_per_s`, `total_usd_micros_per_s`, `energy_usd_micros_per_joule`, `bad_answer_usd_micros`"),
    ("prefer = ['clowd']", "unknown variant `clowd`, expected one of `device`, `edge`, `cloud`"),
    ("ranking = 'tiers'", "unknown variant `tiers`, expected `tier_first` or `objective_first`"),
    ("max_retention_days = -1", "invalid value: integer `-1`, expected u32"),
    ("hedge = 'yes'", "invalid type: string \"yes\", expected a boolean"),
    ("tag = 'a'", "invalid type: string \"a\", expected a sequence"),
    ("regions = 'eu'", "invalid type: string \"eu\", expected a sequence"),
];

#[test]
fn every_bad_rule_is_told_by_place_cause_and_way_out() {
    for (body, told) in BAD {
        let problems = policy(&format!("[[rule]]\nname = 'r'\n{body}")).expect_err(body);
        let problems = problems.join("\n").replace("rule[0].", "").replace("rule[0]: ", "");
        assert_eq!(problems, *told, "{body}");
    }
    assert!(BAD.len() >= 35);
}

#[test]
fn a_word_that_no_key_takes_is_told_with_the_words_it_takes() {
    for (effect, told) in UNREADABLE {
        let rule = format!("[[rule]]\nname = 'r'\nwhen = 'request.labelled'\n{effect}");
        assert_eq!(policy(&rule).expect_err(effect).join("\n"), *told, "{effect}");
    }
}

#[test]
fn long_lists_and_long_tags_are_bounded() {
    let told = |effect: &str| {
        policy(&format!("[[rule]]\nname = 'r'\nwhen = 'request.labelled'\n{effect}"))
            .unwrap_err()
            .join("\n")
    };
    let regions: Vec<String> = (0..65).map(|index| format!("r{index}")).collect();
    assert_eq!(
        told(&format!("regions = {regions:?}")),
        "rule[0].regions: has 65 entries, over the limit of 64"
    );
    let tags = &regions[..17];
    assert_eq!(
        told(&format!("tag = {tags:?}")),
        "rule[0].tag: has 17 entries, over the limit of 16"
    );
    let long = told(&format!("tag = ['{}']", "t".repeat(33)));
    assert!(long.ends_with("is no tag: use 1 to 32 of a to z, 0 to 9, _ and -"), "{long}");
}
