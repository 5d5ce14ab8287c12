//! What is written down before content goes to a cloud.

use super::Dispatches;
use crate::clock::unix_ms;
use crate::store::{IntentRow, Row, StoreError};
use littoral_core::budget::Row as JournalRow;
use littoral_core::class::DataClass;
use littoral_core::flight::event::{Blame, DispatchId, Fault};
use littoral_core::plan::{Attempt, Place};

impl Dispatches<'_> {
    /// Writes down that so many bytes of content are about to be sent, and what budgets hold for it.
    pub(super) async fn write_intent(
        &self,
        dispatch: DispatchId,
        attempt: &Attempt,
        class: DataClass,
        bytes: u64,
        held: Option<JournalRow>,
    ) -> Result<(), Fault> {
        let provider = match &attempt.target.at {
            Place::Cloud { provider } => provider.clone(),
            Place::Worker { worker_id, .. } => worker_id.clone(),
        };
        let intent = IntentRow {
            request_id: self.request.id.clone(),
            principal_key: self.request.principal_key(),
            dispatch: dispatch.0,
            at_unix_ms: unix_ms(),
            provider: provider.to_string(),
            model: attempt.target.model.to_string(),
            bytes,
            class,
            policy_hash: self.prepared.decision().policy_hash.to_string(),
        };
        let row = match held {
            Some(held) => Row::Paid(intent, held),
            None => Row::Intent(intent),
        };
        let store = &self.pipeline.store;
        let written = if self.request.id_is_fresh { store.note(row) } else { store.commit(row) };
        written.await.map_err(|error: StoreError| Fault {
            blame: Blame::Gate,
            kind: "no_receipt",
            detail: format!("the intent to send could not be written down ({error})"),
            retry_after_ms: None,
        })
    }
}
