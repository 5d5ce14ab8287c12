//! Whether 95 % intervals hold the truth in about 95 of 100 replays, where the truth is known.

use super::requests::{Truth, case, cloud_above, decided};
use crate::draws::Draws;
use crate::replay::{Recorded, Replay};
use std::sync::Arc;

/// Predictions that are off by a half and more, and scattered.
const TRUTH: Truth = Truth { waits: [0.7, 1.6], cost: 1.4, bytes: 1.2, sigma: 0.6 };
/// Requests of a replay.
const REQUESTS: u64 = 400;
/// Replays.
const REPLAYS: u64 = 200;

#[test]
fn intervals_hold_the_true_difference_about_as_often_as_they_say() {
    let (before, after) = (Arc::new(cloud_above(1_000)), Arc::new(cloud_above(500)));
    // Lengths of prompts, each as likely as the other: two of five change, and one of five was in a cloud.
    let cases = [100, 600, 900, 300, 2_000].map(|tokens| case("public", tokens));
    let kinds: Vec<Recorded> = cases.iter().map(|case| decided(case, &before, 0)).collect();
    // What the proposed policy truly costs more: the mean over the kinds, without chance.
    let plain = Truth { sigma: 0.0, ..TRUTH };
    let mut names = [("cost_usd", 0.0), ("egress_bytes", 0.0), ("mean_total_ms", 0.0)];
    for kind in &kinds {
        let bytes = kind.record.facts.prompt_bytes;
        let mut draws = Draws::new(1, 1);
        let [now, then] = [&before, &after].map(|policy| {
            let actual = plain.of(&kind.record.under(policy), bytes, &mut draws);
            let crate::replay::Ended::Answered(answered) = actual.ended else { panic!("{kind:?}") };
            let cost = actual.cost_usd_micros.unwrap() as f64 / 1e6;
            [cost, actual.egress_bytes as f64, answered.total_ms]
        });
        let count = kinds.len() as f64;
        names[0].1 += (then[0] - now[0]) * REQUESTS as f64 / count;
        names[1].1 += (then[1] - now[1]) * REQUESTS as f64 / count;
        names[2].1 += (then[2] - now[2]) / count;
    }
    let mut held = [0; 3];
    for seed in 1..=REPLAYS {
        let mut draws = Draws::new(seed, 2);
        let mut replay = Replay::new(Arc::clone(&before), Arc::clone(&after), 0);
        for _ in 0..REQUESTS {
            let recorded = &kinds[draws.below(kinds.len())];
            let (record, bytes) = (&recorded.record, recorded.record.facts.prompt_bytes);
            let actual = TRUTH.of(&record.decision, bytes, &mut draws);
            replay.add(&Recorded { actual: Some(actual), ..recorded.clone() });
        }
        let summary = replay.summary();
        for ((name, truth), held) in names.iter().zip(&mut held) {
            let metric = summary.metrics.iter().find(|metric| metric.name == *name).unwrap();
            let (low, high) = metric.difference_interval.unwrap();
            *held += u32::from((low..=high).contains(truth));
        }
    }
    println!("seeds 1 to {REPLAYS}: {names:?} held {held:?} times");
    for (name, held) in names.iter().zip(held) {
        let share = f64::from(held) / REPLAYS as f64;
        // 200 replays tell a share of 0.95 to about 0.03 either way.
        assert!((0.90..=0.99).contains(&share), "{name:?} held in {share}");
    }
}
