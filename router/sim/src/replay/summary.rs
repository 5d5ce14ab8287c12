//! What came of a replay.

use super::calibration::{Calibration, Measure, Pairs, Sources};
use super::estimate::{Ratios, Values, values};
use super::jackknife::half_width;
use super::kinds::Kinds;
use super::names::is_count_of_reason;
use super::part::Part;
use super::side::Side;
use std::collections::BTreeSet;

/// How many requests were looked at, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests decided again.
    pub considered: u64,
    /// Of these, how many would take another route.
    pub changed: u64,
    /// Requests beside these whose record is of another build.
    pub unreplayable: u64,
    /// Of the changed ones, how many have a cloud in their plan now that had none.
    pub newly_cloud: u64,
    /// And how many the other way round.
    pub no_longer_cloud: u64,
    /// Of the considered ones, how many were really decided under the policy that is compared with.
    pub decided_under_compared: u64,
    /// Of these, how many it decides otherwise now. Anything but 0 is a fault of the program.
    pub not_reproduced: u64,
}

impl Counts {
    /// The counts that have a name in assertions.
    pub(super) const fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("considered", self.considered),
            ("changed", self.changed),
            ("unreplayable", self.unreplayable),
            ("newly_cloud", self.newly_cloud),
            ("no_longer_cloud", self.no_longer_cloud),
            ("decided_under_compared", self.decided_under_compared),
            ("not_reproduced", self.not_reproduced),
        ]
    }
}

/// What the figures of a side rest on, in requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// What really happened.
    pub kept: u64,
    /// A prediction, calibrated or not.
    pub predicted: u64,
    /// Of these, a prediction that nothing is known to calibrate with.
    pub uncalibrated: u64,
    /// The side's own refusal.
    pub refused: u64,
}

/// A figure on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Under the policy that is compared with; absent where nothing is known.
    pub now: Option<f64>,
    /// Under the proposed policy.
    pub proposed: Option<f64>,
    /// Its 95 % interval; absent where there are too few requests to tell.
    pub proposed_interval: Option<(f64, f64)>,
    /// The 95 % interval of the difference.
    pub difference_interval: Option<(f64, f64)>,
}

impl Metric {
    /// Proposed less now.
    #[must_use]
    pub fn difference(&self) -> Option<f64> {
        Some(self.proposed? - self.now?)
    }
}

/// How far predictions of a kind of target were off: what happened over what was predicted, each absent
/// where too little is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// The kind, such as `openai/gpt-4o-mini` or `smollm2 (device)`.
    pub target: String,
    /// Answers with which predictions could be compared.
    pub answers: u64,
    /// Of the time from arrival to the first token, over that predicted from dispatch.
    pub first_token_ratio: Option<f64>,
    /// The same of the whole answer.
    pub total_ratio: Option<f64>,
    /// Of what was paid.
    pub cost_ratio: Option<f64>,
    /// Of joules.
    pub energy_ratio: Option<f64>,
    /// Bytes that left, over bytes of content.
    pub egress_ratio: Option<f64>,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Requests.
    pub counts: Counts,
    /// Moments of the first and of the last of them, in milliseconds since the Unix epoch.
    pub between_unix_ms: Option<(u64, u64)>,
    /// What the figures of the policy that is compared with rest on.
    pub now: Basis,
    /// What those of the proposed one do.
    pub proposed: Basis,
    /// Every figure, by name.
    pub metrics: Vec<Metric>,
    /// How far predictions were off.
    pub calibrated: Vec<Calibrated>,
    /// Seed of the division into parts, of which the intervals come.
    pub seed: u64,
}

pub(super) fn of(
    counts: &Counts,
    between_unix_ms: Option<(u64, u64)>,
    kinds: &Kinds,
    parts: &[Part],
) -> Summary {
    let all = merged(parts, None);
    let calibration = Calibration::of(kinds, &all.pairs);
    let sources = calibration.sources(kinds.count());
    let whole = both(&all, 1.0, Ratios { calibration: &calibration, sources: &sources });
    let without: Vec<[Values; 2]> = (0..parts.len())
        .filter(|left_out| parts[*left_out].requests > 0)
        .map(|left_out| merged(parts, Some(left_out)))
        .filter(|rest| rest.requests > 0)
        .map(|rest| {
            let calibration = Calibration::of(kinds, &rest.pairs);
            let scale = all.requests as f64 / rest.requests as f64;
            both(&rest, scale, Ratios { calibration: &calibration, sources: &sources })
        })
        .collect();
    let [now, proposed] = all.sides.each_ref().map(|side| basis(side, &calibration, &sources));
    Summary {
        counts: *counts,
        between_unix_ms,
        now,
        proposed,
        metrics: metrics(&whole, &without),
        calibrated: calibrated(kinds, &all.pairs),
        seed: super::SEED,
    }
}

/// All parts but one.
fn merged(parts: &[Part], left_out: Option<usize>) -> Part {
    let mut sum = Part::default();
    let rest = parts.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
    rest.for_each(|(_, part)| sum.merge(part));
    sum
}

fn both(part: &Part, scale: f64, ratios: Ratios<'_>) -> [Values; 2] {
    part.sides.each_ref().map(|side| values(side, part.requests, scale, ratios))
}

fn basis(side: &Side, calibration: &Calibration<'_>, sources: &Sources) -> Basis {
    let unknown = side.guesses.iter().enumerate();
    let unknown = unknown.filter(|(kind, _)| !calibration.knows(sources, *kind));
    Basis {
        kept: side.kept.requests,
        predicted: side.predicted(),
        uncalibrated: unknown.map(|(_, guess)| guess.requests).sum(),
        refused: side.refused.values().sum(),
    }
}

fn metrics(whole: &[Values; 2], without: &[[Values; 2]]) -> Vec<Metric> {
    let names: BTreeSet<&String> = whole.iter().flat_map(Values::keys).collect();
    let value = |values: &Values, name: &str| {
        let none = || is_count_of_reason(name).then_some(0.0);
        values.get(name).copied().or_else(none)
    };
    let interval = |middle: Option<f64>, of: &dyn Fn(&[Values; 2]) -> Option<f64>| {
        let estimates: Option<Vec<f64>> = without.iter().map(of).collect();
        let half = half_width(&estimates?)?;
        middle.map(|middle| (middle - half, middle + half))
    };
    let metric = |name: &String| {
        let [now, proposed] = whole.each_ref().map(|values| value(values, name));
        let difference =
            |[now, proposed]: &[Values; 2]| Some(value(proposed, name)? - value(now, name)?);
        Metric {
            name: name.clone(),
            now,
            proposed,
            proposed_interval: interval(proposed, &|[_, proposed]| value(proposed, name)),
            difference_interval: interval(difference(whole), &difference),
        }
    };
    names.into_iter().map(metric).collect()
}

fn calibrated(kinds: &Kinds, pairs: &[Pairs]) -> Vec<Calibrated> {
    let known = pairs.iter().enumerate().filter(|(_, pairs)| pairs.answers > 0);
    let row = |(kind, pairs): (usize, &Pairs)| Calibrated {
        target: kinds.name(kind),
        answers: pairs.answers,
        first_token_ratio: pairs.ratio(Measure::First),
        total_ratio: pairs.ratio(Measure::Total),
        cost_ratio: pairs.ratio(Measure::Cost),
        energy_ratio: pairs.ratio(Measure::Joules),
        egress_ratio: pairs.ratio(Measure::Bytes),
    };
    known.map(row).collect()
}
