//! One row for each dispatch: what became of it and when. For records, so no content.

use super::action::DispatchRow;
use super::event::{DispatchId, Fault};
use std::time::Duration;

/// The rows in order; the number of a dispatch is its row.
pub(super) struct Rows(Vec<DispatchRow>);

impl Rows {
    /// None yet, in an empty list with room for so many.
    pub(super) fn new(mut list: Vec<DispatchRow>, attempts: usize) -> Self {
        list.reserve(attempts);
        Self(list)
    }

    /// Opens a row for a new dispatch of `attempt`, and numbers the dispatch.
    pub(super) fn open(&mut self, attempt: usize, now: Duration) -> DispatchId {
        let dispatch = DispatchId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(DispatchRow {
            attempt,
            at: now,
            first_token_at: None,
            ended_at: now,
            fault: None,
            text_bytes: 0,
        });
        dispatch
    }

    /// Notes a token of `text_bytes` in a dispatch.
    pub(super) fn note_token(&mut self, dispatch: DispatchId, text_bytes: usize, now: Duration) {
        if let Some(row) = self.row(dispatch) {
            row.first_token_at.get_or_insert(now);
            row.text_bytes = row.text_bytes.saturating_add(text_bytes as u64);
        }
    }

    /// Closes the row of a dispatch.
    pub(super) fn close(&mut self, dispatch: DispatchId, fault: Option<Fault>, now: Duration) {
        if let Some(row) = self.row(dispatch) {
            row.ended_at = now;
            row.fault = fault;
        }
    }

    fn row(&mut self, DispatchId(dispatch): DispatchId) -> Option<&mut DispatchRow> {
        self.0.get_mut(usize::try_from(dispatch).ok()?)
    }

    pub(super) fn all(&self) -> &[DispatchRow] {
        &self.0
    }

    pub(super) fn take(&mut self) -> Vec<DispatchRow> {
        std::mem::take(&mut self.0)
    }
}
