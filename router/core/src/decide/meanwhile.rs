//! What may be loaded while somebody else answers: the request goes where it is answered now, and the next one
//! like it finds the model in memory.

use super::plan::Chosen;
use super::predict;
use crate::fleet::Residency;
use crate::plan::Meanwhile;
use std::sync::Arc;

/// The later attempt that would save most, if its model were in memory; none where the first waits for a load
/// itself, and so brings it about.
pub(super) fn of(chosen: &[Chosen<'_>]) -> Option<Meanwhile> {
    let (first, later) = chosen.split_first()?;
    if first.candidate.worker.is_some_and(|worker| !worker.residency.is_resident()) {
        return None;
    }
    let first_ms = first.forecast.predicted.total_ms?;
    let all = later.iter().filter_map(|one| would_save(one, first_ms));
    all.max_by(|one, two| one.saves_ms.total_cmp(&two.saves_ms))
}

fn would_save(one: &Chosen<'_>, first_ms: f64) -> Option<Meanwhile> {
    let worker = one.candidate.worker?;
    let Residency::Loadable { load_ms: Some(load_ms), harm_ms, fits: true } = worker.residency
    else {
        return None;
    };
    let waits_ms = predict::load_ms(worker)??;
    let saves_ms = first_ms - (one.forecast.predicted.total_ms? - waits_ms);
    (saves_ms > 0.0).then(|| Meanwhile {
        worker_id: Arc::clone(&worker.worker_id),
        model: Arc::clone(&one.candidate.pool.model.name),
        saves_ms,
        load_ms,
        harm_ms,
    })
}
