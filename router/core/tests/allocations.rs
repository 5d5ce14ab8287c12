//! What a decision allocates: as often for a thousand candidates as for sixteen. A router that decides
//! for a fleet must not ask the allocator for each of its machines.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use littoral_core::class::{DataClass, Tier};
use littoral_core::decide::decide;
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, TokenCount};
use littoral_core::fleet::{
    CloudSite, DeviceState, FleetView, ModelFacts, Pool, Price, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use std::time::Duration;

fn facts(class: DataClass) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        prompt_tokens: TokenCount { tokens: 300, estimated: false },
        prompt_bytes: 1_200,
        max_output_tokens: None,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn worker(index: usize, battery: f64) -> WorkerView {
    WorkerView {
        worker_id: format!("worker-{index:04}").into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 2,
        active: 0,
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: Some(500.0),
        decode_tokens_per_s: Some(90.0),
        round_trip_ms: Some(1.5),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState {
            battery_fraction: Some(battery),
            on_battery: Some(true),
            ..DeviceState::default()
        },
    }
}

fn pool(index: usize, site: Site) -> Pool {
    let model = ModelFacts {
        name: "model".into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.6),
        accepts_prefix: true,
    };
    Pool { id: format!("local/pool-{index:04}/model").into(), model, site }
}

fn workers(workers: Vec<WorkerView>) -> Site {
    Site::Workers(WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        workers,
        rest: None,
    })
}

fn cloud() -> Site {
    Site::Cloud(CloudSite {
        provider: "provider".into(),
        region: None,
        retention_days: None,
        configured: true,
        price: Some(Price { input_usd_micros_per_mtok: 1, output_usd_micros_per_mtok: 2 }),
        first_token_ms: Some(400.0),
        decode_tokens_per_s: Some(80.0),
        learned: None,
    })
}

/// Allocations of one decision.
fn allocations(facts: &Facts, fleet: &FleetView) -> u64 {
    let policy = Policy::shipped();
    let count = || {
        allocation_counter::measure(|| {
            let decision = decide(&policy, facts, fleet, Duration::ZERO, 7);
            assert!(!decision.rejected.is_empty());
        })
    };
    count();
    count().count_total
}

fn of_pools(count: usize, site: impl Fn(usize) -> Site) -> FleetView {
    FleetView::of((0..count).map(|index| pool(index, site(index))).collect())
}

#[test]
fn pools_that_could_all_answer_cost_no_allocation_each() {
    let mixed = |index: usize| {
        if index.is_multiple_of(2) { cloud() } else { workers(vec![worker(index, 0.9)]) }
    };
    let [few, many] =
        [16, 1_000].map(|count| allocations(&facts(DataClass::Public), &of_pools(count, mixed)));
    assert_eq!(few, many);
    assert!(few < 24, "{few}");
}

#[test]
fn workers_that_could_all_answer_cost_no_allocation_each() {
    let crowd = |count| {
        let mut pools =
            of_pools(1, |_| workers((0..count).map(|index| worker(index, 0.9)).collect()));
        pools.pools.push(pool(1, cloud()));
        pools
    };
    let [few, many] =
        [16, 1_000].map(|count| allocations(&facts(DataClass::Personal), &crowd(count)));
    assert_eq!(few, many);
}

#[test]
fn targets_that_all_fail_a_gate_cost_no_allocation_each() {
    let [few, many] = [16, 1_000].map(|count| {
        let denied = of_pools(count, |_| cloud());
        let tired = of_pools(count, |index| workers(vec![worker(index, 0.1)]));
        [(DataClass::Restricted, denied), (DataClass::Personal, tired)]
            .map(|(class, fleet)| allocations(&facts(class), &fleet))
    });
    assert_eq!(few, many);
}
