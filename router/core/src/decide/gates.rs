//! The gates that need no prediction: what the pool is, against what the request may and must have.

use super::ask::Ask;
use super::candidate::Lost;
use super::tier::Zone;
use crate::class::{DataClass, Tier};
use crate::facts::ClassOrigin;
use crate::fleet::{CloudSite, Pool};
use crate::plan::Gate;

/// The pool's model answers to the name that was asked for. A model's own name is always one.
pub(super) fn alias(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    let model = &pool.model.name;
    let covered = ask.alias.is_some_and(|alias| alias.covers(model)) || model == ask.alias_name;
    if covered { Ok(()) } else { Err(Lost::at(Gate::Alias, "not the model that was asked for")) }
}

/// The class may reach the tier; content without a label never reaches a cloud; restricted content
/// that may reach the organisation's edge may not reach another person's machine there.
pub(super) fn class(ask: &Ask<'_>, zone: Zone) -> Result<(), Lost> {
    let (class, tier) = (ask.class, zone.tier);
    if ask.facts.class.origin == ClassOrigin::Unlabelled && tier == Tier::Cloud {
        let why = format!("content without a label counts as {class} and may not reach tier cloud");
        return Err(Lost::at(Gate::Class, why));
    }
    if tier > ask.ceiling {
        return Err(Lost::at(Gate::Class, format!("class {class} may not reach tier {tier}")));
    }
    if zone.borrowed && class == DataClass::Restricted {
        let why = "class restricted may not reach another person's machine";
        return Err(Lost::at(Gate::Class, why));
    }
    Ok(())
}

/// The caller's mode lets this tier answer.
pub(super) fn mode(ask: &Ask<'_>, tier: Tier) -> Result<(), Lost> {
    if ask.mode_allows(tier) {
        return Ok(());
    }
    Err(Lost::at(Gate::Mode, format!("mode {} excludes tier {tier}", ask.facts.hints.mode)))
}

/// The policy uses this tier.
pub(super) fn tier(ask: &Ask<'_>, tier: Tier) -> Result<(), Lost> {
    if ask.policy.tiers().rank(tier).is_some() {
        return Ok(());
    }
    Err(Lost::at(Gate::Tier, format!("the policy does not use tier {tier}")))
}

/// The model has every ability that the request needs.
pub(super) fn capability(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    let (needs, has) = (&ask.facts.needs, &pool.model.abilities);
    let missing = [
        (needs.tools && !has.tools, "tools"),
        (needs.json_output && !has.json_output, "JSON output"),
        (needs.image && !has.image, "image input"),
        (needs.logprobs && !has.logprobs, "log-probabilities"),
    ];
    let mut missing = missing.into_iter().filter(|(lacks, _)| *lacks).map(|(_, name)| name);
    let Some(first) = missing.next() else { return Ok(()) };
    let list = missing.fold(format!("lacks {first}"), |list, name| list + ", " + name);
    Err(Lost::at(Gate::Capability, list))
}

/// Prompt and answer fit. The answer is the caller's own bound; without one, a single token must fit.
pub(super) fn context(ask: &Ask<'_>, pool: &Pool) -> Result<(), Lost> {
    let prompt = u64::from(ask.facts.prompt_tokens.tokens);
    let answer = u64::from(ask.facts.max_output_tokens.unwrap_or(1));
    let context = u64::from(pool.model.context_tokens);
    if prompt.saturating_add(answer) <= context {
        return Ok(());
    }
    let bound = if ask.facts.prompt_tokens.estimated { "at most " } else { "" };
    let why = format!("prompt {bound}{prompt} + answer {answer} over {context} tokens of context");
    Err(Lost::at(Gate::Context, why))
}

/// The provider can be called at all.
pub(super) fn configured(site: &CloudSite) -> Result<(), Lost> {
    if site.configured {
        return Ok(());
    }
    Err(Lost::at(Gate::Configured, format!("provider {} has no key", site.provider)))
}
