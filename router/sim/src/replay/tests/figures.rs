//! Figures by name: calibrated, conserved, and open to assertions.

use super::requests::{Truth, case, cloud_above, decided, near};
use crate::draws::Draws;
use crate::replay::{Recorded, Replay, Summary, assertable, is_metric};
use crate::scenario::Assertion;
use std::sync::Arc;

/// Clouds take thrice as long as predicted and cost twice as much; machines at hand take half as long.
const TRUTH: Truth = Truth { waits: [0.5, 3.0], cost: 2.0, bytes: 1.5, sigma: 0.0 };

/// Requests of three lengths of which a policy sent the long ones to a cloud.
fn past(count: u64) -> Vec<Recorded> {
    let policy = cloud_above(1_000);
    let cases = [case("public", 100), case("public", 700), case("public", 1_500)];
    let mut draws = Draws::new(7, 1);
    let recorded = |number: u64| {
        let recorded = decided(&cases[number as usize % cases.len()], &policy, number);
        let bytes = recorded.record.facts.prompt_bytes;
        let actual = TRUTH.of(&recorded.record.decision, bytes, &mut draws);
        Recorded { actual: Some(actual), ..recorded }
    };
    (0..count).map(recorded).collect()
}

fn summary(count: u64) -> Summary {
    let mut replay = Replay::new(Arc::new(cloud_above(1_000)), Arc::new(cloud_above(500)), 10);
    replay.take(past(count));
    replay.summary()
}

#[test]
fn predictions_of_what_changes_are_multiplied_by_how_far_they_were_off() {
    let summary = summary(300);
    let value = |name: &str| {
        let metric = summary.metrics.iter().find(|metric| metric.name == name).unwrap();
        (metric.now.unwrap(), metric.proposed.unwrap())
    };
    let record = case("public", 700).record(&cloud_above(500));
    let attempt = &record.decision.plan().unwrap().attempts[0];
    let usd = attempt.predicted.cost_usd_micros.unwrap() as f64 / 1e6;
    let (now, proposed) = value("cost_usd");
    let added = (proposed - now) / (100.0 * usd);
    assert!((added - 2.0).abs() < 0.02, "twice the predicted cost, not {added} times");
    let (now, proposed) = value("egress_bytes.public");
    assert_eq!(proposed - now, 100.0 * 2_800.0 * 1.5);
    assert_eq!(value("answered.cloud"), (100.0, 200.0));
    // Every wait is known to the digit, so the median answer is that of the middle third.
    let (_, median) = value("p50_total_ms");
    let exact = attempt.predicted.total_ms.unwrap() * 3.0;
    assert!((median / exact - 1.0).abs() < 0.02, "{median} for {exact}");
    let cloud = summary.calibrated.iter().find(|it| it.target == "openai/mini").unwrap();
    assert_eq!((cloud.answers, cloud.egress_ratio), (100, Some(1.5)));
    assert!((cloud.total_ratio.unwrap() - 3.0).abs() < 1e-9, "{cloud:?}");
    let home = summary.calibrated.iter().find(|it| it.target == "small (device)").unwrap();
    assert!((home.first_token_ratio.unwrap() - 0.5).abs() < 1e-9, "{home:?}");
    assert_eq!(home.cost_ratio, None);
}

#[test]
fn too_few_answers_calibrate_nothing_and_that_is_told() {
    let few = summary(24);
    assert_eq!((few.proposed.predicted, few.proposed.uncalibrated), (8, 8));
    assert!(few.calibrated.iter().all(|kind| kind.total_ratio.is_none()), "{few:?}");
    let many = summary(90);
    assert!(many.calibrated.iter().all(|kind| kind.total_ratio.is_some()), "{many:?}");
    assert_eq!((many.proposed.predicted, many.proposed.uncalibrated), (30, 0));
}

#[test]
fn every_request_is_answered_refused_or_failed_on_either_side() {
    let mut replay = Replay::new(Arc::new(near()), Arc::new(cloud_above(500)), 10);
    replay.take(past(97));
    let summary = replay.summary();
    let values = assertable(&summary.counts, &summary.metrics);
    for side in ["", "now."] {
        let of = |name: &str| values[&format!("{side}{name}")];
        let sum = of("answered") + of("refused") + of("failed");
        assert!((sum - 97.0).abs() < 1e-9 && (of("requests") - 97.0).abs() < 1e-9, "{sum}");
    }
    for basis in [summary.now, summary.proposed] {
        assert_eq!(basis.kept + basis.predicted + basis.refused, 97);
    }
}

#[test]
fn assertions_name_either_side_the_change_and_its_interval() {
    let summary = summary(300);
    let values = assertable(&summary.counts, &summary.metrics);
    for (text, holds) in [
        ("newly_cloud == 100", true),
        ("newly_cloud == 0", false),
        ("share.cloud > 0.6", true),
        ("now.share.cloud < 0.4", true),
        ("change.cost_usd > 0", true),
        ("change.cost_usd.low > 0", true),
        ("change.cost_usd.high <= 0", false),
        ("refused.SHED == 0", true),
        ("change.failed.INTERNAL == 0", true),
    ] {
        let assertion = Assertion::parse(text).unwrap();
        assert!(is_metric(&assertion.metric), "{text}");
        assert_eq!(assertion.holds(&values), Some(holds), "{text} {values:?}");
    }
    for name in values.keys() {
        assert!(is_metric(name), "{name}");
    }
    for name in ["newly", "now.newly_cloud", "change.", "refused.X", "cost_usd.low", ""] {
        assert!(!is_metric(name), "{name}");
    }
}

#[test]
fn the_same_requests_give_the_same_summary_and_a_replay_holds_no_more_for_more_of_them() {
    assert_eq!(summary(200), summary(200));
    let mut replay = Replay::new(Arc::new(cloud_above(1_000)), Arc::new(cloud_above(500)), 10);
    let past = past(60);
    for _ in 0..100 {
        replay.take(past.iter().cloned());
    }
    assert_eq!(replay.changes(usize::MAX).len(), 10);
    assert_eq!((replay.counts().considered, replay.counts().changed), (6_000, 2_000));
}
