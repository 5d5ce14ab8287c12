//! Every metric by name, as assertions and reports call it.

use super::Metrics;
use crate::histogram::Histogram;
use littoral_core::class::{DataClass, Tier};
use littoral_core::reason::Reason;
use std::collections::BTreeMap;

/// Quantiles that are told.
pub(crate) const QUANTILES: [(&str, f64); 4] =
    [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];
/// Micro-dollars of a dollar.
pub(crate) const MICROS: f64 = 1e6;
/// Reasons for which a request is turned away because there is too much to do.
const SHED: [Reason; 3] = [Reason::Shed, Reason::NoReadyTarget, Reason::ModelLoading];

/// Whether there is a metric of that name.
#[must_use]
pub fn is_metric(name: &str) -> bool {
    let of_reason = ["refused.", "failed."].into_iter().find_map(|kind| name.strip_prefix(kind));
    let is_reason =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    of_reason.is_some_and(is_reason) || Metrics::none().values().contains_key(name)
}

impl Metrics {
    /// Of a world without requests: the names are those of any other.
    fn none() -> Self {
        Self::of_length(std::time::Duration::from_secs(1), 0)
    }

    /// Every metric of the run, by name. Money in dollars, times in milliseconds, energy in joules.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, f64> {
        let mut values = BTreeMap::new();
        let mut put = |name: &str, value: f64| {
            values.insert(name.to_owned(), value);
        };
        let (requests, answered) = (self.requests as f64, self.answered() as f64);
        let each = |sum: f64| if answered > 0.0 { sum / answered } else { 0.0 };
        let cost = self.cost_usd_micros() as f64 / MICROS;
        put("requests", requests);
        put("answered", answered);
        put("answered_share", if requests > 0.0 { answered / requests } else { 1.0 });
        put("cost_usd", cost);
        put("cost_usd_per_1000", 1e3 * each(cost));
        put("budget_overrun_usd", self.overrun_usd_micros as f64 / MICROS);
        put("quality", each(self.quality));
        put("failovers", self.failovers as f64);
        put("hedges", self.hedges as f64);
        put("waited", self.waited as f64);
        put("fairness", self.fairness);
        let sum = |counts: &BTreeMap<Reason, u64>| counts.values().sum::<u64>() as f64;
        put("refused", sum(&self.refused));
        put("failed", sum(&self.failed));
        let shed = SHED.iter().filter_map(|reason| self.refused.get(reason)).sum::<u64>();
        put("shed", shed as f64);
        times(&mut put, "", &self.all.first_ms, &self.all.total_ms);
        for (tier, of_tier) in Tier::ALL.into_iter().zip(&self.tiers) {
            let count = of_tier.first_ms.count() as f64;
            put(&format!("share.{tier}"), each(count));
            times(&mut put, &format!("{tier}."), &of_tier.first_ms, &of_tier.total_ms);
        }
        put("egress_bytes", self.egress_bytes.iter().sum::<u64>() as f64);
        for (at, class) in DataClass::ALL.into_iter().enumerate() {
            put(&format!("egress_bytes.{class}"), self.egress_bytes[at] as f64);
            put(&format!("unanswered.{class}"), self.unanswered[at] as f64);
        }
        put("energy_joules", self.joules.iter().sum());
        put("energy_joules.device", self.joules[0]);
        put("energy_joules.edge", self.joules[1]);
        put("energy_joules_per_answer", each(self.joules.iter().sum()));
        put("prediction_error.ttft_p50", self.first_error.quantile(0.5));
        put("prediction_error.total_p50", self.total_error.quantile(0.5));
        let (within, bounded) = self.within_bounds;
        put(
            "prediction_within_bounds",
            if bounded == 0 { 1.0 } else { within as f64 / bounded as f64 },
        );
        put("battery_at_end.mean", self.charge.mean());
        put("battery_at_end.p10", self.charge.quantile(0.1));
        put("battery_empty", self.empty as f64);
        for (kind, counts) in [("refused", &self.refused), ("failed", &self.failed)] {
            for (reason, count) in counts {
                put(&format!("{kind}.{reason}"), *count as f64);
            }
        }
        values
    }
}

/// Means and quantiles of waits.
fn times(put: &mut impl FnMut(&str, f64), of: &str, first: &Histogram, total: &Histogram) {
    for (name, waits) in [("ttft_ms", first), ("total_ms", total)] {
        put(&format!("{of}mean_{name}"), waits.mean());
        for (quantile, share) in QUANTILES {
            put(&format!("{of}{quantile}_{name}"), waits.quantile(share));
        }
    }
}
