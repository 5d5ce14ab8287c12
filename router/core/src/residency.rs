//! Which models a worker's memory should hold.
//!
//! A model that is wanted and not resident costs a cold load, and room for it may cost somebody else one
//! later. [`make_room`] says who has to go: never a pinned model, never one that is answering, and of
//! the others those whose absence hurts least for the bytes they free. [`worth_loading`] says whether
//! to load at all when another target can answer now: the answer goes there, and the load happens
//! meanwhile, if the time it will save outweighs the time it costs.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// How far ahead the use of a model is trusted to stay as it was.
pub const HORIZON: Duration = Duration::from_secs(600);

/// A model in a worker's memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Resident {
    /// Its name.
    pub name: Arc<str>,
    /// Memory it takes, in bytes.
    pub bytes: u64,
    /// Its operator wants it to stay.
    pub pinned: bool,
    /// Something runs on it or waits for it.
    pub busy: bool,
    /// Time to load it again, in milliseconds.
    pub load_ms: f64,
    /// Requests a second that asked for it lately.
    pub uses_per_s: f64,
}

impl Resident {
    /// Waiting that its absence will cost within the horizon, in milliseconds: the first request
    /// after it is gone waits for the load.
    #[must_use]
    pub fn harm_ms(&self) -> f64 {
        let uses = positive(self.uses_per_s) * HORIZON.as_secs_f64();
        positive(self.load_ms) * uses.min(1.0)
    }
}

/// Who goes for a model to fit, and what that will cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Room {
    /// Models to let go of, in the order in which to do it.
    pub evict: Vec<Arc<str>>,
    /// Waiting that their absence will cost within the horizon, in milliseconds.
    pub harm_ms: f64,
}

/// Why a model will not fit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WillNotFit {
    /// It is larger than all that models may take.
    #[error("the model takes {needed} bytes and all models together may take {budget}")]
    TooLarge {
        /// Bytes of the model.
        needed: u64,
        /// Bytes of the budget.
        budget: u64,
    },
    /// What would have to go is pinned or answering.
    #[error(
        "the model takes {needed} bytes; {free} are free and pinned or busy models hold {held} of the \
         budget of {budget}"
    )]
    Held {
        /// Bytes of the model.
        needed: u64,
        /// Bytes that are free, with everything evicted that may be.
        free: u64,
        /// Bytes of pinned and busy models.
        held: u64,
        /// Bytes of the budget.
        budget: u64,
    },
}

/// Who has to go so that `needed` bytes fit into `budget`; nobody where there is no budget.
///
/// # Errors
/// It cannot fit without a pinned or a busy model going.
pub fn make_room(
    budget: Option<u64>,
    resident: &[Resident],
    needed: u64,
) -> Result<Room, WillNotFit> {
    let Some(budget) = budget else { return Ok(Room::default()) };
    if needed > budget {
        return Err(WillNotFit::TooLarge { needed, budget });
    }
    let sum = |models: &mut dyn Iterator<Item = &Resident>| {
        models.fold(0_u64, |sum, model| sum.saturating_add(model.bytes))
    };
    let used = sum(&mut resident.iter());
    let over = used.saturating_add(needed).saturating_sub(budget);
    let mut going: Vec<&Resident> = resident.iter().filter(|model| may_go(model)).collect();
    if sum(&mut going.iter().copied()) < over {
        let held = sum(&mut resident.iter().filter(|model| !may_go(model)));
        let free = budget.saturating_sub(held);
        return Err(WillNotFit::Held { needed, free, held, budget });
    }
    going.sort_by(|one, two| least_missed(one, two));
    let mut freed = 0_u64;
    let needed_of_them = going.iter().take_while(|model| {
        let more = freed < over;
        freed = freed.saturating_add(model.bytes);
        more
    });
    let mut chosen: Vec<&Resident> = needed_of_them.copied().collect();
    spare_the_superfluous(&mut chosen, over);
    Ok(Room {
        harm_ms: chosen.iter().map(|model| model.harm_ms()).sum(),
        evict: chosen.into_iter().map(|model| Arc::clone(&model.name)).collect(),
    })
}

/// Whether to load a model that another target answers for now: each use within the horizon saves
/// `saves_ms`, against the load's own time and the harm of what has to go.
#[must_use]
pub fn worth_loading(saves_ms: f64, uses_per_s: f64, load_ms: f64, harm_ms: f64) -> bool {
    let uses = positive(uses_per_s) * HORIZON.as_secs_f64();
    positive(saves_ms) * uses > positive(load_ms) + positive(harm_ms)
}

fn may_go(model: &Resident) -> bool {
    !model.pinned && !model.busy
}

/// Least harm for the bytes first; of equals the larger, then by name.
fn least_missed(one: &Resident, two: &Resident) -> Ordering {
    // Harm per byte without a division: cross-multiplied, exact enough for an order.
    let weigh = |model: &Resident, other: &Resident| model.harm_ms() * bytes(other);
    weigh(one, two)
        .total_cmp(&weigh(two, one))
        .then_with(|| two.bytes.cmp(&one.bytes))
        .then_with(|| one.name.cmp(&two.name))
}

/// A large model chosen late may make earlier small ones unnecessary: the most missed stay first.
fn spare_the_superfluous(chosen: &mut Vec<&Resident>, over: u64) {
    let mut at = chosen.len();
    while at > 0 {
        at -= 1;
        let all: u64 = chosen.iter().fold(0, |sum, model| sum.saturating_add(model.bytes));
        if chosen.get(at).is_some_and(|model| all.saturating_sub(model.bytes) >= over) {
            chosen.remove(at);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "an order of sizes needs no exact byte")]
fn bytes(model: &Resident) -> f64 {
    model.bytes as f64
}

/// A number that can be believed, else zero.
fn positive(number: f64) -> f64 {
    if number.is_finite() { number.max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests;
