//! The gates that need no prediction: what the pool is, against what the request may and must have.

use super::ask::Ask;
use super::candidate::Lost;
use super::tier::Zone;
use crate::budget::Cost;
use crate::class::{DataClass, Tier};
use crate::facts::{ClassOrigin, Needs};
use crate::fleet::{CloudSite, Pool, Resting};
use crate::money::Asked;
use crate::plan::{Gate, Why};
use std::sync::Arc;

/// The pool's model answers to the name that was asked for. A model's own name is always one.
#[inline]
pub(super) fn alias(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    let model = &pool.model.name;
    let covered = ask.alias.is_some_and(|alias| alias.covers(model)) || **model == *ask.alias_name;
    if !covered {
        return Err(Lost::at(Gate::Alias, Why::OtherModel));
    }
    if ask.version.withholds(model) {
        return Err(Lost::at(Gate::Alias, Why::NotThisShare));
    }
    Ok(())
}

/// The policy does not say that the model is not to be used.
#[inline]
pub(super) fn used(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    if ask.stated(pool).usable { Ok(()) } else { Err(Lost::at(Gate::Rule, Why::NotUsed)) }
}

/// The class may reach the tier; content without a label never reaches a cloud; restricted content
/// that may reach the organisation's edge may not reach another person's machine there.
#[inline]
pub(super) fn class(ask: &Ask<'_>, zone: Zone) -> Result<(), Lost> {
    let (class, tier) = (ask.class, zone.tier);
    if ask.class_fact.origin == ClassOrigin::Unlabelled && tier == Tier::Cloud {
        let extent = ask.facts.scan.extent;
        let why = if extent.failed() { Why::NotSeen(extent) } else { Why::Unlabelled(class) };
        return Err(Lost::at(Gate::Class, why));
    }
    if tier > ask.ceiling {
        return Err(Lost::at(Gate::Class, Why::Class(class, tier)));
    }
    if zone.borrowed && class == DataClass::Restricted {
        return Err(Lost::at(Gate::Class, Why::Borrowed));
    }
    Ok(())
}

/// The caller's mode lets this tier answer.
#[inline]
pub(super) fn mode(ask: &Ask<'_>, tier: Tier) -> Result<(), Lost> {
    if ask.mode_allows(tier) {
        return Ok(());
    }
    Err(Lost::at(Gate::Mode, Why::Mode(ask.facts.hints.mode, tier)))
}

/// The policy uses this tier.
#[inline]
pub(super) fn tier(ask: &Ask<'_>, tier: Tier) -> Result<(), Lost> {
    if ask.policy.tiers().rank(tier).is_some() {
        return Ok(());
    }
    Err(Lost::at(Gate::Tier, Why::TierUnused(tier)))
}

/// The model has every ability that the request needs.
#[inline]
pub(super) fn capability(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    let (needs, has) = (&ask.facts.needs, &pool.model.abilities);
    if has.embeddings && !needs.embeddings {
        return Err(Lost::at(Gate::Capability, Why::Embeds));
    }
    let missing = Needs {
        tools: needs.tools && !has.tools,
        json_output: needs.json_output && !has.json_output,
        image: needs.image && !has.image,
        audio: needs.audio && !has.audio,
        logprobs: needs.logprobs && !has.logprobs,
        embeddings: needs.embeddings && !has.embeddings,
    };
    if missing == Needs::default() {
        return Ok(());
    }
    Err(Lost::at(Gate::Capability, Why::Lacks(missing)))
}

/// Prompt and answer fit. The answer is the caller's own bound; without one, a single token must fit.
/// Texts for vectors are read one by one, by tokenizers that nobody here has: who cannot take one says so.
#[inline]
pub(super) fn context(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    if ask.facts.needs.embeddings {
        return Ok(());
    }
    let count = ask.facts.prompt_tokens;
    let (prompt, bound) = (count.tokens, count.estimated);
    let answer = ask.facts.max_output_tokens.unwrap_or(1);
    let context = pool.model.context_tokens;
    if u64::from(prompt) + u64::from(answer) <= u64::from(context) {
        return Ok(());
    }
    Err(Lost::at(Gate::Context, Why::Context { prompt, bound, answer, context }))
}

/// The provider can be called at all.
#[inline]
pub(super) fn configured(site: &CloudSite) -> Result<(), Lost> {
    if site.configured {
        return Ok(());
    }
    Err(Lost::at(Gate::Configured, Why::NoKey(Arc::clone(&site.provider))))
}

/// Content may leave at all.
#[inline]
pub(super) fn egress(site: &CloudSite) -> Result<(), Lost> {
    if site.egress_off { Err(Lost::at(Gate::Egress, Why::EgressOff)) } else { Ok(()) }
}

/// It is not left alone now. What is merely slow is used where nobody else is left.
#[inline]
pub(super) fn breaker(site: &CloudSite) -> Result<(), Lost> {
    let (resting, left_ms) = match site.resting {
        None | Some(Resting::Slow) => return Ok(()),
        Some(
            resting @ (Resting::Offline { left_ms }
            | Resting::Failing { left_ms }
            | Resting::Keys { left_ms }),
        ) => (resting, left_ms),
    };
    let lost = Lost::at(Gate::Breaker, Why::Resting(resting));
    Err(Lost { retry_after_ms: Some(left_ms), ..lost })
}

/// Every budget that counts the asker there has room for the most that the request can take. The bytes
/// are those of the content: the body that is sent has some more, and is what is reserved.
#[inline]
pub(super) fn budget(ask: &Ask<'_>, site: &CloudSite, output_tokens: u32) -> Result<(), Lost> {
    if site.left.is_unbounded() {
        return Ok(());
    }
    let asked = Asked {
        body_bytes: ask.facts.prompt_bytes,
        images: ask.facts.images,
        audio_seconds: ask.facts.audio_seconds,
        max_output_tokens: output_tokens,
    };
    let price = site.price.unwrap_or_default();
    let tokens = price.most_tokens(&asked).unwrap_or(u64::MAX);
    let worst = Cost { usd_micros: price.worst_case(&asked).ok(), tokens };
    let Some((room, unit, wanted)) = site.left.lacks(worst) else { return Ok(()) };
    let why = Why::Spent {
        budget: Arc::clone(&room.budget),
        unit,
        left: room.left,
        wanted,
        refills_in_ms: room.refills_in_ms,
    };
    Err(Lost { retry_after_ms: Some(room.refills_in_ms), ..Lost::at(Gate::Budget, why) })
}

/// A cloud is not asked over a network that costs the asker money. A device's own answers cost nothing
/// there, and neither do those of machines nearby.
#[inline]
pub(super) fn metered(ask: &Ask<'_>) -> Result<(), Lost> {
    if ask.metered { Err(Lost::at(Gate::Device, Why::MeteredAsker)) } else { Ok(()) }
}
