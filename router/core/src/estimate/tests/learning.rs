//! From the catalogue's word to knowledge, and back with age.

use super::draws::Draws;
use super::{Tally, at, prior};
use crate::estimate::{Belief, Estimate, FirstToken, HalfLife, Prior, TargetPriors};

/// How many times the upper bound is above the lower, as a logarithm.
fn width(expected: Estimate) -> f64 {
    (expected.high() / expected.low()).ln()
}

#[test]
fn before_the_first_sample_the_bounds_are_those_of_the_catalogue() {
    for weight in [0.1, 0.25, 1.0, 7.0, 100.0] {
        let belief = Belief::new(Prior::new(80.0, 4.0, weight).unwrap(), HalfLife::SPEED);
        let expected = belief.predict(at(1e6));
        assert!((expected.mid() / 80.0 - 1.0).abs() < 1e-9, "{expected:?}");
        assert!((expected.high() / 320.0 - 1.0).abs() < 1e-9, "{expected:?}");
        assert!((expected.low() / 20.0 - 1.0).abs() < 1e-9, "{expected:?}");
    }
}

#[test]
fn a_catalogue_wrong_by_a_factor_of_two_still_holds_nine_of_ten_of_the_first_samples() {
    for sigma in [0.1, 0.2, 0.4] {
        let mut first = Tally::default();
        let mut second = Tally::default();
        for seed in 0..2000 {
            let mut draws = Draws(seed);
            let wrong = if seed % 2 == 0 { 0.5 } else { 2.0 };
            let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
            for index in 0..20_u32 {
                let value = draws.log_normal(100.0 * wrong, sigma);
                let tally = if index == 0 { &mut first } else { &mut second };
                tally.count(belief.predict(at(f64::from(index))), value);
                belief.update(value, at(f64::from(index)));
            }
        }
        println!("sigma {sigma}: first {:.3}, next 19 {:.3}", first.share(), second.share());
        assert!(first.share() >= 0.9, "sigma {sigma}: {first:?}");
        assert!(second.share() >= 0.86, "sigma {sigma}: {second:?}");
    }
}

#[test]
fn more_samples_never_widen_in_expectation() {
    let mut sums = [0.0; 7];
    for seed in 0..2000 {
        let mut draws = Draws(seed);
        let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
        let mut taken = 0;
        for (sum, samples) in sums.iter_mut().zip([0, 1, 2, 4, 8, 16, 48]) {
            while taken < samples {
                belief.update(draws.log_normal(100.0, 0.3), at(0.0));
                taken += 1;
            }
            *sum += width(belief.predict(at(0.0)));
        }
    }
    println!("{:?}", sums.map(|sum| sum / 2000.0));
    assert!(sums.is_sorted_by(|wide, narrow| wide >= narrow), "{sums:?}");
    assert!(sums[6] < 0.5 * sums[0], "{sums:?}");
}

#[test]
fn age_alone_only_widens_and_ends_at_the_catalogue() {
    let priors = TargetPriors::default();
    for seed in 0..200 {
        let mut draws = Draws(seed);
        let (level, sigma) = (draws.log_normal(100.0, 1.5), draws.uniform());
        let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
        let mut first = FirstToken::new(&priors, HalfLife::SPEED);
        for index in 0..1 + seed as u32 {
            let now = at(f64::from(index));
            belief.update(draws.log_normal(level, sigma), now);
            first.update(draws.log_normal(level, sigma), 1 + (draws.uniform() * 999.0) as u32, now);
        }
        let (mut narrow, mut narrow_first) = (0.0, 0.0);
        for step in 0..60 {
            let now = at(200.0 + 1.3_f64.powi(step));
            let (wide, wide_first) = (width(belief.predict(now)), width(first.predict(300, now)));
            assert!(wide >= narrow - 1e-9, "seed {seed}, step {step}: {narrow} then {wide}");
            assert!(wide_first >= narrow_first - 1e-9, "seed {seed}, step {step}, first token");
            (narrow, narrow_first) = (wide, wide_first);
        }
        let forgotten = belief.predict(at(1e9));
        assert!((forgotten.mid() / 100.0 - 1.0).abs() < 1e-3, "seed {seed}: {forgotten:?}");
        assert!(width(forgotten) >= 2.0 * 4.0_f64.ln() - 1e-3, "seed {seed}: {forgotten:?}");
    }
}

#[test]
fn what_cannot_be_believed_changes_nothing_and_is_counted() {
    let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
    let mut first = FirstToken::new(&TargetPriors::default(), HalfLife::SPEED);
    belief.update(50.0, at(1.0));
    first.update(50.0, 10, at(1.0));
    let (before, before_first) = (belief.predict(at(1.0)), first.predict(10, at(1.0)));
    for nonsense in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-9, 1e12, -0.0] {
        belief.update(nonsense, at(2.0));
        first.update(nonsense, 10, at(2.0));
    }
    assert_eq!(belief.predict(at(1.0)), before);
    assert_eq!(first.predict(10, at(1.0)), before_first);
    assert_eq!((belief.ignored(), first.ignored()), (8, 8));
}

#[test]
fn one_timeout_among_steady_answers_moves_the_middle_little() {
    let mut draws = Draws(3);
    let mut belief = Belief::new(prior(100.0, 4.0), HalfLife::SPEED);
    for index in 0..100_u32 {
        belief.update(draws.log_normal(100.0, 0.1), at(f64::from(index)));
    }
    let before = belief.predict(at(100.0));
    belief.update(60_000.0, at(100.0));
    let after = belief.predict(at(100.0));
    assert!(after.mid() / before.mid() < 1.02, "{before:?} {after:?}");
    assert!(width(after) / width(before) < 1.25, "{before:?} {after:?}");
}

#[test]
fn a_prompt_unlike_those_seen_has_wider_bounds() {
    let mut draws = Draws(11);
    let mut first = FirstToken::new(&TargetPriors::default(), HalfLife::SPEED);
    for index in 0..60_u32 {
        first.update(draws.log_normal(400.0, 0.2), 50, at(f64::from(index)));
    }
    let now = at(60.0);
    let (like, unlike) = (first.predict(50, now), first.predict(20_000, now));
    assert!(width(unlike) > 1.5 * width(like), "{like:?} {unlike:?}");
}

#[test]
fn a_sample_later_than_all_memory_changes_nothing() {
    let half_life = HalfLife::new(std::time::Duration::from_millis(1));
    let mut belief = Belief::new(prior(1.0, 4.0), half_life);
    let mut mean = crate::estimate::Ewma::new(half_life);
    for (value, second) in [(5e4, 0.0), (7e4, 0.0), (6e4, 1e6), (1e-3, 0.0)] {
        belief.update(value, at(second));
        mean.update(value, at(second));
    }
    let expected = belief.predict(at(1e6));
    assert!(expected.low() > 1.0 && expected.mid() < 1e5, "{expected:?}");
    assert_eq!(mean.value(), Some(6e4));
}
