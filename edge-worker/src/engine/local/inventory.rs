//! The models of this machine, where each of them is, and what their memory is charged to.
//!
//! Memory is charged by what a model was measured to take, before that by the size of its files. A
//! model whose memory did not come back when it was let go of stays charged and is told as resident,
//! because the memory is gone for every other model; a request for it loads it again.

use super::backend::Model;
use super::offer::{self, count};
use crate::engine::{Change, Refusal};
use littoral_engine::Speed;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use littoral_proto::v1::{Accelerator, ModelEvent, ModelOffer, Residency};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Changes that a slow listener may lag behind; beyond them it is told that it missed some.
const CHANGES_LIMIT: usize = 64;

/// Where a model is.
pub(super) enum Place {
    /// On disk.
    Disk,
    /// On its way into memory.
    Loading,
    /// In memory.
    Memory(Arc<dyn Model>),
    /// In memory, until what runs has ended; nothing new is taken.
    Leaving(Arc<dyn Model>),
    /// Let go of; its memory has not come back. Resident memory of the process before that, in bytes,
    /// where the system tells.
    Lingering(Option<u64>),
}

/// One model.
pub(super) struct Entry {
    pub folder: PathBuf,
    /// As it was offered last, but for the residency.
    pub offer: ModelOffer,
    pub place: Place,
    pub pinned: bool,
    /// Jobs whose streams are alive.
    pub running: usize,
    /// As measured last.
    pub speed: Option<Speed>,
    /// Its operator was told that it does not run where he asked for.
    pub warned: bool,
}

/// All models, by name.
pub(super) struct Inventory {
    models: Mutex<BTreeMap<String, Entry>>,
    /// A job ended.
    pub idle: Condvar,
    changes: broadcast::Sender<Change>,
    accelerators: Mutex<Vec<Accelerator>>,
    budget: Option<u64>,
}

impl Entry {
    pub(super) fn new(folder: PathBuf, offer: ModelOffer) -> Self {
        let (pinned, running, speed, warned) = (false, 0, None, false);
        Self { folder, offer, place: Place::Disk, pinned, running, speed, warned }
    }

    fn residency(&self) -> Residency {
        match self.place {
            Place::Disk => Residency::Loadable,
            Place::Loading => Residency::Loading,
            Place::Memory(_) | Place::Leaving(_) | Place::Lingering(_) => Residency::Resident,
        }
    }

    /// The offer as of now.
    pub(super) fn told(&self) -> ModelOffer {
        let mut offer = self.offer.clone();
        offer.residency = self.residency().into();
        if !matches!(self.place, Place::Memory(_) | Place::Leaving(_)) {
            offer.placement.clear();
        }
        offer
    }

    fn state(&self) -> ModelState {
        let mut state = ModelState {
            name: self.offer.name.clone(),
            residency: self.residency().into(),
            pinned: self.pinned,
            ..ModelState::default()
        };
        if let Place::Memory(model) | Place::Leaving(model) = &self.place {
            let (load, held) = model.status();
            (state.active, state.queued) = (count(load.active), count(load.queued));
            state.held = held.into_iter().map(offer::held).collect();
        }
        let rates = self.speed.as_ref().map(offer::rates).unwrap_or_default();
        (state.prefill_tokens_per_s, state.decode_tokens_per_s) = rates;
        state
    }
}

impl Inventory {
    pub(super) fn new(budget: Option<u64>) -> Self {
        let (changes, _) = broadcast::channel(CHANGES_LIMIT);
        let (models, idle, accelerators) = Default::default();
        Self { models, idle, changes, accelerators, budget }
    }

    /// The models. The table is whole after any panic: it is changed in single steps.
    pub(super) fn models(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a model, if there is one of this name.
    pub(super) fn change<T>(&self, name: &str, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        self.models().get_mut(name).map(change)
    }

    pub(super) fn offers(&self) -> Vec<ModelOffer> {
        self.models().values().map(Entry::told).collect()
    }

    pub(super) fn states(&self) -> Vec<ModelState> {
        self.models().values().map(Entry::state).collect()
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Without listeners there is nobody to be told: the next session begins with what is offered.
    pub(super) fn tell(&self, change: Change) {
        let _ = self.changes.send(change);
    }

    /// Tells of a model as it is now.
    pub(super) fn tell_model(&self, name: &str, failure: Option<String>, returned: Option<u64>) {
        let event = self.change(name, |entry| ModelEvent {
            offer: Some(entry.told()),
            load_fraction: None,
            pinned: entry.pinned,
            failure,
            returned_bytes: returned,
        });
        if let Some(event) = event {
            self.tell(Change::Model(Box::new(event)));
        }
    }

    pub(super) fn accelerators(&self) -> Vec<Accelerator> {
        self.accelerators.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the list of accelerators and tells of it if it differs.
    pub(super) fn set_accelerators(&self, now: Vec<Accelerator>) {
        let mut last = self.accelerators.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != now {
            last.clone_from(&now);
            drop(last);
            self.tell(Change::Hardware(now));
        }
    }

    /// Whether `name` fits beside what is in memory.
    ///
    /// # Errors
    /// It does not: the numbers.
    pub(super) fn fits(&self, name: &str) -> Result<(), String> {
        let (models, Some(budget)) = (self.models(), self.budget) else { return Ok(()) };
        let bytes = |entry: &Entry| entry.offer.resident_bytes.unwrap_or(0);
        let charged = |(other, entry): &(&String, &Entry)| {
            other.as_str() != name && !matches!(entry.place, Place::Disk)
        };
        let taken: u64 = models.iter().filter(charged).map(|(_, entry)| bytes(entry)).sum();
        let wanted = models.get(name).map_or(0, bytes);
        if taken.saturating_add(wanted) <= budget {
            return Ok(());
        }
        Err(format!(
            "{name} takes {wanted} bytes, and of the {budget} bytes for models {taken} are taken; \
             unload another model or raise the budget"
        ))
    }

    /// Takes a job for a model in memory; it counts as running until the visit is dropped.
    pub(super) fn visit(self: &Arc<Self>, name: &str) -> Result<(Arc<dyn Model>, Visit), Refusal> {
        let none = |why: &str| Err(Refusal::new(Cause::NoModel, why));
        let mut models = self.models();
        let Some(entry) = models.get_mut(name) else { return none("no such model on this worker") };
        match &entry.place {
            Place::Memory(model) => {
                let model = Arc::clone(model);
                entry.running += 1;
                Ok((model, Visit { inventory: Arc::clone(self), name: name.to_owned() }))
            }
            Place::Leaving(_) => none("the model is being unloaded"),
            _ => none("the model is not in memory"),
        }
    }

    /// Waits until nothing runs on a model, for `within` at the most.
    ///
    /// # Errors
    /// How many jobs still run.
    pub(super) fn wait_until_idle(&self, name: &str, within: Duration) -> Result<(), usize> {
        let running =
            |models: &BTreeMap<String, Entry>| models.get(name).map_or(0, |it| it.running);
        let busy = |models: &mut BTreeMap<String, Entry>| running(models) > 0;
        let waited = self.idle.wait_timeout_while(self.models(), within, busy);
        let models = waited.unwrap_or_else(PoisonError::into_inner).0;
        match running(&models) {
            0 => Ok(()),
            left => Err(left),
        }
    }
}

/// A job on a model.
pub(super) struct Visit {
    inventory: Arc<Inventory>,
    name: String,
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.inventory.change(&self.name, |entry| entry.running = entry.running.saturating_sub(1));
        self.inventory.idle.notify_all();
    }
}
