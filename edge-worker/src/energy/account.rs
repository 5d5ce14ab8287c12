//! Who is charged with which joule.
//!
//! Time is an argument. Between two calls of [`Account::settle`] the same requests ran, so the energy
//! of that stretch is divided among them; when none ran, the stretch tells the idle power.

use std::collections::BTreeMap;
use std::time::Duration;

/// Shortest idle stretch that tells the idle power: over a shorter one the counter's own steps count.
const IDLE_LEAST: Duration = Duration::from_millis(500);
/// Weight of the latest idle stretch.
const IDLE_WEIGHT: f64 = 0.3;

/// Energy of one request, in joules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spent {
    /// Reading the prompt.
    pub prefill_joules: f64,
    /// Generating the answer.
    pub decode_joules: f64,
    /// By the stated model; else by the counter.
    pub estimated: bool,
}

/// The running requests and what they have used.
#[derive(Debug)]
pub(crate) struct Account {
    assumed_watts: Option<f64>,
    idle_watts: Option<f64>,
    requests: BTreeMap<u64, Request>,
    last: Option<(Duration, Option<f64>)>,
    /// Since when nothing has run and been learned from, and the counter then.
    idle: Option<(Duration, Option<f64>)>,
}

#[derive(Debug)]
struct Request {
    model: String,
    slots: u32,
    answering: bool,
    prefill: Used,
    decode: Used,
    /// Every stretch in which it ran was metered.
    metered: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Used {
    joules: f64,
    /// Seconds in which it ran, each divided by the number of requests that ran.
    share_s: f64,
}

impl Account {
    /// An account that falls back on `assumed_watts`.
    pub(crate) fn new(assumed_watts: Option<f64>) -> Self {
        let (requests, idle_watts, last, idle) = Default::default();
        Self { assumed_watts, idle_watts, requests, last, idle }
    }

    /// Settles the stretch from the last call until `now`, a time since any fixed moment; `joules` is
    /// the counter, which only grows, and `None` where it cannot be read.
    pub(crate) fn settle(&mut self, now: Duration, joules: Option<f64>) {
        let Some((since, before)) = self.last.replace((now, joules)) else { return };
        let running = self.running();
        if running.is_empty() {
            self.idle_until(now, joules, (since, before));
            return;
        }
        self.idle = None;
        let seconds = now.saturating_sub(since).as_secs_f64();
        let drawn = joules.zip(before).map(|(now, before)| (now - before).max(0.0));
        let beyond_idle = drawn.zip(self.idle_watts).map(|(drawn, idle)| drawn - idle * seconds);
        #[expect(clippy::cast_precision_loss, reason = "a worker runs a few requests at once")]
        let share = 1.0 / running.len() as f64;
        for number in running {
            let Some(request) = self.requests.get_mut(&number) else { continue };
            let used = if request.answering { &mut request.decode } else { &mut request.prefill };
            used.share_s += seconds * share;
            used.joules += beyond_idle.unwrap_or(0.0).max(0.0) * share;
            request.metered &= beyond_idle.is_some();
        }
    }

    /// A request of `model`, which runs `slots` at once.
    pub(crate) fn begin(&mut self, number: u64, model: &str, slots: u32) {
        let (prefill, decode) = Default::default();
        let model = model.to_owned();
        let request = Request { model, slots, answering: false, prefill, decode, metered: true };
        self.requests.insert(number, request);
    }

    /// Its prompt is read.
    pub(crate) fn answering(&mut self, number: u64) {
        if let Some(request) = self.requests.get_mut(&number) {
            request.answering = true;
        }
    }

    /// It is over.
    pub(crate) fn end(&mut self, number: u64) {
        self.requests.remove(&number);
    }

    /// What it has used; `None` where nothing tells.
    pub(crate) fn spent(&self, number: u64) -> Option<Spent> {
        let Request { prefill, decode, metered, .. } = self.requests.get(&number)?;
        if *metered {
            let (prefill_joules, decode_joules) = (prefill.joules, decode.joules);
            return Some(Spent { prefill_joules, decode_joules, estimated: false });
        }
        self.assumed_watts.map(|watts| Spent {
            prefill_joules: watts * prefill.share_s,
            decode_joules: watts * decode.share_s,
            estimated: true,
        })
    }

    /// The requests that hold a slot: of each model the oldest ones.
    fn running(&self) -> Vec<u64> {
        let mut taken = BTreeMap::<&str, u32>::new();
        let mut running = Vec::new();
        for (number, request) in &self.requests {
            let taken = taken.entry(&request.model).or_default();
            *taken += 1;
            if *taken <= request.slots.max(1) {
                running.push(*number);
            }
        }
        running
    }

    /// Nothing ran up to `now`, from `since` at the least.
    fn idle_until(&mut self, now: Duration, joules: Option<f64>, since: (Duration, Option<f64>)) {
        let (began, before) = *self.idle.get_or_insert(since);
        let length = now.saturating_sub(began);
        if length < IDLE_LEAST {
            return;
        }
        self.idle = Some((now, joules));
        if let Some((now, before)) = joules.zip(before) {
            let watts = (now - before).max(0.0) / length.as_secs_f64();
            let mean = |idle: f64| idle + IDLE_WEIGHT * (watts - idle);
            self.idle_watts = Some(self.idle_watts.map_or(watts, mean));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// An account that knows an idle power of 10 W from the first ten seconds.
    fn metered() -> Account {
        let mut account = Account::new(Some(30.0));
        account.settle(at(0.0), Some(0.0));
        account.settle(at(10.0), Some(100.0));
        account
    }

    fn measured(prefill_joules: f64, decode_joules: f64) -> Option<Spent> {
        Some(Spent { prefill_joules, decode_joules, estimated: false })
    }

    #[test]
    fn a_request_is_charged_with_what_the_counter_shows_beyond_idle_in_each_phase() {
        let mut account = metered();
        account.begin(1, "m", 2);
        account.settle(at(11.0), Some(150.0));
        account.answering(1);
        account.settle(at(13.0), Some(210.0));
        assert_eq!(account.spent(1), measured(40.0, 40.0));
        account.end(1);
        assert_eq!(account.spent(1), None);
    }

    #[test]
    fn what_runs_at_the_same_time_shares_and_what_waits_for_a_slot_pays_nothing() {
        let mut account = metered();
        account.begin(1, "m", 1);
        account.begin(2, "m", 1);
        account.begin(3, "other", 1);
        account.settle(at(11.0), Some(150.0));
        assert_eq!(account.spent(1), measured(20.0, 0.0));
        assert_eq!(account.spent(2), measured(0.0, 0.0));
        assert_eq!(account.spent(3), measured(20.0, 0.0));
        account.end(1);
        account.settle(at(12.0), Some(200.0));
        assert_eq!(account.spent(2), measured(20.0, 0.0));
    }

    #[test]
    fn without_a_counter_the_stated_model_is_used_and_says_so() {
        let mut account = Account::new(Some(30.0));
        account.settle(at(0.0), None);
        account.begin(1, "m", 2);
        account.begin(2, "m", 2);
        account.settle(at(2.0), None);
        account.answering(1);
        account.end(2);
        account.settle(at(3.0), None);
        let spent = Spent { prefill_joules: 30.0, decode_joules: 30.0, estimated: true };
        assert_eq!(account.spent(1), Some(spent));
    }

    #[test]
    fn a_counter_that_falls_silent_or_an_unknown_idle_power_is_no_measurement() {
        let mut account = metered();
        account.begin(1, "m", 2);
        account.settle(at(11.0), None);
        account.settle(at(12.0), Some(300.0));
        assert!(account.spent(1).is_some_and(|spent| spent.estimated));
        let mut account = Account::new(None);
        account.settle(at(0.0), Some(0.0));
        account.begin(1, "m", 2);
        account.settle(at(1.0), Some(50.0));
        assert_eq!(account.spent(1), None);
    }

    #[test]
    fn idle_power_is_not_learned_from_a_moment_between_two_requests() {
        let mut account = metered();
        account.begin(1, "m", 2);
        account.settle(at(11.0), Some(150.0));
        account.end(1);
        // The counter still falls to idle here.
        account.settle(at(11.2), Some(170.0));
        account.begin(2, "m", 2);
        account.settle(at(12.2), Some(220.0));
        assert_eq!(account.spent(2), measured(40.0, 0.0));
    }
}
