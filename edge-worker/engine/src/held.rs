//! Caches of conversations that are not running, kept for their next turn.
//!
//! A turn of a chat repeats everything said before. With the cache of the turn before at hand only
//! what is new has to be read. The rules:
//!
//! - A cache belongs to one session number and is never used for another, however alike the texts
//!   are: how fast an answer begins would tell what others have said.
//! - The least recently used goes first, when there are too many and when all caches together,
//!   running ones included, exceed the budget. A running generation is never refused or slowed for
//!   the sake of a held cache.
//! - What is answered does not depend on what was held, to the last bit: only what was read in chunks
//!   is taken over, and a chunk is all that is read after it.
//! - [`Shelf::forget`] also reaches caches that are in use now or that a queued job would leave: what
//!   a [`Claim`] was made for before is not kept.
//!
//! The shelf is generic in the cache, so that its rules are tested without a model.

mod claim;

pub use claim::Claim;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::ticket::count;

/// The logits of a prompt's last token are needed, and a token read alone would be computed by another
/// kernel than it is in a chunk.
const LEAST_READ: usize = 2;

/// A held conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The session's number.
    pub session: u64,
    /// Tokens of its text that need not be read again.
    pub tokens: u32,
    /// Bytes of its cache.
    pub bytes: u64,
}

/// The held caches of one model.
pub struct Shelf<C> {
    state: Mutex<State<C>>,
    most: usize,
    budget: u64,
}

struct State<C> {
    /// The least recently used first; one a session.
    entries: Vec<Entry<C>>,
    /// The sessions of open claims, by the claim's number.
    claims: BTreeMap<u64, u64>,
    claimed: u64,
    closed: bool,
}

struct Entry<C> {
    held: Held,
    tokens: Vec<u32>,
    cache: C,
}

impl<C> Shelf<C> {
    /// A shelf for `most` caches of `budget` bytes together.
    pub fn new(most: usize, budget: u64) -> Self {
        let (entries, claims) = (Vec::new(), BTreeMap::new());
        let state = Mutex::new(State { entries, claims, claimed: 0, closed: false });
        Self { state, most, budget }
    }

    /// What is held, the most recently used first.
    pub fn list(&self) -> Vec<Held> {
        self.lock().entries.iter().rev().map(|entry| entry.held).collect()
    }

    /// Takes the session's cache down, with the number of its first tokens that `prompt` shares. At
    /// least [`LEAST_READ`] tokens of `prompt` are left to be read.
    pub fn take(&self, session: u64, prompt: &[u32]) -> Option<(C, usize)> {
        let entry = self.lock().remove(session)?;
        let most = prompt.len().saturating_sub(LEAST_READ);
        let shared = entry.tokens.iter().zip(prompt).take_while(|(held, asked)| held == asked);
        let shared = shared.count().min(most);
        (shared > 0).then_some((entry.cache, shared))
    }

    /// Puts a cache of `bytes` up that holds exactly `tokens`, in place of what the session has. It
    /// goes when it is larger than the budget or the claim was revoked.
    pub fn keep(&self, claim: &Claim<C>, tokens: Vec<u32>, cache: C, bytes: u64) {
        let mut state = self.lock();
        let mut gone = Vec::new();
        let wanted = state.claims.contains_key(&claim.number()) && !state.closed;
        if wanted && self.most > 0 && bytes <= self.budget && !tokens.is_empty() {
            let held = Held { session: claim.session(), tokens: count(tokens.len()), bytes };
            gone.extend(state.remove(claim.session()));
            state.entries.push(Entry { held, tokens, cache });
            gone.extend(state.evict(self.most, self.budget));
        }
        // Freeing takes time, and others may be asking what is held.
        drop(state);
        drop(gone);
    }

    /// Makes room for running caches of `running` bytes.
    pub fn make_room(&self, running: u64) {
        let gone = self.lock().evict(self.most, self.budget.saturating_sub(running));
        drop(gone);
    }

    /// Runs `step`, and once more without any held cache if it failed with some: memory may have been
    /// short, which ONNX Runtime tells only in words.
    ///
    /// # Errors
    /// Those of the last run.
    pub fn step<T, E>(&self, mut step: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        step().or_else(|error| {
            let gone = std::mem::take(&mut self.lock().entries);
            if gone.is_empty() {
                return Err(error);
            }
            drop(gone);
            step()
        })
    }

    /// Drops what is held of the session and what its running and queued jobs would leave.
    pub fn forget(&self, session: u64) {
        let mut state = self.lock();
        let gone = state.remove(session);
        state.claims.retain(|_, claimed| *claimed != session);
        drop(state);
        drop(gone);
    }

    /// Drops everything that is held and that running and queued jobs would leave.
    pub fn forget_all(&self) {
        let mut state = self.lock();
        let gone = std::mem::take(&mut state.entries);
        state.claims.clear();
        drop(state);
        drop(gone);
    }

    /// Drops everything; nothing is kept any more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.forget_all();
    }

    /// The state is whole after any panic: each method changes it in single steps.
    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> State<C> {
    fn remove(&mut self, session: u64) -> Option<Entry<C>> {
        let index = self.entries.iter().position(|entry| entry.held.session == session)?;
        Some(self.entries.remove(index))
    }

    /// Takes the least recently used out until `most` of `budget` bytes are left.
    fn evict(&mut self, most: usize, budget: u64) -> Vec<Entry<C>> {
        let (mut kept, mut bytes) = (0, 0_u64);
        for entry in self.entries.iter().rev() {
            bytes = bytes.saturating_add(entry.held.bytes);
            if kept == most || bytes > budget {
                break;
            }
            kept += 1;
        }
        let gone = self.entries.len() - kept;
        self.entries.drain(..gone).collect()
    }
}

/// The tokens are content: what is shown is what [`Shelf::list`] tells.
impl<C> fmt::Debug for Shelf<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("held", &self.list()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
