//! How many requests somebody may make in a time, by principal and by model.
//!
//! A rate is no budget: it is kept in memory, a restart refills it, and what is taken is not given back. A
//! rate that does not look at models is asked at the door; one that does is asked at each dispatch to a
//! cloud, where the model is known, and another target may then go on.

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use littoral_core::budget::{Names, Over, Scope, Spender};
use littoral_core::principal::Principal;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Requests after which names that were not heard of lately are let go of.
const SWEEP_EVERY: u32 = 1_024;

/// A rate as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Its name, for messages.
    pub name: String,
    /// Whose requests it counts, and into how many counts.
    pub scope: Scope,
    /// Requests in a time, on average.
    pub requests: NonZeroU32,
    /// The time.
    pub every: Duration,
    /// Requests at once.
    pub burst: NonZeroU32,
}

type Limiter = RateLimiter<Names, HashMapStateStore<Names>, DefaultClock>;

struct Limit {
    rate: Rate,
    limiter: Limiter,
    asked: AtomicU32,
}

/// A rate is exceeded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rate `{rate}` allows no more now; try again in {} ms", .wait.as_millis())]
pub struct TooMany {
    /// Name of the rate.
    pub rate: String,
    /// When the next is allowed.
    pub wait: Duration,
}

/// All rates.
#[derive(Default)]
pub struct Rates(Vec<Limit>);

impl Rates {
    /// These rates, with nothing taken. One whose interval is none is left out.
    #[must_use]
    pub fn of(rates: Vec<Rate>) -> Self {
        let limit = |rate: Rate| {
            let quota = Quota::with_period(rate.every / rate.requests.get())?;
            let limiter = RateLimiter::hashmap(quota.allow_burst(rate.burst));
            Some(Limit { rate, limiter, asked: AtomicU32::new(0) })
        };
        Self(rates.into_iter().filter_map(limit).collect())
    }

    /// A request arrives.
    ///
    /// # Errors
    /// It is one too many of somebody's.
    pub fn at_the_door(&self, who: &Principal) -> Result<(), TooMany> {
        self.ask(who, None)
    }

    /// A dispatch goes to a model.
    ///
    /// # Errors
    /// It is one too many of somebody's there.
    pub fn at_model(&self, who: &Principal, model: &str) -> Result<(), TooMany> {
        self.ask(who, Some(model))
    }

    fn ask(&self, who: &Principal, model: Option<&str>) -> Result<(), TooMany> {
        let spender = Spender {
            tenant: &who.tenant,
            user: &who.user,
            application: &who.application,
            model: model.unwrap_or_default(),
        };
        let asked =
            self.0.iter().filter(|limit| (limit.rate.scope.model == Over::All) == model.is_none());
        for limit in asked {
            if let Some(names) = limit.rate.scope.names(&spender) {
                limit.take(&names)?;
            }
        }
        Ok(())
    }
}

impl Limit {
    fn take(&self, names: &Names) -> Result<(), TooMany> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(names).map_err(|not_until| TooMany {
            rate: self.rate.name.clone(),
            wait: not_until.wait_time_from(DefaultClock::default().now()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(scope: Scope, burst: u32) -> Rate {
        let (one, burst) = (NonZeroU32::MIN, NonZeroU32::new(burst).unwrap());
        let every = Duration::from_secs(3_600);
        Rate { name: "few".into(), scope, requests: one, every, burst }
    }

    fn asker(user: &str) -> Principal {
        Principal { user: user.into(), ..Principal::loopback() }
    }

    #[test]
    fn each_user_has_a_count_and_who_is_over_it_is_told_how_long_to_wait() {
        let each = Scope { user: Over::Each, ..Scope::default() };
        let rates = Rates::of(vec![rate(each, 2)]);
        for user in ["ann", "bob"] {
            assert!(rates.at_the_door(&asker(user)).is_ok());
            assert!(rates.at_the_door(&asker(user)).is_ok());
            let too_many = rates.at_the_door(&asker(user)).unwrap_err();
            assert_eq!(too_many.rate, "few");
            assert!((3_000..=3_600).contains(&too_many.wait.as_secs()), "{too_many}");
        }
    }

    #[test]
    fn a_rate_that_looks_at_models_is_asked_at_the_model_and_not_at_the_door() {
        let only = Scope { model: Over::Only("gpt".into()), ..Scope::default() };
        let rates = Rates::of(vec![rate(only, 1)]);
        let ann = asker("ann");
        assert!(rates.at_the_door(&ann).is_ok() && rates.at_the_door(&ann).is_ok());
        assert!(rates.at_model(&ann, "gpt").is_ok());
        assert!(rates.at_model(&ann, "gpt").is_err());
        assert!(rates.at_model(&ann, "other").is_ok());
    }
}
