//! What the figures of a replay are called, in reports and in assertions.
//!
//! A name alone is the figure under the proposed policy; `now.` before it is that under the policy it is
//! compared with, `change.` the difference, and `change.NAME.low` and `change.NAME.high` its interval.
//! Where a scenario has the same figure, the name is the same.

use super::calibration::{Calibration, Sources};
use super::estimate::{Ratios, figures};
use super::kinds::Kinds;
use super::side::{Reasons, Side};
use super::summary::{Counts, Metric};
use littoral_core::reason::Reason;
use std::collections::BTreeMap;

/// What requests can end without an answer by.
const KINDS_OF_REASONS: [&str; 2] = ["refused", "failed"];

/// Whether an assertion may be about this.
#[must_use]
pub fn is_metric(name: &str) -> bool {
    if Counts::default().named().iter().any(|(count, _)| *count == name) {
        return true;
    }
    let of_change = |rest: &str| {
        let base = rest.strip_suffix(".low").or_else(|| rest.strip_suffix(".high"));
        is_figure(base.unwrap_or(rest))
    };
    match (name.strip_prefix("now."), name.strip_prefix("change.")) {
        (Some(rest), _) => is_figure(rest),
        (_, Some(rest)) => of_change(rest),
        _ => is_figure(name),
    }
}

/// Whether a side has a figure of this name.
fn is_figure(name: &str) -> bool {
    let of_reason = |kind: &str| {
        let rest = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| Reason::ALL.into_iter().any(|reason| reason.name() == rest))
    };
    let kinds = Kinds::default();
    let (calibration, sources) = (Calibration::of(&kinds, &[]), Sources::default());
    let ratios = Ratios { calibration: &calibration, sources: &sources };
    KINDS_OF_REASONS.into_iter().any(of_reason)
        || figures(&Side::default(), 0, 1.0, ratios).iter().any(|(figure, _)| figure == name)
}

/// The sum of some counts, and each of them.
pub(super) fn reasons(
    figures: &mut Vec<(String, Option<f64>)>,
    kind: &str,
    counts: &Reasons,
    scale: f64,
) {
    let sum: u64 = counts.values().sum();
    figures.push((kind.to_owned(), Some(sum as f64 * scale)));
    for (reason, count) in counts {
        figures.push((format!("{kind}.{reason}"), Some(*count as f64 * scale)));
    }
}

/// Whether a figure that is absent is none of something, rather than unknown.
pub(super) fn is_count_of_reason(name: &str) -> bool {
    KINDS_OF_REASONS.iter().any(|kind| {
        name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Everything that assertions may be about, by name. What is not known is absent.
#[must_use]
pub fn assertable(counts: &Counts, metrics: &[Metric]) -> BTreeMap<String, f64> {
    let mut values: BTreeMap<String, f64> = BTreeMap::new();
    for reason in Reason::ALL {
        for kind in KINDS_OF_REASONS {
            // A reason that never came has no figure; it came no times.
            for side in ["", "now.", "change."] {
                values.insert(format!("{side}{kind}.{reason}"), 0.0);
            }
        }
    }
    for (name, count) in counts.named() {
        values.insert(name.to_owned(), count as f64);
    }
    for metric in metrics {
        let name = &metric.name;
        let (low, high) = metric.difference_interval.unzip();
        let all = [
            (name.clone(), metric.proposed),
            (format!("now.{name}"), metric.now),
            (format!("change.{name}"), metric.difference()),
            (format!("change.{name}.low"), low),
            (format!("change.{name}.high"), high),
        ];
        values.extend(all.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    values
}
