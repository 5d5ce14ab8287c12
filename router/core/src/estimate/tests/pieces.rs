//! The mean, the quantiles, the interval and the device, each alone.

use super::at;
use super::draws::Draws;
use crate::estimate::{Estimate, Ewma, HalfLife, Prior, Quantiles, battery_after, heat_after};
use std::time::Duration;

const TEN_S: Duration = Duration::from_secs(10);

#[test]
fn a_mean_weighs_each_sample_by_its_age_whatever_the_gaps() {
    let mut mean = Ewma::new(HalfLife::new(TEN_S));
    assert_eq!(mean.value(), None);
    mean.update(4.0, at(0.0));
    mean.update(8.0, at(0.0));
    assert!((mean.value().unwrap() - 6.0).abs() < 1e-12, "two of one moment count alike");
    mean.update(12.0, at(20.0));
    // Two samples two half-lives old count a quarter each.
    assert!((mean.value().unwrap() - (3.0 + 12.0) / 1.5).abs() < 1e-12, "{mean:?}");
}

#[test]
fn a_mean_is_the_same_in_any_order_of_arrival() {
    let samples = [(3.0, 1.0), (5.0, 4.0), (100.0, 9.0), (1.0, 30.0)];
    let mean = |order: [usize; 4]| {
        let mut mean = Ewma::new(HalfLife::new(TEN_S));
        for index in order {
            mean.update(samples[index].0, at(samples[index].1));
        }
        mean.value().unwrap()
    };
    let sorted = mean([0, 1, 2, 3]);
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        assert!((mean(order) / sorted - 1.0).abs() < 1e-12, "{order:?}");
    }
}

#[test]
fn a_mean_ignores_what_is_no_number() {
    let mut mean = Ewma::new(HalfLife::new(Duration::ZERO));
    mean.update(2.0, at(1.0));
    for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        mean.update(nonsense, at(1.0));
    }
    mean.update(1e9, Duration::ZERO);
    assert_eq!(mean.value(), Some(2.0));
    mean.update(3.0, Duration::MAX);
    assert_eq!(mean.value(), Some(3.0));
}

#[test]
fn quantiles_are_within_five_percent() {
    let mut draws = Draws(1);
    let mut sketch = Quantiles::new(HalfLife::new(Duration::from_secs(1 << 30)));
    let mut values: Vec<f64> = (0..20_000).map(|_| draws.log_normal(300.0, 1.2)).collect();
    for value in &values {
        sketch.update(*value, at(5.0));
    }
    values.sort_by(f64::total_cmp);
    for q in [0.001, 0.05, 0.5, 0.95, 0.99, 1.0] {
        let exact = values[((q * values.len() as f64).ceil() as usize).max(1) - 1];
        let found = sketch.quantile(q, at(5.0)).unwrap();
        assert!((found / exact - 1.0).abs() <= 0.05, "{q}: {found} for {exact}");
    }
}

#[test]
fn quantiles_forget_by_half_lives_however_long_they_run() {
    let mut sketch = Quantiles::new(HalfLife::new(TEN_S));
    assert_eq!(sketch.quantile(0.5, at(0.0)), None);
    for second in 0..2000_u32 {
        sketch.update(if second < 1900 { 1000.0 } else { 10.0 }, at(f64::from(second)));
    }
    let now = at(1999.0);
    // A sample a second with this half-life adds up to 1 / (1 - 2^(-1/10)).
    assert!((sketch.samples(now) - 14.93).abs() < 0.05, "{}", sketch.samples(now));
    assert!((sketch.samples(at(2009.0)) - 7.46).abs() < 0.05);
    let p95 = sketch.quantile(0.95, now).unwrap();
    assert!((p95 / 10.0 - 1.0).abs() < 0.05, "{p95}");
    assert_eq!(sketch.quantile(0.95, at(2999.0)), None, "nothing is left");
}

#[test]
fn quantiles_take_late_samples_and_ignore_nonsense() {
    let mut sketch = Quantiles::new(HalfLife::new(TEN_S));
    sketch.update(100.0, at(1000.0));
    sketch.update(1.0, at(0.0));
    assert!((sketch.quantile(0.01, at(1000.0)).unwrap() / 100.0 - 1.0).abs() < 0.05);
    for nonsense in [f64::NAN, f64::INFINITY, -1.0] {
        sketch.update(nonsense, at(1000.0));
    }
    assert_eq!(sketch.ignored(), 3);
    assert_eq!(sketch.quantile(f64::NAN, at(1000.0)), None);
    sketch.update(0.0, at(1000.0));
    sketch.update(1e300, at(1000.0));
    assert!(sketch.quantile(1.0, at(1000.0)).unwrap() > 2e7);
}

#[test]
fn nonsense_makes_neither_an_estimate_nor_a_prior() {
    let nan = f64::NAN;
    for (mid, low, high) in [(1.0, 2.0, 3.0), (3.0, 1.0, 2.0), (nan, 0.0, 1.0), (0.5, nan, 1.0)] {
        assert!(Estimate::new(mid, low, high).is_err(), "{mid} {low} {high}");
    }
    assert!(Estimate::new(1.0, -1.0, 2.0).is_err() && Estimate::certain(f64::INFINITY).is_err());
    assert!(Estimate::within_factor(1.0, 0.5).is_err());
    assert!(serde_json::from_str::<Estimate>(r#"{"mid":1.0,"low":2.0,"high":3.0}"#).is_err());
    let sound = Estimate::new(2.0, 1.0, 5.0).unwrap();
    let text = serde_json::to_string(&sound).unwrap();
    assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), sound);
    for (mid, spread, weight) in
        [(0.0, 2.0, 1.0), (1.0, 1.0, 1.0), (1.0, 2.0, 0.0), (nan, 2.0, 1.0)]
    {
        assert!(Prior::new(mid, spread, weight).is_err(), "{mid} {spread} {weight}");
    }
}

#[test]
fn chances_agree_with_the_bounds() {
    let estimate = Estimate::new(100.0, 50.0, 300.0).unwrap();
    for (limit, chance) in [(50.0, 0.05), (100.0, 0.5), (300.0, 0.95), (0.0, 0.0), (1e9, 1.0)] {
        let found = estimate.chance_below(limit);
        assert!((found - chance).abs() < 1e-4, "{limit}: {found}");
    }
    assert!(estimate.chance_below(f64::NAN) == 0.0);
    let known = Estimate::certain(7.0).unwrap();
    assert!(known.chance_below(7.0) == 1.0 && known.chance_below(6.9) == 0.0);
    assert!(Estimate::ZERO.chance_below(0.0) == 1.0);
}

#[test]
fn a_battery_does_not_go_below_empty_and_readings_without_sense_give_nothing() {
    assert_eq!(battery_after(0.5, 1000.0, 100.0), Some(0.4));
    assert_eq!(battery_after(0.5, 1000.0, 1e9), Some(0.0));
    assert_eq!(battery_after(1.5, 1000.0, 1.0), None);
    assert_eq!(battery_after(0.5, 0.0, 1.0), None);
    assert_eq!(battery_after(f64::NAN, 1.0, 1.0), None);
    assert_eq!(battery_after(0.5, 1.0, f64::NAN), None);
    assert_eq!(heat_after(0.5, 0.01, 10.0), Some(0.6));
    assert_eq!(heat_after(0.5, -0.01, 10.0), Some(0.5));
    assert_eq!(heat_after(0.5, f64::INFINITY, 0.0), None);
    assert_eq!(heat_after(0.5, 0.1, -1.0), None);
}
