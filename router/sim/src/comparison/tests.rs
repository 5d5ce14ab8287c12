//! Comparisons are the same on any number of threads, and their baselines are what they claim to be.

use super::*;
use crate::tests::worlds::{OFFICE, objective_first, world};

fn json(threads: usize) -> String {
    let scenario = Scenario { seeds: vec![1, 2, 3], ..world(OFFICE) };
    let (shipped, other) = (Policy::shipped(), objective_first());
    let policies =
        [Named { name: "shipped", policy: &shipped }, Named { name: "other", policy: &other }];
    let options = Options { threads, ..Options::default() };
    compare(&scenario, &policies, &options).to_json().unwrap()
}

#[test]
fn the_same_comparison_is_the_same_bytes_on_any_number_of_threads() {
    let one = json(1);
    assert_eq!(one, json(1));
    assert_eq!(one, json(2));
    assert_eq!(one, json(5));
    assert!(one.contains("\"random, same share\""));
}

#[test]
fn baselines_are_what_they_are_called() {
    let scenario = Scenario { seeds: vec![1, 2], ..world(OFFICE) };
    let policy = objective_first();
    let policies = [Named { name: "mine", policy: &policy }];
    let report = compare(&scenario, &policies, &Options::default());
    let share = |at: usize| report.contenders[at].metrics["share.cloud"].mean;
    assert_eq!((share(1), share(2)), (0.0, 1.0));
    let (mine, coin) = (share(0), share(3));
    println!("cloud share {mine}, of the coin {coin}");
    assert!(mine > 0.0 && (coin / mine - 1.0).abs() < 0.25, "{mine} {coin}");
}
