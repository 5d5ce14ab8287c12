//! What a decision allocates: as often for a thousand candidates as for sixteen. A router that decides
//! for a fleet must not ask the allocator for each of its machines.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

#[path = "../benches/decide/world.rs"]
mod world;

use littoral_core::class::DataClass;
use littoral_core::decide::decide;
use littoral_core::facts::Facts;
use littoral_core::fleet::{FleetView, Site, WorkerView};
use littoral_core::policy::Policy;
use std::time::Duration;
use world::{cloud, facts, pool, worker, workers};

/// A worker with so much charge.
fn charged(index: usize, charge: f64) -> WorkerView {
    let mut worker = worker(index);
    worker.device.battery_fraction = Some(charge);
    worker
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
        if index.is_multiple_of(2) { cloud(index) } else { workers(vec![worker(index)]) }
    };
    let [few, many] =
        [16, 1_000].map(|count| allocations(&facts(DataClass::Public), &of_pools(count, mixed)));
    assert_eq!(few, many);
    assert!(few < 24, "{few}");
}

#[test]
fn workers_that_could_all_answer_cost_no_allocation_each() {
    let crowd = |count| {
        let mut pools = of_pools(1, |_| workers((0..count).map(worker).collect()));
        pools.pools.push(pool(1, cloud(1)));
        pools
    };
    let [few, many] =
        [16, 1_000].map(|count| allocations(&facts(DataClass::Personal), &crowd(count)));
    assert_eq!(few, many);
}

#[test]
fn targets_that_all_fail_a_gate_cost_no_allocation_each() {
    let [few, many] = [16, 1_000].map(|count| {
        let denied = of_pools(count, cloud);
        let tired = of_pools(count, |index| workers(vec![charged(index, 0.1)]));
        [(DataClass::Restricted, denied), (DataClass::Personal, tired)]
            .map(|(class, fleet)| allocations(&facts(class), &fleet))
    });
    assert_eq!(few, many);
}
