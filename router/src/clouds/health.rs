//! How the models of one provider are, by key: breakers that decisions see, and that each call asks.

use littoral_core::breaker::{Breaker, Outcome, Pass, Terms};
use littoral_core::fleet::Resting;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The breakers of one provider: for each model one a key.
#[derive(Debug)]
pub struct Health {
    models: BTreeMap<String, Mutex<Vec<Breaker>>>,
}

impl Health {
    /// All is well with these models and so many keys.
    #[must_use]
    pub fn of<'a>(models: impl Iterator<Item = &'a str>, keys: usize) -> Self {
        let breakers = || Mutex::new(vec![Breaker::new(Terms::default()); keys]);
        Self { models: models.map(|model| (model.to_owned(), breakers())).collect() }
    }

    /// Why a model is left alone now, if it is. `rests` says how long a key does.
    #[must_use]
    pub fn resting(
        &self,
        model: &str,
        rests: impl Fn(usize) -> Option<Duration>,
        now: Duration,
    ) -> Option<Resting> {
        let breakers = self.models.get(model)?.lock();
        let mut found = None;
        for (key, breaker) in breakers.iter().enumerate() {
            let this = of_key(breaker, rests(key), now)?;
            found = Some(found.map_or(this, |found| milder(found, this)));
        }
        found
    }

    /// Whether a call with this key would be admitted.
    #[must_use]
    pub fn admits(&self, model: &str, key: usize, now: Duration) -> bool {
        let Some(breakers) = self.models.get(model) else { return true };
        breakers.lock().get(key).is_none_or(|breaker| breaker.admits(now))
    }

    /// Lets a call through, where its breaker does. What merely is slow is called without a word to the
    /// breaker: a decision came to it where nobody else was left.
    #[must_use]
    pub fn admit(self: &Arc<Self>, model: &str, key: usize, now: Duration) -> Option<Admitted> {
        let mut breakers = self.models.get(model)?.lock();
        let breaker = breakers.get_mut(key)?;
        let slow = breaker.is_merely_slow();
        let pass = breaker.admit(now);
        let admitted = pass.is_some() || slow;
        let (health, model) = (Arc::clone(self), model.to_owned());
        admitted.then_some(Admitted { health, model, key, pass })
    }

    fn ended(
        &self,
        (model, key): (&str, usize),
        pass: Pass,
        outcome: Outcome,
        (seed, now): (u64, Duration),
    ) {
        let Some(breakers) = self.models.get(model) else { return };
        if let Some(breaker) = breakers.lock().get_mut(key) {
            let before = breaker.standing(now);
            breaker.on(pass, outcome, seed, now);
            let after = breaker.standing(now);
            if std::mem::discriminant(&before) != std::mem::discriminant(&after) {
                tracing::warn!(model, key, standing = ?after, "a circuit breaker turned");
            }
        }
    }
}

/// A call that a breaker let through. It hears how the call ended; of one that is dropped, that it says
/// nothing.
#[derive(Debug)]
pub struct Admitted {
    health: Arc<Health>,
    model: String,
    key: usize,
    pass: Option<Pass>,
}

impl Admitted {
    /// The call ended. `seed` draws the time for which a breaker that trips stays open.
    pub fn ended(mut self, outcome: Outcome, seed: u64, now: Duration) {
        if let Some(pass) = self.pass.take() {
            self.health.ended((&self.model, self.key), pass, outcome, (seed, now));
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            let key = (self.model.as_str(), self.key);
            self.health.ended(key, pass, Outcome::Void, (0, Duration::ZERO));
        }
    }
}

/// Why a key is not used now for a model; nothing where it is.
fn of_key(breaker: &Breaker, rests: Option<Duration>, now: Duration) -> Option<Resting> {
    let key_ms = rests.map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
    match (breaker.resting(now), key_ms) {
        (Some(Resting::Failing { left_ms }), Some(key_ms)) => {
            Some(Resting::Failing { left_ms: left_ms.max(key_ms) })
        }
        (None | Some(Resting::Slow), Some(left_ms)) => Some(Resting::Keys { left_ms }),
        (resting, _) => resting,
    }
}

/// Of two keys that are not used the one that is sooner.
fn milder(one: Resting, other: Resting) -> Resting {
    let left = |resting: Resting| match resting {
        Resting::Slow => 0,
        Resting::Offline { left_ms } | Resting::Failing { left_ms } | Resting::Keys { left_ms } => {
            left_ms
        }
    };
    if left(other) < left(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "m";

    fn health(keys: usize) -> Arc<Health> {
        Arc::new(Health::of([MODEL].into_iter(), keys))
    }

    fn fail(health: &Arc<Health>, key: usize, now: Duration) {
        while let Some(admitted) = health.admit(MODEL, key, now) {
            admitted.ended(Outcome::Failed, 1, now);
        }
    }

    fn resting(health: &Health, now: Duration) -> Option<Resting> {
        health.resting(MODEL, |_| None, now)
    }

    #[test]
    fn a_model_rests_only_when_no_key_of_it_works() {
        let (health, now) = (health(2), Duration::from_secs(1));
        assert_eq!(resting(&health, now), None);
        fail(&health, 0, now);
        assert_eq!(resting(&health, now), None, "the other key works");
        assert!(!health.admits(MODEL, 0, now) && health.admits(MODEL, 1, now));
        fail(&health, 1, now);
        let Some(Resting::Failing { left_ms }) = resting(&health, now) else { panic!() };
        assert!((500..=1_000).contains(&left_ms), "{left_ms}");
        assert_eq!(resting(&health, now + Duration::from_secs(1)), None, "time for a probe");
        assert_eq!(resting(&Health::of([].into_iter(), 1), now), None, "an unknown model");
    }

    #[test]
    fn keys_that_the_provider_refuses_are_told_apart_from_failures() {
        let (health, now) = (health(2), Duration::from_secs(1));
        let all_rest = |_| Some(Duration::from_millis(700));
        assert_eq!(health.resting(MODEL, all_rest, now), Some(Resting::Keys { left_ms: 700 }));
        let one_rests = |key| (key == 0).then_some(Duration::from_millis(700));
        assert_eq!(health.resting(MODEL, one_rests, now), None);
    }

    #[test]
    fn a_call_that_is_dropped_frees_its_probe_and_says_nothing() {
        let (health, now) = (health(1), Duration::from_secs(1));
        fail(&health, 0, now);
        let later = now + Duration::from_secs(1);
        let probes: Vec<Admitted> =
            std::iter::from_fn(|| health.admit(MODEL, 0, later)).take(10).collect();
        assert_eq!(probes.len(), 3);
        assert_eq!(resting(&health, later), Some(Resting::Failing { left_ms: 1_000 }));
        drop(probes);
        assert_eq!(resting(&health, later), None);
        for _ in 0..2 {
            health.admit(MODEL, 0, later).unwrap().ended(Outcome::Answered(None), 1, later);
        }
        assert!((0..10).all(|_| health.admit(MODEL, 0, later).is_some()), "closed again");
    }
}
