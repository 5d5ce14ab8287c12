//! How fast and how thrifty each model has been lately.
//!
//! A model is measured when it is loaded, idle and with a short prompt; requests tell how it is with
//! real ones. So each figure is an exponentially weighted mean over requests that starts from the
//! measurement, and starts anew when the engine has measured again. It outlives the session, because
//! the machine is the same when another router asks.

use crate::energy::Spent;
use littoral_engine::{Timings, Usage};
use littoral_proto::v1::state::ModelState;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Weight of the latest request: five requests are two thirds of the mean.
const WEIGHT: f64 = 0.2;
/// Fewest tokens that say something: over fewer, one interruption is most of the time.
const FEWEST_TOKENS: u32 = 4;

/// The means of all models, by name.
#[derive(Debug, Default)]
pub(crate) struct Performance(Mutex<HashMap<String, Means>>);

/// Prefill and decode rates as the engine measured them.
type Measured = (Option<f64>, Option<f64>);

#[derive(Debug, Default)]
struct Means {
    measured: Measured,
    prefill_tokens_per_s: Option<f64>,
    decode_tokens_per_s: Option<f64>,
    joules: Joules,
}

/// Energy a token; measured figures and estimated ones are never mixed.
#[derive(Debug, Default)]
struct Joules {
    token: Option<f64>,
    prompt_token: Option<f64>,
    estimated: bool,
}

impl Performance {
    /// A request of `model` finished.
    pub(crate) fn finished(
        &self,
        model: &str,
        usage: &Usage,
        timings: &Timings,
        spent: Option<&Spent>,
    ) {
        let mut all = self.lock();
        let means = all.entry(model.to_owned()).or_default();
        let read = usage.prompt_tokens.saturating_sub(usage.cached_prompt_tokens);
        if read >= FEWEST_TOKENS {
            blend(&mut means.prefill_tokens_per_s, timings.prefill_tokens_per_s(usage));
        }
        if timings.decode_steps >= FEWEST_TOKENS {
            blend(&mut means.decode_tokens_per_s, timings.decode_tokens_per_s());
        }
        let Some(spent) = spent else { return };
        if means.joules.estimated != spent.estimated {
            means.joules = Joules { estimated: spent.estimated, ..Joules::default() };
        }
        let each = |joules: f64, tokens: u32| (tokens > 0).then(|| joules / f64::from(tokens));
        blend(&mut means.joules.prompt_token, each(spent.prefill_joules, read));
        blend(&mut means.joules.token, each(spent.decode_joules, usage.completion_tokens));
    }

    /// Puts the means into a state that holds the engine's measurements.
    pub(crate) fn tell(&self, state: &mut ModelState) {
        let measured = (state.prefill_tokens_per_s, state.decode_tokens_per_s);
        let mut all = self.lock();
        let means = all.entry(state.name.clone()).or_default();
        if means.measured != measured {
            let joules = std::mem::take(&mut means.joules);
            let (prefill_tokens_per_s, decode_tokens_per_s) = measured;
            *means = Means { measured, prefill_tokens_per_s, decode_tokens_per_s, joules };
        }
        state.prefill_tokens_per_s = means.prefill_tokens_per_s;
        state.decode_tokens_per_s = means.decode_tokens_per_s;
        let joules = &means.joules;
        // What the engine itself meters stands.
        state.joules_per_token = state.joules_per_token.or(joules.token);
        state.joules_per_prompt_token = state.joules_per_prompt_token.or(joules.prompt_token);
        state.joules_estimated |= joules.estimated;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Means>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn blend(mean: &mut Option<f64>, latest: Option<f64>) {
    let Some(latest) = latest.filter(|latest| latest.is_finite()) else { return };
    *mean = Some(mean.map_or(latest, |mean| mean + WEIGHT * (latest - mean)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const USAGE: Usage =
        Usage { prompt_tokens: 110, cached_prompt_tokens: 10, completion_tokens: 11 };

    /// 100 tokens read in a second, ten generated in two.
    fn timings() -> Timings {
        Timings {
            prefill_ms: 1_000.0,
            prefill_run_ms: 1_000.0,
            decode_run_ms: 2_000.0,
            decode_steps: 10,
            ..Timings::default()
        }
    }

    fn measured(prefill: f64, decode: f64) -> ModelState {
        ModelState {
            name: "m".to_owned(),
            prefill_tokens_per_s: Some(prefill),
            decode_tokens_per_s: Some(decode),
            ..ModelState::default()
        }
    }

    fn told(all: &Performance, mut state: ModelState) -> Measured {
        all.tell(&mut state);
        (state.prefill_tokens_per_s, state.decode_tokens_per_s)
    }

    #[test]
    fn speeds_start_from_the_measurement_and_go_with_the_requests() {
        let all = Performance::default();
        assert_eq!(told(&all, measured(200.0, 10.0)), (Some(200.0), Some(10.0)));
        all.finished("m", &USAGE, &timings(), None);
        assert_eq!(told(&all, measured(200.0, 10.0)), (Some(180.0), Some(9.0)));
        all.finished("other", &USAGE, &timings(), None);
        assert_eq!(told(&all, measured(200.0, 10.0)), (Some(180.0), Some(9.0)));
    }

    #[test]
    fn a_new_measurement_starts_them_anew() {
        let all = Performance::default();
        told(&all, measured(200.0, 10.0));
        all.finished("m", &USAGE, &timings(), None);
        assert_eq!(told(&all, measured(400.0, 20.0)), (Some(400.0), Some(20.0)));
    }

    #[test]
    fn a_request_of_hardly_any_tokens_says_nothing() {
        let all = Performance::default();
        told(&all, measured(200.0, 10.0));
        let usage = Usage { cached_prompt_tokens: 107, ..USAGE };
        all.finished("m", &usage, &Timings { decode_steps: 3, ..timings() }, None);
        assert_eq!(told(&all, measured(200.0, 10.0)), (Some(200.0), Some(10.0)));
    }

    #[test]
    fn joules_are_told_for_each_token_read_and_generated_and_estimates_are_marked() {
        let all = Performance::default();
        let spent = |estimated| Spent { prefill_joules: 50.0, decode_joules: 22.0, estimated };
        let joules = |all: &Performance| {
            let mut state = measured(200.0, 10.0);
            all.tell(&mut state);
            (state.joules_per_prompt_token, state.joules_per_token, state.joules_estimated)
        };
        assert_eq!(joules(&all), (None, None, false));
        all.finished("m", &USAGE, &timings(), Some(&spent(true)));
        assert_eq!(joules(&all), (Some(0.5), Some(2.0), true));
        // A meter's word replaces a guess at once.
        let metered = Spent { prefill_joules: 10.0, decode_joules: 11.0, estimated: false };
        all.finished("m", &USAGE, &timings(), Some(&metered));
        assert_eq!(joules(&all), (Some(0.1), Some(1.0), false));
    }
}
