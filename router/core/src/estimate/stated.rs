//! What a target states of itself, or a catalogue of it, as a prior; and what is believed with it.
//!
//! A statement is believed, with wide bounds, until answers narrow it. A cloud's bounds are wider than a
//! worker's: the network and other people's load count there too. The live router and the simulator
//! begin with the same priors, so a policy is tried on what it would meet.

use super::interval::Estimate;
use super::prior::{Prior, TargetPriors};
use super::target::{AnswerLengths, TargetEstimates};
use crate::fleet::Learned;
use std::time::Duration;

/// Nine of ten first answers are within this factor of what a worker measured of itself.
const REPORTED_SPREAD: f64 = 3.0;
/// The same for what a catalogue states of a cloud.
const CATALOGUE_SPREAD: f64 = 4.0;
/// How much a prior weighs against answers: the first one counts four times as much.
const PRIOR_WEIGHT: f64 = 0.25;
/// A cloud reads this many tokens a second until it has shown otherwise.
const CLOUD_PREFILL_TOKENS_PER_S: f64 = 10_000.0;
/// Answers of an alias to a tenant after which their length is believed before the policy's assumption.
const ENOUGH_LENGTHS: f64 = 3.0;

/// What a worker measured of itself when it loaded a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported {
    /// Prompt tokens a second.
    pub prefill_tokens_per_s: f64,
    /// Generated tokens a second, of one request alone.
    pub decode_tokens_per_s: f64,
    /// Round trip, in milliseconds.
    pub round_trip_ms: f64,
    /// Joules for each generated token, where told.
    pub joules_per_token: Option<f64>,
}

impl TargetPriors {
    /// What a worker reports, as a prior; nothing where a speed is no speed.
    #[must_use]
    pub fn reported(told: Reported) -> Option<Self> {
        let prior = |mid: f64| Prior::new(mid, REPORTED_SPREAD, PRIOR_WEIGHT).ok();
        let gap_ms = 1e3 / told.decode_tokens_per_s;
        Some(Self {
            overhead_ms: prior(gap_ms + told.round_trip_ms)?,
            prefill_tokens_per_s: prior(told.prefill_tokens_per_s)?,
            gap_ms: prior(gap_ms)?,
            joules_per_token: told.joules_per_token.and_then(prior),
        })
    }

    /// What a catalogue states of a cloud, as a prior: its first token in milliseconds, and its generated
    /// tokens a second. Nothing where either is no such number.
    #[must_use]
    pub fn of_catalogue(first_token_ms: f64, decode_tokens_per_s: f64) -> Option<Self> {
        let prior = |mid: f64| Prior::new(mid, CATALOGUE_SPREAD, PRIOR_WEIGHT).ok();
        Some(Self {
            overhead_ms: prior(first_token_ms)?,
            prefill_tokens_per_s: prior(CLOUD_PREFILL_TOKENS_PER_S)?,
            gap_ms: prior(1e3 / decode_tokens_per_s)?,
            joules_per_token: None,
        })
    }
}

impl TargetEstimates {
    /// What is believed of the target for a prompt of which it holds a part already, and need not read
    /// that again; both in tokens.
    #[must_use]
    pub fn believed(&self, prompt_tokens: u32, held_tokens: u32, now: Duration) -> Learned {
        let unread = prompt_tokens.saturating_sub(held_tokens).max(1);
        Learned {
            first_token_ms: self.first_token_ms(unread, now),
            gap_ms: self.gap_ms(now),
            slow_gap_ms: self.slow_gap_ms(),
            joules_per_token: self.joules_per_token(now),
            throttled: None,
        }
    }
}

impl AnswerLengths {
    /// Tokens of the next answer, where enough answers were seen to go by them.
    #[must_use]
    pub fn believed(&self, now: Duration) -> Option<Estimate> {
        (self.samples(now) >= ENOUGH_LENGTHS).then(|| self.tokens(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Observation;
    use crate::estimate::prior::ANSWER_TOKENS;

    const TOLD: Reported = Reported {
        prefill_tokens_per_s: 500.0,
        decode_tokens_per_s: 20.0,
        round_trip_ms: 10.0,
        joules_per_token: Some(0.5),
    };

    #[test]
    fn a_report_is_believed_with_bounds_and_a_catalogue_with_wider_ones() {
        let reported = TargetEstimates::new(&TargetPriors::reported(TOLD).unwrap());
        let stated = TargetEstimates::new(&TargetPriors::of_catalogue(60.0, 20.0).unwrap());
        let [one, other] =
            [reported, stated].map(|target| target.believed(1, 0, Duration::ZERO).gap_ms);
        assert!((one.mid() - 50.0).abs() < 1e-6 && (other.mid() - 50.0).abs() < 1e-6);
        assert!(other.high() > one.high() && other.low() < one.low(), "{one:?} {other:?}");
    }

    #[test]
    fn what_is_no_speed_is_no_prior() {
        assert_eq!(TargetPriors::reported(Reported { decode_tokens_per_s: 0.0, ..TOLD }), None);
        assert_eq!(TargetPriors::of_catalogue(f64::NAN, 20.0), None);
    }

    #[test]
    fn what_a_target_holds_of_a_prompt_it_need_not_read() {
        let target = TargetEstimates::new(&TargetPriors::reported(TOLD).unwrap());
        let first = |held| target.believed(2_000, held, Duration::ZERO).first_token_ms.mid();
        assert!(first(1_990) < first(0) / 10.0);
        assert!(first(5_000) > 0.0, "more than the whole prompt is no less than nothing");
    }

    #[test]
    fn lengths_are_believed_from_the_third_answer_on() {
        let mut lengths = AnswerLengths::new(ANSWER_TOKENS);
        let seen = Observation {
            target: "",
            pool: "",
            alias: "",
            tenant: "",
            prompt_tokens: 10,
            output_tokens: 40,
            cut_short: false,
            first_token_ms: Some(5.0),
            total_ms: 50.0,
            queued: false,
            sharers: 1,
            energy_joules: None,
        };
        let known = [(); 3].map(|()| {
            lengths.observe(&seen, Duration::ZERO);
            lengths.believed(Duration::ZERO).is_some()
        });
        assert_eq!(known, [false, false, true]);
    }
}
