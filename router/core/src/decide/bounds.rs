//! Within what nine of ten requests like this one stay on one target. Only attempts of the plan get
//! bounds: gates and score compare what is expected, and a thousand losers need no second number.

use super::ask::Ask;
use super::plan::Chosen;
use super::predict::sharers;
use crate::estimate::{Estimate, Forecast, Parts};
use crate::fleet::{Price, Site};
use crate::plan::units::whole;

/// Price of one's own machine.
const FREE: Price = Price { input_usd_micros_per_mtok: 0, output_usd_micros_per_mtok: 0 };

/// The bounds of an attempt; none where nothing was learned of its target's scatter.
pub(super) fn of(ask: &Ask<'_>, chosen: &Chosen<'_>) -> Option<Forecast> {
    let candidate = chosen.candidate;
    let (learned, price, sharers) = match (&candidate.pool.site, candidate.worker) {
        (Site::Cloud(site), _) => (site.learned?, site.price.and_then(|price| price.text()), 1.0),
        (Site::Workers(_), Some(worker)) => (worker.learned?, Some(FREE), sharers(worker)),
        (Site::Workers(_), None) => return None,
    };
    let parts = Parts {
        wait_ms: Estimate::certain(chosen.forecast.wait_ms?).ok()?,
        first_token_ms: learned.first_token_ms,
        gap_ms: learned.gap_ms.scaled(sharers),
        output_tokens: ask.answer_tokens()?,
        joules_per_token: learned.joules_per_token,
        prompt_tokens: ask.facts.prompt_tokens.tokens,
        price,
    };
    Some(Forecast::compose(&parts, whole(ask.deadline_ms)))
}
