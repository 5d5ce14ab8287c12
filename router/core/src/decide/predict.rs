//! What a target would take: time to the first token, to the last, money, energy, quality.
//!
//! With `p` prompt tokens, `n` answer tokens, prefill rate `P`, decode rate `D`, round trip `r`:
//!
//! - service = p / P + n / D
//! - wait = 0 with a slot free, else service × (queued + 1) / slots
//! - first token = r + wait + p / P + 1 / D
//! - total = first token + (n - 1) / D
//!
//! `D` is measured for one request alone, so it is shared among the requests that will run beside
//! this one. Everything a worker reports is checked first: what is no number, negative, or faster than
//! any machine is unknown, and unknown stays unknown. The round trip alone has a prior, because it is
//! small beside the rest and unknown for the first seconds of every session.
//!
//! Where the router has learned from answered requests, that is believed before what a worker reports
//! or a catalogue states: `r + p / P + 1 / D` is then the learned time to a first token of this request.

use super::ask::Ask;
use crate::estimate::Estimate;
use crate::fleet::{CloudSite, Pool, Residency, Site, WorkerView};
use crate::plan::Prediction;

/// Highest believable rate, in tokens a second: far beyond what one machine does today.
const FASTEST_TOKENS_PER_S: f64 = 1e6;
/// Slowest rate told apart, in tokens a second: a token in 17 minutes.
const SLOWEST_TOKENS_PER_S: f64 = 1e-3;
/// Longest believable round trip or first token, in milliseconds: an hour.
const LONGEST_MS: f64 = 3.6e6;
/// Highest believable energy, in joules a token.
const HUNGRIEST_JOULES_PER_TOKEN: f64 = 1e4;
/// Round trip where none was measured yet, in milliseconds: an office network and some.
const ROUND_TRIP_PRIOR_MS: f64 = 5.0;

/// A prediction with what the choice inside a pool and the limits need besides.
#[derive(Clone, Copy, Default)]
pub(super) struct Forecast {
    pub predicted: Prediction,
    /// Wait for a slot, in milliseconds.
    pub wait_ms: Option<f64>,
    /// Time between two tokens, in milliseconds.
    pub gap_ms: Option<f64>,
}

/// What a request would take on a target. Of a pool of workers without a worker nothing is known.
pub(super) fn of(ask: &Ask<'_>, pool: &Pool, on: Option<&WorkerView>) -> Forecast {
    match (on, &pool.site) {
        (Some(on), _) => worker(ask, pool, on),
        (None, Site::Cloud(site)) => cloud(ask, pool, site),
        (None, Site::Workers(_)) => Forecast::default(),
    }
}

/// What a request would take on a worker.
#[inline]
pub(super) fn worker(ask: &Ask<'_>, pool: &Pool, worker: &WorkerView) -> Forecast {
    let learned = worker.learned.as_ref();
    let alone_ms = learned.map(|learned| learned.gap_ms.mid());
    let alone_ms = alone_ms.or_else(|| rate(worker.decode_tokens_per_s).map(|rate| 1e3 / rate));
    let gap_ms = alone_ms.map(|alone| alone * sharers(worker));
    // What was learned holds the prompt, the round trip, and the start of the decode.
    let (prefill_ms, first_ms) = match learned.map(|learned| learned.first_token_ms.mid()) {
        Some(learned_ms) => (Some(learned_ms), Some(learned_ms)),
        None => reported_ms(ask, worker, gap_ms),
    };
    let first_ms = match load_ms(worker) {
        None => first_ms,
        Some(load_ms) => first_ms.zip(load_ms).map(|(first, load)| first + load),
    };
    let wait_ms = wait_ms(ask, worker, prefill_ms, gap_ms);
    let first_token_ms = wait_ms.zip(first_ms).map(|(wait, first)| wait + first);
    let measured = learned.and_then(|learned| learned.joules_per_token).map(Estimate::mid);
    let joules =
        measured.or_else(|| reading(worker.device.joules_per_token, HUNGRIEST_JOULES_PER_TOKEN));
    Forecast {
        predicted: Prediction {
            first_token_ms,
            total_ms: total_ms(ask, first_token_ms, gap_ms),
            output_tokens: ask.output_tokens,
            cost_usd_micros: Some(0),
            energy_joules: joules
                .map(|joules| joules * f64::from(ask.output_tokens) + prompt_joules(ask, worker)),
            energy_estimated: joules.is_some() && worker.device.joules_estimated,
            quality: quality(ask, pool),
        },
        wait_ms,
        gap_ms,
    }
}

/// Energy of reading what the worker does not hold, in joules; what is unknown is left out.
#[inline]
fn prompt_joules(ask: &Ask<'_>, worker: &WorkerView) -> f64 {
    let each = reading(worker.device.joules_per_prompt_token, HUNGRIEST_JOULES_PER_TOKEN);
    each.map_or(0.0, |each| each * unread_tokens(ask, worker))
}

/// Tokens of the prompt that have to be read.
#[inline]
fn unread_tokens(ask: &Ask<'_>, worker: &WorkerView) -> f64 {
    f64::from(ask.facts.prompt_tokens.tokens.saturating_sub(worker.held_tokens))
}

/// Of a model that is not in memory: the time until it is, in milliseconds, with what its coming costs
/// those who have to go for it. The inner value is unknown before its first load.
#[inline]
pub(super) fn load_ms(worker: &WorkerView) -> Option<Option<f64>> {
    match worker.residency {
        Residency::Resident => None,
        Residency::Loadable { load_ms, harm_ms, .. } => {
            let harm_ms = reading(Some(harm_ms), f64::MAX).unwrap_or(0.0);
            Some(reading(load_ms, LONGEST_MS).map(|load| load + harm_ms))
        }
        Residency::Loading { left_ms } => Some(reading(left_ms, LONGEST_MS)),
    }
}

/// What a request would take at a cloud. Before anything was learned its first token is the
/// catalogue's; its energy is not the device's.
#[inline]
pub(super) fn cloud(ask: &Ask<'_>, pool: &Pool, site: &CloudSite) -> Forecast {
    let learned = site.learned.as_ref();
    let gap_ms = learned.map(|learned| learned.gap_ms.mid());
    let gap_ms = gap_ms.or_else(|| rate(site.decode_tokens_per_s).map(|rate| 1e3 / rate));
    let learned_ms = learned.map(|learned| learned.first_token_ms.mid());
    let first_token_ms = learned_ms.or_else(|| reading(site.first_token_ms, LONGEST_MS));
    Forecast {
        predicted: Prediction {
            first_token_ms,
            total_ms: total_ms(ask, first_token_ms, gap_ms),
            output_tokens: ask.output_tokens,
            cost_usd_micros: cost_usd_micros(ask, site),
            energy_joules: Some(0.0),
            energy_estimated: false,
            quality: quality(ask, pool),
        },
        wait_ms: Some(0.0),
        gap_ms,
    }
}

/// From what the worker reports: the prefill, and the first token with a slot free, in milliseconds.
fn reported_ms(
    ask: &Ask<'_>,
    worker: &WorkerView,
    gap_ms: Option<f64>,
) -> (Option<f64>, Option<f64>) {
    let prompt_tokens = unread_tokens(ask, worker);
    let prefill_ms = rate(worker.prefill_tokens_per_s).map(|rate| 1e3 * prompt_tokens / rate);
    let round_trip_ms = reading(worker.round_trip_ms, LONGEST_MS).unwrap_or(ROUND_TRIP_PRIOR_MS);
    let first_ms = prefill_ms.zip(gap_ms).map(|(prefill, gap)| round_trip_ms + prefill + gap);
    (prefill_ms, first_ms)
}

/// What the policy states of the model, else what the catalogue says.
fn quality(ask: &Ask<'_>, pool: &Pool) -> Option<f64> {
    ask.stated(pool).quality.or_else(|| reading(pool.model.quality, 1.0))
}

/// Predicted wait for a slot of a worker, in milliseconds.
fn wait_ms(
    ask: &Ask<'_>,
    worker: &WorkerView,
    prefill_ms: Option<f64>,
    gap_ms: Option<f64>,
) -> Option<f64> {
    if worker.active < worker.slots {
        return Some(0.0);
    }
    let service_ms = prefill_ms? + gap_ms? * f64::from(ask.output_tokens);
    let ahead = f64::from(worker.queued) + 1.0;
    Some(service_ms * ahead / f64::from(worker.slots.max(1)))
}

fn total_ms(ask: &Ask<'_>, first_token_ms: Option<f64>, gap_ms: Option<f64>) -> Option<f64> {
    let rest = f64::from(ask.output_tokens.saturating_sub(1));
    Some(first_token_ms? + gap_ms? * rest)
}

/// Requests that will share the worker with this one, this one included.
pub(super) fn sharers(worker: &WorkerView) -> f64 {
    f64::from(worker.active.saturating_add(1).min(worker.slots.max(1)))
}

/// Cost in micro-dollars, rounded up, saturating; unknown where any price is that the request needs.
#[inline]
fn cost_usd_micros(ask: &Ask<'_>, site: &CloudSite) -> Option<u64> {
    let facts = ask.facts;
    let media = (facts.images, facts.audio_seconds);
    site.price?.expected(facts.prompt_tokens.tokens, media, ask.output_tokens).ok()
}

/// A reported number that can be believed: not negative, at most `most`, which is finite.
#[inline]
pub(super) fn reading(reported: Option<f64>, most: f64) -> Option<f64> {
    reported.filter(|value| (0.0..=most).contains(value))
}

/// A reported rate that can be divided by. Slower than the slowest is the slowest, zero is unknown.
fn rate(reported: Option<f64>) -> Option<f64> {
    reading(reported, FASTEST_TOKENS_PER_S)
        .filter(|rate| *rate > 0.0)
        .map(|rate| rate.max(SLOWEST_TOKENS_PER_S))
}
