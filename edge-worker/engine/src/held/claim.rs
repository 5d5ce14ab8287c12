//! The right of a job to leave its cache for the next turn.

use std::sync::Arc;

use super::Shelf;

/// Made when a job is queued, gone with it; [`Shelf::forget`] revokes it.
pub struct Claim<C> {
    shelf: Arc<Shelf<C>>,
    session: u64,
    number: u64,
}

impl<C> Claim<C> {
    /// A claim of `session` on `shelf`.
    pub fn new(shelf: &Arc<Shelf<C>>, session: u64) -> Self {
        let mut state = shelf.lock();
        state.claimed += 1;
        let number = state.claimed;
        state.claims.insert(number, session);
        drop(state);
        Self { shelf: Arc::clone(shelf), session, number }
    }

    /// The session's number.
    pub fn session(&self) -> u64 {
        self.session
    }

    /// The claim's own number.
    pub(super) fn number(&self) -> u64 {
        self.number
    }
}

impl<C> Drop for Claim<C> {
    fn drop(&mut self) {
        self.shelf.lock().claims.remove(&self.number);
    }
}
