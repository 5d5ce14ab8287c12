//! Models that are loaded because they are wanted, while others answer.

use super::Registry;
use super::orders::Given;
use littoral_core::plan::Meanwhile;
use littoral_core::residency::worth_loading;

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
}
