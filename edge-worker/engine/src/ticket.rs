//! A job that was checked and tokenized and waits for a slot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::mpsc;

use crate::grammar::Constraint;
use crate::held::Claim;
use crate::job::{Finish, GenerationEvent, Timings, Usage};
use crate::kv::Parked;
use crate::mailbox::Waiting;
use crate::sampling::Settings;
use crate::sequence::Calls;

/// Events a caller may leave unread before his generation, and only his, pauses.
pub const EVENTS: usize = 32;

/// A job ready to run.
pub struct Ticket {
    /// The prompt.
    pub prompt: Vec<u32>,
    /// How to choose tokens.
    pub settings: Settings,
    /// Strings that end the answer.
    pub stop: Vec<String>,
    /// What holds the answer to its form, where it has one.
    pub constraint: Option<Constraint>,
    /// Calls that the answer may have.
    pub calls: Option<Calls>,
    /// Most tokens of the answer.
    pub max_tokens: usize,
    /// Alternatives a step, where log probabilities were asked for.
    pub top_logprobs: Option<u8>,
    /// The conversation it is a turn of.
    pub claim: Option<Claim<Parked>>,
    /// The way back.
    pub reply: Reply,
    /// When the job was started.
    pub started: Instant,
}

impl Waiting for Ticket {
    fn settle_if_cancelled(&self) -> bool {
        self.reply.settle_if_cancelled(self.prompt.len(), self.started)
    }
}

/// The prompt is content: its length is shown.
impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket")
            .field("prompt_tokens", &self.prompt.len())
            .field("max_tokens", &self.max_tokens)
            .finish_non_exhaustive()
    }
}

/// The way back to the caller of one generation.
///
/// A step reports at most [`Reply::STEP_EVENTS`] events. A generation steps only while there is room
/// for those and one more, so the last event always finds a place and sending never blocks.
#[derive(Debug, Clone)]
pub struct Reply {
    events: mpsc::Sender<GenerationEvent>,
    cancelled: Arc<AtomicBool>,
}

impl Reply {
    /// Progress, text, the end.
    const STEP_EVENTS: usize = 3;

    /// A reply channel and its receiving side.
    pub fn channel() -> (Self, mpsc::Receiver<GenerationEvent>, Arc<AtomicBool>) {
        let (events, receiver) = mpsc::channel(EVENTS);
        let cancelled = Arc::new(AtomicBool::new(false));
        (Self { events, cancelled: Arc::clone(&cancelled) }, receiver, cancelled)
    }

    /// Sends an event. There is room for it, or nobody listens any more.
    pub fn send(&self, event: GenerationEvent) {
        if let Err(mpsc::error::TrySendError::Full(event)) = self.events.try_send(event) {
            tracing::error!(?event, "an event found no room and is lost");
        }
    }

    /// The caller asked to end.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// The caller is gone.
    pub fn is_gone(&self) -> bool {
        self.events.is_closed()
    }

    /// Whether the caller gave up on a job of `tokens` that waits since `started`; tells him so if he
    /// still listens.
    pub fn settle_if_cancelled(&self, tokens: usize, started: Instant) -> bool {
        if self.is_cancelled() {
            let usage = Usage { prompt_tokens: count(tokens), ..Usage::default() };
            let queue_ms = milliseconds(started);
            let timings = Timings { queue_ms, ..Timings::default() };
            self.send(GenerationEvent::Finished { finish: Finish::Cancelled, usage, timings });
        }
        self.is_cancelled() || self.is_gone()
    }

    /// Whether a step can be made, or there is a reason to end.
    pub fn is_runnable(&self) -> bool {
        self.events.capacity() > Self::STEP_EVENTS || self.is_cancelled() || self.is_gone()
    }
}

/// A number of tokens as it is reported.
pub fn count(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}

/// Milliseconds since `start`.
pub fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
