//! Room for a model on a worker: who would have to go, in the words of the planner.

use super::models::Model;
use littoral_core::residency::{Resident, Room, WillNotFit, make_room};
use littoral_proto::v1::Residency;
use std::sync::Arc;
use std::time::Duration;

/// Who has to go for `wanted` to fit.
///
/// # Errors
/// It cannot be made to fit.
pub fn plan(
    budget_bytes: Option<u64>,
    models: &[Model],
    wanted: &Model,
    now: Duration,
) -> Result<Room, WillNotFit> {
    let there = models.iter().filter(|model| {
        model.name != wanted.name
            && matches!(
                model.residency(),
                Residency::Unspecified | Residency::Resident | Residency::Loading
            )
    });
    let resident: Vec<Resident> = there.map(|model| resident(model, now)).collect();
    make_room(budget_bytes, &resident, wanted.offer.resident_bytes.unwrap_or(0))
}

/// Waiting that making room for `wanted` will cost others, in milliseconds; `None` if it cannot fit.
pub fn harm_ms(
    budget_bytes: Option<u64>,
    models: &[Model],
    wanted: &Model,
    now: Duration,
) -> Option<f64> {
    plan(budget_bytes, models, wanted, now).ok().map(|room| room.harm_ms)
}

fn resident(model: &Model, now: Duration) -> Resident {
    Resident {
        name: Arc::clone(&model.name),
        bytes: model.offer.resident_bytes.unwrap_or(0),
        pinned: model.said.pinned,
        // A model on its way in is in use by whoever waits for it.
        busy: model.reserved() > 0 || model.residency() == Residency::Loading,
        load_ms: model.offer.load_ms.unwrap_or(0.0),
        uses_per_s: model.uses_per_s(now),
    }
}
