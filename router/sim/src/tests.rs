//! The simulator against what is known of queues, and against the decisions it is built around.

use super::*;
use littoral_core::class::{DataClass, Tier};
use littoral_core::decide::decide;
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, TokenCount};
use littoral_core::fleet::{
    CloudSite, DeviceState, FleetView, ModelFacts, Pool, Residency, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use littoral_core::money::ModelPrice;
use littoral_core::policy::raw::RawDeadlines;
use littoral_core::policy::{Policy, RawPolicy};
use littoral_core::principal::Principal;
use littoral_core::reason::Reason;
use std::time::Duration;

/// No deadline within a day, so that a queue may grow as theory lets it.
fn patient() -> Policy {
    let day = Some(86_400_000);
    let deadlines = RawDeadlines { default_ms: day, max_ms: day, ..RawDeadlines::default() };
    let raw = RawPolicy {
        version: Some(1),
        name: Some("patient".into()),
        deadlines,
        ..RawPolicy::default()
    };
    Policy::compile(raw).unwrap()
}

fn facts(class: DataClass) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        scan: Default::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 0, estimated: false },
        prompt_bytes: 0,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn model() -> ModelFacts {
    ModelFacts {
        name: "m".into(),
        context_tokens: 100_000,
        abilities: Needs::default(),
        quality: None,
        accepts_prefix: true,
    }
}

/// A shared machine of one slot that writes 1,000 tokens a second.
fn worker(queue_limit: u32) -> WorkerView {
    WorkerView {
        worker_id: "w".into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 1,
        active: 0,
        queued: 0,
        queue_limit,
        prefill_tokens_per_s: Some(10_000.0),
        decode_tokens_per_s: Some(1_000.0),
        round_trip_ms: Some(0.0),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState { joules_per_token: Some(0.5), ..DeviceState::default() },
        residency: Residency::Resident,
        held_tokens: 0,
    }
}

fn edge(worker: WorkerView) -> Pool {
    let site = WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        workers: vec![worker],
        rest: None,
        unseen: 0,
    };
    Pool { id: "local/m".into(), model: model(), site: Site::Workers(site) }
}

fn cloud() -> Pool {
    let site = CloudSite {
        price: Some(ModelPrice::of_tokens(1_000_000, 2_000_000)),
        first_token_ms: Some(300.0),
        decode_tokens_per_s: Some(500.0),
        ..CloudSite::of("p")
    };
    Pool { id: "p/m".into(), model: model(), site: Site::Cloud(site) }
}

/// One worker under Poisson arrivals; service takes a second on average.
fn single_server(load: f64, answer: AnswerLength) -> Report {
    let scenario = Scenario {
        policy: patient(),
        fleet: FleetView::of(vec![edge(worker(u32::MAX))]),
        facts: facts(DataClass::Public),
        arrivals_per_s: load,
        answer,
        requests: 400_000,
        seed: 7,
    };
    println!("seed {}", scenario.seed);
    run(&scenario)
}

fn within(percent: f64, measured: f64, theory: f64) {
    let off = 100.0 * (measured / theory - 1.0).abs();
    assert!(off <= percent, "{measured} is {off:.2} % off {theory}");
}

#[test]
fn exponential_service_waits_as_the_theory_of_m_m_1_says() {
    for load in [0.5, 0.8] {
        let report = single_server(load, AnswerLength::Exponential { mean: 1_000.0 });
        let edge = report.answered[&Tier::Edge];
        assert_eq!(edge.requests, 400_000);
        // Time in the system is exponential around 1 / (mu - lambda).
        let mean_ms = 1e3 / (1.0 - load);
        within(3.0, edge.total_ms.mean, mean_ms);
        within(3.0, edge.total_ms.p50, mean_ms * 2.0_f64.ln());
        within(4.0, edge.total_ms.p95, mean_ms * 20.0_f64.ln());
    }
}

#[test]
fn fixed_service_waits_as_the_theory_of_m_d_1_says() {
    for load in [0.5, 0.8] {
        let report = single_server(load, AnswerLength::Fixed(1_000.0));
        let theory_ms = 1e3 * (1.0 + load / (2.0 * (1.0 - load)));
        within(2.0, report.answered[&Tier::Edge].total_ms.mean, theory_ms);
    }
}

#[test]
fn energy_is_that_of_the_tokens_written_and_a_local_answer_costs_nothing() {
    let edge = single_server(0.5, AnswerLength::Fixed(10.0)).answered[&Tier::Edge];
    assert_eq!(edge.energy_joules, 400_000.0 * 10.0 * 0.5);
    assert_eq!(edge.cost_usd_micros, 0.0);
}

#[test]
fn a_lone_request_takes_exactly_as_long_as_was_predicted() {
    for pool in [edge(worker(1)), cloud()] {
        let mut facts = facts(DataClass::Public);
        facts.prompt_tokens.tokens = 500;
        let fleet = FleetView::of(vec![pool]);
        let decision = decide(&Policy::shipped(), &facts, &fleet, Duration::ZERO, 0);
        let predicted = decision.plan().unwrap().attempts[0].predicted;
        let report = run(&Scenario {
            policy: Policy::shipped(),
            fleet,
            facts,
            arrivals_per_s: 1.0,
            answer: AnswerLength::Fixed(f64::from(predicted.output_tokens)),
            requests: 1,
            seed: 0,
        });
        let tier = report.answered.values().next().unwrap();
        within(0.001, tier.first_token_ms.mean, predicted.first_token_ms.unwrap());
        within(0.001, tier.total_ms.mean, predicted.total_ms.unwrap());
        let cost = predicted.cost_usd_micros.unwrap();
        assert_eq!(tier.cost_usd_micros.ceil() as u64, cost);
    }
}

fn overload(class: DataClass, seed: u64) -> Report {
    run(&Scenario {
        policy: Policy::shipped(),
        fleet: FleetView::of(vec![edge(worker(2)), cloud()]),
        facts: facts(class),
        arrivals_per_s: 8.0,
        answer: AnswerLength::Exponential { mean: 250.0 },
        requests: 20_000,
        seed,
    })
}

#[test]
fn what_a_full_worker_cannot_take_goes_to_the_cloud_if_it_may() {
    let report = overload(DataClass::Public, 3);
    let (edge, cloud) = (report.answered[&Tier::Edge], report.answered[&Tier::Cloud]);
    assert_eq!(edge.requests + cloud.requests, 20_000);
    // Four a second is all the worker can do; offered twice as many it is hardly ever idle.
    let busy = f64::from(edge.requests) / (report.lasted_ms / 1e3) / 4.0;
    assert!((0.9..=1.01).contains(&busy), "{busy}");
    assert!(cloud.cost_usd_micros > 0.0 && report.refused.is_empty());
}

#[test]
fn what_may_not_leave_is_refused_by_name_and_never_reaches_the_cloud() {
    for class in [DataClass::Personal, DataClass::Restricted] {
        let report = overload(class, 3);
        assert!(!report.answered.contains_key(&Tier::Cloud), "{report:?}");
        assert!(report.refused[&Reason::EgressDenied] > 0);
        let answered: u32 = report.answered.values().map(|tier| tier.requests).sum();
        assert_eq!(answered + report.refused.values().sum::<u32>(), 20_000);
    }
}

#[test]
fn one_seed_gives_one_report() {
    assert_eq!(overload(DataClass::Public, 5), overload(DataClass::Public, 5));
    assert_ne!(overload(DataClass::Public, 5), overload(DataClass::Public, 6));
}
