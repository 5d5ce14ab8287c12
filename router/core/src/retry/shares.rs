//! How much of the traffic to clouds may be repeats and hedges.

use super::Allowance;
use crate::flight::action::Purpose;
use crate::flight::event::{Blame, Fault};
use std::time::Duration;

/// What is left of both shares, over all providers.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    repeats: Allowance,
    hedges: Allowance,
}

impl Default for Shares {
    fn default() -> Self {
        Self { repeats: Allowance::for_retries(), hedges: Allowance::for_hedges() }
    }
}

impl Shares {
    /// Counts a call, and spends where it is a repeat or a hedge. Another attempt that goes on in place of
    /// one that failed is neither: it goes to somebody else.
    ///
    /// # Errors
    /// It is beyond its share.
    pub fn allow(&mut self, purpose: Purpose, now: Duration) -> Result<(), Fault> {
        let (allowance, kind, what) = match purpose {
            Purpose::First | Purpose::Failover => {
                self.repeats.save();
                self.hedges.save();
                return Ok(());
            }
            Purpose::Repeat => (&mut self.repeats, "repeats_spent", "repeats"),
            Purpose::Hedge => (&mut self.hedges, "hedges_spent", "hedges"),
        };
        if allowance.spend(now) {
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
        let (mut all, now) = (Shares::default(), Duration::ZERO);
        let mut allowed =
            |purpose| (0..100).take_while(|_| all.allow(purpose, now).is_ok()).count();
        assert_eq!((allowed(Purpose::Repeat), allowed(Purpose::Hedge)), (1, 1));
        assert_eq!(allowed(Purpose::First), 100);
        assert_eq!((allowed(Purpose::Repeat), allowed(Purpose::Hedge)), (10, 5));
        assert_eq!(all.allow(Purpose::Hedge, now).unwrap_err().kind, "hedges_spent");
    }
}
