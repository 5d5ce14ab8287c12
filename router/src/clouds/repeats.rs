//! How much of the traffic to clouds may be repeats and hedges.

use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::retry::Allowance;
use parking_lot::Mutex;
use std::time::Duration;

/// What is left of both shares, over all providers.
pub struct Repeats {
    repeats: Mutex<Allowance>,
    hedges: Mutex<Allowance>,
}

impl Default for Repeats {
    fn default() -> Self {
        Self {
            repeats: Mutex::new(Allowance::for_retries()),
            hedges: Mutex::new(Allowance::for_hedges()),
        }
    }
}

impl Repeats {
    /// Counts a call, and spends where it is a repeat or a hedge. Another attempt that goes on in place of
    /// one that failed is neither: it goes to somebody else.
    ///
    /// # Errors
    /// It is beyond its share.
    pub fn allow(&self, purpose: Purpose, now: Duration) -> Result<(), Fault> {
        let (allowance, kind, what) = match purpose {
            Purpose::First | Purpose::Failover => {
                self.repeats.lock().save();
                self.hedges.lock().save();
                return Ok(());
            }
            Purpose::Repeat => (&self.repeats, "repeats_spent", "repeats"),
            Purpose::Hedge => (&self.hedges, "hedges_spent", "hedges"),
        };
        if allowance.lock().spend(now) {
            return Ok(());
        }
        let detail = format!("{what} have reached their share of the traffic to clouds");
        Err(Fault { blame: Blame::Limit, kind, detail, retry_after_ms: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_hedges_have_shares_of_their_own_and_first_calls_fill_them() {
        let (all, now) = (Repeats::default(), Duration::ZERO);
        let allowed = |purpose| (0..100).take_while(|_| all.allow(purpose, now).is_ok()).count();
        assert_eq!((allowed(Purpose::Repeat), allowed(Purpose::Hedge)), (1, 1));
        assert_eq!(all.allow(Purpose::Hedge, now).unwrap_err().kind, "hedges_spent");
        assert_eq!(allowed(Purpose::First), 100);
        assert_eq!((allowed(Purpose::Repeat), allowed(Purpose::Hedge)), (10, 5));
    }
}
