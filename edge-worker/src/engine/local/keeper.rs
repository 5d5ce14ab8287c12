//! The thread that carries orders out, one after the other.
//!
//! One thread, because two loads at once would each be measured by the other's memory, and because
//! "let that go, then load this" must happen in this order. While no order comes it looks at the
//! accelerators now and then.

use super::backend::{Backend, Model};
use super::benchmark;
use super::inventory::{Entry, Inventory, Place};
use super::offer::{self, Settings};
use crate::engine::{Change, Order, Refusal};
use littoral_engine::{Accelerator, EngineError, ModelCard};
use littoral_proto::v1::reject::Cause;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Time between two looks at the accelerators.
const LOOK_INTERVAL: Duration = Duration::from_secs(60);

/// An order, and whom to answer beside those who listen to changes.
pub(super) struct Task {
    pub order: Order,
    /// An assignment that waits for the model. One that is gone wants it no longer.
    pub waiting: Option<oneshot::Sender<Result<(), Refusal>>>,
}

/// Why a model was not loaded.
pub(super) enum NotLoaded {
    /// It is not here, or does not fit.
    Refused(String),
    /// It does not load.
    Failed(EngineError),
    /// The engine broke.
    Broken,
}

pub(super) struct Keeper {
    pub inventory: Arc<Inventory>,
    pub backend: Box<dyn Backend>,
    pub settings: Settings,
    /// Longest wait for what runs on a model that is to go.
    pub unload_limit: Duration,
}

impl NotLoaded {
    fn text(&self) -> String {
        match self {
            Self::Refused(why) => why.clone(),
            Self::Failed(error) => format!("failed to {error}"),
            Self::Broken => "the engine broke while it loaded the model; its log says where".into(),
        }
    }
}

impl Keeper {
    /// Carries orders out until nobody can give any more.
    pub(super) fn run(self, orders: &Receiver<Task>) {
        let mut look = Instant::now() + LOOK_INTERVAL;
        loop {
            match orders.recv_timeout(look.saturating_duration_since(Instant::now())) {
                Ok(task) => self.carry_out(task),
                Err(RecvTimeoutError::Timeout) => {
                    self.inventory.set_accelerators(self.backend.accelerators());
                    look = Instant::now() + LOOK_INTERVAL;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn carry_out(&self, task: Task) {
        match (task.order, task.waiting) {
            (Order::Load(name), Some(waiting)) => {
                if !waiting.is_closed() {
                    let loaded = self.load(&name);
                    let refused = |error: NotLoaded| Refusal::new(Cause::NoModel, error.text());
                    let _ = waiting.send(loaded.map_err(refused));
                }
            }
            (Order::Load(name), None) => match self.load(&name) {
                Ok(()) => {}
                // A load that had begun has told its end itself.
                Err(NotLoaded::Failed(_) | NotLoaded::Broken) => {}
                Err(error) => self.inventory.tell_model(&name, Some(error.text()), None),
            },
            (Order::Unload(name), _) => {
                let (failure, returned) = self.unload(&name);
                self.inventory.tell_model(&name, failure, returned);
            }
            (Order::Pin(name, pinned), _) => {
                self.inventory.change(&name, |entry| entry.pinned = pinned);
                self.inventory.tell_model(&name, None, None);
            }
            (Order::Benchmark(name), _) => match self.benchmark(&name) {
                Ok(()) => self.inventory.tell(Change::State),
                Err(why) => self.inventory.tell_model(&name, Some(why), None),
            },
        }
    }

    /// Brings a model into memory, if it fits and is not there already.
    pub(super) fn load(&self, name: &str) -> Result<(), NotLoaded> {
        let there = |entry: &mut Entry| matches!(entry.place, Place::Memory(_));
        if self.inventory.change(name, there) == Some(true) {
            self.inventory.tell_model(name, None, None);
            return Ok(());
        }
        self.inventory.fits(name).map_err(NotLoaded::Refused)?;
        let begun = self.inventory.change(name, |entry| {
            let before = std::mem::replace(&mut entry.place, Place::Loading);
            (entry.folder.clone(), before)
        });
        let Some((folder, before)) = begun else {
            return Err(NotLoaded::Refused("no such model on this worker".into()));
        };
        self.inventory.tell_model(name, None, None);
        let loading = catch_unwind(AssertUnwindSafe(|| self.backend.load(&folder)));
        let loaded = match loading {
            Ok(loaded) => loaded.map_err(NotLoaded::Failed),
            Err(_) => Err(NotLoaded::Broken),
        };
        match loaded {
            Ok((card, model)) => {
                self.inventory.change(name, |entry| {
                    entry.offer = offer::of_model(&card, &self.settings);
                    entry.speed = Some(card.speed);
                    entry.place = Place::Memory(model);
                    if !entry.warned && runs_elsewhere(&card) {
                        entry.warned = true;
                        tracing::warn!(
                            model = name, asked = %card.asked,
                            "the model was asked onto an accelerator and runs on the processor; it is \
                             offered as it runs"
                        );
                    }
                });
                self.inventory.tell_model(name, None, None);
                Ok(())
            }
            Err(error) => {
                tracing::error!(model = name, why = error.text(), "the model was not loaded");
                self.inventory.change(name, |entry| entry.place = before);
                self.inventory.tell_model(name, Some(error.text()), None);
                Err(error)
            }
        }
    }

    /// Lets a model go: what failed, if something did, and the bytes that came back, where known.
    fn unload(&self, name: &str) -> (Option<String>, Option<u64>) {
        match self.leave(name) {
            Ok(Some(model)) => self.let_go(name, model),
            Ok(None) => self.look_again(name),
            Err(why) => (Some(why), None),
        }
    }

    /// Waits for what runs, and takes the model out of the inventory.
    fn leave(&self, name: &str) -> Result<Option<Arc<dyn Model>>, String> {
        let leaving = self.inventory.change(name, |entry| {
            if entry.pinned {
                return Err("it is pinned; unpin it first".to_owned());
            }
            let Place::Memory(model) = &entry.place else { return Ok(false) };
            entry.place = Place::Leaving(Arc::clone(model));
            Ok(true)
        });
        if !leaving.unwrap_or(Ok(false))? {
            return Ok(None);
        }
        let waited = self.inventory.wait_until_idle(name, self.unload_limit);
        let before = self.backend.resident_bytes();
        let left = self.inventory.change(name, |entry| {
            // Only this thread moves models, so it is where it was put above.
            let Place::Leaving(model) = std::mem::replace(&mut entry.place, Place::Lingering(before))
            else {
                return Ok(None);
            };
            let Err(running) = waited else { return Ok(Some(model)) };
            entry.place = Place::Memory(model);
            let waited = self.unload_limit.as_millis();
            Err(format!(
                "{running} requests still ran on it after {waited} ms; it stays, order it again when \
                 they have ended"
            ))
        });
        left.unwrap_or(Ok(None))
    }

    fn let_go(&self, name: &str, model: Arc<dyn Model>) -> (Option<String>, Option<u64>) {
        match model.unload(self.unload_limit) {
            Ok(unloaded) => self.judge(name, unloaded.freed_bytes()),
            Err(error) => (Some(format!("failed to {error}")), None),
        }
    }

    /// Memory that has not come back may have come since.
    fn look_again(&self, name: &str) -> (Option<String>, Option<u64>) {
        let before = self.inventory.change(name, |entry| match entry.place {
            Place::Lingering(before) => Some(before),
            _ => None,
        });
        match before.flatten() {
            Some(before) => {
                let now = self.backend.resident_bytes();
                let returned = before.zip(now).map(|(before, now)| before.saturating_sub(now));
                self.judge(name, returned)
            }
            // It is on disk already.
            None => (None, None),
        }
    }

    /// An unload is believed when at least half of what the model took came back: the rest may be
    /// others' growth in the meantime.
    fn judge(&self, name: &str, returned: Option<u64>) -> (Option<String>, Option<u64>) {
        let failure = self.inventory.change(name, |entry| {
            let took = entry.offer.resident_bytes.unwrap_or(0);
            match returned {
                Some(bytes) if bytes < took.div_ceil(2) => Some(format!(
                    "unloading it gave back {bytes} of {took} bytes; the rest stays taken until the \
                     worker is restarted or the model is loaded again"
                )),
                _ => {
                    entry.place = Place::Disk;
                    None
                }
            }
        });
        (failure.flatten(), returned)
    }

    /// Measures a model in memory on which nothing runs.
    fn benchmark(&self, name: &str) -> Result<(), String> {
        let there = self.inventory.change(name, |entry| match &entry.place {
            Place::Memory(_) if entry.running > 0 => Err("it is busy; benchmark it when idle"),
            Place::Memory(model) => Ok((Arc::clone(model), entry.offer.embeddings)),
            _ => Err("it is not in memory; load it first"),
        });
        let (model, embeds) = there.unwrap_or(Err("no such model on this worker"))?;
        let speed = benchmark::run(model.as_ref(), embeds)?;
        self.inventory.change(name, |entry| entry.speed = Some(speed));
        Ok(())
    }
}

fn runs_elsewhere(card: &ModelCard) -> bool {
    card.asked != Accelerator::Cpu && card.runs_on() == Some(Accelerator::Cpu)
}
