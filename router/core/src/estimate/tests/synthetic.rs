//! Nine of ten on made runs, and what holds where the model does not fit.

use super::draws::Draws;
use super::{Tally, at, prior};
use crate::estimate::{Belief, FirstToken, HalfLife, TargetPriors};

/// Runs of a belief, each over `samples` values a second apart, after the first `skip`.
fn run(runs: u64, samples: u32, skip: u32, mut next: impl FnMut(&mut Draws, u32) -> f64) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..runs {
        let mut draws = Draws(seed);
        let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
        for index in 0..samples {
            let now = at(f64::from(index));
            let value = next(&mut draws, index);
            if index >= skip {
                tally.count(belief.predict(now), value);
            }
            belief.update(value, now);
        }
    }
    tally
}

#[test]
fn nine_of_ten_log_normal_values_fall_inside() {
    for sigma in [0.02, 0.1, 0.4, 1.0, 2.0] {
        let tally = run(10, 1000, 50, |draws, _| draws.log_normal(120.0, sigma));
        tally.assert_nine_of_ten(&format!("log-normal, sigma {sigma}"));
    }
}

#[test]
fn nine_of_ten_gamma_values_fall_inside() {
    for shape in [1, 2, 5, 40] {
        let scale = 150.0 / f64::from(shape);
        let tally = run(10, 1000, 50, |draws, _| draws.gamma(shape, scale));
        tally.assert_nine_of_ten(&format!("gamma, shape {shape}"));
    }
}

#[test]
fn nine_of_ten_drifting_values_fall_inside() {
    let mut level = 0.0_f64;
    let walk = run(10, 1000, 20, |draws, index| {
        level = if index == 0 { 0.0 } else { level + 0.05 * draws.normal() };
        draws.log_normal(100.0 * level.exp(), 0.2)
    });
    walk.assert_nine_of_ten("random walk");
    // A phone that warms up: three times slower within five minutes, again and again.
    let trend = run(10, 1000, 20, |draws, index| {
        let rise = f64::from(index % 300) / 300.0;
        draws.log_normal(100.0 * 3.0_f64.powf(rise), 0.2)
    });
    trend.assert_nine_of_ten("saw-tooth");
}

#[test]
fn after_a_sudden_change_nine_of_ten_hold_again_within_thirty_samples() {
    for factor in [0.2, 0.5, 3.0, 10.0] {
        let mut after = Tally::default();
        let mut near = 0;
        for seed in 0..100 {
            let mut draws = Draws(seed);
            let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
            for index in 0..160_u32 {
                let now = at(f64::from(index));
                let level = if index < 100 { 100.0 } else { 100.0 * factor };
                let value = draws.log_normal(level, 0.15);
                if index >= 130 {
                    after.count(belief.predict(now), value);
                }
                belief.update(value, now);
            }
            let mid = belief.predict(at(160.0)).mid() / (100.0 * factor);
            near += u32::from((0.85..1.18).contains(&mid));
        }
        // A false alarm shortly before the end leaves a few of a hundred with little evidence.
        assert!(near >= 95, "factor {factor}: {near} of 100 follow");
        // Wider than needed for a while, never too narrow.
        assert!((0.86..=0.99).contains(&after.share()), "factor {factor}: {after:?}");
    }
}

/// Two modes: the bounds hold nine of ten, but they enclose an empty middle, and what is expected
/// in the middle never happens (the test below). A mode rarer than one in twenty is outside by design.
#[test]
fn of_two_modes_nine_of_ten_fall_inside_but_the_middle_is_empty() {
    let even = run(10, 1000, 50, |draws, _| {
        let fast = draws.uniform() < 0.5;
        draws.log_normal(if fast { 100.0 } else { 1000.0 }, 0.1)
    });
    even.assert_nine_of_ten("two even modes");
    let rare = run(10, 1000, 50, |draws, _| {
        let cold = draws.uniform() < 0.03;
        draws.log_normal(if cold { 5000.0 } else { 100.0 }, 0.1)
    });
    rare.assert_nine_of_ten("a rare mode");
    let regimes = run(10, 1000, 50, |draws, index| {
        draws.log_normal(if index / 40 % 2 == 0 { 100.0 } else { 400.0 }, 0.1)
    });
    regimes.assert_nine_of_ten("two modes that take turns");
}

#[test]
fn what_is_expected_of_two_modes_lies_between_them() {
    let mut draws = Draws(7);
    let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
    for index in 0..500_u32 {
        let slow = index % 2 == 0;
        belief
            .update(draws.log_normal(if slow { 1000.0 } else { 100.0 }, 0.1), at(f64::from(index)));
    }
    let expected = belief.predict(at(500.0));
    assert!((200.0..500.0).contains(&expected.mid()), "{expected:?}");
}

#[test]
fn nine_of_ten_first_tokens_fall_inside_for_prompts_of_every_length() {
    let priors = TargetPriors::default();
    let (mut short, mut long) = (Tally::default(), Tally::default());
    for seed in 0..10 {
        let mut draws = Draws(seed);
        let mut first = FirstToken::new(&priors, HalfLife::SPEED);
        for index in 0..1000_u32 {
            let now = at(f64::from(index));
            // Turns of a chat and whole documents.
            let median = if draws.uniform() < 0.5 { 15.0 } else { 1500.0 };
            let prompt = draws.log_normal(median, 0.8).min(30_000.0) as u32;
            // An edge machine: 40 ms and 250 tokens a second.
            let seen = draws.log_normal(40.0 + f64::from(prompt) * 4.0, 0.2);
            if index >= 50 {
                let tally = if prompt < 200 { &mut short } else { &mut long };
                tally.count(first.predict(prompt, now), seen);
            }
            first.update(seen, prompt, now);
        }
        let now = at(1000.0);
        let (overhead, rate) = (first.overhead_ms(now), first.prefill_tokens_per_s(now));
        assert!((220.0..280.0).contains(&rate.mid()), "seed {seed}: {rate:?}");
        assert!((25.0..60.0).contains(&overhead.mid()), "seed {seed}: {overhead:?}");
    }
    short.assert_nine_of_ten("short prompts");
    long.assert_nine_of_ten("long prompts");
}
