//! From the sums of one side to figures with names.

use super::calibration::{Calibration, Measure, Sources};
use super::names::reasons;
use super::side::Side;
use super::spread::Spread;
use crate::histogram::Histogram;
use crate::metrics::{MICROS, QUANTILES};
use littoral_core::class::{DataClass, Tier};
use std::collections::BTreeMap;

/// Figures by name. One that nothing is known of is absent.
pub(super) type Values = BTreeMap<String, f64>;

/// What predictions are multiplied by.
#[derive(Clone, Copy)]
pub(super) struct Ratios<'a> {
    pub calibration: &'a Calibration<'a>,
    pub sources: &'a Sources,
}

impl Ratios<'_> {
    fn factor(&self, kind: usize, measure: Measure) -> f64 {
        self.calibration.factor(self.sources, kind, measure).unwrap_or(1.0)
    }
}

/// Waits, measured and predicted.
#[derive(Default)]
struct Waits {
    answers: f64,
    sum_ms: f64,
    spread: Spread,
}

impl Waits {
    fn measured(&mut self, waits: &Histogram) {
        self.answers += waits.count() as f64;
        self.sum_ms += waits.sum();
        self.spread.measured(waits);
    }

    fn predicted(&mut self, waits: &Histogram, ratios: Ratios<'_>, kind: usize, measure: Measure) {
        self.answers += waits.count() as f64;
        self.sum_ms += waits.sum() * ratios.factor(kind, measure);
        let residuals = ratios.calibration.residuals(ratios.sources, kind, measure);
        self.spread.predicted(waits, residuals);
    }

    fn mean(&self) -> Option<f64> {
        (self.answers > 0.0).then(|| self.sum_ms / self.answers)
    }
}

/// Sums of a side, predictions calibrated.
#[derive(Default)]
struct Sums {
    answered: [f64; 3],
    cost_usd_micros: f64,
    unpriced: f64,
    joules: f64,
    egress_bytes: [f64; 4],
    first: Waits,
    total: Waits,
}

impl Sums {
    fn of(side: &Side, ratios: Ratios<'_>) -> Self {
        let kept = &side.kept;
        let mut sums = Self {
            answered: kept.answered.map(|count| count as f64),
            cost_usd_micros: kept.cost_usd_micros as f64,
            unpriced: kept.unpriced as f64,
            joules: kept.joules,
            egress_bytes: kept.egress_bytes.map(|bytes| bytes as f64),
            ..Self::default()
        };
        sums.first.measured(&kept.first_ms);
        sums.total.measured(&kept.total_ms);
        for (kind, guess) in side.guesses.iter().enumerate().filter(|(_, it)| it.requests > 0) {
            let tier = ratios.calibration.tier_of(kind) as usize;
            if let Some(answered) = sums.answered.get_mut(tier) {
                *answered += guess.requests as f64;
            }
            let factor = |measure| ratios.factor(kind, measure);
            sums.cost_usd_micros += guess.cost_usd_micros as f64 * factor(Measure::Cost);
            sums.unpriced += guess.unpriced as f64;
            sums.joules += guess.joules * factor(Measure::Joules);
            for (sum, bytes) in sums.egress_bytes.iter_mut().zip(&guess.content_bytes) {
                *sum += *bytes as f64 * factor(Measure::Bytes);
            }
            sums.first.predicted(&guess.first_ms, ratios, kind, Measure::First);
            sums.total.predicted(&guess.total_ms, ratios, kind, Measure::Total);
        }
        sums
    }
}

/// Every figure of a side over this many requests, by name; those that grow with the requests are
/// multiplied by `scale`. Money in dollars, times in milliseconds, energy in joules.
pub(super) fn figures(
    side: &Side,
    requests: u64,
    scale: f64,
    ratios: Ratios<'_>,
) -> Vec<(String, Option<f64>)> {
    let sums = Sums::of(side, ratios);
    let mut figures = Vec::new();
    let mut put = |name: &str, value: Option<f64>| figures.push((name.to_owned(), value));
    let (requests, answered) = (requests as f64, sums.answered.iter().sum::<f64>());
    let each = |sum: f64| (answered > 0.0).then(|| sum / answered);
    let cost = sums.cost_usd_micros / MICROS;
    put("requests", Some(requests * scale));
    put("answered", Some(answered * scale));
    put("answered_share", (requests > 0.0).then(|| answered / requests));
    put("cost_usd", Some(cost * scale));
    put("cost_usd_per_1000", each(cost * 1e3));
    put("unpriced", Some(sums.unpriced * scale));
    put("energy_joules", Some(sums.joules * scale));
    put("energy_joules_per_answer", each(sums.joules));
    let (quality, of) = side.quality;
    put("quality", (of > 0).then(|| quality / of as f64));
    for (tier, count) in Tier::ALL.into_iter().zip(sums.answered) {
        put(&format!("answered.{tier}"), Some(count * scale));
        put(&format!("share.{tier}"), each(count));
    }
    put("egress_bytes", Some(sums.egress_bytes.iter().sum::<f64>() * scale));
    for (class, bytes) in DataClass::ALL.into_iter().zip(sums.egress_bytes) {
        put(&format!("egress_bytes.{class}"), Some(bytes * scale));
    }
    for (of, waits) in [("ttft_ms", &sums.first), ("total_ms", &sums.total)] {
        put(&format!("mean_{of}"), waits.mean());
        for (name, share) in QUANTILES {
            put(&format!("{name}_{of}"), waits.spread.quantile(share));
        }
    }
    reasons(&mut figures, "refused", &side.refused, scale);
    reasons(&mut figures, "failed", &side.kept.failed, scale);
    figures
}

/// Those of them that are known.
pub(super) fn values(side: &Side, requests: u64, scale: f64, ratios: Ratios<'_>) -> Values {
    let figures = figures(side, requests, scale, ratios).into_iter();
    figures.filter_map(|(name, value)| Some((name, value?))).collect()
}
