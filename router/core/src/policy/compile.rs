//! From a policy as written to one that can decide. Each section is checked on its own and yields
//! the shipped value where it is wrong, so that one run finds every problem of the file.

mod limits;
mod objective;

use super::problem::Problems;
use super::raw::{RawFallback, RawPolicy, RawTiers};
use super::{
    Alias, Ceilings, Fallback, Policy, PolicyProblem, Preset, Privacy, Profiles, Targets, Tiers,
};
use super::{alias, device_class, leaks, range, rule, warnings};

/// Compiles all sections. The result has no hash yet.
pub(super) fn compile(raw: RawPolicy) -> Result<Policy, Vec<PolicyProblem>> {
    let mut problems = Problems::default();
    head(&raw, &mut problems);
    let ceilings = Ceilings::compile(&raw.ceilings, &mut problems);
    let tiers = tiers(raw.tiers, raw.objective.preset, &mut problems);
    let used = tiers.order.clone();
    let aliases = alias::compile_all(&raw.alias, &mut problems);
    let default_alias = default_alias(raw.default_alias, &aliases, &mut problems);
    let targets = Targets::compile(raw.target, &mut problems);
    let deadlines = limits::deadlines(&raw.deadlines, &mut problems);
    let limits = limits::limits(&raw.limits, &mut problems);
    let objective = objective::objective(&raw.objective, &mut problems);
    let assumptions = objective::assumptions(&raw.assumptions, &mut problems);
    let fallback = fallback(&raw.fallback, &mut problems);
    let device = device_class::floors(&raw.device, &mut problems);
    let classes = device_class::classes(&device, &raw.device_class, &mut problems);
    let profiles = Profiles::compile(raw.profiles, &mut problems);
    let mut policy = Policy {
        name: raw.name.unwrap_or_default(),
        default_alias,
        ceilings,
        tiers,
        aliases,
        deadlines,
        limits,
        objective,
        assumptions,
        fallback,
        device,
        rules: rule::compile_all(&raw.rule, &used, &mut problems),
        targets,
        device_classes: device_class::changed(&device, &classes),
        profiles,
        privacy: Privacy::compile(&raw.privacy, &mut problems),
        classes,
        preset: raw.objective.preset,
        warnings: Vec::new(),
        hash: "".into(),
    };
    leaks::check(&policy, &mut problems);
    policy.warnings = warnings::of(&policy, &raw.rule);
    problems.into_result(policy)
}

/// Version, name, and the features that a policy may not count on yet.
fn head(raw: &RawPolicy, problems: &mut Problems) {
    if let Some(PolicyProblem { path, reason, .. }) = raw.version_problem() {
        problems.add(path, reason);
    }
    if raw.name.as_ref().is_none_or(|name| name.trim().is_empty()) {
        problems.add("name", "is missing or empty: give the policy a name");
    }
    let later = [
        ("masking", raw.masking.is_some()),
        ("cascade", raw.cascade.is_some()),
        ("cache", raw.cache.is_some()),
        ("feedback", raw.feedback.is_some()),
        ("knowledge", raw.knowledge.is_some()),
    ];
    for (path, _) in later.into_iter().filter(|(_, present)| *present) {
        problems.add(path, "not yet supported: remove it, nothing would honour it");
    }
}

fn tiers(raw: RawTiers, preset: Option<Preset>, problems: &mut Problems) -> Tiers {
    let shipped = Tiers::default();
    let order = raw.order.unwrap_or(shipped.order);
    if order.is_empty() {
        problems.add("tiers.order", "is empty: name at least one of device, edge, cloud");
    }
    for (index, tier) in order.iter().enumerate() {
        if order.iter().take(index).any(|earlier| earlier == tier) {
            problems
                .add(format!("tiers.order[{index}]"), format!("names {tier} twice: remove one"));
        }
    }
    let mut edge_groups = raw.edge_groups;
    if let Some(index) = edge_groups.iter().position(|group| group.trim().is_empty()) {
        problems.add(
            format!("tiers.edge_groups[{index}]"),
            "is an empty name: name a group, or remove it",
        );
    }
    edge_groups.sort_unstable();
    edge_groups.dedup();
    let ranking = raw.ranking.or(preset.map(Preset::ranking)).unwrap_or(shipped.ranking);
    Tiers { order, ranking, edge_groups }
}

fn default_alias(written: Option<String>, aliases: &[Alias], problems: &mut Problems) -> String {
    let name = written.unwrap_or_else(|| Alias::DEFAULT_NAME.into());
    let named = || aliases.iter().map(Alias::name);
    // Where an alias has lost its name, that is the problem, and it has been told.
    if named().all(|known| known != name && !known.trim().is_empty()) {
        let known: Vec<&str> = named().collect();
        let nearest = rule::nearest::of(&name, &known);
        problems.add(
            "default_alias",
            format!(
                "\"{name}\" is no alias of this policy: add an [[alias]] of that name, or set \
                 default_alias to one there is, such as \"{nearest}\""
            ),
        );
    }
    name
}

fn fallback(raw: &RawFallback, problems: &mut Problems) -> Fallback {
    let shipped = Fallback::default();
    Fallback {
        max_attempts: range::within(
            raw.max_attempts,
            shipped.max_attempts,
            1..=Fallback::MAX_ATTEMPTS,
            "attempts",
            "fallback.max_attempts",
            problems,
        ),
        failover: raw.failover.unwrap_or(shipped.failover),
        hedge: raw.hedge.unwrap_or(shipped.hedge),
        buffer: raw.buffer.unwrap_or(shipped.buffer),
    }
}
