//! What is looked at when somebody reads: how things stand at that moment, which needs no counting on the way.
//!
//! The looks hold the pipeline weakly: telemetry outlives it by its last words, and must not keep it.

use super::Telemetry;
use super::names::{label, metric};
use crate::pipeline::Pipeline;
use crate::registry::counts::STANDINGS;
use crate::store::SqliteStore;
use littoral_core::budget::{Account, Unit};
use littoral_kit::telemetry::metrics::AsyncInstrument;
use littoral_kit::telemetry::{KeyValue, Lost};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

/// A look at the pipeline.
type Look = fn(&Telemetry, &Pipeline, &dyn AsyncInstrument<u64>);

/// What is told of a budget's accounts.
type OfSum = fn(&Sum) -> Option<f64>;

/// What is looked at, with its name and what it is.
const LOOKS: [(&str, &str, Look); 6] = [
    (metric::ACTIVE, "Requests that run or wait", |_, pipeline, told| {
        told.observe(pipeline.flights.len() as u64, &[]);
    }),
    (metric::WAITING, "Requests that wait for a place", |_, pipeline, told| {
        told.observe(pipeline.room.len() as u64, &[]);
    }),
    (metric::WORKERS, "Workers, by where they stand", |_, pipeline, told| {
        for (count, state) in pipeline.registry.standings().into_iter().zip(STANDINGS) {
            told.observe(count, &[KeyValue::new(label::STATE, state)]);
        }
    }),
    (metric::SLOTS, "Places at workers, over all models", |_, pipeline, told| {
        let places = pipeline.registry.places();
        let counts = [("all", places.slots), ("busy", places.busy), ("queued", places.queued)];
        for (state, count) in counts {
            told.observe(count, &[KeyValue::new(label::STATE, state)]);
        }
    }),
    (
        metric::BREAKER,
        "1 where a model of a cloud is left alone now",
        |telemetry, pipeline, told| {
            let labels = &telemetry.0.meters.labels;
            for (provider, model, resting) in pipeline.clouds.standing(pipeline.clock.now()) {
                told.observe(u64::from(resting.is_some()), &labels.model(provider, model));
            }
        },
    ),
    (metric::EGRESS_ALLOWED, "1 while content may leave for clouds", |_, pipeline, told| {
        told.observe(u64::from(pipeline.egress.allowed()), &[]);
    }),
];

impl Telemetry {
    /// Looks at a pipeline and its store from now on, whenever somebody reads.
    pub fn observe(&self, pipeline: &Arc<Pipeline>, store: &Arc<SqliteStore>) {
        for (name, text, look) in LOOKS {
            let (of, telemetry) = (Arc::downgrade(pipeline), self.weak());
            let gauge = self.0.kit.meter().u64_observable_gauge(name).with_description(text);
            gauge
                .with_callback(move |told| {
                    if let (Some(pipeline), Some(telemetry)) = (of.upgrade(), telemetry.get()) {
                        look(&telemetry, &pipeline, told);
                    }
                })
                .build();
        }
        self.observe_budgets(pipeline);
        let losses = Arc::clone(self.0.kit.losses());
        let meter = self.0.kit.meter();
        let dropped = meter.u64_observable_counter(metric::SPANS_DROPPED);
        dropped
            .with_description("Spans that no collector got")
            .with_callback(move |told| {
                for why in Lost::ALL {
                    let labels = [KeyValue::new(label::REASON, why.name())];
                    told.observe(losses.of(why), &labels);
                }
            })
            .build();
        let store = Arc::downgrade(store);
        meter
            .u64_observable_counter(metric::ROWS_LOST)
            .with_description("Rows that the store could not take")
            .with_callback(move |told| {
                if let Some(store) = store.upgrade() {
                    told.observe(store.lost_rows(), &[]);
                }
            })
            .build();
    }

    fn observe_budgets(&self, pipeline: &Arc<Pipeline>) {
        let told: [(&str, &str, OfSum); 4] = [
            (metric::BUDGET_SPENT, "What all accounts of a budget have spent", |sum| {
                Some(sum.spent)
            }),
            (metric::BUDGET_HELD, "What they hold for calls that run", |sum| Some(sum.held)),
            (metric::BUDGET_LIMIT, "What one account may spend in a period", |sum| sum.limit),
            (
                metric::BUDGET_FULLEST,
                "Share of its limit that the fullest account has spent or holds",
                |sum| sum.limit.map(|_| sum.fullest),
            ),
        ];
        for (name, text, value) in told {
            let (of, telemetry) = (Arc::downgrade(pipeline), self.weak());
            let gauge = self.0.kit.meter().f64_observable_gauge(name).with_description(text);
            gauge
                .with_callback(move |told| {
                    let (Some(pipeline), Some(telemetry)) = (of.upgrade(), telemetry.get()) else {
                        return;
                    };
                    let labels = &telemetry.0.meters.labels.budgets;
                    for (budget, sum) in sums(&pipeline) {
                        let Some(value) = value(&sum) else { continue };
                        let budget = KeyValue::new(label::BUDGET, labels.of(&budget));
                        told.observe(value, &[budget, KeyValue::new(label::UNIT, sum.unit)]);
                    }
                })
                .build();
        }
    }

    fn weak(&self) -> WeakTelemetry {
        WeakTelemetry(Arc::downgrade(&self.0))
    }
}

/// Telemetry as its own instruments hold it.
struct WeakTelemetry(Weak<super::Inner>);

impl WeakTelemetry {
    fn get(&self) -> Option<Telemetry> {
        self.0.upgrade().map(Telemetry)
    }
}

/// All accounts of a budget together: people are no labels.
struct Sum {
    unit: &'static str,
    spent: f64,
    held: f64,
    limit: Option<f64>,
    fullest: f64,
}

fn sums(pipeline: &Pipeline) -> BTreeMap<Arc<str>, Sum> {
    let mut sums = BTreeMap::new();
    for budget in pipeline.treasury.budgets() {
        let unit = if budget.unit == Unit::UsdMicros { "usd" } else { "tokens" };
        let limit = budget.hard.map(|hard| in_unit(hard, unit));
        let sum = Sum { unit, spent: 0.0, held: 0.0, limit, fullest: 0.0 };
        sums.insert(budget.name, sum);
    }
    for (key, account) in pipeline.treasury.accounts() {
        if let Some(sum) = sums.get_mut(&key.budget) {
            sum.add(&account);
        }
    }
    sums
}

impl Sum {
    fn add(&mut self, account: &Account) {
        let spent = in_unit(account.spent(), self.unit);
        let held = in_unit(account.reserved, self.unit);
        self.spent += spent;
        self.held += held;
        if let Some(limit) = self.limit.filter(|limit| *limit > 0.0) {
            self.fullest = self.fullest.max((spent + held) / limit);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a sum that a float cannot hold is nobody's budget")]
fn in_unit(amount: u64, unit: &str) -> f64 {
    if unit == "usd" { super::usd(amount) } else { amount as f64 }
}
