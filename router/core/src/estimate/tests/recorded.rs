//! Nine of ten on requests that others measured. The samples and their licences are in `testdata`.

use super::{Tally, at};
use crate::estimate::prior::ANSWER_TOKENS;
use crate::estimate::{
    AnswerLengths, Belief, Estimate, Forecast, HalfLife, Observation, Parts, TargetEstimates,
    TargetPriors,
};
use std::collections::BTreeMap;

const CLOUD_LATENCY: &str = include_str!("../testdata/cloud_latency.csv");
const CODE_LENGTHS: &str = include_str!("../testdata/code_lengths.csv");
const CHAT_LENGTHS: &str = include_str!("../testdata/chat_lengths.csv");

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect())
}

#[test]
fn nine_of_ten_recorded_first_tokens_gaps_and_totals_fall_inside() {
    let mut series: BTreeMap<&str, (f64, TargetEstimates, AnswerLengths)> = BTreeMap::new();
    let (mut first, mut gap, mut total) = (Tally::default(), Tally::default(), Tally::default());
    let (mut expected_in_time, mut in_time) = (0.0, 0.0);
    for row in rows(CLOUD_LATENCY) {
        let [first_token_ms, total_ms, tokens] = [1, 2, 3].map(|index| row[index].parse().unwrap());
        let (clock, target, lengths) = series.entry(row[0]).or_insert_with(|| {
            let target = TargetEstimates::new(&TargetPriors::default());
            (0.0, target, AnswerLengths::new(ANSWER_TOKENS))
        });
        let now = at(*clock);
        let gap_ms = (total_ms - first_token_ms) / (tokens - 1.0);
        let forecast = Forecast::compose(
            &Parts {
                wait_ms: Estimate::ZERO,
                first_token_ms: target.first_token_ms(550, now),
                gap_ms: target.gap_ms(now),
                output_tokens: lengths.tokens(now),
                joules_per_token: None,
                prompt_tokens: 550,
                price: None,
            },
            3_000.0,
        );
        // The first ten are cold: wide on purpose, and so nearly always right.
        if target.samples(now) > 9.5 {
            first.count(forecast.first_token_ms, first_token_ms);
            gap.count(target.gap_ms(now), gap_ms);
            total.count(forecast.total_ms, total_ms);
            expected_in_time += forecast.in_time;
            in_time += f64::from(total_ms <= 3_000.0);
        }
        // One request after the other.
        *clock += total_ms / 1e3;
        let seen = Observation {
            target: "cloud",
            pool: row[0],
            alias: "load test",
            tenant: "t",
            prompt_tokens: 550,
            output_tokens: tokens as u32,
            cut_short: false,
            first_token_ms: Some(first_token_ms),
            total_ms,
            queued: false,
            sharers: 1,
            energy_joules: None,
        };
        target.observe(&seen, at(*clock));
        lengths.observe(&seen, at(*clock));
    }
    println!("in time: {expected_in_time:.0} expected, {in_time} seen of {}", total.all());
    assert!((expected_in_time / in_time - 1.0).abs() < 0.06, "{expected_in_time} {in_time}");
    first.assert_nine_of_ten("first token");
    gap.assert_nine_of_ten("gap");
    total.assert_nine_of_ten("total");
}

#[test]
fn nine_of_ten_recorded_answer_lengths_fall_inside() {
    for (what, text) in [("code", CODE_LENGTHS), ("chat", CHAT_LENGTHS)] {
        let mut lengths = Belief::new(ANSWER_TOKENS, HalfLife::HABIT);
        let mut tally = Tally::default();
        for row in rows(text) {
            let [arrival_s, tokens] = [0, 1].map(|index| row[index].parse::<f64>().unwrap());
            let now = at(arrival_s);
            tally.count(lengths.predict(now), tokens);
            lengths.update(tokens, now);
        }
        tally.assert_nine_of_ten(what);
    }
}
