//! Which class comes of labels, findings, conversations and rights.

use super::{fact, facts, told};
use crate::class::DataClass;
use crate::decide::class::under;
use crate::facts::{ClassFact, ClassOrigin, Extent, Facts, FoundKind, ScanFact};
use crate::policy::{Policy, RawPolicy};
use crate::privacy::detect::Family;

fn policy(body: &str) -> Policy {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'p'\n{body}")).unwrap();
    Policy::compile(raw).unwrap()
}

fn found(family: Family, label: Option<DataClass>, score: u8) -> FoundKind {
    FoundKind { kind: "EMAIL_ADDRESS".into(), family, label, score, count: 1 }
}

fn seen(labels: ClassFact, said: Option<DataClass>, found: Vec<FoundKind>) -> Facts {
    let scan = ScanFact { extent: Extent::Whole, said, found, detectors: "1".into() };
    Facts { scan, ..facts(labels) }
}

const UNLABELLED: ClassFact =
    ClassFact { class: DataClass::Personal, origin: ClassOrigin::Unlabelled };

#[test]
fn findings_raise_and_what_is_unlikely_or_public_does_not() {
    let (public, internal) = (DataClass::Public, DataClass::Internal);
    let shipped = Policy::shipped();
    for (family, score, class) in [
        (Family::Contact, 40, DataClass::Personal),
        (Family::Contact, 39, internal),
        (Family::Public, 100, internal),
        (Family::Credential, 90, DataClass::Restricted),
        (Family::Identity, 40, DataClass::Restricted),
        (Family::Media, 100, DataClass::Personal),
    ] {
        let facts = seen(UNLABELLED, None, vec![found(family, None, score)]);
        assert_eq!(
            under(&shipped, &facts),
            fact(class, ClassOrigin::Scanned),
            "{family:?} {score}"
        );
        let labelled = seen(told(public), Some(public), vec![found(family, Some(public), score)]);
        let class = if class == internal { public } else { class };
        assert_eq!(under(&shipped, &labelled), told(class), "{family:?} {score}");
    }
}

#[test]
fn a_policy_says_what_counts_and_as_what() {
    let facts = seen(UNLABELLED, None, vec![found(Family::Contact, None, 45)]);
    for (body, class) in [
        ("", DataClass::Personal),
        ("[privacy]\nmin_score = 0.5", DataClass::Internal),
        ("[privacy.classes]\ncontact = 'public'", DataClass::Internal),
        ("[privacy.classes]\ncontact = 'restricted'", DataClass::Restricted),
        (
            "[privacy.classes]\ncontact = 'restricted'\nEMAIL_ADDRESS = 'internal'",
            DataClass::Internal,
        ),
    ] {
        assert_eq!(under(&policy(body), &facts).class, class, "{body}");
    }
}

#[test]
fn a_scan_that_did_not_see_everything_clears_nothing_and_what_it_found_still_counts() {
    for extent in [Extent::Unsure, Extent::Truncated, Extent::Unavailable] {
        let mut facts = seen(told(DataClass::Public), Some(DataClass::Public), Vec::new());
        facts.scan.extent = extent;
        let class = under(&Policy::shipped(), &facts);
        assert_eq!(class, UNLABELLED, "{extent}");
        facts.scan.found = vec![found(Family::Credential, None, 90)];
        assert_eq!(under(&Policy::shipped(), &facts).class, DataClass::Restricted);
    }
}

#[test]
fn the_class_of_a_conversation_only_raises() {
    for class in DataClass::ALL {
        let clean = seen(told(DataClass::Internal), Some(DataClass::Internal), Vec::new());
        let facts = Facts { session: Some(class), ..clean };
        assert_eq!(under(&Policy::shipped(), &facts), told(class.max(DataClass::Internal)));
    }
}

#[test]
fn the_right_to_lower_covers_personal_findings_in_labelled_parts_of_whom_it_is_given_to() {
    let granted = policy("[[rule]]\nname = 'press'\nfor = { group = 'press' }\nlower_label = true");
    let label = Some(DataClass::Public);
    let with = |found: FoundKind, group: &str| {
        let mut facts = seen(told(DataClass::Public), label, vec![found]);
        facts.principal.groups = vec![group.to_owned()];
        under(&granted, &facts).class
    };
    assert_eq!(with(found(Family::Contact, label, 90), "press"), DataClass::Public);
    assert_eq!(with(found(Family::Media, label, 100), "press"), DataClass::Public);
    assert_eq!(with(found(Family::Contact, label, 90), "desk"), DataClass::Personal);
    assert_eq!(with(found(Family::Contact, None, 90), "press"), DataClass::Personal);
    assert_eq!(with(found(Family::Credential, label, 90), "press"), DataClass::Restricted);
}

#[test]
fn what_would_leak_is_refused_with_the_rule_and_how() {
    for (body, wanted) in [
        (
            "[[rule]]\nname = 'all'\nwhen = 'request.labelled'\nlower_label = true",
            "rule[0].lower_label: rule \"all\" would let whoever asks label findings of class personal as \
             public, which may go to tier cloud, above their ceiling edge: say for whom, by for or by a \
             condition on the principal",
        ),
        (
            "[[rule]]\nname = 'up'\nwhen = 'request.class >= \"personal\"'\nprefer = ['cloud']",
            "rule[0].prefer: rule \"up\" would carry content of class personal to tier cloud, above its \
             ceiling edge: prefer edge, or let the rule match a lower class",
        ),
        (
            "[privacy.classes]\ncredential = 'internal'",
            "privacy.classes.credential: would let a credential labelled internal go as far as content of \
             class internal may, to tier cloud: personal at least",
        ),
        (
            "[privacy.classes]\nEMAIL_ADRESS = 'public'",
            "privacy.classes.EMAIL_ADRESS: is no kind and no family of findings; did you mean \
             EMAIL_ADDRESS?",
        ),
        (
            "[privacy]\nmin_score = 0.9",
            "privacy.min_score: 0.9 is out of range: a likelihood from 0.2 to 0.6",
        ),
    ] {
        let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'p'\n{body}")).unwrap();
        let problems = Policy::compile(raw).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, [wanted], "{body}");
    }
    for fine in [
        "[[rule]]\nname = 'a'\nwhen = 'request.labelled'\nlower_label = true\n[ceilings]\npublic = 'edge'",
        "[[rule]]\nname = 'a'\nwhen = 'principal.administrator'\nlower_label = true",
        "[[rule]]\nname = 'a'\nwhen = 'request.class <= \"personal\"'\nprefer = ['cloud']",
    ] {
        policy(fine);
    }
}
