//! Where callers and the model's thread meet.
//!
//! The model's thread must wake for a new job, for room in an event channel, for a cancel and for
//! the end, and must sleep otherwise. One lock and one condition cover all four: whoever changes
//! something the thread may be waiting for calls [`Wake::wake`] afterwards, and the thread looks
//! at everything under the lock before it waits, so no wake is lost. The wait is bounded all the
//! same, so that a bug here is a delay and not a hang.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::StartError;

const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// How busy a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Generations that hold a slot.
    pub active: usize,
    /// Jobs that wait for one.
    pub queued: usize,
    /// Generations that can run at once.
    pub slots: usize,
}

/// A job that waits for a slot.
pub trait Waiting {
    /// Whether the caller gave up while the job waited; tells him so if he still listens.
    fn settle_if_cancelled(&self) -> bool;
}

/// What a caller tells after he changed something that the model's thread may be waiting for.
pub trait Wake: std::fmt::Debug + Send + Sync {
    /// Something has changed.
    fn wake(&self);
}

impl<T: Waiting + std::fmt::Debug + Send> Wake for Mailbox<T> {
    fn wake(&self) {
        // Taking the lock orders this after the thread's look at the world.
        drop(self.lock());
        self.changed.notify_all();
    }
}

/// The queue of one model, for jobs of type `T`.
#[derive(Debug)]
pub struct Mailbox<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    slots: usize,
    queue: usize,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    active: usize,
    stopping: bool,
    ended: bool,
}

/// What the model's thread does next.
#[derive(Debug)]
pub enum Turn<T> {
    /// Start these, then give every active generation its step.
    Work(Vec<T>),
    /// End everything, these waiting jobs included.
    Stop(Vec<T>),
}

impl<T: Waiting> Mailbox<T> {
    /// A mailbox for `slots` running and `queue` waiting jobs.
    pub fn new(slots: usize, queue: usize) -> Self {
        let waiting = VecDeque::new();
        let state = Mutex::new(State { waiting, active: 0, stopping: false, ended: false });
        let changed = Condvar::new();
        Self { state, changed, slots, queue }
    }

    /// Puts a job in the queue.
    ///
    /// # Errors
    /// The model stopped, or all slots and places in the queue are taken.
    pub fn post(&self, ticket: T) -> Result<(), StartError> {
        let mut state = self.lock();
        if state.stopping {
            return Err(StartError::Stopped);
        }
        // A slot that is free but not yet filled is a place too.
        if state.active + state.waiting.len() >= self.slots + self.queue {
            return Err(StartError::Busy { queued: state.waiting.len() });
        }
        state.waiting.push_back(ticket);
        drop(state);
        self.changed.notify_all();
        Ok(())
    }

    /// How busy the model is now.
    pub fn load(&self) -> Load {
        let state = self.lock();
        Load { active: state.active, queued: state.waiting.len(), slots: self.slots }
    }

    /// Asks the model's thread to end.
    pub fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    /// Waits until the model's thread has let everything go, for `within` at the most; whether it has.
    pub fn wait_for_the_end(&self, within: Duration) -> bool {
        let waited = self.changed.wait_timeout_while(self.lock(), within, |state| !state.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }

    /// For the model's thread: it takes no job any more and holds nothing.
    pub fn end(&self) {
        let mut state = self.lock();
        (state.stopping, state.ended) = (true, true);
        drop(state);
        self.changed.notify_all();
    }

    /// For the model's thread: a generation gave its slot back.
    pub fn release(&self) {
        let mut state = self.lock();
        state.active = state.active.saturating_sub(1);
    }

    /// For the model's thread: waits until there is something to do. `runnable` says whether a
    /// generation that holds a slot can go on. Jobs handed out hold their slots from here on.
    pub fn next_turn(&self, runnable: impl Fn() -> bool) -> Turn<T> {
        let mut state = self.lock();
        loop {
            if state.stopping {
                return Turn::Stop(state.waiting.drain(..).collect());
            }
            state.waiting.retain(|ticket| !ticket.settle_if_cancelled());
            let free = self.slots.saturating_sub(state.active).min(state.waiting.len());
            if free > 0 || runnable() {
                state.active += free;
                return Turn::Work(state.waiting.drain(..free).collect());
            }
            let waited = self.changed.wait_timeout(state, LONGEST_WAIT);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The state is whole after any panic: each method changes it in single steps.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
