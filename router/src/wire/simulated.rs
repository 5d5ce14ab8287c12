//! What came of a replay, for the wire.

use super::policy::changed;
use crate::policy_replay::Outcome;
use littoral_proto::v1;
use littoral_proto::v1::simulate_event::Event;
use littoral_proto::v1::simulate_summary::{Basis, Calibration, Metric};
use littoral_sim::replay;

/// How far it is.
#[must_use]
pub fn progress((considered, of): (u64, u64)) -> v1::SimulateEvent {
    event(Event::Progress(v1::simulate_event::Progress { considered, of }))
}

/// Requests that change, and behind them the summary. `hashes` are those of the proposed policy and of the one
/// that it is compared with.
pub fn told(outcome: Outcome, hashes: [String; 2]) -> impl Iterator<Item = v1::SimulateEvent> {
    let Outcome { summary, changes, cut_short } = outcome;
    let changes = changes.into_iter().map(|one| event(Event::Change(changed(one))));
    let mut summary = wire_summary(summary, hashes);
    summary.cut_short = cut_short;
    changes.chain([event(Event::Summary(summary))])
}

fn event(event: Event) -> v1::SimulateEvent {
    v1::SimulateEvent { event: Some(event) }
}

fn wire_summary(summary: replay::Summary, hashes: [String; 2]) -> v1::SimulateSummary {
    let counts = summary.counts;
    let [hash_proposed, hash_compared] = hashes;
    let (first_unix_ms, last_unix_ms) = summary.between_unix_ms.unzip();
    v1::SimulateSummary {
        considered: counts.considered,
        changed: counts.changed,
        unreplayable: counts.unreplayable,
        newly_cloud: counts.newly_cloud,
        no_longer_cloud: counts.no_longer_cloud,
        decided_under_compared: counts.decided_under_compared,
        not_reproduced: counts.not_reproduced,
        hash_proposed,
        hash_compared,
        first_unix_ms,
        last_unix_ms,
        cut_short: false,
        compared: Some(basis(summary.now)),
        proposed: Some(basis(summary.proposed)),
        metrics: summary.metrics.into_iter().map(metric).collect(),
        calibrations: summary.calibrated.into_iter().map(calibration).collect(),
        seed: summary.seed,
    }
}

const fn basis(basis: replay::Basis) -> Basis {
    let replay::Basis { kept, predicted, uncalibrated, refused } = basis;
    Basis { kept, predicted, uncalibrated, refused }
}

fn metric(metric: replay::Metric) -> Metric {
    let difference = metric.difference();
    let (proposed_low, proposed_high) = metric.proposed_interval.unzip();
    let (difference_low, difference_high) = metric.difference_interval.unzip();
    Metric {
        name: metric.name,
        compared: metric.now,
        proposed: metric.proposed,
        proposed_low,
        proposed_high,
        difference,
        difference_low,
        difference_high,
    }
}

fn calibration(of: replay::Calibrated) -> Calibration {
    Calibration {
        target: of.target,
        answers: of.answers,
        first_token_ratio: of.first_token_ratio,
        total_ratio: of.total_ratio,
        cost_ratio: of.cost_ratio,
        energy_ratio: of.energy_ratio,
        egress_ratio: of.egress_ratio,
    }
}
