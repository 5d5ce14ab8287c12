//! A request of the past: how it was decided, and what really happened to it where that is known.

use littoral_core::class::Tier;
use littoral_core::plan::{Attempt, Decision, Target};
use littoral_core::reason::Reason;
use littoral_core::record::{Record, same_route};

/// A request of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The request.
    pub request_id: String,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// The decision, with everything it was made from.
    pub record: Record,
    /// What happened; absent where nobody wrote it down.
    pub actual: Option<Actual>,
}

/// What really happened to a request, over all targets that were asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Actual {
    /// How it ended.
    pub ended: Ended,
    /// No more than one target was asked.
    pub alone: bool,
    /// What clouds were paid, in millionths of a US dollar; absent where a price is unknown.
    pub cost_usd_micros: Option<u64>,
    /// Nobody reported some of it: it is the most that it can be, and no measure of predictions.
    pub cost_assumed: bool,
    /// Energy on machines of ours, in joules, where known.
    pub joules: Option<f64>,
    /// Bytes of request bodies that went to clouds.
    pub egress_bytes: u64,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// With an answer.
    Answered(Answered),
    /// Without one.
    Failed(Reason),
}

/// Who answered, and how long it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Who finished the answer.
    pub target: Target,
    /// Its trust zone for the asker.
    pub tier: Tier,
    /// From arrival to the first token, in milliseconds.
    pub first_token_ms: Option<f64>,
    /// From arrival to the end, in milliseconds.
    pub total_ms: f64,
}

impl Recorded {
    /// What really happened, where it would have happened under this decision too: the same targets in the
    /// same order, or one target alone was asked, answered, and would be the first one asked.
    pub(super) fn kept(&self, decision: &Decision) -> Option<&Actual> {
        let actual = self.actual.as_ref()?;
        if same_route(&self.record.decision, decision) {
            return Some(actual);
        }
        let Ended::Answered(answered) = &actual.ended else { return None };
        let first = first(decision)?;
        (actual.alone && first.target == answered.target).then_some(actual)
    }

    /// A prediction and what came of it: one target alone was asked, and it answered.
    pub(super) fn pair(&self) -> Option<(&Attempt, &Answered, &Actual)> {
        let actual = self.actual.as_ref().filter(|actual| actual.alone)?;
        let Ended::Answered(answered) = &actual.ended else { return None };
        let first = first(&self.record.decision)?;
        (first.target == answered.target).then_some((first, answered, actual))
    }
}

/// Who is asked first.
pub(super) fn first(decision: &Decision) -> Option<&Attempt> {
    decision.plan()?.attempts.first()
}
