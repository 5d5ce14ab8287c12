//! Ending a model.

use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::ChatModel;
use crate::error::EngineError;
use crate::mailbox::{Mailbox, Waiting};
use crate::memory;

/// Resident memory of this process around an unload, in bytes; `None` where the system does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unloaded {
    /// Before.
    pub resident_before: Option<u64>,
    /// After, when everything was given back that will be.
    pub resident_after: Option<u64>,
}

impl Unloaded {
    /// Gives back what is free now, and tells it.
    pub(crate) fn since(resident_before: Option<u64>) -> Self {
        memory::give_back();
        Self { resident_before, resident_after: memory::resident_bytes() }
    }

    /// Bytes given back to the system.
    pub fn freed_bytes(&self) -> Option<u64> {
        Some(self.resident_before?.saturating_sub(self.resident_after?))
    }
}

impl ChatModel {
    /// Stops the model as [`Self::shutdown`] does and gives its memory back to the system: caches,
    /// weights and, unless another handle is left, the tokenizer. Waits for the turn in progress, one
    /// chunk at most, and for the weights to go, but no longer than `within`.
    ///
    /// # Errors
    /// [`EngineError::StillRunning`]: the time was over first. No job is taken any more, and the memory
    /// goes when the turn ends.
    pub fn unload(self, within: Duration) -> Result<Unloaded, EngineError> {
        let resident_before = memory::resident_bytes();
        end(&self.0.card.name, &self.0.mailbox, &self.0.thread, within)?;
        drop(self);
        Ok(Unloaded::since(resident_before))
    }

    /// Stops the model: running and waiting generations fail with [`EngineError::Stopped`], new ones
    /// are refused, the memory is released. Blocks for the turn in progress, one chunk at most.
    pub fn shutdown(&self) {
        self.0.mailbox.stop();
        join(&self.0.card.name, &self.0.thread);
    }
}

/// A model's thread, until it is joined.
pub type Thread = Mutex<Option<JoinHandle<()>>>;

/// Stops the model `name`, and waits `within` at the most until its thread has let everything go.
pub fn end<T: Waiting>(
    name: &str,
    mailbox: &Mailbox<T>,
    thread: &Thread,
    within: Duration,
) -> Result<(), EngineError> {
    mailbox.stop();
    if !mailbox.wait_for_the_end(within) {
        return Err(EngineError::StillRunning { model: name.to_owned(), waited: within });
    }
    // Nothing is left for the thread to do but to end.
    join(name, thread);
    Ok(())
}

/// Waits for the thread of the model `name`.
pub fn join(name: &str, thread: &Thread) {
    let thread = thread.lock().unwrap_or_else(PoisonError::into_inner).take();
    if thread.is_some_and(|thread| thread.join().is_err()) {
        tracing::error!(model = name, "the model's thread had panicked");
    }
}
