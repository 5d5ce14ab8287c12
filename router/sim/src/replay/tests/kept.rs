//! What really happened is counted where it would have happened all the same, and nowhere else.

use super::requests::{answered, case, cloud_above, decided, failed, near};
use crate::replay::recorded::first;
use crate::replay::{Actual, Ended, Recorded, Replay, Summary};
use littoral_core::policy::Policy;
use littoral_core::reason::Reason;
use littoral_core::record::CloudChange;
use std::sync::Arc;

fn replayed(before: &Policy, after: &Policy, records: Vec<Recorded>) -> (Replay, Summary) {
    let mut replay = Replay::new(Arc::new(before.clone()), Arc::new(after.clone()), 10);
    replay.take(records);
    let summary = replay.summary();
    (replay, summary)
}

fn value(summary: &Summary, name: &str) -> [Option<f64>; 2] {
    let metric = summary.metrics.iter().find(|metric| metric.name == name);
    metric.map_or([None; 2], |metric| [metric.now, metric.proposed])
}

/// A public request that the laptop answered alone, in half of the predicted time.
pub(super) fn at_home(number: u64) -> Recorded {
    let recorded = decided(&case("public", 100), &Policy::shipped(), number);
    let attempt = first(&recorded.record.decision).unwrap();
    let actual = Actual {
        ended: answered(attempt, 0.5),
        joules: Some(7.0),
        ..failed(Ended::Failed(Reason::Internal))
    };
    Recorded { actual: Some(actual), ..recorded }
}

#[test]
fn under_the_same_policy_nothing_changes_and_what_happened_is_what_is_counted() {
    let shipped = Policy::shipped();
    let mut records: Vec<Recorded> = (0..30).map(at_home).collect();
    let nobody = decided(&case("restricted", 100_000), &shipped, 30);
    assert!(nobody.record.decision.plan().is_none());
    records.push(nobody);
    let (replay, summary) = replayed(&shipped, &shipped, records);
    let counts = replay.counts();
    assert_eq!((counts.considered, counts.changed, counts.not_reproduced), (31, 0, 0));
    assert_eq!(counts.decided_under_compared, 31);
    assert_eq!((summary.now.kept, summary.now.predicted, summary.now.refused), (30, 0, 1));
    assert_eq!(summary.now, summary.proposed);
    assert_eq!(value(&summary, "energy_joules"), [Some(210.0); 2]);
    assert_eq!(value(&summary, "answered.device"), [Some(30.0); 2]);
    assert_eq!(value(&summary, "refused"), [Some(1.0); 2]);
    for metric in &summary.metrics {
        assert_eq!(metric.now, metric.proposed, "{metric:?}");
        assert!(metric.difference_interval.is_none_or(|it| it == (0.0, 0.0)), "{metric:?}");
    }
    assert_eq!(summary.between_unix_ms, Some((1_000, 1_030)));
}

#[test]
fn an_answer_that_nobody_else_was_asked_for_stays_when_only_the_fallback_changes() {
    // Without clouds the plan is shorter, and the laptop is still the first that is asked.
    let (replay, summary) = replayed(&Policy::shipped(), &near(), vec![at_home(1)]);
    assert_eq!((replay.counts().changed, replay.counts().no_longer_cloud), (1, 1));
    assert_eq!((summary.proposed.kept, summary.proposed.predicted), (1, 0));
    assert_eq!(value(&summary, "mean_total_ms")[0], value(&summary, "mean_total_ms")[1]);
    // Had somebody else been asked as well, nobody could say what the shorter plan had come to.
    let mut helped = at_home(1);
    helped.actual.as_mut().unwrap().alone = false;
    let (_, summary) = replayed(&Policy::shipped(), &near(), vec![helped]);
    assert_eq!((summary.now.kept, summary.proposed.kept, summary.proposed.predicted), (1, 0, 1));
}

#[test]
fn a_failure_stays_where_the_route_does_and_is_not_carried_over_to_another() {
    let mut recorded = at_home(1);
    recorded.actual = Some(failed(Ended::Failed(Reason::AttemptsFailed)));
    let (_, summary) = replayed(&Policy::shipped(), &near(), vec![recorded]);
    assert_eq!(value(&summary, "failed.ATTEMPTS_FAILED"), [Some(1.0), Some(0.0)]);
    assert_eq!(value(&summary, "answered"), [Some(0.0), Some(1.0)]);
}

#[test]
fn what_nobody_wrote_down_is_predicted_on_both_sides() {
    let recorded = decided(&case("public", 100), &Policy::shipped(), 1);
    let expected = first(&recorded.record.decision).unwrap().predicted.total_ms;
    let (_, summary) = replayed(&Policy::shipped(), &Policy::shipped(), vec![recorded]);
    assert_eq!((summary.now.kept, summary.now.predicted, summary.now.uncalibrated), (0, 1, 1));
    assert_eq!(value(&summary, "mean_total_ms"), [expected; 2]);
}

#[test]
fn requests_that_newly_reach_a_cloud_come_first_and_are_not_pushed_out_by_others() {
    // Long public prompts go to the cloud now; personal ones never do and change no route.
    let shipped = near();
    let long = case("public", 2_000);
    let mut records: Vec<Recorded> = (0..25).map(|it| decided(&long, &shipped, it)).collect();
    records.push(decided(&case("personal", 2_000), &shipped, 25));
    let (replay, _) = replayed(&shipped, &cloud_above(1_000), records.clone());
    let counts = replay.counts();
    assert_eq!((counts.changed, counts.newly_cloud, counts.considered), (25, 25, 26));
    assert_eq!(replay.changes_newly_cloud_first(100).len(), 10, "a bound");
    // The other way round they leave it: one that comes is still there, and first.
    records.truncate(25);
    let both = [cloud_above(1_000), cloud_above(3_000)];
    let (replay, _) = replayed(&both[0], &both[1], records);
    assert_eq!(replay.counts().no_longer_cloud, 25);
    let newest = replay.changes(3);
    let ids: Vec<&str> = newest.iter().map(|changed| changed.request_id.as_str()).collect();
    assert_eq!(ids, ["r0", "r1", "r2"]);
    assert!(newest.iter().all(|changed| changed.change.cloud == CloudChange::Disappears));
}

#[test]
fn of_changes_of_both_sorts_the_newly_cloud_ones_come_first_and_the_order_is_kept_on_request() {
    // Under the one policy short prompts go to the cloud, under the other long ones.
    let short = super::requests::policy(
        "[tiers]\norder = ['cloud', 'device', 'edge']\n[[rule]]\nname = 'long'\n\
         when = 'request.prompt_tokens > 1000'\nmax_tier = 'edge'",
    );
    let cases = [case("public", 100), case("public", 2_000)];
    let records = (0..40).map(|it| decided(&cases[it as usize % 2], &short, it)).collect();
    let (replay, _) = replayed(&short, &cloud_above(1_000), records);
    assert_eq!((replay.counts().newly_cloud, replay.counts().no_longer_cloud), (20, 20));
    let ids = |changes: Vec<crate::replay::Changed>| {
        changes.into_iter().map(|changed| changed.request_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(replay.changes(4)), ["r0", "r1", "r2", "r3"]);
    assert_eq!(ids(replay.changes_newly_cloud_first(12))[..3], ["r1", "r3", "r5"]);
    assert_eq!(ids(replay.changes_newly_cloud_first(12))[10..], ["r0", "r2"]);
}
