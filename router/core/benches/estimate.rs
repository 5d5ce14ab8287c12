//! What it costs to learn from a request, to ask what is expected, and to put a forecast together.
//!
//! A forecast is made for each target of each decision; predictions are made when the fleet view is,
//! and updates once a finished request. The store is full in `observe`, as after a year.

#![expect(clippy::unwrap_used, reason = "without its set-up a benchmark has nothing to measure")]

use criterion::{Criterion, criterion_group, criterion_main};
use littoral_core::estimate::{
    Belief, Estimate, Estimates, FirstToken, Forecast, HalfLife, Observation, Parts, Prior,
    Quantiles, TargetPriors,
};
use littoral_core::fleet::Price;
use std::hint::black_box;
use std::time::Duration;

fn pieces(criterion: &mut Criterion) {
    let mut now = Duration::ZERO;
    let mut tick = move || {
        now += Duration::from_millis(50);
        now
    };
    let mut belief = Belief::new(Prior::new(30.0, 4.0, 0.25).unwrap(), HalfLife::SPEED);
    criterion.bench_function("belief/update", |bencher| {
        bencher.iter(|| belief.update(black_box(33.0), tick()));
    });
    let later = Duration::from_secs(1 << 30);
    criterion.bench_function("belief/predict", |bencher| {
        bencher.iter(|| black_box(&belief).predict(black_box(later)));
    });
    let mut first = FirstToken::new(&TargetPriors::default(), HalfLife::SPEED);
    criterion.bench_function("first_token/update", |bencher| {
        bencher.iter(|| first.update(black_box(330.0), black_box(700), tick()));
    });
    criterion.bench_function("first_token/predict", |bencher| {
        bencher.iter(|| black_box(&first).predict(black_box(700), black_box(later)));
    });
    let mut sketch = Quantiles::new(HalfLife::SPEED);
    criterion.bench_function("quantiles/update", |bencher| {
        bencher.iter(|| sketch.update(black_box(330.0), tick()));
    });
    let now = tick();
    criterion.bench_function("quantiles/p95", |bencher| {
        bencher.iter(|| black_box(&sketch).quantile(black_box(0.95), now));
    });
}

fn forecast(criterion: &mut Criterion) {
    let within = |mid: f64, spread: f64| Estimate::within_factor(mid, spread).unwrap();
    let parts = Parts {
        wait_ms: Estimate::ZERO,
        first_token_ms: within(400.0, 2.0),
        gap_ms: within(30.0, 1.5),
        output_tokens: within(150.0, 5.0),
        joules_per_token: Some(within(0.5, 1.5)),
        prompt_tokens: 700,
        price: Some(Price {
            input_usd_micros_per_mtok: 150_000,
            output_usd_micros_per_mtok: 600_000,
        }),
    };
    criterion.bench_function("forecast/compose", |bencher| {
        bencher.iter(|| Forecast::compose(black_box(&parts), black_box(10_000.0)));
    });
    let total = Forecast::compose(&parts, 10_000.0).total_ms;
    criterion.bench_function("forecast/chance_below", |bencher| {
        bencher.iter(|| black_box(total).chance_below(black_box(9_000.0)));
    });
}

fn store(criterion: &mut Criterion) {
    let names: Vec<String> =
        (0..Estimates::ENTRIES).map(|index| format!("worker-{index}")).collect();
    let mut estimates = Estimates::default();
    let mut now = Duration::ZERO;
    let seen = |target| Observation {
        target,
        pool: "local/@local/smollm2-135m-instruct",
        alias: "assistant",
        tenant: target,
        prompt_tokens: 700,
        output_tokens: 120,
        cut_short: false,
        first_token_ms: Some(400.0),
        total_ms: 4_000.0,
        queued: false,
        sharers: 1,
        energy_joules: Some(60.0),
    };
    for name in &names {
        estimates.observe(&seen(name), now);
    }
    let mut turn = names.iter().cycle();
    criterion.bench_function("estimates/observe", |bencher| {
        bencher.iter(|| {
            now += Duration::from_millis(50);
            if let Some(name) = turn.next() {
                estimates.observe(black_box(&seen(name)), now);
            }
        });
    });
}

criterion_group!(benches, pieces, forecast, store);
criterion_main!(benches);
