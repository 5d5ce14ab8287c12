//! The caller's side of a running generation.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::error::EngineError;
use crate::job::GenerationEvent;
use crate::mailbox::Wake;

/// A generation on its way. Dropping it cancels: the model works on it no longer than one token or
/// one chunk of the prompt.
#[derive(Debug)]
pub struct Generation {
    events: mpsc::Receiver<GenerationEvent>,
    cancelled: Arc<AtomicBool>,
    mailbox: Arc<dyn Wake>,
    ended: bool,
}

impl Generation {
    pub(crate) fn new(
        events: mpsc::Receiver<GenerationEvent>,
        cancelled: Arc<AtomicBool>,
        mailbox: Arc<dyn Wake>,
    ) -> Self {
        Self { events, cancelled, mailbox, ended: false }
    }

    /// The next event, or `None` after the last. A caller who does not read pauses his generation
    /// and no other. Cancel-safe: an event is not lost when the future is dropped.
    pub async fn next(&mut self) -> Option<GenerationEvent> {
        if self.ended {
            return None;
        }
        // The channel closes without a last event only when the model's thread is gone.
        let event =
            self.events.recv().await.unwrap_or(GenerationEvent::Failed(EngineError::Stopped));
        self.ended = event.is_last();
        self.mailbox.wake();
        Some(event)
    }

    /// Ends the generation within one token or one chunk of the prompt. `next` then returns what was
    /// on its way and a `Finished` with [`crate::Finish::Cancelled`], unless it had ended before.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        self.mailbox.wake();
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.events.close();
        self.mailbox.wake();
    }
}
