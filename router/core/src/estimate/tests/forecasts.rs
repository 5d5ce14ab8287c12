//! Parts put together, against draws of the same parts.

use super::Tally;
use super::draws::Draws;
use crate::estimate::{Estimate, Forecast, Parts};
use crate::fleet::Price;

/// The log-normal whose central 90 % are these bounds.
fn draw(draws: &mut Draws, part: Estimate) -> f64 {
    draws.log_normal(part.mid(), (part.high() / part.mid()).ln() / 1.644_853_6)
}

fn parts(first: (f64, f64), gap: (f64, f64), tokens: (f64, f64)) -> Parts {
    let [first_token_ms, gap_ms, output_tokens] =
        [first, gap, tokens].map(|(mid, spread)| Estimate::within_factor(mid, spread).unwrap());
    Parts {
        wait_ms: Estimate::ZERO,
        first_token_ms,
        gap_ms,
        output_tokens,
        joules_per_token: Some(Estimate::within_factor(0.4, 1.5).unwrap()),
        prompt_tokens: 1000,
        price: Some(Price {
            input_usd_micros_per_mtok: 2_000_000,
            output_usd_micros_per_mtok: 8_000_000,
        }),
    }
}

fn cases() -> impl Iterator<Item = Parts> {
    let firsts = [(100.0, 1.3), (1000.0, 2.0), (8000.0, 4.0)];
    let gaps = [(5.0, 1.1), (30.0, 1.5), (200.0, 2.5)];
    let tokens = [(40.0, 1.2), (150.0, 3.0), (600.0, 8.0)];
    firsts.into_iter().flat_map(move |first| {
        gaps.into_iter().flat_map(move |gap| tokens.into_iter().map(move |n| parts(first, gap, n)))
    })
}

#[test]
fn nine_of_ten_drawn_totals_and_energies_fall_inside_whatever_part_is_widest() {
    for (seed, parts) in cases().enumerate() {
        let mut draws = Draws(seed as u64);
        let forecast = Forecast::compose(&parts, 1e4);
        let (mut total, mut joules) = (Tally::default(), Tally::default());
        for _ in 0..4000 {
            let tokens = draw(&mut draws, parts.output_tokens);
            let gaps = (tokens - 1.0).max(0.0) * draw(&mut draws, parts.gap_ms);
            total.count(forecast.total_ms, draw(&mut draws, parts.first_token_ms) + gaps);
            let spent = draw(&mut draws, parts.joules_per_token.unwrap()) * tokens;
            joules.count(forecast.joules.unwrap(), spent);
        }
        total.assert_nine_of_ten(&format!("total, case {seed}"));
        joules.assert_nine_of_ten(&format!("joules, case {seed}"));
    }
}

#[test]
fn the_chance_to_be_in_time_is_the_share_that_is_in_time() {
    for (seed, parts) in cases().enumerate() {
        let mut draws = Draws(seed as u64);
        for deadline_ms in [500.0, 3_000.0, 12_000.0, 60_000.0] {
            let forecast = Forecast::compose(&parts, deadline_ms);
            let mut in_time = 0.0;
            for _ in 0..4000 {
                let gaps = (draw(&mut draws, parts.output_tokens) - 1.0).max(0.0);
                let total =
                    draw(&mut draws, parts.first_token_ms) + gaps * draw(&mut draws, parts.gap_ms);
                in_time += f64::from(total <= deadline_ms) / 4000.0;
            }
            let off = (forecast.in_time - in_time).abs();
            assert!(off < 0.1, "case {seed}, {deadline_ms} ms: {} for {in_time}", forecast.in_time);
        }
    }
}

#[test]
fn cost_has_a_known_part_and_a_part_that_depends_on_the_answer() {
    let mut parts = parts((100.0, 1.5), (30.0, 1.5), (100.0, 2.0));
    let cost = Forecast::compose(&parts, 1e3).cost_usd_micros.unwrap();
    let close = |found: f64, wanted: f64| (found / wanted - 1.0).abs() < 1e-12;
    assert!(close(cost.mid(), 2800.0) && close(cost.low(), 2400.0) && close(cost.high(), 3600.0));
    (parts.price, parts.joules_per_token) = (None, None);
    let unknown = Forecast::compose(&parts, 1e3);
    assert!(unknown.cost_usd_micros.is_none() && unknown.joules.is_none());
}

#[test]
fn a_wait_delays_the_first_token_and_the_end() {
    let mut parts = parts((100.0, 1.5), (30.0, 1.5), (100.0, 2.0));
    let free = Forecast::compose(&parts, 5e3);
    parts.wait_ms = Estimate::certain(2_000.0).unwrap();
    let waits = Forecast::compose(&parts, 5e3);
    assert!((waits.first_token_ms.low() - free.first_token_ms.low() - 2_000.0).abs() < 1e-6);
    assert!((waits.total_ms.mid() - free.total_ms.mid() - 2_000.0).abs() < 1e-6);
    assert!(waits.in_time < free.in_time);
}

#[test]
fn an_answer_of_one_token_takes_the_first_token_only() {
    let forecast = Forecast::compose(&parts((100.0, 1.5), (30.0, 1.5), (1.0, 1.0)), 1e3);
    assert_eq!(forecast.total_ms, forecast.first_token_ms);
}
