//! Models that are loaded without an operator's order: because they are wanted while others answer, or because
//! the policy names them.

use super::orders::Given;
use super::session::Session;
use super::{Registry, room};
use littoral_core::plan::Meanwhile;
use littoral_core::residency::worth_loading;
use littoral_proto::v1::Residency;

impl Registry {
    /// Notes that a decision would rather have had a model in a worker's memory, and orders it to be loaded if
    /// that is worth it by now. Returns the order, if one was given.
    pub fn want(&self, meanwhile: &Meanwhile) -> Option<Given> {
        let now = self.now();
        let Meanwhile { worker_id, model, saves_ms, load_ms, harm_ms } = meanwhile;
        let session = self.worker(worker_id)?;
        let worth = session.models.read(|models| {
            let model = models.iter().find(|there| there.name == *model)?;
            let uses_per_s = model.is_wanted(now);
            let worth = worth_loading(*saves_ms, uses_per_s, *load_ms, *harm_ms);
            Some(worth && model.may_be_ordered(now))
        });
        if !worth? {
            return None;
        }
        // Whoever cannot be made to fit by now stays where it is; the next decision sees that.
        let given = self.load(worker_id, model).ok().filter(|given| !given.done)?;
        tracing::info!(worker = &**worker_id, model = &**model, "loaded while others answer");
        Some(given)
    }

    /// Orders the first of these models that is on a worker's disk and fits beside all that is in its memory. One
    /// at a time: until a load has begun, nobody knows what room it takes.
    pub fn preload(&self, session: &Session, names: &[&str]) -> Option<Given> {
        let now = self.now();
        let budget = session.heard(|heard| heard.model_memory_budget_bytes);
        let first = session.models.read(|models| {
            if models.iter().any(|model| model.residency() == Residency::Loading) {
                return None;
            }
            let on_disk = |name: &&str| {
                models.iter().find(|model| *model.name == **name).filter(|model| {
                    model.residency() == Residency::Loadable
                        && !model.is_dismissed()
                        && room::plan(budget, models, model, now)
                            .is_ok_and(|room| room.evict.is_empty())
                        && model.may_be_ordered(now)
                })
            };
            names.iter().find_map(on_disk).map(|model| model.name.clone())
        })?;
        let given = self.load(&session.worker_id, &first).ok().filter(|given| !given.done)?;
        tracing::info!(
            worker = &*session.worker_id,
            model = &*first,
            "loaded for the policy names it"
        );
        Some(given)
    }
}
