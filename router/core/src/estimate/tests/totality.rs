//! No input makes an estimate that is no estimate.

use crate::estimate::{
    Belief, Estimate, Estimates, Ewma, FirstToken, Forecast, HalfLife, Observation, Parts, Prior,
    Quantiles, TargetPriors,
};
use proptest::prelude::*;
use std::time::Duration;

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => any::<f64>(),
        3 => 1e-3..1e5_f64,
        1 => proptest::sample::select(vec![0.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX]),
    ]
}

fn moment() -> impl Strategy<Value = Duration> {
    prop_oneof![
        5 => (0..4_000_000_u64).prop_map(Duration::from_millis),
        1 => any::<u64>().prop_map(Duration::from_nanos),
        1 => Just(Duration::MAX),
    ]
}

fn any_prior() -> impl Strategy<Value = Prior> {
    (-9.0..=9.0_f64, 1e-9..4.0_f64, -2.0..=3.0_f64).prop_map(|(mid, spread, weight)| {
        let ten = |power: f64| 10.0_f64.powf(power);
        let weight = ten(weight).clamp(0.01, 1e3);
        Prior::new(ten(mid).clamp(1e-9, 1e9), ten(spread).clamp(1.0 + 1e-9, 1e4), weight).unwrap()
    })
}

fn estimate() -> impl Strategy<Value = Estimate> {
    proptest::array::uniform3(prop_oneof![0.0..1e4_f64, 0.0..=1e150_f64, Just(0.0)]).prop_map(
        |mut three| {
            three.sort_by(f64::total_cmp);
            Estimate::new(three[1], three[0], three[2]).unwrap()
        },
    )
}

fn sound(estimate: Estimate) -> bool {
    let (mid, low, high) = (estimate.mid(), estimate.low(), estimate.high());
    0.0 <= low && low <= mid && mid <= high && high.is_finite()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_seen_and_whenever_expectations_stay_sound(
        priors in (any_prior(), any_prior(), any_prior()),
        samples in proptest::collection::vec((value(), any::<u32>(), moment()), 0..80),
        half_life in moment(),
        asked in moment(),
    ) {
        let half_life = HalfLife::new(half_life);
        let target = TargetPriors {
            overhead_ms: priors.0,
            prefill_tokens_per_s: priors.1,
            ..TargetPriors::default()
        };
        let mut belief = Belief::new(priors.2, half_life);
        let mut first = FirstToken::new(&target, half_life);
        let (mut mean, mut sketch) = (Ewma::new(half_life), Quantiles::new(half_life));
        for (value, tokens, now) in samples {
            belief.weigh(value, f64::from(tokens) / f64::from(u32::MAX), now);
            first.update(value, tokens, now);
            mean.update(value, now);
            sketch.update(value, now);
            for now in [now, asked] {
                prop_assert!(sound(belief.predict(now)), "{:?}", belief);
                prop_assert!(sound(first.predict(tokens, now)), "{:?}", first);
                prop_assert!(sound(first.overhead_ms(now)), "{:?}", first);
                prop_assert!(sound(first.prefill_tokens_per_s(now)), "{:?}", first);
                prop_assert!(belief.predict(now).low() > 0.0 || belief.predict(now).mid() < 1e-9);
            }
            prop_assert!(mean.value().is_none_or(f64::is_finite));
            let quantile = sketch.quantile(0.95, asked);
            prop_assert!(quantile.is_none_or(|value| value.is_finite() && value > 0.0));
            prop_assert!(sketch.samples(asked).is_finite());
        }
    }

    #[test]
    fn whatever_the_parts_a_forecast_is_sound(
        wait in estimate(), first in estimate(), gap in estimate(), tokens in estimate(),
        joules in proptest::option::of(estimate()), prompt_tokens in any::<u32>(),
        price in proptest::option::of((any::<u64>(), any::<u64>())), deadline in value(),
    ) {
        let price = price.map(|(input, output)| crate::fleet::Price {
            input_usd_micros_per_mtok: input,
            output_usd_micros_per_mtok: output,
        });
        let parts = Parts {
            wait_ms: wait,
            first_token_ms: first,
            gap_ms: gap,
            output_tokens: tokens,
            joules_per_token: joules,
            prompt_tokens,
            price,
        };
        let forecast = Forecast::compose(&parts, deadline);
        prop_assert!(sound(forecast.first_token_ms) && sound(forecast.total_ms), "{:?}", forecast);
        prop_assert!(forecast.cost_usd_micros.is_none_or(sound), "{:?}", forecast);
        prop_assert!(forecast.joules.is_none_or(sound), "{:?}", forecast);
        prop_assert!((0.0..=1.0).contains(&forecast.in_time), "{:?}", forecast);
        prop_assert!(sound(first.inverse()) && sound(first.scaled(deadline)));
        prop_assert!(sound(first.shifted(deadline)) && sound(first.at_most(deadline)));
        let (near, far) = (gap.chance_below(1e3), gap.chance_below(2e3));
        prop_assert!(near <= far, "{near} {far} {gap:?}");
    }

    #[test]
    fn whatever_is_observed_the_store_answers_soundly_within_its_bound(
        seen in proptest::collection::vec(
            (0..9_u8, any::<(u32, u32, u32)>(), (proptest::option::of(value()), value()), any::<(bool, bool)>(), moment()),
            0..40,
        ),
    ) {
        let names: Vec<String> = (0..9).map(|index| index.to_string()).collect();
        let mut estimates = Estimates::new(4);
        for (name, (prompt_tokens, output_tokens, sharers), (first, total_ms), (queued, cut_short), now) in seen {
            let name = &names[usize::from(name)];
            estimates.observe(&Observation {
                target: name,
                pool: name,
                alias: name,
                tenant: "t",
                prompt_tokens,
                output_tokens,
                cut_short,
                first_token_ms: first,
                total_ms,
                queued,
                sharers,
                energy_joules: first,
            }, now);
            let target = estimates.target(name, name).unwrap();
            prop_assert!(sound(target.first_token_ms(prompt_tokens, now)));
            prop_assert!(sound(target.gap_ms(now)) && target.slow_gap_ms().is_none_or(f64::is_finite));
            prop_assert!(target.joules_per_token(now).is_none_or(sound));
            prop_assert!(sound(estimates.lengths(name, "t").unwrap().tokens(now)));
            prop_assert!(estimates.len().0 <= 4 && estimates.len().1 <= 4);
        }
    }
}
