//! What holds for one principal, and who wins, as it decides and as it reads.

use super::*;
use crate::device::DeviceClass;
use crate::policy::{RawPolicy, Wish};

fn policy(body: &str) -> Policy {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'test'\n{body}")).unwrap();
    Policy::compile(raw).unwrap()
}

fn alice() -> Principal {
    Principal {
        tenant: "acme".into(),
        application: "chat".into(),
        user: "alice".into(),
        owner: "alice".into(),
        groups: vec!["clinicians".into()],
        device_class: Some(DeviceClass::Phone),
        ..Principal::loopback()
    }
}

fn names(effective: &Effective) -> Vec<&str> {
    effective.rules.iter().map(|rule| &*rule.name).collect()
}

fn chain(effective: &Effective, wish: Wish) -> (Vec<&str>, bool) {
    let choice = effective.wishes.iter().find(|choice| choice.wish == wish).unwrap();
    (choice.rules.iter().map(|name| &**name).collect(), choice.settled)
}

/// One rule of each rank, the widest first, and two of the same.
const RANKS: &str = r#"
[profiles]
work = ["chat"]
[[rule]]
name = "all"
when = 'request.class == "public"'
preset = "cheap"
[[rule]]
name = "tenant"
for = { tenant = "acme" }
when = 'request.class == "public"'
preset = "fast"
[[rule]]
name = "device"
for = { device_class = "phone" }
when = 'request.class == "public"'
preset = "battery-saver"
[[rule]]
name = "profile"
for = { profile = "work" }
when = 'request.class == "public"'
preset = "private"
[[rule]]
name = "application"
for = { application = "chat", tenant = "acme" }
when = 'request.class == "public"'
preset = "balanced"
[[rule]]
name = "group"
for = { group = "clinicians" }
when = 'request.class == "public"'
preset = "offline-first"
[[rule]]
name = "second group"
for = { group = "clinicians" }
hedge = true
"#;

#[test]
fn rules_stand_in_the_order_of_their_ranks_and_then_of_the_file() {
    let effective = effective(&policy(RANKS), &alice());
    let order = ["group", "second group", "application", "profile", "device", "tenant", "all"];
    assert_eq!(names(&effective), order);
    let chain_of = |wish| chain(&effective, wish);
    let presets = ["group", "application", "profile", "device", "tenant", "all"];
    assert_eq!(chain_of(Wish::Objective), (presets.to_vec(), false));
    assert_eq!(chain_of(Wish::Ranking), (presets.to_vec(), false));
    assert_eq!(chain_of(Wish::Hedge), (vec!["second group"], true));
    assert_eq!(chain_of(Wish::Prefer), (vec![], false));
    assert!(effective.cannot_apply.is_empty());
}

#[test]
fn rules_for_others_are_named_apart_whether_for_or_when_excludes_this_principal() {
    let policy = policy(&format!(
        "{RANKS}\n[[rule]]\nname = 'not her'\nwhen = 'principal.user != \"alice\" && time.hour > 8'\n\
         deny = true\n"
    ));
    let bob = Principal {
        tenant: "other".into(),
        application: "mail".into(),
        user: "bob".into(),
        groups: Vec::new(),
        device_class: Some(DeviceClass::Pc),
        ..alice()
    };
    let of_bob = effective(&policy, &bob);
    // Of mail nobody says what kind it is, and a rule that only prefers grants nothing then.
    assert_eq!(names(&of_bob), ["all", "not her"]);
    let others = ["tenant", "device", "profile", "application", "group", "second group"];
    let listed: Vec<&str> = of_bob.cannot_apply.iter().map(|name| &**name).collect();
    assert_eq!(listed, others);
    let of_alice = effective(&policy, &alice());
    assert_eq!(of_alice.cannot_apply.iter().map(|name| &**name).collect::<Vec<_>>(), ["not her"]);
}

#[test]
fn an_unknown_audience_is_restricted_and_granted_nothing() {
    let policy = policy(
        "[[rule]]\nname = 'phones'\nfor = { device_class = 'phone' }\nmax_tier = 'edge'\npreset = 'fast'",
    );
    let unknown = Principal { device_class: None, ..alice() };
    let of_unknown = effective(&policy, &unknown);
    assert_eq!(names(&of_unknown), ["phones"]);
    let facts: Vec<String> = of_unknown.rules[0].unknown.iter().map(ToString::to_string).collect();
    assert_eq!(facts, ["principal.device_class"]);
    assert_eq!(chain(&of_unknown, Wish::Objective), (vec![], false));
    let text = of_unknown.to_string();
    assert!(text.contains("principal.device_class unknown: it restricts"), "{text}");
    assert!(text.contains("objective: never wins"), "{text}");

    let of_phone = effective(&policy, &alice());
    assert_eq!(chain(&of_phone, Wish::Objective), (vec!["phones"], true));
    assert!(of_phone.rules[0].unknown.is_empty() && of_phone.rules[0].always);
    let pc = Principal { device_class: Some(DeviceClass::Pc), ..alice() };
    assert_eq!(names(&effective(&policy, &pc)), [""; 0]);
}

#[test]
fn a_rule_behind_one_that_always_holds_never_wins_and_the_text_says_so() {
    let policy = policy(
        "[[rule]]\nname = 'wide'\nwhen = 'time.hour > 8'\npreset = 'cheap'\nmax_tier = 'edge'\n\
         [[rule]]\nname = 'narrow'\nfor = { application = 'chat' }\npreset = 'fast'",
    );
    let of_alice = effective(&policy, &alice());
    assert_eq!(chain(&of_alice, Wish::Objective), (vec!["narrow"], true));
    let text = of_alice.to_string();
    let (_, wide) = text.split_once("2. wide").unwrap();
    assert!(wide.contains("objective: never wins"), "{text}");
    assert!(text.contains("1. narrow (ranks as application)"), "{text}");
    assert!(text.contains("  objective: rule narrow\n"), "{text}");
    assert!(text.starts_with("policy test, hash "), "{text}");
}

#[test]
fn what_a_section_says_is_told_for_every_kind_of_device_and_for_the_asker() {
    let policy = policy(
        "[objective]\npreset = 'fast'\n[tiers]\nedge_groups = ['lab']\n[limits]\nmax_cost_usd_micros = 9\n\
         [device_class.robot]\nbattery_floor_fraction = 0.55\n\
         [[alias]]\nname = 'a'\nmodels = ['m1', 'm2']\npick = 'ordered'\n\
         [[alias]]\nname = 'default'\nmodels = ['*']",
    );
    let vehicle = Principal { device_class: Some(DeviceClass::Vehicle), ..alice() };
    let text = effective(&policy, &vehicle).to_string();
    for part in [
        "groups clinicians, device class vehicle",
        "preset: fast",
        "ranking objective_first",
        "a second until the first token: 22224\n",
        "groups that count as edge: lab",
        "cost: 9 micro-dollars at most",
        "robot: charge 0.55,",
        "predicted later than 1.00 s",
        "a: ordered of m1, m2",
        "default: any model",
        "personal: edge at most",
        "of each",
        "in the order of precedence: 0",
    ] {
        // The precedence itself is always there, in words.
        let part =
            if part == "of each" { "narrowest circle wins (group, application" } else { part };
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn effects_read_as_they_would_be_written() {
    let written = "max_tier = \"edge\"\nown_device = true\nregions = [\"eu\", \"us\"]\n\
        max_retention_days = 0\naccelerator = [\"gpu\", \"npu\"]\nmax_first_token_ms = 5\nmax_total_ms = 6\n\
        max_cost_usd_micros = 7\nmax_energy_joules = 8.0\nmin_quality = 0.5\npreset = \"fast\"\n\
        weights = { bad_answer_usd_micros = 9.5 }\nprefer = [\"edge\"]\nranking = \"tier_first\"\nhedge = false\n\
        tag = [\"a\", \"b\"]\nlower_label = true";
    for written in [written, "deny = true"] {
        let rule = format!("[[rule]]\nname = 'r'\nfor = {{ tenant = 'acme' }}\n{written}");
        let effective = effective(&policy(&rule), &alice());
        assert_eq!(super::effects::lines(&effective.rules[0].effects).join("\n"), written);
    }
}

#[test]
fn the_wish_that_is_said_to_win_is_the_one_that_decides() {
    use crate::decide::decide;
    use crate::fleet::FleetView;
    use crate::plan::Note;
    let policy = policy(RANKS);
    let mut facts = facts_of(&alice());
    facts.class = ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled };
    let decision = decide(&policy, &facts, &FleetView::default(), std::time::Duration::ZERO, 1);
    let winners: Vec<&str> = decision.notes.iter().filter_map(preferred).collect();
    fn preferred(note: &Note) -> Option<&str> {
        match note {
            Note::Preferred { rule, .. } => Some(rule),
            _ => None,
        }
    }
    let effective = effective(&policy, &alice());
    let said = effective.wishes.iter().filter_map(|choice| choice.rules.first());
    for winner in said {
        assert!(winners.contains(&&**winner), "{winner} in {winners:?}");
    }
    assert_eq!(winners.first(), Some(&"group"));
}

#[test]
fn the_documentation_shows_what_is_said_of_its_example() {
    let page = include_str!("../../../../../docs/POLICIES.md");
    let (_, section) = page.split_once("## Who wins\n").unwrap();
    let block = |fence: &str| {
        let (_, rest) = section.split_once(&format!("```{fence}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let policy = Policy::compile(toml::from_str(block("toml")).unwrap()).unwrap();
    let alice = Principal {
        user: "alice".into(),
        groups: vec!["clinicians".into()],
        device_class: Some(DeviceClass::Pc),
        ..Principal::loopback()
    };
    let text = effective(&policy, &alice).to_string();
    assert!(text.ends_with(block("text")), "{text}");
}
