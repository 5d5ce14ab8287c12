//! A target begins as reported and becomes as it answers.

use super::*;
use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{ClassFact, ClassOrigin, Hints, Needs, TokenCount};
use littoral_core::fleet::{DeviceState, ModelFacts, Residency, WorkerSite, WorkerStatus};
use littoral_core::principal::Principal;

fn worker(decode_tokens_per_s: Option<f64>) -> Pool {
    let worker = WorkerView {
        worker_id: "desk".into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 1,
        active: 0,
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: Some(1_000.0),
        decode_tokens_per_s,
        round_trip_ms: Some(1.0),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState::default(),
        residency: Residency::Resident,
        held_tokens: 0,
    };
    Pool {
        id: "local/@local/m".into(),
        model: ModelFacts {
            name: "m".into(),
            context_tokens: 2_048,
            abilities: Needs::default(),
            quality: None,
            accepts_prefix: true,
        },
        site: Site::Workers(WorkerSite {
            tenant: "local".into(),
            owner: Some("local".into()),
            group: None,
            nearest_tier: Tier::Device,
            workers: vec![worker],
            rest: None,
            unseen: 0,
        }),
    }
}

/// A request of 100 tokens by somebody of a tenant.
fn asked(tenant: &str) -> Facts {
    Facts {
        principal: Principal { tenant: tenant.into(), ..Principal::loopback() },
        alias: String::new(),
        class: ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled },
        scan: Default::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 100, estimated: false },
        prompt_bytes: 400,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn answered(output_tokens: u32, total_ms: f64) -> Observation<'static> {
    Observation {
        target: "desk",
        pool: "local/@local/m",
        alias: "default",
        tenant: "local",
        prompt_tokens: 100,
        output_tokens,
        cut_short: false,
        first_token_ms: Some(200.0),
        total_ms,
        queued: false,
        sharers: 1,
        energy_joules: None,
    }
}

fn gap_of(fleet: &FleetView) -> Option<littoral_core::estimate::Estimate> {
    let Site::Workers(site) = &fleet.pools[0].site else { return None };
    site.workers[0].learned.map(|learned| learned.gap_ms)
}

#[test]
fn a_worker_is_believed_as_reported_and_then_as_it_answers_with_narrower_bounds() {
    let learning = Learning::default();
    let look = |now| learning.fleet(vec![worker(Some(100.0))], &asked("local"), "default", now);
    let at_first = gap_of(&look(Duration::ZERO)).unwrap();
    assert!((at_first.mid() - 10.0).abs() < 0.5, "{at_first:?}");
    for second in 1..60 {
        learning.observe(&answered(101, 200.0 + 4_000.0), Duration::from_secs(second));
    }
    let later = gap_of(&look(Duration::from_secs(60))).unwrap();
    assert!((later.mid() - 40.0).abs() < 4.0, "{later:?}");
    assert!(later.high() / later.low() < at_first.high() / at_first.low());
}

#[test]
fn of_a_worker_that_reports_nothing_nothing_is_believed_until_it_has_answered() {
    let learning = Learning::default();
    let look =
        || learning.fleet(vec![worker(None)], &asked("local"), "default", Duration::from_secs(1));
    assert_eq!(gap_of(&look()), None);
    learning.observe(&answered(101, 4_200.0), Duration::from_secs(1));
    assert!(gap_of(&look()).is_some());
}

#[test]
fn lengths_are_believed_after_a_few_answers_of_the_same_alias_to_the_same_tenant() {
    let learning = Learning::default();
    let tokens = |alias: &str, tenant: &str| {
        learning.fleet(Vec::new(), &asked(tenant), alias, Duration::from_secs(9)).answer_tokens
    };
    assert_eq!(tokens("default", "local"), None);
    learning.observe(&answered(40, 500.0), Duration::from_secs(1));
    assert_eq!(tokens("default", "local"), None, "one answer says little");
    for second in 2..9 {
        learning.observe(&answered(40, 500.0), Duration::from_secs(second));
    }
    let learned = tokens("default", "local").unwrap().mid();
    assert!((20.0..80.0).contains(&learned), "{learned}");
    assert_eq!(tokens("default", "acme"), None);
}

#[test]
fn a_machine_of_another_pool_with_the_same_name_teaches_nothing() {
    let learning = Learning::default();
    let mut stranger = answered(101, 90_000.0);
    stranger.pool = "acme/@bob/m";
    let look =
        || learning.fleet(vec![worker(Some(100.0))], &asked("local"), "default", Duration::ZERO);
    let before = gap_of(&look());
    for _ in 0..50 {
        learning.observe(&stranger, Duration::ZERO);
    }
    assert_eq!(gap_of(&look()), before);
}
