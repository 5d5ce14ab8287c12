//! What a dispatch is judged by before it is sent: the policy of the moment, and what of the answer was begun.

use super::Dispatches;
use littoral_core::class::Tier;
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::plan::{Attempt, Place};
use littoral_core::privacy::{ScannedText, gate};
use littoral_core::prompt::Remainder;

impl Dispatches<'_> {
    /// What is sent of an answer that was begun, scanned; nothing where it stays on the asker's own device.
    pub(super) async fn begun(
        &self,
        attempt: &Attempt,
        remainder: &Remainder,
    ) -> Option<ScannedText> {
        let stays =
            matches!(attempt.target.at, Place::Worker { .. }) && attempt.tier == Tier::Device;
        if stays {
            return None;
        }
        let text = remainder.assistant_prefix.clone()?;
        Some(self.pipeline.detectors.answer(text).await)
    }

    pub(super) fn asked<'b>(&'b self, attempt: &'b Attempt) -> gate::Asked<'b> {
        gate::Asked {
            content: &self.prepared.content,
            facts: self.prepared.facts(),
            attempt,
            policy: &self.prepared.policy,
            request_id: &self.request.id,
        }
    }

    /// The policy may have been swapped since the decision.
    pub(super) fn recheck(
        &self,
        attempt: &Attempt,
        begun: Option<&ScannedText>,
    ) -> Result<(), Fault> {
        let (facts, decided) = (self.prepared.facts(), &self.prepared.policy);
        let current = self.pipeline.policy.load();
        let with_begun = begun.map(|begun| gate::with_begun(facts, begun));
        let facts = with_begun.as_ref().unwrap_or(facts);
        gate::still_allowed(facts, attempt, decided, &current).map_err(not_cleared)
    }

    /// A worker may go on with what was begun.
    pub(super) fn judge_begun(
        &self,
        attempt: &Attempt,
        begun: Option<&ScannedText>,
    ) -> Result<(), Fault> {
        let Some(begun) = begun else { return Ok(()) };
        gate::may_continue(self.asked(attempt), begun).map_err(not_cleared)?;
        self.recheck(attempt, Some(begun))
    }
}

pub(super) fn not_cleared(denied: gate::Denied) -> Fault {
    let kind = "not_cleared";
    Fault { blame: Blame::Gate, kind, detail: denied.message, retry_after_ms: None }
}
