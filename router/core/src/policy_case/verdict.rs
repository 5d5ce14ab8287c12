//! What came out of a case, next to what was expected.
//!
//! Who reads a mismatch wants to mend the policy or the case, so it also says why those who were
//! expected lost: not only that the laptop was not asked, but that its battery was low.

use super::Case;
use super::expect::{Loss, Outcome as Wanted};
use super::fleet::Part;
use crate::decide::explain_text;
use crate::plan::{Attempt, Decision, Outcome, Place, Rejection};

/// What came out of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Expectations that do not hold; none where the case passed.
    pub mismatches: Vec<Mismatch>,
    /// The decision.
    pub decision: Decision,
    /// The decision in plain words, whole.
    pub explanation: String,
}

/// An expectation that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Its key: `route`, `refused`, `lost.openai`, `says`.
    pub key: String,
    /// What was expected.
    pub expected: String,
    /// What happened.
    pub got: String,
    /// Why, in a line each, as far as one can tell.
    pub because: Vec<String>,
}

impl Verdict {
    /// Whether everything is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.mismatches.is_empty()
    }
}

/// Compares a decision with what its case expects.
pub(super) fn of(case: &Case, decision: Decision) -> Verdict {
    let explanation = explain_text(&decision);
    let seen = Seen { parts: &case.parts, decision: &decision };
    let mut mismatches: Vec<Mismatch> = Vec::new();
    match &case.expected.outcome {
        Some(Wanted::Route(route)) => mismatches.extend(seen.route(route)),
        Some(Wanted::Refused(reason)) => mismatches.extend(seen.refused(reason.name())),
        None => {}
    }
    mismatches.extend(case.expected.lost.iter().filter_map(|(name, loss)| seen.lost(name, loss)));
    for text in case.expected.says.iter().filter(|text| !explanation.contains(*text)) {
        mismatches.push(Mismatch {
            key: "says".into(),
            expected: text.clone(),
            got: "the explanation says no such thing".into(),
            because: explanation.trim_end().lines().map(str::to_owned).collect(),
        });
    }
    Verdict { mismatches, decision, explanation }
}

/// A decision in the names of the case's parts.
struct Seen<'a> {
    parts: &'a [Part],
    decision: &'a Decision,
}

impl Seen<'_> {
    fn route(&self, wanted: &[String]) -> Option<Mismatch> {
        let mismatch = |got, because| {
            let (key, expected) = ("route".into(), wanted.join(", "));
            Some(Mismatch { key, expected, got, because })
        };
        let missed = |tried: &[&str]| {
            let absent = wanted.iter().filter(|name| !tried.contains(&name.as_str()));
            absent.map(|name| self.fate(name)).collect::<Vec<_>>()
        };
        match &self.decision.outcome {
            Outcome::Planned(plan) => {
                let tried: Vec<&str> = plan.attempts.iter().map(|one| self.name(one)).collect();
                if tried == wanted {
                    return None;
                }
                let mut because = missed(&tried);
                let order = plan.attempts.iter().filter_map(|attempt| {
                    let why = attempt.because.as_ref()?;
                    Some(format!("{} comes later: {why}", self.name(attempt)))
                });
                because.extend(order);
                mismatch(tried.join(", "), because)
            }
            Outcome::Refused(refusal) => {
                mismatch(format!("refused, {}: {}", refusal.reason, refusal.message), missed(&[]))
            }
        }
    }

    fn refused(&self, wanted: &str) -> Option<Mismatch> {
        let (got, because) = match &self.decision.outcome {
            Outcome::Refused(refusal) if refusal.reason.name() == wanted => return None,
            Outcome::Refused(refusal) => {
                let losers = self.parts.iter().map(|part| self.fate(&part.name)).collect();
                (format!("refused, {}: {}", refusal.reason, refusal.message), losers)
            }
            Outcome::Planned(plan) => {
                let tried: Vec<&str> = plan.attempts.iter().map(|one| self.name(one)).collect();
                (format!("answered by {}", tried.join(", ")), Vec::new())
            }
        };
        Some(Mismatch {
            key: "refused".into(),
            expected: format!("refused, {wanted}"),
            got,
            because,
        })
    }

    fn lost(&self, name: &str, wanted: &Loss) -> Option<Mismatch> {
        let row = self.row(name);
        let holds = row.is_some_and(|row| match wanted {
            Loss::At(gate) => row.gate == *gate,
            Loss::Because(text) => row.reason().contains(text.as_str()),
        });
        let expected = match wanted {
            Loss::At(gate) => format!("{name} lost at {gate}"),
            Loss::Because(text) => format!("{name} lost, and the reason says {text:?}"),
        };
        let (key, got) = (format!("lost.{name}"), self.fate(name));
        (!holds).then_some(Mismatch { key, expected, got, because: Vec::new() })
    }

    /// What became of a part.
    fn fate(&self, name: &str) -> String {
        let attempts = self.decision.plan().map_or(&[][..], |plan| &plan.attempts);
        if let Some(at) = attempts.iter().position(|attempt| self.name(attempt) == name) {
            return format!("{name} is number {} of the route", at + 1);
        }
        match self.row(name) {
            Some(row) => format!("{name} lost at {}: {}", row.gate, row.reason()),
            None => format!("{name} was not drawn: others of its pool were"),
        }
    }

    /// The row of a part: its own, or that of its pool.
    fn row(&self, name: &str) -> Option<&Rejection> {
        let part = self.parts.iter().find(|part| part.name == name)?;
        let rows = || self.decision.rejected.iter().filter(|row| *row.pool == *part.pool);
        let own = rows().find(|row| row.worker_id.as_deref() == Some(name));
        own.or_else(|| rows().find(|row| row.worker_id.is_none()))
    }

    fn name<'d>(&'d self, attempt: &'d Attempt) -> &'d str {
        if let Place::Worker { worker_id, .. } = &attempt.target.at {
            return worker_id;
        }
        let pool = &attempt.target.pool;
        let part = self.parts.iter().find(|part| !part.is_worker && *part.pool == **pool);
        part.map_or(pool, |part| &part.name)
    }
}
