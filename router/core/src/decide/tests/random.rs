//! Random policies, fleets and requests: sane and insane numbers, every mix of owner and group.

use super::*;
use crate::budget::{Left, Room};
use crate::device::{Accelerator, DeviceClass};
use crate::estimate::Estimate;
use crate::facts::LocalTime;
use crate::fleet::{Learned, Resting};
use crate::money::ModelPrice;
use crate::policy::Ranking;
use crate::policy::raw::{RawAlias, RawDevice, RawFallback, RawTiers};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn tier() -> impl Strategy<Value = Tier> {
    select(Tier::ALL.to_vec())
}

fn class() -> impl Strategy<Value = DataClass> {
    select(DataClass::ALL.to_vec())
}

/// Ceilings as tight as drawn and never looser than a policy may set them.
pub fn raw_ceilings() -> impl Strategy<Value = crate::policy::raw::RawCeilings> {
    [tier(), tier(), tier(), tier()].prop_map(|[public, internal, personal, restricted]| {
        let internal = internal.min(public);
        let personal = personal.min(internal).min(Tier::Edge);
        let restricted = restricted.min(personal);
        crate::policy::raw::RawCeilings {
            public: Some(public),
            internal: Some(internal),
            personal: Some(personal),
            restricted: Some(restricted),
            restricted_edge: Some(restricted == Tier::Edge),
        }
    })
}

fn raw_tiers() -> impl Strategy<Value = RawTiers> {
    (
        subsequence(Tier::ALL.to_vec(), 1..=3).prop_shuffle(),
        select(vec![Ranking::TierFirst, Ranking::ObjectiveFirst]),
        subsequence(vec!["g0".to_owned(), "g1".to_owned()], 0..=2),
    )
        .prop_map(|(order, ranking, edge_groups)| RawTiers {
            order: Some(order),
            ranking: Some(ranking),
            edge_groups,
        })
}

pub fn raw_policy() -> impl Strategy<Value = RawPolicy> {
    let models = prop_oneof![Just(vec!["*".to_owned()]), Just(vec!["m0".into(), "m1".into()])];
    let device = (0.0..=1.0, 0.0..=1.0, 0_u64..2_000, any::<bool>());
    (raw_ceilings(), raw_tiers(), models, device, 1_u32..=6, any::<bool>()).prop_map(
        |(ceilings, tiers, models, device, max_attempts, failover)| RawPolicy {
            version: Some(1),
            name: Some("random".into()),
            ceilings,
            tiers,
            alias: vec![RawAlias { name: Some("default".into()), models, ..RawAlias::default() }],
            fallback: RawFallback {
                max_attempts: Some(max_attempts),
                failover: Some(failover),
                hedge: None,
                buffer: None,
            },
            device: RawDevice {
                battery_floor_fraction: Some(device.0),
                thermal_wall_fraction: Some(device.1),
                memory_floor_bytes: Some(device.2),
                require_readings: Some(device.3),
            },
            ..RawPolicy::default()
        },
    )
}

pub fn compiled(raw: RawPolicy) -> Policy {
    Policy::compile(raw).unwrap()
}

/// A reading: mostly sane, sometimes anything a float can be, sometimes none.
fn number(sane: std::ops::Range<f64>) -> impl Strategy<Value = Option<f64>> {
    prop_oneof![6 => sane.prop_map(Some), 1 => prop::num::f64::ANY.prop_map(Some), 1 => Just(None)]
}

pub fn needs() -> impl Strategy<Value = Needs> {
    any::<[bool; 6]>().prop_map(|[tools, json_output, image, audio, logprobs, embeddings]| Needs {
        tools,
        json_output,
        image,
        audio,
        logprobs,
        embeddings,
    })
}

fn device() -> impl Strategy<Value = DeviceState> {
    let power = (number(0.0..1.0), of(any::<bool>()), of(any::<bool>()));
    (power, of(0_u64..3_000), number(0.0..1.1), number(0.0..5.0)).prop_map(
        |((battery, on_battery, metered), memory, thermal, joules)| DeviceState {
            battery_fraction: battery,
            on_battery,
            metered_network: metered,
            memory_available_bytes: memory,
            thermal_fraction: thermal,
            joules_per_token: joules,
            ..DeviceState::default()
        },
    )
}

fn worker_view() -> impl Strategy<Value = WorkerView> {
    let status = select(vec![WorkerStatus::Ready, WorkerStatus::Suspect, WorkerStatus::Draining]);
    let queue = (0_u32..4, 0_u32..4, 0_u32..4, 0_u32..4);
    let rates = (number(1.0..5e3), number(0.1..500.0), number(0.0..300.0));
    (status, queue, rates, device()).prop_map(|(status, queue, rates, device)| WorkerView {
        worker_id: "".into(),
        incarnation: 1,
        status,
        slots: queue.0,
        active: queue.1,
        queued: queue.2,
        queue_limit: queue.3,
        prefill_tokens_per_s: rates.0,
        decode_tokens_per_s: rates.1,
        round_trip_ms: rates.2,
        device_class: None,
        accelerator: None,
        learned: None,
        device,
        residency: Residency::Resident,
        held_tokens: 0,
    })
}

/// Beliefs from sharp to vague.
fn learned() -> impl Strategy<Value = Learned> {
    let estimate = |mids: std::ops::Range<f64>| {
        (mids, 1.0..20.0).prop_map(|(mid, spread)| Estimate::within_factor(mid, spread).unwrap())
    };
    (estimate(1.0..4e3), estimate(1.0..500.0), number(1.0..900.0), of(estimate(0.1..9.0))).prop_map(
        |(first_token_ms, gap_ms, slow_gap_ms, joules_per_token)| Learned {
            first_token_ms,
            gap_ms,
            slow_gap_ms,
            joules_per_token,
            throttled: None,
        },
    )
}

/// A worker that says what it is and what it runs on, or does not.
fn told_worker() -> impl Strategy<Value = WorkerView> {
    (
        worker_view(),
        of(select(DeviceClass::ALL.to_vec())),
        of(select(Accelerator::ALL.to_vec())),
        number(1e3..1e5),
        number(0.0..0.01),
        of(learned()),
    )
        .prop_map(|(worker, device_class, accelerator, capacity, heating, learned)| {
            WorkerView {
                device_class,
                accelerator,
                learned,
                device: DeviceState {
                    battery_capacity_joules: capacity,
                    heating_per_s: heating,
                    ..worker.device
                },
                ..worker
            }
        })
}

fn worker_site() -> impl Strategy<Value = WorkerSite> {
    (
        select(vec!["acme", "acme", "acme", "other", ""]),
        select(vec![None, Some("alice"), Some("alice"), Some("bob"), Some("")]),
        select(vec![None, Some("g0"), Some("g1")]),
        tier(),
        prop_oneof![8 => vec(told_worker(), 0..5), 1 => vec(told_worker(), 13..30)],
    )
        .prop_map(|(tenant, owner, group, nearest_tier, mut workers)| {
            for (index, worker) in workers.iter_mut().enumerate() {
                worker.worker_id = format!("w{index}").into();
            }
            WorkerSite {
                tenant: tenant.into(),
                owner: owner.map(Into::into),
                group: group.map(Into::into),
                nearest_tier,
                workers,
                rest: None,
                unseen: 0,
            }
        })
}

fn resting() -> impl Strategy<Value = Resting> {
    let left_ms = 0_u64..20_000;
    prop_oneof![
        left_ms.clone().prop_map(|left_ms| Resting::Offline { left_ms }),
        left_ms.clone().prop_map(|left_ms| Resting::Failing { left_ms }),
        left_ms.prop_map(|left_ms| Resting::Keys { left_ms }),
        Just(Resting::Slow),
    ]
}

fn left() -> impl Strategy<Value = Left> {
    let room = |budget: &'static str| {
        (0_u64..100_000, any::<u64>()).prop_map(move |(left, refills_in_ms)| Room {
            budget: budget.into(),
            left,
            refills_in_ms,
        })
    };
    let rare = prop::option::weighted;
    (rare(0.2, room("money")), rare(0.2, room("tokens")), any::<bool>())
        .prop_map(|(usd_micros, tokens, over_soft)| Left { usd_micros, tokens, over_soft })
}

fn cloud_site() -> impl Strategy<Value = CloudSite> {
    let stated = (of(select(vec!["eu", "us"])), of(0_u32..40));
    let rates = (number(1.0..4e3), number(1.0..300.0), of(learned()));
    let open = (any::<bool>(), select(vec![false, false, false, true]));
    let now = (of(resting()), left());
    (open, of((any::<u64>(), 0_u64..9_000_000)), rates, stated, now).prop_map(
        |((configured, egress_off), price, rates, stated, (resting, left))| CloudSite {
            provider: "p".into(),
            region: stated.0.map(Into::into),
            retention_days: stated.1,
            configured,
            egress_off,
            price: price.map(|(input, output)| ModelPrice::of_tokens(input, output)),
            first_token_ms: rates.0,
            decode_tokens_per_s: rates.1,
            learned: rates.2,
            resting,
            left,
        },
    )
}

fn model_facts() -> impl Strategy<Value = ModelFacts> {
    (select(vec!["m0", "m1", "m2"]), 1_u32..9_000, needs(), number(0.0..1.0), any::<bool>())
        .prop_map(|(name, context_tokens, abilities, quality, accepts_prefix)| ModelFacts {
            name: name.into(),
            context_tokens,
            abilities,
            quality,
            accepts_prefix,
        })
}

pub fn fleet() -> impl Strategy<Value = FleetView> {
    let site = prop_oneof![
        2 => worker_site().prop_map(Site::Workers),
        1 => cloud_site().prop_map(Site::Cloud),
    ];
    vec((model_facts(), site), 0..9).prop_map(|pools| {
        let pools = pools.into_iter().enumerate().map(|(index, (model, site))| Pool {
            id: format!("pool{index}").into(),
            model,
            site,
        });
        FleetView::of(pools.collect())
    })
}

fn mode() -> impl Strategy<Value = Mode> {
    select(vec![
        Mode::PolicyDefault,
        Mode::PolicyDefault,
        Mode::PreferOnDevice,
        Mode::OnlyOnDevice,
        Mode::PreferEdge,
        Mode::OnlyLocalNetwork,
        Mode::PreferInCloud,
        Mode::OnlyInCloud,
    ])
}

fn hints() -> impl Strategy<Value = Hints> {
    let rarely = |range: std::ops::Range<u64>| prop::option::weighted(0.2, range);
    (
        mode(),
        rarely(0..200_000),
        rarely(0..10_000),
        rarely(0..1_000),
        prop::option::weighted(0.2, number(0.0..500.0)),
        prop::option::weighted(0.2, number(0.0..1.0)),
        of(any::<bool>()),
    )
        .prop_map(|(mode, deadline_ms, ttft, cost, energy, quality, allow_failover)| Hints {
            mode,
            deadline_ms,
            ttft_target_ms: ttft,
            max_cost_usd_micros: cost,
            max_energy_joules: energy.flatten(),
            min_quality: quality.flatten(),
            allow_failover,
            allow_hedge: None,
        })
}

pub fn facts() -> impl Strategy<Value = Facts> {
    let origin =
        select(vec![ClassOrigin::Labelled, ClassOrigin::Labelled, ClassOrigin::Unlabelled]);
    // Most requests need little, so that most candidates get past the first gates.
    let few = prop_oneof![4 => Just(Needs::default()), 1 => needs()];
    (
        (class(), origin),
        select(vec!["", "", "", "m0", "m2", "unknown"]),
        prop_oneof![8 => 0_u32..2_000, 1 => any::<u32>()],
        prop::option::weighted(0.3, 0_u32..2_000),
        few,
        hints(),
        (
            any::<bool>(),
            of((0_u8..7, 0_u16..1_440)),
            of(select(DeviceClass::ALL.to_vec())),
            any::<bool>(),
        ),
    )
        .prop_map(|((class, origin), alias, tokens, max_output, needs, hints, asker)| {
            let (loopback, time, device_class, in_group) = asker;
            let mut facts = asks(class);
            facts.class.origin = origin;
            facts.alias = alias.into();
            facts.prompt_tokens = TokenCount { tokens, estimated: tokens % 2 == 0 };
            facts.max_output_tokens = max_output;
            facts.needs = needs;
            facts.hints = hints;
            facts.principal.loopback = loopback;
            facts.principal.device_class = device_class;
            facts.principal.groups = if in_group { vec!["night".into()] } else { Vec::new() };
            facts.time = time.map(|(weekday, minute)| LocalTime { weekday, minute });
            facts
        })
}
