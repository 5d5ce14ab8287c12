//! From a policy as written to one that can decide. Each section is checked on its own and yields
//! the shipped value where it is wrong, so that one run finds every problem of the file.

use super::problem::Problems;
use super::raw::{
    RawAssumptions, RawDeadlines, RawDevice, RawFallback, RawLimits, RawObjective, RawPolicy,
    RawTiers,
};
use super::{
    Alias, AnswerLimits, Assumptions, Ceilings, Deadlines, DeviceFloors, Fallback, Objective,
    Policy,
};
use super::{PolicyProblem, Tiers, alias, rule};
use std::ops::RangeInclusive;

/// Longest deadline that can be written, one day in milliseconds; keeps sums of times exact.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;
/// Highest exchange rate or cost, in micro-dollars: a million dollars.
const DEAREST_USD_MICROS: f64 = 1e12;
/// Longest answer that can be assumed or allowed, in tokens.
const LONGEST_ANSWER_TOKENS: u32 = 1_000_000;

/// Compiles all sections. The result has no hash yet.
pub(super) fn compile(raw: RawPolicy) -> Result<Policy, Vec<PolicyProblem>> {
    let mut problems = Problems::default();
    head(&raw, &mut problems);
    let ceilings = Ceilings::compile(&raw.ceilings, &mut problems);
    let tiers = tiers(raw.tiers, &mut problems);
    let aliases = alias::compile_all(raw.alias, &mut problems);
    let default_alias = default_alias(raw.default_alias, &aliases, &mut problems);
    let policy = Policy {
        name: raw.name.unwrap_or_default(),
        default_alias,
        ceilings,
        tiers,
        aliases,
        deadlines: deadlines(&raw.deadlines, &mut problems),
        limits: limits(&raw.limits, &mut problems),
        objective: objective(&raw.objective, &mut problems),
        assumptions: assumptions(&raw.assumptions, &mut problems),
        fallback: fallback(&raw.fallback, &mut problems),
        device: device(&raw.device, &mut problems),
        rules: rule::compile_all(&raw.rule, &mut problems),
        hash: "".into(),
    };
    problems.into_result(policy)
}

/// Version, name, and the features that a policy may not count on yet.
fn head(raw: &RawPolicy, problems: &mut Problems) {
    match raw.version {
        Some(Policy::VERSION) => {}
        Some(other) => problems
            .add("version", format!("{other} is not known: this build reads {}", Policy::VERSION)),
        None => problems.add("version", format!("is missing: write version = {}", Policy::VERSION)),
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
        ("fallback.hedge", raw.fallback.hedge.is_some()),
    ];
    for (path, _) in later.into_iter().filter(|(_, present)| *present) {
        problems.add(path, "not yet supported: remove it, nothing would honour it");
    }
}

fn tiers(raw: RawTiers, problems: &mut Problems) -> Tiers {
    let shipped = Tiers::default();
    let order = raw.order.unwrap_or(shipped.order);
    if order.is_empty() {
        problems.add("tiers.order", "is empty: name at least one of device, edge, cloud");
    }
    for (index, tier) in order.iter().enumerate() {
        if order.iter().take(index).any(|earlier| earlier == tier) {
            problems.add("tiers.order", format!("names {tier} twice"));
        }
    }
    let mut edge_groups = raw.edge_groups;
    if edge_groups.iter().any(|group| group.trim().is_empty()) {
        problems.add("tiers.edge_groups", "holds an empty group name");
    }
    edge_groups.sort_unstable();
    edge_groups.dedup();
    Tiers { order, ranking: raw.ranking.unwrap_or(shipped.ranking), edge_groups }
}

fn default_alias(written: Option<String>, aliases: &[Alias], problems: &mut Problems) -> String {
    let name = written.unwrap_or_else(|| Alias::DEFAULT_NAME.into());
    if !aliases.iter().any(|alias| alias.name() == name) {
        problems.add(
            "default_alias",
            format!("\"{name}\" is no alias of this policy: add an [[alias]] of that name"),
        );
    }
    name
}

fn deadlines(raw: &RawDeadlines, problems: &mut Problems) -> Deadlines {
    let shipped = Deadlines::default();
    let mut ms = |key: &str, written: Option<u64>, shipped: u64| {
        let path = format!("deadlines.{key}");
        within(written, shipped, 1..=LONGEST_MS, "milliseconds", path, problems)
    };
    let compiled = Deadlines {
        default_ms: ms("default_ms", raw.default_ms, shipped.default_ms),
        max_ms: ms("max_ms", raw.max_ms, shipped.max_ms),
        first_token_floor_ms: ms(
            "first_token_floor_ms",
            raw.first_token_floor_ms,
            shipped.first_token_floor_ms,
        ),
        first_token_unknown_ms: ms(
            "first_token_unknown_ms",
            raw.first_token_unknown_ms,
            shipped.first_token_unknown_ms,
        ),
        stall_floor_ms: ms("stall_floor_ms", raw.stall_floor_ms, shipped.stall_floor_ms),
        stall_unknown_ms: ms("stall_unknown_ms", raw.stall_unknown_ms, shipped.stall_unknown_ms),
    };
    if compiled.default_ms > compiled.max_ms {
        problems.add(
            "deadlines.default_ms",
            format!("{} is later than deadlines.max_ms = {}", compiled.default_ms, compiled.max_ms),
        );
    }
    compiled
}

fn limits(raw: &RawLimits, problems: &mut Problems) -> AnswerLimits {
    let shipped = AnswerLimits::default();
    AnswerLimits {
        default_output_tokens: within(
            raw.default_output_tokens,
            shipped.default_output_tokens,
            1..=LONGEST_ANSWER_TOKENS,
            "tokens",
            "limits.default_output_tokens",
            problems,
        ),
    }
}

fn objective(raw: &RawObjective, problems: &mut Problems) -> Objective {
    let shipped = Objective::default();
    let mut rate = |key: &str, written: Option<f64>, shipped: f64| {
        let path = format!("objective.{key}");
        within(written, shipped, 0.0..=DEAREST_USD_MICROS, "micro-dollars", path, problems)
    };
    Objective {
        first_token_usd_micros_per_s: rate(
            "first_token_usd_micros_per_s",
            raw.first_token_usd_micros_per_s,
            shipped.first_token_usd_micros_per_s,
        ),
        total_usd_micros_per_s: rate(
            "total_usd_micros_per_s",
            raw.total_usd_micros_per_s,
            shipped.total_usd_micros_per_s,
        ),
        energy_usd_micros_per_joule: rate(
            "energy_usd_micros_per_joule",
            raw.energy_usd_micros_per_joule,
            shipped.energy_usd_micros_per_joule,
        ),
        bad_answer_usd_micros: rate(
            "bad_answer_usd_micros",
            raw.bad_answer_usd_micros,
            shipped.bad_answer_usd_micros,
        ),
    }
}

fn assumptions(raw: &RawAssumptions, problems: &mut Problems) -> Assumptions {
    let shipped = Assumptions::default();
    Assumptions {
        output_tokens: within(
            raw.output_tokens,
            shipped.output_tokens,
            1..=LONGEST_ANSWER_TOKENS,
            "tokens",
            "assumptions.output_tokens",
            problems,
        ),
        quality: within(
            raw.quality,
            shipped.quality,
            0.0..=1.0,
            "a probability",
            "assumptions.quality",
            problems,
        ),
        joules_per_token: within(
            raw.joules_per_token,
            shipped.joules_per_token,
            0.0..=10_000.0,
            "joules",
            "assumptions.joules_per_token",
            problems,
        ),
        cost_usd_micros: within(
            raw.cost_usd_micros,
            shipped.cost_usd_micros,
            0..=1_000_000_000_000,
            "micro-dollars",
            "assumptions.cost_usd_micros",
            problems,
        ),
    }
}

fn fallback(raw: &RawFallback, problems: &mut Problems) -> Fallback {
    let shipped = Fallback::default();
    Fallback {
        max_attempts: within(
            raw.max_attempts,
            shipped.max_attempts,
            1..=Fallback::MAX_ATTEMPTS,
            "attempts",
            "fallback.max_attempts",
            problems,
        ),
        failover: raw.failover.unwrap_or(shipped.failover),
    }
}

fn device(raw: &RawDevice, problems: &mut Problems) -> DeviceFloors {
    let shipped = DeviceFloors::default();
    let mut fraction = |key: &str, written: Option<f64>, shipped: f64| {
        within(written, shipped, 0.0..=1.0, "a share", format!("device.{key}"), problems)
    };
    DeviceFloors {
        battery_floor_fraction: fraction(
            "battery_floor_fraction",
            raw.battery_floor_fraction,
            shipped.battery_floor_fraction,
        ),
        thermal_wall_fraction: fraction(
            "thermal_wall_fraction",
            raw.thermal_wall_fraction,
            shipped.thermal_wall_fraction,
        ),
        memory_floor_bytes: raw.memory_floor_bytes.unwrap_or(shipped.memory_floor_bytes),
        require_readings: raw.require_readings.unwrap_or(shipped.require_readings),
    }
}

/// The written value if it lies in `range` (no NaN does), else a problem and the shipped value.
fn within<T: PartialOrd + Copy + std::fmt::Debug>(
    written: Option<T>,
    shipped: T,
    range: RangeInclusive<T>,
    unit: &str,
    path: impl Into<String>,
    problems: &mut Problems,
) -> T {
    let Some(value) = written else { return shipped };
    if range.contains(&value) {
        return value;
    }
    let (low, high) = (range.start(), range.end());
    problems.add(path, format!("{value:?} is out of range: {unit} from {low:?} to {high:?}"));
    shipped
}
