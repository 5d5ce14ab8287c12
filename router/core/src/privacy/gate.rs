//! The privacy gate: the only maker of [`Cleared`], the only thing a cloud executor takes.
//!
//! A plan is made from facts, and facts can be old or wrong by the time of a dispatch: a retry, a
//! failover, another policy. So the gate trusts none of them. It reads the class off the prompt itself
//! again and takes what the scan of this very content found, takes the stricter of that and what it is told, takes the target for a cloud
//! because its place is one and not because its tier says so, and asks the policy.
//! `clear` is called for every dispatch; a `Cleared` is used up by it.
//!
//! A request keeps the policy it was decided under, to its end. If the policy changed meanwhile, every
//! dispatch, to a worker too, must also pass the new one ([`still_allowed`]): a rule that was tightened
//! holds at once, one that was loosened holds for new requests.
//!
//! Rejected: clearing once per request (a failover would go to a target that nobody looked at), and
//! handing the executor a flag with the prompt (a flag can be forgotten, a missing argument cannot).

use super::finding::both;
use super::leaves::content_bytes;
use super::scanned::{Scanned, ScannedText};
use crate::class::{DataClass, Tier};
use crate::decide::class;
use crate::facts::{ClassFact, ClassOrigin, Extent, Facts};
use crate::plan::{Attempt, Place, Target, not_seen};
use crate::policy::Policy;
use crate::prompt::{Prompt, Remainder};
use crate::reason::Reason;
use std::fmt;
use std::sync::Arc;

/// Content that may be sent to one cloud target, once.
///
/// The fields are private and nothing else makes it: it cannot be built, cloned, stored or read back.
/// Whoever holds one may send this prompt to this target for this request under this policy.
#[must_use = "cleared content that is not sent should not have been cleared"]
pub struct Cleared {
    prompt: Arc<Prompt>,
    remainder: Remainder,
    class: DataClass,
    target: Target,
    policy_hash: Arc<str>,
    request_id: String,
}

impl Cleared {
    /// The prompt to send.
    #[must_use]
    pub fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// What of the answer the target is asked for. Its prefix is content.
    #[must_use]
    pub fn remainder(&self) -> &Remainder {
        &self.remainder
    }

    /// Class that the content was cleared under.
    #[must_use]
    pub fn class(&self) -> DataClass {
        self.class
    }

    /// The one target it may be sent to.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Hash of the policy that allowed it.
    #[must_use]
    pub fn policy_hash(&self) -> &str {
        &self.policy_hash
    }

    /// The request it belongs to.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Length of all string content in it, in UTF-8 bytes, before any encoding for the wire.
    #[must_use]
    pub fn content_bytes(&self) -> u64 {
        let prefix = self.remainder.assistant_prefix.as_ref().map_or(0, String::len);
        content_bytes(&self.prompt).saturating_add(u64::try_from(prefix).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for Cleared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cleared({} for {}, class {})", self.request_id, self.target.pool, self.class)
    }
}

/// The gate said no. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Denied {
    /// The named reason of the wire.
    pub reason: Reason,
    /// What stood in the way and what would have to change, without content.
    pub message: String,
}

/// What a dispatch is cleared from: content with its scan, and what was decided of it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The prompt, scanned.
    pub content: &'a Scanned,
    /// What the decision was made from; it can only make the answer stricter.
    pub facts: &'a Facts,
    /// The attempt of the plan.
    pub attempt: &'a Attempt,
    /// The policy that decided.
    pub policy: &'a Policy,
    /// The request.
    pub request_id: &'a str,
}

/// Clears a prompt for one dispatch to one cloud target.
///
/// The prefix in `remainder` is generated text that goes with the dispatch: it is content too, so its own
/// scan must come with it, and what was found in it counts.
///
/// # Errors
/// [`Denied`] with [`Reason::EgressDenied`] where the content may not reach a cloud under this policy,
/// with [`Reason::DetectorUnavailable`] where it was not scanned for want of detectors, and with
/// [`Reason::Internal`] where the attempt is none that a cloud could be sent: a worker, or a prefix for a
/// target that does not continue one, or that was not scanned.
pub fn clear(
    asked: Asked<'_>,
    remainder: Remainder,
    begun: Option<&ScannedText>,
) -> Result<Cleared, Denied> {
    let Asked { content, attempt, policy, request_id, .. } = asked;
    if begun.map(ScannedText::text) != remainder.assistant_prefix.as_deref() {
        return Err(internal("the begun answer was not scanned".into()));
    }
    let (fact, extent) = judged(asked, begun);
    may_reach(fact, extent, Tier::Cloud, policy)?;
    let target = &attempt.target;
    match &target.at {
        Place::Cloud { .. } => {}
        Place::Worker { .. } => {
            return Err(internal(format!("{} is a worker, which needs no clearance", target.pool)));
        }
    }
    if remainder.assistant_prefix.is_some() && !target.accepts_prefix {
        return Err(internal(format!("{} does not continue a begun answer", target.pool)));
    }
    Ok(Cleared {
        prompt: Arc::clone(content.prompt()),
        remainder,
        class: fact.decided_class(),
        target: target.clone(),
        policy_hash: Arc::clone(policy.hash()),
        request_id: request_id.to_owned(),
    })
}

/// Whether a worker other than the asker's own device may go on with an answer that was begun elsewhere.
///
/// # Errors
/// [`Denied`] where what was found in the begun answer may not reach the attempt's tier, or makes the
/// content restricted, which the decision did not know: the machine may be another person's.
pub fn may_continue(asked: Asked<'_>, begun: &ScannedText) -> Result<(), Denied> {
    let tier = asked.attempt.tier;
    let ((without, _), (with, extent)) = (judged(asked, None), judged(asked, Some(begun)));
    may_reach(with, extent, tier, asked.policy)?;
    if becomes_restricted(without, with) {
        let message =
            "the begun answer is restricted, and the machine may be another person's".into();
        return Err(Denied { reason: Reason::EgressDenied, message });
    }
    Ok(())
}

fn becomes_restricted(before: ClassFact, after: ClassFact) -> bool {
    let restricted = |fact: ClassFact| fact.decided_class() == DataClass::Restricted;
    restricted(after) && !restricted(before)
}

/// The class of what is sent, and how far it was looked at.
fn judged(asked: Asked<'_>, begun: Option<&ScannedText>) -> (ClassFact, Extent) {
    let Asked { content, facts, policy, .. } = asked;
    let read = read(content, begun, facts);
    let fact = stricter(class::under(policy, facts), class::under(policy, &read));
    (fact, read.scan.extent)
}

/// The facts as the content itself gives them, whatever the decision was made from.
fn read(content: &Scanned, begun: Option<&ScannedText>, facts: &Facts) -> Facts {
    let scan = content.fact().clone();
    let scan = begun.map_or(scan.clone(), |begun| both(scan, begun.fact()));
    Facts { class: content.labels(), scan, ..facts.clone() }
}

/// The facts of a request whose answer was begun.
#[must_use]
pub fn with_begun(facts: &Facts, begun: &ScannedText) -> Facts {
    Facts { scan: both(facts.scan.clone(), begun.fact()), ..facts.clone() }
}

/// Whether an attempt that `decided` planned may still be sent now that `current` holds.
///
/// # Errors
/// [`Denied`] with [`Reason::EgressDenied`] where the current policy would not let this class reach
/// the attempt's tier.
pub fn still_allowed(
    facts: &Facts,
    attempt: &Attempt,
    decided: &Policy,
    current: &Policy,
) -> Result<(), Denied> {
    if decided.hash() == current.hash() {
        return Ok(());
    }
    let tier = match &attempt.target.at {
        Place::Cloud { .. } => Tier::Cloud,
        Place::Worker { .. } => attempt.tier,
    };
    let provider = match &attempt.target.at {
        Place::Cloud { provider } => Some(&**provider),
        Place::Worker { .. } => None,
    };
    if !current.stated(provider, &attempt.target.model).usable {
        return Err(changed("its model is no longer to be used"));
    }
    if tier == Tier::Edge && decided.tiers().edge_groups != current.tiers().edge_groups {
        // The attempt does not say for which group it counts as edge.
        return Err(changed("which groups count as edge has changed"));
    }
    if tier != Tier::Device && !decided.rules_as(current) {
        // A rule sees facts that are not at hand here; unknown counts as the stricter.
        return Err(changed(
            "its rules, or whom they are for, have changed, and they may judge this target",
        ));
    }
    let extent = facts.scan.extent;
    let class = class::under(current, facts);
    if tier == Tier::Edge && becomes_restricted(class::under(decided, facts), class) {
        // Nor does it say whose machine it is.
        return Err(changed(
            "its content is restricted now, and the machine may be another person's",
        ));
    }
    may_reach(class, extent, tier, current).map_err(|denied| changed(&denied.message))
}

fn changed(why: &str) -> Denied {
    let message = format!("the policy changed while the request ran: {why}");
    Denied { reason: Reason::EgressDenied, message }
}

/// The higher class, and the weaker origin.
fn stricter(told: ClassFact, read: ClassFact) -> ClassFact {
    let weaker = |a: ClassOrigin, b: ClassOrigin| match (a, b) {
        (ClassOrigin::Unlabelled, _) | (_, ClassOrigin::Unlabelled) => ClassOrigin::Unlabelled,
        (ClassOrigin::Scanned, _) | (_, ClassOrigin::Scanned) => ClassOrigin::Scanned,
        (ClassOrigin::Labelled, ClassOrigin::Labelled) => ClassOrigin::Labelled,
    };
    ClassFact { class: told.class.max(read.class), origin: weaker(told.origin, read.origin) }
}

/// Whether content of this class and origin may reach a tier at all under this policy.
fn may_reach(fact: ClassFact, extent: Extent, tier: Tier, policy: &Policy) -> Result<(), Denied> {
    let class = fact.decided_class();
    let message = match fact.origin {
        ClassOrigin::Unlabelled if tier == Tier::Cloud && extent.failed() => {
            not_seen(extent).to_owned()
        }
        ClassOrigin::Unlabelled if tier == Tier::Cloud => {
            format!(
                "content without a label counts as {class} and may not reach tier cloud; label \
                     every part public or internal if it may leave"
            )
        }
        _ if policy.ceiling(fact) < tier => format!("class {class} may not reach tier {tier}"),
        _ if policy.tiers().rank(tier).is_none() => format!("the policy does not use tier {tier}"),
        _ => return Ok(()),
    };
    let reason = match extent {
        Extent::Unavailable => Reason::DetectorUnavailable,
        _ => Reason::EgressDenied,
    };
    Err(Denied { reason, message })
}

fn internal(message: String) -> Denied {
    Denied { reason: Reason::Internal, message }
}
