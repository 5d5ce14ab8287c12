//! Random policies with every section and every effect, for properties of the whole.

use super::random::raw_policy;
use super::*;
use crate::device::{Accelerator, DeviceClass};
use crate::policy::raw::{
    RawAlias, RawCanary, RawDeviceClass, RawFor, RawLimits, RawObjective, RawProfiles, RawRule,
    RawTarget, RawWeights,
};
use crate::policy::{Pick, Preset, Profile, Ranking};
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

/// Conditions on the request alone; a wish can have no other.
const ON_REQUESTS: &[&str] = &[
    "request.class >= 'personal'",
    "!request.labelled",
    "request.prompt_tokens > 500",
    "request.max_output_tokens > 700",
    "'night' in principal.groups",
    "principal.profile == 'work'",
    "principal.device_class in ['phone', 'vehicle']",
    "time.hour >= 22 || time.hour < 6",
    "time.weekday >= 'saturday'",
    "content.bytes > 300",
    "fleet.edge_ready < 2",
    "fleet.device_ready == 0 && fleet.cloud_ready > 0",
];

/// Conditions on targets and devices.
const ON_TARGETS: &[&str] = &[
    "target.tier >= 'edge'",
    "target.tier == 'cloud' && request.class != 'public'",
    "target.region != 'eu'",
    "target.retention_days > 7",
    "target.quality < 0.5",
    "target.context_tokens < 4000",
    "device.battery_fraction < 0.5",
    "device.class == 'phone' || device.accelerator == 'cpu'",
    "device.queued > 1",
];

/// A restriction, on anything.
pub fn restriction() -> impl Strategy<Value = RawRule> {
    let none = RawRule::default;
    let effect = prop_oneof![
        Just(RawRule { deny: Some(true), ..none() }),
        select(Tier::ALL.to_vec()).prop_map(move |t| RawRule { max_tier: Some(t), ..none() }),
        Just(RawRule { own_device: Some(true), ..none() }),
        Just(RawRule { regions: Some(vec!["eu".into()]), ..none() }),
        (0_u32..30).prop_map(move |days| RawRule { max_retention_days: Some(days), ..none() }),
        select(Accelerator::ALL.to_vec())
            .prop_map(move |kind| RawRule { accelerator: Some(vec![kind]), ..none() }),
        (1_u64..5_000).prop_map(move |ms| RawRule { max_first_token_ms: Some(ms), ..none() }),
        (1_u64..50_000).prop_map(move |ms| RawRule { max_total_ms: Some(ms), ..none() }),
        (0_u64..500).prop_map(move |cost| RawRule { max_cost_usd_micros: Some(cost), ..none() }),
        (0.0..500.0).prop_map(move |j| RawRule { max_energy_joules: Some(j), ..none() }),
        (0.01..1.0).prop_map(move |q| RawRule { min_quality: Some(q), ..none() }),
    ];
    let when = prop_oneof![select(ON_REQUESTS.to_vec()), select(ON_TARGETS.to_vec())];
    (when, audience(), effect).prop_map(|(when, r#for, effect)| RawRule {
        name: Some("added".into()),
        when: Some(when.into()),
        r#for,
        ..effect
    })
}

fn audience() -> impl Strategy<Value = Option<RawFor>> {
    let one = prop_oneof![
        Just(RawFor { group: Some("night".into()), ..RawFor::default() }),
        Just(RawFor { application: Some("chat".into()), ..RawFor::default() }),
        Just(RawFor { profile: Some(Profile::Work), ..RawFor::default() }),
        Just(RawFor { device_class: Some(DeviceClass::Phone), ..RawFor::default() }),
        Just(RawFor { tenant: Some("acme".into()), ..RawFor::default() }),
    ];
    weighted(0.4, one)
}

/// A wish, on requests, of a policy that uses these tiers.
fn wish(used: &[Tier]) -> impl Strategy<Value = RawRule> + use<> {
    let none = RawRule::default;
    let weights =
        |rate: f64| RawWeights { energy_usd_micros_per_joule: Some(rate), ..RawWeights::default() };
    let rankings = vec![Ranking::TierFirst, Ranking::ObjectiveFirst];
    let effect = prop_oneof![
        select(Preset::ALL.to_vec()).prop_map(move |p| RawRule { preset: Some(p), ..none() }),
        (0.0..90.0).prop_map(move |w| RawRule { weights: Some(weights(w)), ..none() }),
        select(used.to_vec()).prop_map(move |t| RawRule { prefer: Some(vec![t]), ..none() }),
        select(rankings).prop_map(move |r| RawRule { ranking: Some(r), ..none() }),
        any::<bool>().prop_map(move |hedge| RawRule { hedge: Some(hedge), ..none() }),
        Just(RawRule { tag: Some(vec!["t".into()]), ..none() }),
    ];
    (select(ON_REQUESTS.to_vec()), audience(), effect).prop_map(|(when, r#for, effect)| RawRule {
        when: Some(when.into()),
        r#for,
        ..effect
    })
}

fn limits() -> impl Strategy<Value = RawLimits> {
    (
        weighted(0.2, 100_u64..5_000),
        weighted(0.2, 500_u64..50_000),
        weighted(0.2, 0_u64..500),
        weighted(0.2, 0.0..500.0),
        weighted(0.2, 0.0..0.9),
    )
        .prop_map(|(first_token, total, cost, energy, quality)| RawLimits {
            default_output_tokens: None,
            max_first_token_ms: first_token,
            max_total_ms: total,
            max_cost_usd_micros: cost,
            max_energy_joules: energy,
            min_quality: quality,
        })
}

fn alias() -> impl Strategy<Value = RawAlias> {
    let canary = weighted(0.3, 0.01..0.99);
    (select(vec![Pick::Best, Pick::Ordered, Pick::Weighted]), 0.01..5.0, canary).prop_map(
        |(pick, weight, share)| RawAlias {
            name: Some("default".into()),
            models: vec!["m0".into(), "m1".into()],
            pick: Some(pick),
            weights: (pick == Pick::Weighted).then(|| vec![weight, 1.0]),
            canary: share.map(|share| RawCanary { model: Some("m2".into()), share: Some(share) }),
        },
    )
}

/// A policy in which anything may stand that compiles. Its rules are named by their places.
pub fn rich_policy() -> impl Strategy<Value = RawPolicy> {
    let leaks_nothing = |raw: &RawPolicy| crate::policy::Policy::compile(raw.clone()).is_ok();
    any_policy().prop_filter("prefers a tier for what may never go there", leaks_nothing)
}

fn any_policy() -> impl Strategy<Value = RawPolicy> {
    raw_policy().prop_flat_map(|raw| {
        let used = raw.tiers.order.clone().unwrap_or_default();
        let rules = prop::collection::vec(prop_oneof![restriction(), wish(&used)], 0..5);
        let ranking = of(Just(raw.tiers.ranking));
        (limits(), alias(), of(select(Preset::ALL.to_vec())), any::<bool>(), rules, ranking)
            .prop_map(move |(limits, alias, preset, hedge, mut rules, ranking)| {
                for (index, rule) in rules.iter_mut().enumerate() {
                    rule.name = Some(format!("r{index}"));
                }
                let mut raw = RawPolicy { limits, alias: vec![alias], rule: rules, ..raw.clone() };
                raw.objective = RawObjective { preset, ..RawObjective::default() };
                raw.tiers.ranking = ranking.flatten();
                raw.fallback.hedge = Some(hedge);
                raw.profiles = RawProfiles { work: vec!["chat".into()], ..RawProfiles::default() };
                raw.target = vec![RawTarget {
                    model: Some("m1".into()),
                    quality: Some(0.7),
                    usable: Some(!hedge),
                    ..RawTarget::default()
                }];
                raw.device_class.phone = RawDeviceClass {
                    battery_floor_fraction: Some(0.6),
                    ..RawDeviceClass::default()
                };
                raw
            })
    })
}
