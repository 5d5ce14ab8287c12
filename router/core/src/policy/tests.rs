//! What compiles, what is refused and in which words.

mod schema;
mod sections;

use super::*;
use crate::class::DataClass;

fn raw(text: &str) -> RawPolicy {
    toml::from_str(text).unwrap()
}

fn compiled(body: &str) -> Policy {
    Policy::compile(raw(&format!("version = 1\nname = 'test'\n{body}"))).unwrap()
}

/// The problems of a policy whose head is in order.
fn problems(body: &str) -> Vec<String> {
    told(&format!("version = 1\nname = 'test'\n{body}"))
}

fn told(text: &str) -> Vec<String> {
    match Policy::compile(raw(text)) {
        Ok(policy) => panic!("accepted: {policy:?}"),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_file_compiles_to_the_policy_built_in() {
    let policy = Policy::compile(raw(DEFAULT_POLICY_TOML)).unwrap();
    assert_eq!(policy, Policy::shipped());
}

#[test]
fn a_policy_of_a_name_alone_decides_like_the_shipped_one() {
    let shipped = Policy::shipped();
    let policy = compiled("");
    assert_eq!(policy.ceilings(), shipped.ceilings());
    assert_eq!(policy.tiers(), shipped.tiers());
    assert_eq!(policy.aliases(), shipped.aliases());
    assert_eq!(policy.deadlines(), shipped.deadlines());
    assert_ne!(policy.hash(), shipped.hash(), "the name is content too");
}

#[test]
fn the_hash_is_of_what_holds_and_not_of_how_it_is_written() {
    let plain = compiled("[ceilings]\npublic = 'edge'\ninternal = 'edge'");
    let dressed =
        compiled("# why\n[ceilings]\ninternal = \"edge\" # so\npublic = \"edge\"\n[device]");
    assert_eq!(plain.hash(), dressed.hash());
    assert_eq!(plain.hash().len(), 64);
    assert!(plain.hash().bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn every_value_of_a_policy_is_in_its_hash() {
    let base = compiled("").hash().to_owned();
    let edits = [
        "default_alias = 'a'\n[[alias]]\nname = 'a'\nmodels = ['*']",
        "[ceilings]\npublic = 'edge'\ninternal = 'edge'",
        "[ceilings]\ninternal = 'edge'",
        "[ceilings]\npersonal = 'device'",
        "[ceilings]\nrestricted_edge = true",
        "[tiers]\norder = ['edge', 'device', 'cloud']",
        "[tiers]\nranking = 'objective_first'",
        "[tiers]\nedge_groups = ['lab']",
        "[[alias]]\nname = 'default'\nmodels = ['a']",
        "[deadlines]\ndefault_ms = 1",
        "[deadlines]\nmax_ms = 600001",
        "[deadlines]\nfirst_token_floor_ms = 1",
        "[deadlines]\nfirst_token_unknown_ms = 1",
        "[deadlines]\nstall_floor_ms = 1",
        "[deadlines]\nstall_unknown_ms = 1",
        "[objective]\nfirst_token_usd_micros_per_s = 1.0",
        "[objective]\ntotal_usd_micros_per_s = 1.0",
        "[objective]\nenergy_usd_micros_per_joule = 1.0",
        "[objective]\nbad_answer_usd_micros = 1.0",
        "[assumptions]\noutput_tokens = 1",
        "[assumptions]\nquality = 0.1",
        "[assumptions]\njoules_per_token = 1.0",
        "[assumptions]\ncost_usd_micros = 1",
        "[fallback]\nmax_attempts = 1",
        "[fallback]\nfailover = false",
        "[device]\nbattery_floor_fraction = 0.0",
        "[device]\nthermal_wall_fraction = 0.0",
        "[device]\nmemory_floor_bytes = 0",
        "[device]\nrequire_readings = true",
        "[fallback]\nhedge = true",
        "[fallback]\nbuffer = true",
        "[limits]\ndefault_output_tokens = 1",
        "[limits]\nmax_first_token_ms = 1",
        "[limits]\nmax_total_ms = 1",
        "[limits]\nmax_cost_usd_micros = 1",
        "[limits]\nmax_energy_joules = 1.0",
        "[limits]\nmin_quality = 0.5",
        "[objective]\npreset = 'cheap'",
        "[objective]\npreset = 'fast'",
        "[[alias]]\nname = 'default'\nmodels = ['b', 'a']",
        "[[alias]]\nname = 'default'\nmodels = ['a', 'b']",
        "[[alias]]\nname = 'default'\nmodels = ['a', 'b']\npick = 'ordered'",
        "[[alias]]\nname = 'default'\nmodels = ['a', 'b']\npick = 'weighted'\nweights = [1, 1]",
        "[[alias]]\nname = 'default'\nmodels = ['a', 'b']\npick = 'weighted'\nweights = [1, 2]",
        "[[alias]]\nname = 'default'\nmodels = ['a']\ncanary = { model = 'b', share = 0.1 }",
        "[[alias]]\nname = 'default'\nmodels = ['a']\ncanary = { model = 'b', share = 0.2 }",
        "[[target]]\nmodel = 'a'",
        "[[target]]\nmodel = 'a'\nprovider = 'p'",
        "[[target]]\nmodel = 'a'\nquality = 0.5",
        "[[target]]\nmodel = 'a'\nuse = false",
        "[device_class.phone]\nbattery_floor_fraction = 0.5",
        "[device_class.pc]\nbattery_floor_fraction = 0.5",
        "[device_class.pc]\nthermal_wall_fraction = 0.5",
        "[device_class.pc]\nmemory_floor_bytes = 1",
        "[device_class.pc]\nrequire_readings = true",
        "[device_class.pc]\ncloud_first_token_ms = 5",
        "[profiles]\nwork = ['mail']",
        "[profiles]\nservice = ['mail']",
    ];
    let mut hashes: Vec<String> =
        edits.iter().map(|edit| compiled(edit).hash().to_string()).collect();
    hashes.push(base.to_string());
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), edits.len() + 1);
}

#[test]
fn no_policy_lets_personal_or_restricted_content_reach_a_cloud() {
    insta::assert_snapshot!(problems("[ceilings]\npersonal = 'cloud'\nrestricted = 'cloud'").join("\n"), @r"
    ceilings.personal: class personal may reach edge at most, not cloud: lower it, or leave it out
    ceilings.restricted: class restricted may reach edge at most, not cloud (and edge only with ceilings.restricted_edge = true): lower it, or leave it out
    ");
    let with_switch = problems("[ceilings]\nrestricted = 'cloud'\nrestricted_edge = true");
    assert_eq!(with_switch.len(), 1, "{with_switch:?}");
}

#[test]
fn restricted_content_reaches_the_edge_only_by_its_own_switch() {
    insta::assert_snapshot!(problems("[ceilings]\nrestricted = 'edge'").join("\n"), @"ceilings.restricted: to let restricted content reach the organisation's edge, also set ceilings.restricted_edge = true");
    insta::assert_snapshot!(problems("[ceilings]\nrestricted = 'device'\nrestricted_edge = true").join("\n"), @r#"ceilings.restricted_edge: contradicts ceilings.restricted = "device": drop one of the two"#);
    let restricted = |body: &str| compiled(body).ceilings().of(DataClass::Restricted);
    assert_eq!(restricted(""), Tier::Device);
    assert_eq!(restricted("[ceilings]\nrestricted_edge = true"), Tier::Edge);
    assert_eq!(restricted("[ceilings]\nrestricted = 'edge'\nrestricted_edge = true"), Tier::Edge);
}

#[test]
fn a_more_sensitive_class_never_goes_further_than_a_less_sensitive_one() {
    insta::assert_snapshot!(problems("[ceilings]\ninternal = 'device'\npersonal = 'edge'").join("\n"), @"ceilings.personal: class personal may not go further (edge) than the less sensitive class internal (device): lower the one or raise the other");
    let tight = compiled("[ceilings]\npublic = 'device'");
    assert!(DataClass::ALL.iter().all(|class| tight.ceilings().of(*class) == Tier::Device));
}

#[test]
fn content_without_a_label_has_no_ceiling_above_edge_under_any_policy() {
    let unlabelled = |class| ClassFact { class, origin: ClassOrigin::Unlabelled };
    let policy = Policy::shipped();
    assert_eq!(policy.ceiling(unlabelled(DataClass::Public)), Tier::Edge);
    assert_eq!(policy.ceiling(unlabelled(DataClass::Restricted)), Tier::Device);
    let labelled = ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled };
    assert_eq!(policy.ceiling(labelled), Tier::Cloud);
    let impossible = Policy::impossible();
    for class in DataClass::ALL {
        assert_eq!(impossible.ceiling(unlabelled(class)), Tier::Edge, "{class}");
    }
}

#[test]
fn features_to_come_are_refused_and_not_ignored() {
    let body = "masking = 'names'\ncache = 3\nknowledge = []\n\
                [cascade]\nsmall = 'a'\n[feedback]";
    insta::assert_snapshot!(problems(body).join("\n"), @r"
    masking: not yet supported: remove it, nothing would honour it
    cascade: not yet supported: remove it, nothing would honour it
    cache: not yet supported: remove it, nothing would honour it
    feedback: not yet supported: remove it, nothing would honour it
    knowledge: not yet supported: remove it, nothing would honour it
    ");
}

#[test]
fn every_problem_of_a_policy_is_told_at_once() {
    let text = "version = 2\nname = ' '\ndefault_alias = 'chat'\n\
        [ceilings]\npersonal = 'cloud'\n\
        [tiers]\norder = ['edge', 'edge']\nedge_groups = ['']\n\
        [[alias]]\nname = 'a'\nmodels = ['*', 'm']\n[[alias]]\nname = 'a'\nmodels = []\n\
        [[alias]]\nmodels = ['']\n\
        [deadlines]\ndefault_ms = 700000\nstall_floor_ms = 0\nfirst_token_floor_ms = 86400001\n\
        [objective]\ntotal_usd_micros_per_s = -1.0\nbad_answer_usd_micros = nan\n\
        energy_usd_micros_per_joule = inf\n\
        [assumptions]\noutput_tokens = 0\nquality = 1.5\njoules_per_token = -0.5\n\
        cost_usd_micros = 1000000000001\n\
        [fallback]\nmax_attempts = 17\n\
        [device]\nbattery_floor_fraction = 20.0\nthermal_wall_fraction = -0.1\n";
    insta::assert_snapshot!(told(text).join("\n"), @r#"
    version: 2 is not known: this build reads version = 1
    name: is missing or empty: give the policy a name
    ceilings.personal: class personal may reach edge at most, not cloud: lower it, or leave it out
    tiers.order[1]: names edge twice: remove one
    tiers.edge_groups[0]: is an empty name: name a group, or remove it
    alias[1].name: "a" is already alias[0]: give each alias its own name
    alias[2].name: is missing: give the alias a name
    alias[0].models[0]: mixes "*" (any model) with names: keep one or the other
    alias[1].models: is empty: list models, or ["*"] for any
    alias[2].models[0]: is an empty name: name a model, or remove it
    deadlines.first_token_floor_ms: 86400001 is out of range: milliseconds from 1 to 86400000
    deadlines.stall_floor_ms: 0 is out of range: milliseconds from 1 to 86400000
    deadlines.default_ms: 700000 is later than deadlines.max_ms = 600000: lower one or raise the other
    objective.total_usd_micros_per_s: -1.0 is out of range: micro-dollars from 0.0 to 1000000000000.0
    objective.energy_usd_micros_per_joule: inf is out of range: micro-dollars from 0.0 to 1000000000000.0
    objective.bad_answer_usd_micros: NaN is out of range: micro-dollars from 0.0 to 1000000000000.0
    assumptions.output_tokens: 0 is out of range: tokens from 1 to 1000000
    assumptions.quality: 1.5 is out of range: a probability from 0 to 1
    assumptions.joules_per_token: -0.5 is out of range: joules from 0.0 to 10000.0
    assumptions.cost_usd_micros: 1000000000001 is out of range: micro-dollars from 0 to 1000000000000
    fallback.max_attempts: 17 is out of range: attempts from 1 to 16
    device.battery_floor_fraction: 20 is out of range: a share from 0 to 1; 20 % is 0.2
    device.thermal_wall_fraction: -0.1 is out of range: a share from 0 to 1
    "#);
}

#[test]
fn what_is_missing_is_named() {
    insta::assert_snapshot!(told("").join("\n"), @r"
    version: is missing: write version = 1
    name: is missing or empty: give the policy a name
    ");
    insta::assert_snapshot!(problems("[tiers]\norder = []").join("\n"), @"tiers.order: is empty: name at least one of device, edge, cloud");
}

#[test]
fn unknown_keys_and_words_are_errors_that_name_the_known_ones() {
    let error = |text: &str| toml::from_str::<RawPolicy>(text).unwrap_err().message().to_owned();
    insta::assert_snapshot!(error("[ceilings]\npubic = 'cloud'"), @"unknown field `pubic`, expected one of `public`, `internal`, `personal`, `restricted`, `restricted_edge`");
    insta::assert_snapshot!(error("[ceilings]\npublic = 'clowd'"), @"unknown variant `clowd`, expected one of `device`, `edge`, `cloud`");
    insta::assert_snapshot!(error("[fallback]\nmax_attempts = -1"), @"invalid value: integer `-1`, expected u32");
    insta::assert_snapshot!(error("[tiers]\nranking = 'fastest'"), @"unknown variant `fastest`, expected `tier_first` or `objective_first`");
}

#[test]
fn an_alias_covers_its_models_and_a_star_covers_all() {
    let policy = compiled(
        "default_alias = 'any'\n[[alias]]\nname = 'any'\nmodels = ['*']\n\
         [[alias]]\nname = 'small'\nmodels = ['b', 'a']",
    );
    let small = policy.alias("small").unwrap();
    assert!(small.covers("a") && small.covers("b") && !small.covers("c"));
    assert_eq!(small.models().unwrap(), ["b", "a"]);
    assert!(policy.alias("any").unwrap().covers("whatever"));
    assert_eq!(policy.alias("any").unwrap().models(), None);
    assert!(policy.alias("other").is_none());
}
