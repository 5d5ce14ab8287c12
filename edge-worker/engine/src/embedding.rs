//! Embedding models: texts in, vectors out, so that what is alike lies close.
//!
//! A text that is longer than the model reads is refused with both numbers, as a prompt is; cutting it
//! in silence would give the vector of another text. Texts run in batches within a bound, and between
//! two batches a cancel acts and other jobs have their turn.
//!
//! The length of the vectors is the model's: a shorter one cut from it means something only for models
//! that were trained for that (Kusupati et al., "Matryoshka", 2022), and no folder says so yet.

mod batches;
mod encoder;
mod load;
mod pool;
mod serving;
mod texts;
mod tokens;

pub use texts::Texts;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{EngineError, StartError};
use crate::generation::Generation;
use crate::mailbox::{Load, Mailbox};
use crate::memory;
use crate::model::unload::{self, Thread};
use crate::model::{ModelCard, Unloaded};
use crate::ticket::Reply;
use serving::Ticket;
use tokens::Tokens;

/// A handle to a loaded embedding model; clones share it. When the last one goes the model stops.
#[derive(Debug, Clone)]
pub struct EmbeddingModel(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    card: ModelCard,
    tokens: Tokens,
    mailbox: Arc<Mailbox<Ticket>>,
    thread: Thread,
}

impl EmbeddingModel {
    /// What the model says of itself.
    pub fn card(&self) -> &ModelCard {
        &self.0.card
    }

    /// Queues a job. Tokenizes on this thread, about a millisecond per thousand tokens. The events are
    /// [`crate::GenerationEvent::Vectors`] for each batch, then `Finished`.
    ///
    /// # Errors
    /// There are no texts, too many or empty ones, one is too long, the vectors shall have another
    /// length than the model's, or the model is busy or stopped.
    pub fn start(&self, texts: &Texts) -> Result<Generation, StartError> {
        texts.check(self.0.card.dimensions)?;
        let limit = self.0.card.context_tokens as usize;
        let rows = self.0.tokens.encode(&texts.texts, limit)?;
        let (reply, events, cancelled) = Reply::channel();
        self.0.mailbox.post(Ticket { rows, reply, started: Instant::now() })?;
        let mailbox = Arc::clone(&self.0.mailbox);
        Ok(Generation::new(events, cancelled, mailbox))
    }

    /// How busy the model is.
    pub fn load_now(&self) -> Load {
        self.0.mailbox.load()
    }

    /// Stops the model as [`Self::shutdown`] does and gives its memory back to the system. Waits for
    /// the batch in progress, but no longer than `within`.
    ///
    /// # Errors
    /// [`EngineError::StillRunning`]: the time was over first. No job is taken any more, and the memory
    /// goes when the batch ends.
    pub fn unload(self, within: Duration) -> Result<Unloaded, EngineError> {
        let resident_before = memory::resident_bytes();
        unload::end(&self.0.card.name, &self.0.mailbox, &self.0.thread, within)?;
        drop(self);
        Ok(Unloaded::since(resident_before))
    }

    /// Stops the model: running and waiting jobs fail with [`EngineError::Stopped`], new ones are
    /// refused, the memory is released. Blocks for the batch in progress.
    pub fn shutdown(&self) {
        self.0.mailbox.stop();
        unload::join(&self.0.card.name, &self.0.thread);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.mailbox.stop();
    }
}
