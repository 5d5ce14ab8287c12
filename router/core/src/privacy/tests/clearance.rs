//! What the gate lets through, and what an attempt of an earlier policy must still pass.

use super::*;
use crate::privacy::ScannedText;

fn compiled(body: &str) -> Policy {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'p'\n{body}")).unwrap();
    Policy::compile(raw).unwrap()
}

#[test]
fn a_labelled_public_prompt_is_cleared_for_its_target_policy_and_request() {
    let prompt = labelled(DataClass::Public);
    let policy = Policy::shipped();
    let rest = Remainder { assistant_prefix: Some("so far".into()), max_output_tokens: 7 };
    let public = told(DataClass::Public);
    let cleared = clear(prompt.clone(), rest.clone(), public, &cloud(), &policy, "r-1").unwrap();
    assert!(*cleared.prompt() == prompt);
    assert_eq!(*cleared.remainder(), rest);
    assert_eq!(cleared.class(), DataClass::Public);
    assert_eq!(*cleared.target(), cloud().target);
    assert_eq!(cleared.policy_hash(), &**policy.hash());
    assert_eq!(cleared.request_id(), "r-1");
    assert_eq!(cleared.content_bytes(), 11);
}

#[test]
fn personal_and_restricted_prompts_are_never_cleared() {
    for (prompt, message) in [
        (labelled(DataClass::Personal), "class personal may not reach tier cloud"),
        (labelled(DataClass::Restricted), "class restricted may not reach tier cloud"),
    ] {
        let denied = pass(prompt, told(DataClass::Public)).unwrap_err();
        assert_eq!(denied.reason, Reason::EgressDenied);
        assert_eq!(denied.to_string(), message);
    }
}

#[test]
fn an_unseen_prompt_is_not_cleared_even_under_ceilings_that_would_let_it() {
    let policy = Policy::impossible();
    let facts = facts(told(DataClass::Public));
    for (prompt, cleared) in [(labelled(DataClass::Public), false), (plain(), false)] {
        let content = Scanned::unavailable(Arc::new(prompt));
        let attempt = cloud();
        let asked = Asked {
            content: &content,
            facts: &facts,
            attempt: &attempt,
            policy: &policy,
            request_id: "r",
        };
        let denied = gate::clear(asked, beginning(), None);
        assert_eq!(denied.is_ok(), cleared);
        assert_eq!(denied.unwrap_err().reason, Reason::DetectorUnavailable);
    }
}

#[test]
fn a_prompt_without_labels_is_cleared_as_internal_once_a_scan_saw_nothing_and_that_is_enough() {
    let compile = compiled;
    let unlabelled = fact(DataClass::Personal, ClassOrigin::Unlabelled);
    let content = scanned(plain());
    let known = Facts { scan: content.fact().clone(), ..facts(unlabelled) };
    let attempt = cloud();
    for (body, class) in [
        ("", Some(DataClass::Internal)),
        ("[privacy]\nnames = 'patterns suffice'", Some(DataClass::Internal)),
        ("[privacy]\nnames = 'model required'", None),
        ("[ceilings]\ninternal = 'edge'", None),
    ] {
        let policy = compile(body);
        let asked = Asked {
            content: &content,
            facts: &known,
            attempt: &attempt,
            policy: &policy,
            request_id: "r",
        };
        let cleared = gate::clear(asked, beginning(), None);
        assert_eq!(cleared.ok().map(|cleared| cleared.class()), class, "{body}");
    }
}

#[test]
fn a_begun_answer_goes_along_only_with_its_own_scan_and_counts() {
    let content = scanned(labelled(DataClass::Public));
    let (known, attempt, policy) = (facts(told(DataClass::Public)), cloud(), Policy::shipped());
    let asked = Asked {
        content: &content,
        facts: &known,
        attempt: &attempt,
        policy: &policy,
        request_id: "r",
    };
    let begun = |text: &str| Remainder { assistant_prefix: Some(text.into()), ..beginning() };
    let scan = |text: &str| Searcher::shipped().expect("detectors").answer(text.into());
    assert!(gate::clear(asked, begun("so far"), Some(&scan("so far"))).is_ok());
    for (rest, scanned) in [
        (begun("so far"), None),
        (begun("so far"), Some(scan("another text"))),
        (beginning(), Some(scan("so far"))),
    ] {
        let denied = gate::clear(asked, rest, scanned.as_ref()).unwrap_err();
        assert_eq!(denied.reason, Reason::Internal);
    }
    let found = "the card is 4111 1111 1111 1111";
    let denied = gate::clear(asked, begun(found), Some(&scan(found))).unwrap_err();
    assert_eq!(denied.reason, Reason::EgressDenied);
    let unseen = ScannedText::unavailable("so far".into());
    assert!(gate::clear(asked, begun("so far"), Some(&unseen)).is_err());
}

#[test]
fn another_machine_goes_on_with_a_begun_answer_only_where_what_is_in_it_may_go_there() {
    let content = scanned(labelled(DataClass::Public));
    let known = facts(told(DataClass::Public));
    let edge = Attempt {
        tier: Tier::Edge,
        ..attempt(Place::Worker { worker_id: "w".into(), incarnation: 1 })
    };
    let scan = |text: &str| Searcher::shipped().expect("detectors").answer(text.into());
    let (plain, card) = (scan("so far"), scan("the card is 4111 1111 1111 1111"));
    let restricted = "[privacy.classes]\npayment = 'restricted'";
    let lent = "[ceilings]\nrestricted_edge = true\n[privacy.classes]\npayment = 'restricted'";
    for (body, begun, allowed) in [
        ("", &plain, true),
        ("", &card, true),
        ("[ceilings]\npersonal = 'device'", &card, false),
        (restricted, &plain, true),
        (restricted, &card, false),
        // The machine may be another person's, and nobody asked whether it is.
        (lent, &card, false),
        // As with a prompt that nobody saw: it leaves for no cloud, and this is none.
        ("", &ScannedText::unavailable("so far".into()), true),
    ] {
        let policy = compiled(body);
        let asked = Asked {
            content: &content,
            facts: &known,
            attempt: &edge,
            policy: &policy,
            request_id: "r",
        };
        assert_eq!(gate::may_continue(asked, begun).is_ok(), allowed, "{body}");
    }
}

#[test]
fn the_gate_believes_the_stricter_of_what_it_reads_and_what_it_is_told() {
    let public = || labelled(DataClass::Public);
    assert!(pass(public(), told(DataClass::Restricted)).is_err());
    assert!(pass(public(), fact(DataClass::Public, ClassOrigin::Unlabelled)).is_err());
    assert_eq!(pass(public(), told(DataClass::Internal)).unwrap().class(), DataClass::Internal);
    assert_eq!(pass(plain(), told(DataClass::Public)).unwrap().class(), DataClass::Internal);
}

#[test]
fn the_gate_asks_the_policy_of_the_moment() {
    let compile = compiled;
    for body in ["[ceilings]\npublic = 'edge'", "[tiers]\norder = ['device', 'edge']"] {
        let prompt = labelled(DataClass::Public);
        let denied =
            clear(prompt, beginning(), told(DataClass::Public), &cloud(), &compile(body), "r")
                .unwrap_err();
        assert_eq!(denied.reason, Reason::EgressDenied, "{body}");
    }
}

#[test]
fn a_cloud_that_calls_itself_edge_is_still_a_cloud() {
    let disguised = Attempt { tier: Tier::Edge, ..cloud() };
    let denied = clear(
        labelled(DataClass::Personal),
        beginning(),
        told(DataClass::Personal),
        &disguised,
        &Policy::shipped(),
        "r",
    )
    .unwrap_err();
    assert_eq!(denied.reason, Reason::EgressDenied);
}

#[test]
fn a_worker_and_a_prefix_nobody_continues_are_faults_of_the_router() {
    let worker = attempt(Place::Worker { worker_id: "w".into(), incarnation: 1 });
    let mut deaf = cloud();
    deaf.target.accepts_prefix = false;
    for (attempt, prefix) in [(worker, None), (deaf, Some("a".to_owned()))] {
        let prompt = labelled(DataClass::Public);
        let policy = Policy::shipped();
        let rest = Remainder { assistant_prefix: prefix, ..beginning() };
        let denied =
            clear(prompt, rest, told(DataClass::Public), &attempt, &policy, "r").unwrap_err();
        assert_eq!(denied.reason, Reason::Internal);
    }
}

#[test]
fn neither_debug_output_nor_a_denial_shows_content() {
    let secret = |label| Prompt {
        messages: vec![message(vec![text("canary-7f3a", label)])],
        user: Some("canary-7f3a".into()),
        label,
        ..plain()
    };
    let cleared = pass(secret(PUBLIC), told(DataClass::Public)).unwrap();
    let denied = pass(secret(None), told(DataClass::Personal)).unwrap_err();
    for shown in [format!("{cleared:?}"), format!("{denied:?} {denied}")] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn an_attempt_of_an_earlier_policy_must_pass_the_present_one_too() {
    let compile = compiled;
    let edge = Attempt {
        tier: Tier::Edge,
        ..attempt(Place::Worker { worker_id: "w".into(), incarnation: 1 })
    };
    let device = Attempt { tier: Tier::Device, ..edge.clone() };
    let (before, personal) = (Policy::shipped(), &facts(told(DataClass::Personal)));
    for (attempt, now, allowed) in [
        (&edge, "", true),
        (&edge, "[ceilings]\npersonal = 'device'", false),
        (&edge, "[tiers]\norder = ['device', 'cloud']", false),
        (&edge, "[tiers]\nedge_groups = ['partners']", false),
        (&edge, "[[rule]]\nname = 'r'\nwhen = 'target.tier == \"edge\"'\ndeny = true", false),
        (&device, "[[rule]]\nname = 'r'\nwhen = 'target.tier == \"edge\"'\ndeny = true", true),
        (&device, "[ceilings]\npersonal = 'device'", true),
        (&device, "[tiers]\nedge_groups = ['partners']", true),
        (&device, "[tiers]\norder = ['edge']", false),
        (&edge, "[[target]]\nmodel = 'm'\nuse = false", false),
        (&edge, "[[target]]\nmodel = 'm'\nprovider = 'p'\nuse = false", true),
        (&edge, "[[target]]\nmodel = 'another'\nuse = false", true),
        (&device, "[[target]]\nmodel = 'm'\nuse = false", false),
    ] {
        let verdict = still_allowed(personal, attempt, &before, &compile(now));
        assert_eq!(verdict.is_ok(), allowed, "{now}");
    }
    let rule = "[[rule]]\nname = 'r'\nfor = { profile = 'work' }\nmax_tier = 'device'\n";
    let (nobody, mail) = (compile(rule), compile(&format!("{rule}[profiles]\nwork = ['mail']")));
    assert!(still_allowed(personal, &edge, &nobody, &mail).is_err(), "the rule is for more people");
    // A card may be on the organisation's machines, but perhaps not on this one.
    let card = scanned(Prompt {
        messages: vec![message(vec![text("4111 1111 1111 1111", None)])],
        ..plain()
    });
    let found = &Facts { class: card.labels(), scan: card.fact().clone(), ..personal.clone() };
    let lent = "[ceilings]\nrestricted_edge = true\n";
    let harsher = compile(&format!("{lent}[privacy.classes]\npayment = 'restricted'"));
    assert!(still_allowed(found, &edge, &compile(lent), &harsher).is_err());
    assert!(still_allowed(found, &device, &compile(lent), &harsher).is_ok());
    let public = &facts(told(DataClass::Public));
    let closed = compile("[ceilings]\npublic = 'edge'");
    let denied = still_allowed(public, &cloud(), &before, &closed).unwrap_err();
    assert_eq!(
        denied.to_string(),
        "the policy changed while the request ran: class public may not reach tier cloud"
    );
    // What the new policy opens is for new requests: the clearance asks the old one.
    assert!(still_allowed(public, &cloud(), &closed, &before).is_ok());
    let prompt = labelled(DataClass::Public);
    assert!(clear(prompt, beginning(), public.class, &cloud(), &closed, "r").is_err());
}
