//! An effective policy as a text. Who wins comes first, because the lists below mean nothing without
//! it; then what the sections say, then the rules.

use super::{Choice, Effective, EffectiveRule, Floors, effects};
use crate::class::{DataClass, Tier};
use crate::device::DeviceClass;
use crate::plan::units::Seconds;
use crate::policy::{Alias, Names, Rank, Ranking, Wish};
use std::fmt::{self, Display, Formatter};

/// The precedence in words.
const PRECEDENCE: &str = "\
who wins
  What restricts meets. Of the ceilings, the limits, the request's own wishes and all rules that apply,
  the lowest tier and the smallest limit hold, and one denial denies; the order of rules changes nothing.
  A restriction applies where its condition is true or unknown.
  What prefers has one winner. For each of objective, ranking, prefer and hedge the rule for the
  narrowest circle wins (group, application, profile, device_class, tenant, then everybody), then the
  earlier one in the files, then the policy's sections. Preset and weights of one rule are one wish;
  those of another are not mixed in. A preference, a tag or lower_label applies only where its condition
  is true.
";

impl Display for Effective {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        f.write_str(PRECEDENCE)?;
        self.ceilings(f)?;
        self.findings(f)?;
        self.tiers(f)?;
        self.objective(f)?;
        self.time_and_limits(f)?;
        self.devices(f)?;
        self.aliases(f)?;
        self.rules(f)
    }
}

impl Effective {
    fn head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let hash: String = self.hash.chars().take(12).collect();
        writeln!(f, "policy {}, hash {hash}", self.policy)?;
        let who = &self.principal;
        write!(f, "for tenant {}, application {}", name(&who.tenant), name(&who.application))?;
        write!(f, ", user {}, owner {}", name(&who.user), name(&who.owner))?;
        let groups = if who.groups.is_empty() { "none".into() } else { who.groups.join(", ") };
        write!(f, ", groups {groups}, device class ")?;
        f.write_str(who.device_class.map_or("unknown", DeviceClass::name))?;
        f.write_str(if who.loopback { ", over loopback" } else { ", over the network" })?;
        writeln!(f, "{}", if who.administrator { ", an administrator" } else { "" })?;
        match self.profile {
            Some(profile) => writeln!(f, "the application is an assistant of kind {profile}"),
            None => writeln!(f, "the kind of assistant is unknown: no [profiles] names it"),
        }
    }

    fn ceilings(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "ceilings")?;
        for class in DataClass::ALL {
            writeln!(f, "  {class}: {} at most", self.ceilings.of(class))?;
        }
        f.write_str(
            "  content with a part that has no label: as personal at least and never cloud",
        )?;
        writeln!(
            f,
            "{}",
            match self.privacy.names() {
                Names::PatternsSuffice =>
                    ", until a scan saw all of it; then as what was found, internal at least",
                Names::ModelRequired => ", for no model that knows names looks at it",
            }
        )
    }

    fn findings(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "findings\n  count from a likelihood of {} % on", self.privacy.min_score())?;
        for (name, class) in self.privacy.changed() {
            writeln!(f, "  {name}: {class}")?;
        }
        Ok(())
    }

    fn tiers(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let word = match self.tiers.ranking {
            Ranking::TierFirst => "the order decides, the objective inside a tier",
            Ranking::ObjectiveFirst => "the objective decides, the order breaks ties",
        };
        let order = self.tiers.order.iter().map(|tier| Tier::name(*tier)).collect::<Vec<_>>();
        writeln!(f, "tiers\n  {}", order.join(", then "))?;
        writeln!(f, "  ranking {}: {word}", effects::ranking_name(self.tiers.ranking))?;
        match &self.tiers.edge_groups[..] {
            [] => writeln!(f, "  no group of other people's machines counts as edge"),
            groups => writeln!(f, "  groups that count as edge: {}", groups.join(", ")),
        }
    }

    fn objective(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let preset = self.preset.map_or("none".into(), |preset| preset.to_string());
        writeln!(f, "objective (micro-dollars)\n  preset: {preset}")?;
        let rates = &self.objective;
        writeln!(f, "  a second until the first token: {}", rates.first_token_usd_micros_per_s)?;
        writeln!(f, "  a second until the last token: {}", rates.total_usd_micros_per_s)?;
        writeln!(f, "  a joule on a device: {}", rates.energy_usd_micros_per_joule)?;
        writeln!(f, "  a bad answer: {}", rates.bad_answer_usd_micros)
    }

    fn time_and_limits(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (times, limits) = (&self.deadlines, &self.limits);
        let (usual, most) = (Seconds::of(times.default_ms), Seconds::of(times.max_ms));
        let unknown = Seconds::of(times.first_token_unknown_ms);
        writeln!(f, "deadlines\n  {usual}, {most} at most")?;
        writeln!(
            f,
            "  first token: {} at least, {unknown} where nothing is predicted",
            Seconds::of(times.first_token_floor_ms)
        )?;
        writeln!(
            f,
            "  silence: {} at least, {} where the rhythm is unknown",
            Seconds::of(times.stall_floor_ms),
            Seconds::of(times.stall_unknown_ms)
        )?;
        writeln!(f, "limits\n  answer: {} tokens where none is set", limits.default_output_tokens)?;
        limit(f, "first token", limits.predicted.max_first_token_ms.map(Seconds::of))?;
        limit(f, "whole answer", limits.predicted.max_total_ms.map(Seconds::of))?;
        let cost = limits.predicted.max_cost_usd_micros.map(|cost| format!("{cost} micro-dollars"));
        limit(f, "cost", cost)?;
        limit(f, "energy", limits.predicted.max_energy_joules.map(|joules| format!("{joules} J")))?;
        if let Some(quality) = limits.predicted.min_quality {
            writeln!(f, "  quality: {quality} at least")?;
        }
        let tries = &self.fallback;
        writeln!(f, "fallback")?;
        match tries.failover {
            true => writeln!(f, "  up to {} targets, one after the other", tries.max_attempts)?,
            false => writeln!(f, "  none: one target answers or nobody does")?,
        }
        writeln!(f, "  a second target beside a silent first one: {}", yes(tries.hedge))?;
        writeln!(f, "  streams over HTTP kept back until they are whole: {}", yes(tries.buffer))
    }

    fn devices(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "what a target device must have left")?;
        for Floors { device_class, floors } in &self.floors {
            let (charge, wall) = (floors.battery_floor_fraction, floors.thermal_wall_fraction);
            let kind = device_class.map_or("of unknown kind", DeviceClass::name);
            let memory = floors.memory_floor_bytes >> 20;
            let readings = if floors.require_readings { ", readings required" } else { "" };
            writeln!(
                f,
                "  {kind}: charge {charge}, heat below {wall} of its limit, {memory} MiB \
                 free{readings}"
            )?;
        }
        writeln!(f, "waiting for a cloud on this asker's device")?;
        match self.cloud_first_token_ms {
            Some(ms) => {
                let most = Seconds::of(ms);
                writeln!(f, "  a first token predicted later than {most}, or unknown, is no target")
            }
            None => writeln!(f, "  no limit of its own"),
        }
    }

    fn aliases(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "aliases (without a name: {})", self.default_alias)?;
        for alias in &self.aliases {
            writeln!(f, "  {}: {}", alias.name(), models(alias))?;
        }
        Ok(())
    }

    fn rules(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "rules that can apply, in the order of precedence: {}", self.rules.len())?;
        for (index, rule) in self.rules.iter().enumerate() {
            self.rule(index + 1, rule, f)?;
        }
        if self.wishes.iter().any(|choice| !choice.rules.is_empty()) {
            writeln!(f, "what is preferred")?;
        }
        for choice in self.wishes.iter().filter(|choice| !choice.rules.is_empty()) {
            writeln!(f, "  {}: {}", choice.wish.name(), winner(choice))?;
        }
        match &self.cannot_apply[..] {
            [] => Ok(()),
            names => {
                writeln!(f, "rules that cannot apply to this principal: {}", names.len())?;
                names.iter().try_for_each(|name| writeln!(f, "  {name}"))
            }
        }
    }

    fn rule(&self, number: usize, rule: &EffectiveRule, f: &mut Formatter<'_>) -> fmt::Result {
        let EffectiveRule { name, rank, circle, when, .. } = rule;
        let rank = if *rank == Rank::Global { "everybody" } else { rank.name() };
        writeln!(f, "  {number}. {name} (ranks as {rank})")?;
        writeln!(f, "     for {circle}")?;
        match when {
            // A condition may have lines of its own.
            Some(when) => {
                let mut lead = "when";
                for line in when.lines() {
                    writeln!(f, "     {lead} {}", line.trim())?;
                    lead = "    ";
                }
            }
            None => writeln!(f, "     always")?,
        }
        for line in effects::lines(&rule.effects) {
            writeln!(f, "     {line}")?;
        }
        if !rule.unknown.is_empty() {
            let facts = rule.unknown.iter().map(ToString::to_string).collect::<Vec<_>>();
            let facts = facts.join(", ");
            writeln!(f, "     {facts} unknown: it restricts all the same, and grants nothing")?;
        }
        for choice in &self.wishes {
            if choice.rules.first() == Some(name) {
                let wins = if rule.always { "wins" } else { "wins where its condition holds" };
                writeln!(f, "     {}: {wins}", choice.wish.name())?;
            } else if rule.effects.prefers.sets(choice.wish) && !choice.rules.contains(name) {
                writeln!(f, "     {}: never wins", choice.wish.name())?;
            }
        }
        Ok(())
    }
}

fn limit(f: &mut Formatter<'_>, what: &str, most: Option<impl Display>) -> fmt::Result {
    most.map_or(Ok(()), |most| writeln!(f, "  {what}: {most} at most"))
}

fn winner(choice: &Choice) -> String {
    let mut text = String::new();
    for (index, name) in choice.rules.iter().enumerate() {
        let last = index + 1 == choice.rules.len();
        let lead = if index == 0 { "" } else { ", else " };
        let holds = if last && choice.settled { "" } else { " where its condition holds" };
        text.push_str(&format!("{lead}rule {name}{holds}"));
    }
    if !choice.settled {
        text.push_str(match choice.wish {
            Wish::Prefer => ", else [tiers].order",
            Wish::Objective => ", else [objective]",
            Wish::Ranking => ", else [tiers].ranking or [objective].preset",
            Wish::Hedge => ", else [fallback].hedge",
        });
    }
    text
}

fn models(alias: &Alias) -> String {
    let mut text = match alias.models() {
        None => "any model".into(),
        Some(models) => {
            let weighted = |model: &String| match alias.weight(model) {
                Some(weight) => format!("{model} ({weight:.2})"),
                None => model.clone(),
            };
            let models = models.iter().map(weighted).collect::<Vec<_>>();
            format!("{} of {}", alias.pick().name(), models.join(", "))
        }
    };
    if let Some(canary) = alias.canary() {
        text.push_str(&format!("; canary {} for a share of {}", canary.model, canary.share));
    }
    text
}

fn name(name: &str) -> &str {
    if name.is_empty() { "unknown" } else { name }
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
