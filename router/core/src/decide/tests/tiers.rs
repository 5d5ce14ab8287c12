//! Whose machine is what to whom, what the class allows, and what modes do.

use super::*;

#[test]
fn a_public_prompt_is_tried_near_first() {
    assert_eq!(route(&shipped(&asks(DataClass::Public), everybody())), ["laptop", "box", "openai"]);
}

#[test]
fn each_class_goes_as_far_as_its_ceiling() {
    for (class, expected) in [
        (DataClass::Public, vec!["laptop", "box", "openai"]),
        (DataClass::Internal, vec!["laptop", "box", "openai"]),
        (DataClass::Personal, vec!["laptop", "box"]),
        (DataClass::Restricted, vec!["laptop"]),
    ] {
        assert_eq!(route(&shipped(&asks(class), everybody())), expected, "{class}");
    }
}

#[test]
fn content_without_a_label_never_reaches_a_cloud_even_if_called_public() {
    let mut facts = unlabelled();
    facts.class.class = DataClass::Public;
    let decision = shipped(&facts, everybody());
    assert_eq!(route(&decision), ["laptop", "box"]);
    assert_eq!(decision.class, DataClass::Personal);
    assert_eq!(
        losers(&decision),
        [(
            "openai/gpt-4o-mini",
            Gate::Class,
            "content without a label counts as personal and may not reach tier cloud"
        )]
    );
}

#[test]
fn content_without_a_label_stays_off_the_cloud_under_ceilings_that_would_let_it() {
    let mut facts = unlabelled();
    assert_eq!(route(&decided(&Policy::impossible(), &facts, everybody())), ["laptop", "box"]);
    facts.class.origin = ClassOrigin::Labelled;
    let labelled = decided(&Policy::impossible(), &facts, everybody());
    assert_eq!(route(&labelled), ["laptop", "box", "openai"], "the ceilings do let it");
}

#[test]
fn another_persons_device_is_no_target_at_all() {
    let decision =
        shipped(&asks(DataClass::Public), vec![device_of("bob", vec![worker("bobs")]), cloud()]);
    assert_eq!(route(&decision), ["openai"]);
    assert_eq!(losers(&decision), [("acme/bob/smollm2", Gate::Owner, "another person's device")]);
    assert_eq!(decision.rejected[0].tier, None);
}

#[test]
fn another_persons_device_is_edge_where_the_policy_names_its_group() {
    let policy = policy("[tiers]\nedge_groups = ['desks']\n[ceilings]\nrestricted_edge = true");
    let bobs = |group| Pool {
        site: Site::Workers(site(Some("bob"), group, vec![worker("bobs")])),
        ..device_of("bob", Vec::new())
    };
    let decision = decided(&policy, &asks(DataClass::Personal), vec![bobs(Some("desks"))]);
    assert_eq!(plan_of(&decision).attempts[0].tier, Tier::Edge);
    let others = decided(&policy, &asks(DataClass::Personal), vec![bobs(Some("cars"))]);
    assert_eq!(others.rejected[0].gate, Gate::Owner);
}

#[test]
fn restricted_content_may_use_shared_machines_by_switch_but_never_another_persons() {
    let policy = policy("[tiers]\nedge_groups = ['desks']\n[ceilings]\nrestricted_edge = true");
    let bobs = Pool {
        site: Site::Workers(site(Some("bob"), Some("desks"), vec![worker("bobs")])),
        ..device_of("bob", Vec::new())
    };
    let decision =
        decided(&policy, &asks(DataClass::Restricted), vec![bobs, edge(vec![worker("box")])]);
    assert_eq!(route(&decision), ["box"]);
    assert_eq!(
        losers(&decision),
        [(
            "acme/bob/smollm2",
            Gate::Class,
            "class restricted may not reach another person's machine"
        )]
    );
}

#[test]
fn a_machine_of_another_organisation_is_no_target() {
    let mut pool = device_of("alice", vec![worker("theirs")]);
    if let Site::Workers(site) = &mut pool.site {
        site.tenant = "other".into();
    }
    let decision = shipped(&asks(DataClass::Public), vec![pool]);
    assert_eq!(losers(&decision)[0].2, "another organisation's machine");
}

#[test]
fn a_principal_without_a_name_owns_nothing() {
    let mut facts = asks(DataClass::Public);
    facts.principal.owner = String::new();
    let nameless = shipped(&facts, vec![device_of("", vec![worker("w")])]);
    assert_eq!(nameless.rejected[0].gate, Gate::Owner);
    facts.principal.tenant = String::new();
    let mut pool = edge(vec![worker("w")]);
    if let Site::Workers(site) = &mut pool.site {
        site.tenant = String::new();
    }
    assert_eq!(shipped(&facts, vec![pool]).rejected[0].gate, Gate::Owner);
}

#[test]
fn a_join_token_can_hold_a_worker_further_away_and_never_bring_it_nearer() {
    let with = |tier, owner| {
        let mut pool = device_of("alice", vec![worker("w")]);
        if let Site::Workers(site) = &mut pool.site {
            site.nearest_tier = tier;
            site.owner = owner;
        }
        shipped(&asks(DataClass::Public), vec![pool])
    };
    let alice = Some("alice".to_owned());
    assert_eq!(plan_of(&with(Tier::Edge, alice.clone())).attempts[0].tier, Tier::Edge);
    assert_eq!(plan_of(&with(Tier::Device, None)).attempts[0].tier, Tier::Edge);
    assert_eq!(with(Tier::Cloud, alice).rejected[0].gate, Gate::Owner);
}

#[test]
fn modes_narrow_and_order_what_the_policy_allows() {
    for (mode, expected) in [
        (Mode::PolicyDefault, vec!["laptop", "box", "openai"]),
        (Mode::PreferOnDevice, vec!["laptop", "box", "openai"]),
        (Mode::OnlyOnDevice, vec!["laptop"]),
        (Mode::PreferEdge, vec!["box", "laptop", "openai"]),
        (Mode::OnlyLocalNetwork, vec!["laptop", "box"]),
        (Mode::PreferInCloud, vec!["openai", "laptop", "box"]),
        (Mode::OnlyInCloud, vec!["openai"]),
    ] {
        let decision = shipped(&in_mode(DataClass::Public, mode), everybody());
        assert_eq!(route(&decision), expected, "{mode}");
    }
}

#[test]
fn no_mode_widens_what_the_class_allows() {
    for mode in [Mode::PreferInCloud, Mode::OnlyInCloud] {
        let decision = shipped(&in_mode(DataClass::Restricted, mode), everybody());
        let clouds = decision.plan().into_iter().flat_map(|plan| &plan.attempts);
        assert_eq!(clouds.filter(|attempt| attempt.tier == Tier::Cloud).count(), 0, "{mode}");
    }
}

#[test]
fn a_tier_that_the_policy_leaves_out_is_not_used() {
    let policy = policy("[tiers]\norder = ['cloud', 'device']");
    let decision = decided(&policy, &asks(DataClass::Public), everybody());
    assert_eq!(route(&decision), ["openai", "laptop"]);
    assert_eq!(
        losers(&decision),
        [("acme/lab/qwen", Gate::Tier, "the policy does not use tier edge")]
    );
}

#[test]
fn the_objective_chooses_across_tiers_where_the_policy_lets_it() {
    let mut slow = everybody();
    workers_of(&mut slow[0])[0].decode_tokens_per_s = Some(4.0);
    let facts = asks(DataClass::Public);
    let tiers = decided(&policy("[tiers]\nranking = 'tier_first'"), &facts, slow.clone());
    assert_eq!(route(&tiers), ["laptop", "box", "openai"]);
    let objective = decided(&policy("[tiers]\nranking = 'objective_first'"), &facts, slow);
    assert_eq!(route(&objective), ["openai", "box", "laptop"]);
}

#[test]
fn an_alias_chooses_its_models_and_a_models_own_name_always_works() {
    let policy = policy(
        "[[alias]]\nname = 'default'\nmodels = ['qwen']\n[[alias]]\nname = 'any'\nmodels = ['*']",
    );
    let asked = |alias: &str| {
        let facts = Facts { alias: alias.into(), ..asks(DataClass::Public) };
        decided(&policy, &facts, everybody())
    };
    assert_eq!(route(&asked("")), ["box"]);
    assert_eq!(route(&asked("any")), ["laptop", "box", "openai"]);
    assert_eq!(route(&asked("smollm2")), ["laptop"]);
    assert_eq!(losers(&asked("smollm2"))[0].1, Gate::Alias);
}
