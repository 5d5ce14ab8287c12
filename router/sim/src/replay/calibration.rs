//! How far predictions were off, and by what others are to be multiplied therefore.
//!
//! A **pair** is a prediction and what came of it: a request for which one target alone was asked, the one
//! that the plan named first, and which it answered. Of each kind of target and each measure, the ratio
//! estimator is the sum of what happened over the sum of what was predicted (Cochran, "Sampling
//! Techniques", 1977, chapter 6). Quantiles take the ratios of single pairs as well: what is predicted
//! for a request is spread as those ratios are.
//!
//! Predicted waits count from dispatch and measured ones from arrival, so the ratio holds what the router
//! itself adds. Bytes are predicted as the length of the content; the ratio makes request bodies of them.
//!
//! A kind with fewer than twenty pairs borrows the ratio of its tier; where that has fewer too, predictions are taken
//! as they are, and told apart as not calibrated. The choice is made once, from all requests, so that
//! leaving some of them out does not flip it.

use super::kinds::Kinds;
use super::recorded::{Actual, Answered};
use crate::histogram::Histogram;
use littoral_core::class::Tier;
use littoral_core::plan::Attempt;

/// Fewest pairs that are believed.
const FEWEST: u64 = 20;

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    First,
    Total,
    Cost,
    Joules,
    Bytes,
}

impl Measure {
    pub const ALL: [Self; 5] = [Self::First, Self::Total, Self::Cost, Self::Joules, Self::Bytes];
}

/// Sums of a measure over pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ratio {
    pairs: u64,
    actual: f64,
    predicted: f64,
}

impl Ratio {
    fn value(self) -> Option<f64> {
        (self.pairs >= FEWEST && self.predicted > 0.0).then(|| self.actual / self.predicted)
    }
}

/// Predictions of one kind of target, and what came of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pub answers: u64,
    ratios: [Ratio; Measure::ALL.len()],
    /// Ratios of single pairs: of the first token, and of the whole answer.
    residuals: [Histogram; 2],
}

impl Pairs {
    pub fn add(
        &mut self,
        attempt: &Attempt,
        answered: &Answered,
        actual: &Actual,
        prompt_bytes: u64,
    ) {
        let predicted = &attempt.predicted;
        self.answers += 1;
        self.pair(Measure::First, answered.first_token_ms, predicted.first_token_ms);
        self.pair(Measure::Total, Some(answered.total_ms), predicted.total_ms);
        if attempt.tier == Tier::Cloud {
            let money = |micros: Option<u64>| micros.map(|micros| micros as f64);
            let reported = actual.cost_usd_micros.filter(|_| !actual.cost_assumed);
            self.pair(Measure::Cost, money(reported), money(predicted.cost_usd_micros));
            self.pair(Measure::Bytes, Some(actual.egress_bytes as f64), Some(prompt_bytes as f64));
        } else {
            self.pair(Measure::Joules, actual.joules, predicted.energy_joules);
        }
    }

    fn pair(&mut self, measure: Measure, actual: Option<f64>, predicted: Option<f64>) {
        let (Some(actual), Some(predicted)) = (actual, predicted) else { return };
        if !actual.is_finite() || !predicted.is_finite() || predicted <= 0.0 {
            return;
        }
        let ratio = &mut self.ratios[measure as usize];
        ratio.pairs += 1;
        ratio.actual += actual;
        ratio.predicted += predicted;
        if let Some(residuals) = self.residuals.get_mut(measure as usize) {
            residuals.add(actual / predicted);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.answers += other.answers;
        for (ratio, other) in self.ratios.iter_mut().zip(&other.ratios) {
            ratio.pairs += other.pairs;
            ratio.actual += other.actual;
            ratio.predicted += other.predicted;
        }
        for (residuals, other) in self.residuals.iter_mut().zip(&other.residuals) {
            residuals.merge(other);
        }
    }

    /// What happened over what was predicted; absent where too little is known.
    pub fn ratio(&self, measure: Measure) -> Option<f64> {
        self.ratios[measure as usize].value()
    }
}

/// Whose ratio a kind takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Source {
    Own,
    Tier,
    #[default]
    Nobody,
}

/// Whose ratios all kinds take.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(Vec<[Source; Measure::ALL.len()]>);

/// Ratios from some of the requests.
#[derive(Debug)]
pub(super) struct Calibration<'a> {
    kinds: &'a Kinds,
    own: &'a [Pairs],
    tiers: [Pairs; 3],
}

impl<'a> Calibration<'a> {
    pub fn of(kinds: &'a Kinds, own: &'a [Pairs]) -> Self {
        let mut tiers: [Pairs; 3] = Default::default();
        for (kind, pairs) in own.iter().enumerate() {
            if let Some(tier) = tiers.get_mut(kinds.tier(kind) as usize) {
                tier.merge(pairs);
            }
        }
        Self { kinds, own, tiers }
    }

    /// Whose ratios are to be taken, for this many kinds.
    pub fn sources(&self, kinds: usize) -> Sources {
        let has = |pairs: Option<&Pairs>, measure| {
            pairs.is_some_and(|pairs| pairs.ratio(measure).is_some())
        };
        let source = |kind: usize, measure: Measure| {
            if has(self.own.get(kind), measure) {
                Source::Own
            } else if has(self.tier(kind), measure) {
                Source::Tier
            } else {
                Source::Nobody
            }
        };
        Sources((0..kinds).map(|kind| Measure::ALL.map(|it| source(kind, it))).collect())
    }

    /// The tier of a kind.
    pub fn tier_of(&self, kind: usize) -> Tier {
        self.kinds.tier(kind)
    }

    fn tier(&self, kind: usize) -> Option<&Pairs> {
        self.tiers.get(self.kinds.tier(kind) as usize)
    }

    fn pairs(&self, sources: &Sources, kind: usize, measure: Measure) -> Option<&Pairs> {
        let source = sources.0.get(kind).map_or(Source::Nobody, |of| of[measure as usize]);
        match source {
            Source::Own => self.own.get(kind),
            Source::Tier => self.tier(kind),
            Source::Nobody => None,
        }
    }

    /// What a prediction is multiplied by.
    pub fn factor(&self, sources: &Sources, kind: usize, measure: Measure) -> Option<f64> {
        let ratio = self.pairs(sources, kind, measure)?.ratios[measure as usize];
        (ratio.predicted > 0.0).then(|| ratio.actual / ratio.predicted)
    }

    /// How single pairs are spread.
    pub fn residuals(
        &self,
        sources: &Sources,
        kind: usize,
        measure: Measure,
    ) -> Option<&Histogram> {
        let residuals = self.pairs(sources, kind, measure)?.residuals.get(measure as usize)?;
        (residuals.count() > 0).then_some(residuals)
    }

    /// Whether the waits of a kind can be calibrated.
    pub fn knows(&self, sources: &Sources, kind: usize) -> bool {
        self.factor(sources, kind, Measure::Total).is_some()
    }
}
