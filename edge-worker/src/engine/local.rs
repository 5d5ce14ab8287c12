//! The models of this machine, each with its own ONNX Runtime session and thread.
//!
//! Each is in memory or on disk, and can be moved: the `inventory` says where each is, the `keeper`
//! carries orders out on a thread of its own.

mod accelerators;
mod backend;
mod benchmark;
mod inventory;
mod keeper;
mod offer;

use super::{Change, Engine, Offer, Order, Refusal, Residency, Running};
use crate::config::WorkerConfig;
use crate::error::WorkerError;
use backend::{Backend, Onnx};
use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use inventory::{Entry, Inventory, Place, Visit};
use keeper::{Keeper, NotLoaded, Task};
use littoral_engine::{FolderCard, Job, Texts};
use littoral_proto::v1::ModelOffer;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use offer::Settings;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, oneshot};

/// Orders that may wait.
const ORDERS_LIMIT: usize = 64;
/// Longest wait for what runs on a model that is to be unloaded.
const UNLOAD_LIMIT: Duration = Duration::from_secs(60);
/// Longest wait for each model at the worker's end.
const END_LIMIT: Duration = Duration::from_secs(10);

/// Chat and embedding models by name, in memory or on disk. Dropping them ends their threads.
pub struct LocalModels {
    inventory: Arc<Inventory>,
    /// `None` at the end: nobody gives orders any more.
    orders: Option<SyncSender<Task>>,
    /// Closes when the keeper has ended.
    keeper: Mutex<Receiver<()>>,
}

impl LocalModels {
    /// Loads the runtime, and the models of `config` in their order for as long as they fit its memory
    /// budget; the others are offered as loadable. Blocking, for seconds: each model measures itself.
    ///
    /// # Errors
    /// The runtime or a model does not load, a folder is no model's, or two models have one name.
    pub fn load(config: &WorkerConfig) -> Result<Self, WorkerError> {
        let settings =
            Settings { slots: config.slots, queue: config.queue, asked: config.accelerator };
        let backend = Onnx::new(config)?;
        let mut models = Vec::new();
        for folder in &config.models {
            models.push((folder.clone(), offer::of_folder(FolderCard::read(folder)?, &settings)));
        }
        let budget = config.model_memory_budget;
        Self::begin(Box::new(backend), settings, models, budget, UNLOAD_LIMIT)
    }

    fn begin(
        backend: Box<dyn Backend>,
        settings: Settings,
        models: Vec<(PathBuf, ModelOffer)>,
        budget: Option<u64>,
        unload_limit: Duration,
    ) -> Result<Self, WorkerError> {
        let inventory = Arc::new(Inventory::new(budget));
        inventory.set_accelerators(backend.accelerators());
        let mut names = Vec::new();
        for (folder, offer) in models {
            let name = offer.name.clone();
            let mut table = inventory.models();
            if let Some(first) = table.get(&name) {
                let (first, second) = (first.folder.clone(), folder);
                return Err(WorkerError::SameName { name, first, second });
            }
            table.insert(name.clone(), Entry::new(folder, offer));
            names.push(name);
        }
        let keeper = Keeper { inventory: Arc::clone(&inventory), backend, settings, unload_limit };
        for name in &names {
            match keeper.load(name) {
                Ok(()) => {}
                Err(NotLoaded::Refused(why)) => {
                    tracing::info!(why, "this model and those after it stay on disk");
                    break;
                }
                Err(NotLoaded::Failed(error)) => return Err(error.into()),
                Err(NotLoaded::Broken) => return Err(WorkerError::Loading),
            }
        }
        let (orders, waiting) = sync_channel(ORDERS_LIMIT);
        let (alive, ended) = sync_channel(0);
        let run = move || {
            keeper.run(&waiting);
            drop(alive);
        };
        std::thread::Builder::new()
            .name("model keeper".into())
            .spawn(run)
            .map_err(|cause| WorkerError::NoThread { cause })?;
        Ok(Self { inventory, orders: Some(orders), keeper: Mutex::new(ended) })
    }

    fn queue(&self, task: Task) -> Result<(), Refusal> {
        match self.orders.as_ref().map(|orders| orders.try_send(task)) {
            Some(Ok(())) => Ok(()),
            Some(Err(TrySendError::Full(_))) => {
                let busy =
                    format!("{ORDERS_LIMIT} orders for models wait already; try again later");
                Err(Refusal::new(Cause::Busy, busy))
            }
            Some(Err(TrySendError::Disconnected(_))) | None => Err(ended()),
        }
    }

    fn known(&self, name: &str) -> Result<(), Refusal> {
        if self.inventory.models().contains_key(name) {
            return Ok(());
        }
        Err(Refusal::new(Cause::NoModel, "no such model on this worker"))
    }
}

fn ended() -> Refusal {
    Refusal::new(Cause::NoModel, "the worker's models have ended; restart the worker")
}

impl Drop for LocalModels {
    fn drop(&mut self) {
        self.orders = None;
        let models = std::mem::take(&mut *self.inventory.models());
        for entry in models.into_values() {
            if let Place::Memory(model) | Place::Leaving(model) = entry.place
                && let Err(error) = model.unload(END_LIMIT)
            {
                tracing::warn!(%error, "a model did not end in time");
            }
        }
        // Nothing is left to wait for, unless a model is being loaded, which then has no place to go.
        self.inventory.idle.notify_all();
        let keeper = self.keeper.get_mut().unwrap_or_else(PoisonError::into_inner);
        if keeper.recv_timeout(END_LIMIT) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("left a model behind that was still being loaded");
        }
    }
}

impl Engine for LocalModels {
    fn offer(&self) -> Offer {
        Offer { models: self.inventory.offers(), accelerators: self.inventory.accelerators() }
    }

    fn load(&self) -> Vec<ModelState> {
        self.inventory.states()
    }

    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal> {
        let (model, visit) = self.inventory.visit(model)?;
        let running = model.start(job).map_err(|error| offer::refusal(&error))?;
        Ok(visited(running, visit))
    }

    fn embed(&self, model: &str, texts: Texts) -> Result<Running, Refusal> {
        let (model, visit) = self.inventory.visit(model)?;
        let running = model.embed(texts).map_err(|error| offer::refusal(&error))?;
        Ok(visited(running, visit))
    }

    fn residency(&self) -> Option<&dyn Residency> {
        Some(self)
    }
}

/// The visit lasts as long as the stream, and no handle to the model does.
fn visited(running: Running, visit: Visit) -> Running {
    Box::pin(running.map(move |event| {
        let _ = &visit;
        event
    }))
}

impl Residency for LocalModels {
    fn order(&self, order: Order) -> Result<(), Refusal> {
        self.known(order.model())?;
        self.queue(Task { order, waiting: None })
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.inventory.listen()
    }

    fn ready<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Result<(), Refusal>> {
        async move {
            self.known(model)?;
            let there = self.inventory.change(model, |it| matches!(it.place, Place::Memory(_)));
            if there == Some(true) {
                return Ok(());
            }
            let (waiting, loaded) = oneshot::channel();
            self.queue(Task { order: Order::Load(model.to_owned()), waiting: Some(waiting) })?;
            loaded.await.unwrap_or_else(|_| Err(ended()))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests;
