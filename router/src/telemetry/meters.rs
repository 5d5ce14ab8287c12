//! The instruments of requests, made once. What is counted on a request's way costs an array on the stack and
//! a lookup in the SDK; nothing is counted for each token.
//!
//! Boundaries are given by hand: the conventions' where they have some, else by what the house promises of the
//! number. The SDK's own are made for milliseconds and would put every answer into one bucket.

use super::client::ClientMeters;
use super::labels::Labels;
use super::names::{Conventions, NO_TIER, OK, label, metric};
use littoral_core::class::{DataClass, Tier};
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::metrics::{Counter, Histogram, Meter};

/// Durations of whole requests and calls, in seconds: the conventions'.
pub(super) const DURATIONS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/// First tokens, in seconds: the conventions'.
pub(super) const FIRST_TOKENS: [f64; 16] =
    [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// Time between two tokens, in seconds: the conventions'.
const PER_TOKEN: [f64; 13] =
    [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5];
/// What the router itself takes, in seconds: around the promise of 0.4 ms.
const OVERHEAD: [f64; 14] = [
    0.0001, 0.0002, 0.0004, 0.0007, 0.001, 0.0015, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0,
];
/// Decisions, in seconds: microseconds as a rule.
const DECISIONS: [f64; 12] = [
    0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005,
    0.01, 0.1,
];
/// Waits for a place, in seconds; most requests do not wait.
const WAITS: [f64; 10] = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// What happened over what was predicted: a factor of two either way is as wrong.
const PREDICTIONS: [f64; 15] =
    [0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0];

/// The instruments of requests.
pub(super) struct Meters {
    pub client: ClientMeters,
    pub duration: Histogram<f64>,
    pub first_token: Histogram<f64>,
    pub per_token: Histogram<f64>,
    pub overhead: Histogram<f64>,
    pub scan: Histogram<f64>,
    pub decision: Histogram<f64>,
    pub wait: Histogram<f64>,
    pub requests: Counter<u64>,
    pub attempts: Counter<u64>,
    pub egress: Counter<u64>,
    pub prediction: Histogram<f64>,
    pub cost: Counter<f64>,
    pub energy: Counter<f64>,
    pub labels: Labels,
}

impl Meters {
    pub(super) fn new(meter: &Meter, conventions: Conventions) -> Self {
        let seconds = |name, text, boundaries| seconds(meter, name, text, boundaries);
        let count = |name, text| meter.u64_counter(name).with_description(text).build();
        let meters = Self {
            client: ClientMeters::new(meter, conventions),
            duration: seconds(
                metric::SERVER_DURATION,
                "From the arrival of a request to the last token",
                &DURATIONS,
            ),
            first_token: seconds(
                metric::SERVER_FIRST_TOKEN,
                "From the arrival of a request to the first token",
                &FIRST_TOKENS,
            ),
            per_token: seconds(
                metric::SERVER_PER_TOKEN,
                "Time per output token after the first one",
                &PER_TOKEN,
            ),
            overhead: seconds(
                metric::OVERHEAD,
                "What the router took of a request beside targets and waiting",
                &OVERHEAD,
            ),
            scan: seconds(metric::SCAN, "How long content was looked into", &OVERHEAD),
            decision: seconds(metric::DECISION, "How long a decision took", &DECISIONS),
            wait: seconds(metric::WAIT, "How long a request waited for a place", &WAITS),
            requests: count(metric::REQUESTS, "Requests, by how they ended and who answered"),
            attempts: count(metric::ATTEMPTS, "Calls to targets, by purpose and outcome"),
            egress: meter
                .u64_counter(metric::EGRESS)
                .with_unit("By")
                .with_description("Content handed to targets; at tier cloud it left the house")
                .build(),
            prediction: meter
                .f64_histogram(metric::PREDICTION)
                .with_unit("1")
                .with_description("What happened, divided by what was predicted")
                .with_boundaries(PREDICTIONS.to_vec())
                .build(),
            cost: meter
                .f64_counter(metric::COST)
                .with_description("Cost of answers, in US dollars")
                .build(),
            energy: meter
                .f64_counter(metric::ENERGY)
                .with_unit("J")
                .with_description("Energy of answers on machines of one's own")
                .build(),
            labels: Labels::default(),
        };
        meters.start_at_zero();
        meters
    }

    /// A counter that is not there cannot be told from one that nobody reads: what alarms watch begins at 0.
    fn start_at_zero(&self) {
        for class in DataClass::ALL {
            for tier in [Tier::Device, Tier::Edge, Tier::Cloud] {
                self.egress.add(0, &egress(class, tier));
            }
        }
        for tier in [Tier::Device.name(), Tier::Edge.name(), Tier::Cloud.name()] {
            self.requests.add(0, &request(OK, tier));
        }
        self.requests.add(0, &request("INTERNAL", NO_TIER));
    }
}

/// The labels of what was sent.
pub(super) fn egress(class: DataClass, tier: Tier) -> [KeyValue; 2] {
    [KeyValue::new(label::CLASS, class.name()), KeyValue::new(label::TIER, tier.name())]
}

/// The labels of a request's end.
pub(super) fn request(outcome: &'static str, tier: &'static str) -> [KeyValue; 2] {
    [KeyValue::new(label::OUTCOME, outcome), KeyValue::new(label::TIER, tier)]
}

pub(super) fn seconds(
    meter: &Meter,
    name: &'static str,
    text: &'static str,
    boundaries: &[f64],
) -> Histogram<f64> {
    meter
        .f64_histogram(name)
        .with_unit("s")
        .with_description(text)
        .with_boundaries(boundaries.to_vec())
        .build()
}
