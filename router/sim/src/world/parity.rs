//! The simulator decides as the router records: its decisions, made in place and without a record, are those
//! that the router's own call makes and that a replay of the record makes again.

use super::asking::Asked;
use super::{Run, World};
use crate::tests::faults::two_clouds;
use crate::tests::worlds::{OFFICE, objective_first, world};
use littoral_core::fleet::Resting;
use littoral_core::plan::{Gate, Why};
use littoral_core::policy::Policy;
use littoral_core::record::Record;
use std::cell::RefCell;
use std::time::Duration;

/// Lets a world come to life, and then asks it and the router's call for everybody.
fn decides_alike(text: &str, policy: &Policy, seed: u64) -> usize {
    let scenario = world(text);
    let run = Run::of(&scenario, policy, seed);
    println!("under {}, seed {seed}", policy.name());
    let mut world = World::new(run);
    world.begin();
    for _ in 0..6_000 {
        if let Some(event) = world.events.take() {
            world.happen(event);
        }
    }
    let world = RefCell::new(world);
    let mut plans = 0;
    for (number, person) in (0..scenario.people() as u32).enumerate() {
        for kind in 0..scenario.requests.len() as u16 {
            let number = 1_000_000 + number as u64;
            let (tokens_in, tokens_out) = (200 + 13 * person, 100);
            let class = scenario.requests[kind as usize].class;
            let asked = Asked {
                number,
                person,
                kind,
                tokens_in,
                tokens_out,
                conversation: 1,
                known: 0,
                class,
            };
            let (asker, made, facts, now, seed) = {
                let world = &mut *world.borrow_mut();
                let asker = world.asker(&asked);
                world.state_facts(&asked, &asker);
                let made = world.decision(policy, &asked, &asker, 0);
                let now = Duration::from_millis(world.now().as_millis() as u64);
                (asker, made.clone(), world.facts[kind as usize].clone(), now, made.seed)
            };
            let fleet = |seen: littoral_core::record::Seen| {
                let world = &mut *world.borrow_mut();
                world.fill_view(&asker, seen.most(), seed);
                world.keep_budgets_in_view(&asked);
                world.view.fleet.clone()
            };
            let record = Record::decide_over(policy, &facts, fleet, now, seed);
            assert_eq!(record.decision, made);
            assert_eq!(record.replay(policy), Ok(()));
            plans += usize::from(made.plan().is_some());
        }
    }
    plans
}

#[test]
fn what_the_simulator_decides_is_what_the_router_records_and_replays() {
    for seed in 1..=3 {
        for policy in [Policy::shipped(), objective_first()] {
            let plans = decides_alike(OFFICE, &policy, seed);
            println!("{plans} plans");
            assert!(plans > 10);
        }
    }
}

#[test]
fn crowds_of_which_a_part_is_looked_at_are_decided_alike_too() {
    let crowd =
        OFFICE.replace("count = 3\n", "count = 300\n").replace("count = 40\n", "count = 60\n");
    assert!(decides_alike(&crowd, &objective_first(), 4) > 60);
    // Busy for the most part, so that looking at a few is not enough.
    let busy = crowd.replace("per_s = 1.2", "per_s = 90");
    assert!(decides_alike(&busy, &Policy::shipped(), 5) > 30);
}

#[test]
fn a_cloud_behind_an_open_breaker_is_said_to_rest() {
    let down = "[[change]]\nat = \"1m\"\nwhat = \"cloud_down\"\nof = \"one\"\n";
    let (scenario, policy) = (world(&two_clouds(down)), Policy::shipped());
    let mut world = World::new(Run::of(&scenario, &policy, 1));
    println!("seed 1");
    world.begin();
    while world.now() < Duration::from_secs(120) {
        let event = world.events.take().unwrap();
        world.happen(event);
    }
    let asked = Asked {
        number: 1_000_000,
        person: 0,
        kind: 0,
        tokens_in: 200,
        tokens_out: 100,
        conversation: 1,
        known: 0,
        class: scenario.requests[0].class,
    };
    let (_, made) = world.decided(&asked, 0);
    let lost = made.rejected.iter().find(|row| &*row.pool == "one/m").unwrap();
    assert_eq!(lost.gate, Gate::Breaker, "{lost:?}");
    assert!(matches!(lost.why, Why::Resting(Resting::Failing { .. })), "{lost:?}");
}
