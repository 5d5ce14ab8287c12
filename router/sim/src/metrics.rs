//! What is measured of a run, in memory that does not grow with it.

mod names;
mod timeline;

pub use names::is_metric;
pub(crate) use names::{MICROS, QUANTILES};
pub use timeline::{SLICES, Slice};

use crate::histogram::Histogram;
use crate::scenario::Scenario;
use littoral_core::class::{DataClass, Tier};
use littoral_core::reason::Reason;
use std::collections::BTreeMap;
use std::time::Duration;
use timeline::Timeline;

/// An answer that came.
pub(crate) struct Landing {
    /// When it was asked for.
    pub at: Duration,
    pub tier: Option<Tier>,
    /// From the question to the first token and to the last.
    pub first_ms: f64,
    pub total_ms: f64,
    /// The same from the dispatch that answered.
    pub attempt_first_ms: f64,
    pub attempt_total_ms: f64,
    pub predicted_first_ms: Option<f64>,
    pub predicted_total_ms: Option<f64>,
    pub bounds: Option<(f64, f64)>,
    pub quality: Option<f64>,
    pub joules: f64,
    pub failovers: u32,
}

/// What was measured of one tier.
#[derive(Clone, Debug, Default)]
pub struct OfTier {
    /// Time to the first token, in milliseconds.
    pub first_ms: Histogram,
    /// Time to the last token, in milliseconds.
    pub total_ms: Histogram,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Requests that came.
    pub requests: u64,
    /// Answers, all and by tier.
    pub all: OfTier,
    /// Answers by tier, in the order of [`Tier::ALL`].
    pub tiers: [OfTier; 3],
    /// Requests that nobody could answer, by reason.
    pub refused: BTreeMap<Reason, u64>,
    /// Requests whose answer failed on the way, by reason.
    pub failed: BTreeMap<Reason, u64>,
    /// Refused or failed, by class of the content; without a label it counts as internal.
    pub unanswered: [u64; 4],
    /// Bytes that left for a cloud, by class.
    pub egress_bytes: [u64; 4],
    /// Money paid, by cloud, in micro-dollars.
    pub paid_usd_micros: Vec<u64>,
    /// Energy of answers on people's own machines and on shared ones, in joules.
    pub joules: [f64; 2],
    /// Energy of the answer, where a machine gave it.
    pub joules_each: Histogram,
    /// Failovers.
    pub failovers: u64,
    /// Rivals that were started beside a target that was late.
    pub hedges: u64,
    /// Requests that waited for a place.
    pub waited: u64,
    /// Sum of the probabilities of a good answer.
    pub quality: f64,
    /// Distance between predicted and measured, as a share of what was measured.
    pub first_error: Histogram,
    /// The same of the whole answer.
    pub total_error: Histogram,
    /// First tokens within their bounds, and those that had any.
    pub within_bounds: (u64, u64),
    /// Charge at the end, as shares.
    pub charge: Histogram,
    /// Batteries that were empty at the end.
    pub empty: u64,
    /// What happened when.
    pub timeline: Vec<Slice>,
    /// How far the worst budget was overrun, in micro-dollars.
    pub overrun_usd_micros: u64,
    /// Jain's index of the share of answers that each person got.
    pub fairness: f64,
    /// Until the last event.
    pub lasted: Duration,
    clock: Timeline,
}

impl Metrics {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self::of_length(scenario.lasts, scenario.clouds.len())
    }

    fn of_length(lasts: Duration, clouds: usize) -> Self {
        let clock = Timeline::of(lasts);
        Self {
            requests: 0,
            all: OfTier::default(),
            tiers: Default::default(),
            refused: BTreeMap::new(),
            failed: BTreeMap::new(),
            unanswered: [0; 4],
            egress_bytes: [0; 4],
            paid_usd_micros: vec![0; clouds],
            joules: [0.0; 2],
            joules_each: Histogram::default(),
            failovers: 0,
            hedges: 0,
            waited: 0,
            quality: 0.0,
            first_error: Histogram::default(),
            total_error: Histogram::default(),
            within_bounds: (0, 0),
            charge: Histogram::default(),
            empty: 0,
            timeline: vec![Slice::default(); SLICES],
            overrun_usd_micros: 0,
            fairness: 1.0,
            lasted: Duration::ZERO,
            clock,
        }
    }

    fn slice(&mut self, at: Duration) -> Option<&mut Slice> {
        let place = self.clock.place(at);
        self.timeline.get_mut(place)
    }

    /// A request came.
    pub(crate) fn came(&mut self, at: Duration) {
        self.requests += 1;
        if let Some(slice) = self.slice(at) {
            slice.requests += 1;
        }
    }

    /// Nobody could answer.
    pub(crate) fn refused(&mut self, reason: Reason, class: Option<DataClass>, at: Duration) {
        *self.refused.entry(reason).or_default() += 1;
        self.not_answered(class, at);
    }

    /// It was tried, and no answer came.
    pub(crate) fn failed(&mut self, reason: Reason, class: Option<DataClass>, at: Duration) {
        *self.failed.entry(reason).or_default() += 1;
        self.not_answered(class, at);
    }

    fn not_answered(&mut self, class: Option<DataClass>, at: Duration) {
        if let Some(count) = self.unanswered.get_mut(place_of(class.unwrap_or(DataClass::Internal)))
        {
            *count += 1;
        }
        if let Some(slice) = self.slice(at) {
            slice.unanswered += 1;
        }
    }

    /// An answer came.
    pub(crate) fn landed(&mut self, landing: &Landing) {
        self.all.first_ms.add(landing.first_ms);
        self.all.total_ms.add(landing.total_ms);
        let tier = landing.tier.map(|tier| tier as usize);
        if let Some(of_tier) = tier.and_then(|tier| self.tiers.get_mut(tier)) {
            of_tier.first_ms.add(landing.first_ms);
            of_tier.total_ms.add(landing.total_ms);
        }
        if landing.joules > 0.0 {
            self.joules_each.add(landing.joules);
        }
        self.failovers += u64::from(landing.failovers);
        self.quality += landing.quality.unwrap_or(0.0);
        let error = |predicted: Option<f64>, measured: f64| {
            predicted.map(|predicted| (predicted - measured).abs() / measured.max(1.0))
        };
        if let Some(error) = error(landing.predicted_first_ms, landing.attempt_first_ms) {
            self.first_error.add(error);
        }
        if let Some(error) = error(landing.predicted_total_ms, landing.attempt_total_ms) {
            self.total_error.add(error);
        }
        if let Some((low, high)) = landing.bounds {
            self.within_bounds.1 += 1;
            let holds = (low..=high).contains(&landing.attempt_first_ms);
            self.within_bounds.0 += u64::from(holds);
        }
        let first_ms = landing.first_ms;
        if let Some(slice) = self.slice(landing.at) {
            if let Some(count) = tier.and_then(|tier| slice.answered.get_mut(tier)) {
                *count += 1;
            }
            slice.first_ms.add(first_ms);
        }
    }

    /// A machine spent energy on an answer.
    pub(crate) fn spent(&mut self, owned: bool, joules: f64) {
        if let Some(sum) = self.joules.get_mut(usize::from(!owned)) {
            *sum += joules;
        }
    }

    /// A cloud is paid.
    pub(crate) fn paid(&mut self, cloud: usize, usd_micros: u64, at: Duration) {
        if let Some(sum) = self.paid_usd_micros.get_mut(cloud) {
            *sum = sum.saturating_add(usd_micros);
        }
        if let Some(slice) = self.slice(at) {
            slice.usd_micros += usd_micros;
        }
    }

    /// Content left.
    pub(crate) fn left(&mut self, class: DataClass, bytes: u64) {
        if let Some(sum) = self.egress_bytes.get_mut(place_of(class)) {
            *sum += bytes;
        }
    }

    /// Mean charge of batteries at a moment.
    pub(crate) fn charge_seen(&mut self, at: Duration, share: f64) {
        if let Some(slice) = self.slice(at) {
            slice.charge = Some(share);
        }
    }

    /// Charge of a battery at the end.
    pub(crate) fn left_in_battery(&mut self, share: f64) {
        self.charge.add(share);
        self.empty += u64::from(share <= 0.0);
    }

    /// Money paid in all, in micro-dollars.
    #[must_use]
    pub fn cost_usd_micros(&self) -> u64 {
        self.paid_usd_micros.iter().sum()
    }

    /// Answers that came.
    #[must_use]
    pub const fn answered(&self) -> u64 {
        self.all.first_ms.count()
    }
}

/// The place of a class in a list.
const fn place_of(class: DataClass) -> usize {
    class as usize
}
