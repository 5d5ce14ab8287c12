//! The same seed gives the same run.

use super::worlds::{OFFICE, objective_first, play, world};
use littoral_core::policy::Policy;

#[test]
fn one_seed_gives_one_run_and_another_seed_another() {
    let scenario = world(OFFICE);
    let told = |seed| {
        let outcome = play(&scenario, &objective_first(), seed);
        (outcome.metrics.values(), outcome.events)
    };
    assert_eq!(told(1), told(1));
    assert_ne!(told(1), told(2));
}

#[test]
fn a_month_needs_no_more_memory_than_a_day() {
    let days = |days: u32| {
        let text = OFFICE.replace("lasts = \"4h\"", &format!("lasts = \"{days}d\""));
        let text = text.replace("per_s = 1.2", "per_s = 0.05");
        play(&world(&text), &objective_first(), 6)
    };
    let (day, month) = (days(1), days(30));
    assert!(month.metrics.requests > 20 * day.metrics.requests);
    println!("{} and {} at once", day.most_at_once, month.most_at_once);
    assert!(month.most_at_once < 3 * day.most_at_once.max(10));
}

#[test]
fn policies_that_are_compared_meet_the_same_requests() {
    let scenario = world(OFFICE);
    let arrivals = |policy: &Policy| {
        let outcome = play(&scenario, policy, 3);
        outcome.metrics.timeline.iter().map(|slice| slice.requests).collect::<Vec<_>>()
    };
    assert_eq!(arrivals(&Policy::shipped()), arrivals(&objective_first()));
}
