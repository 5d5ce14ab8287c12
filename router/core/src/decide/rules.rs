//! What the policy's rules restrict for a request, a target and a worker.
//!
//! Restrictions meet: the lowest tier, the smallest ceiling, and one denial denies. So the order of
//! rules decides nothing but which of two equal ones is named. Rules on the request alone are
//! evaluated once; rules on the target once a pool; rules on a device once a worker. A cloud has no
//! device, and what a rule says of a device does not hold of it.
//!
//! An unknown fact restricts. Who lost by one is told so in the row, and the notes name every rule
//! and fact that it happened to.

use super::ask::Ask;
use super::candidate::Lost;
use crate::class::Tier;
use crate::facts::Facts;
use crate::fleet::{Pool, WorkerView};
use crate::plan::Gate;
use crate::policy::rule::{Fact, Scope, Truth, View};
use crate::policy::{Policy, Rule};
use std::collections::BTreeSet;

/// Pairs of rule and unknown fact that the notes name; the others are counted.
const NAMED_UNKNOWNS: usize = 16;

/// Who set a ceiling.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The request's own hint.
    Request,
    /// A rule, for the unknown fact's sake if there is one.
    Rule(&'a Rule, Option<Fact>),
}

impl Source<'_> {
    /// What goes after the ceiling in a sentence.
    pub fn suffix(self) -> String {
        match self {
            Self::Request => String::new(),
            Self::Rule(rule, None) => format!(" of rule {}", rule.name()),
            Self::Rule(rule, Some(fact)) => {
                format!(" of rule {} ({} unknown)", rule.name(), fact.name())
            }
        }
    }
}

/// Everything that restricts, met so far.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    denied: Option<Source<'a>>,
    tier: Option<(Tier, Source<'a>)>,
    /// Latest predicted first token, in milliseconds.
    pub first_token_ms: Option<(u64, Source<'a>)>,
    /// Highest predicted cost, in micro-dollars.
    pub cost_usd_micros: Option<(u64, Source<'a>)>,
}

impl<'a> Bounds<'a> {
    /// The request's own hints, met with the rules on the request.
    pub fn of_request(
        policy: &'a Policy,
        facts: &'a Facts,
        model: &'a str,
        unknowns: &mut Unknowns<'a>,
    ) -> Self {
        let hint = |hint: Option<u64>| hint.map(|value| (value, Source::Request));
        let hints = &facts.hints;
        let bounds = Self {
            denied: None,
            tier: None,
            first_token_ms: hint(hints.ttft_target_ms),
            cost_usd_micros: hint(hints.max_cost_usd_micros),
        };
        let view = View { facts, model, target: None, worker: None };
        bounds.met(policy, Scope::Request, &view, unknowns)
    }

    /// These, met with the rules on a target; for a cloud with those on a device too.
    pub fn for_pool(
        self,
        ask: &Ask<'a>,
        pool: &'a Pool,
        tier: Tier,
        unknowns: &mut Unknowns<'a>,
    ) -> Self {
        let view = ask.view(pool, tier, None);
        let bounds = self.met(ask.policy, Scope::Target, &view, unknowns);
        match tier {
            Tier::Cloud => bounds.met(ask.policy, Scope::Device, &view, unknowns),
            Tier::Device | Tier::Edge => bounds,
        }
    }

    /// These, met with the rules on a worker's device.
    pub fn for_worker(
        self,
        ask: &Ask<'a>,
        pool: &'a Pool,
        tier: Tier,
        worker: &'a WorkerView,
        unknowns: &mut Unknowns<'a>,
    ) -> Self {
        let view = ask.view(pool, tier, Some(worker));
        self.met(ask.policy, Scope::Device, &view, unknowns)
    }

    /// The rule gate: nobody denies, and the tier is near enough.
    pub fn admit(&self, tier: Tier) -> Result<(), Lost> {
        if let Some(Source::Rule(rule, unknown)) = self.denied {
            return Err(lost(rule, "denied", unknown));
        }
        match self.tier {
            Some((most, Source::Rule(rule, unknown))) if tier > most => {
                Err(lost(rule, &format!("tier {most} at most"), unknown))
            }
            _ => Ok(()),
        }
    }

    fn met(
        mut self,
        policy: &'a Policy,
        scope: Scope,
        view: &View<'a>,
        unknowns: &mut Unknowns<'a>,
    ) -> Self {
        for rule in policy.rules().iter().filter(|rule| rule.scope() == scope) {
            match rule.truth(view) {
                Truth::False => {}
                Truth::True => self.meet(rule, None),
                Truth::Unknown(fact) => {
                    unknowns.add(rule, fact);
                    self.meet(rule, Some(fact));
                }
            }
        }
        self
    }

    fn meet(&mut self, rule: &'a Rule, unknown: Option<Fact>) {
        let (effects, source) = (rule.effects(), Source::Rule(rule, unknown));
        if effects.deny && self.denied.is_none() {
            self.denied = Some(source);
        }
        lower(&mut self.tier, effects.max_tier, source);
        lower(&mut self.first_token_ms, effects.max_first_token_ms, source);
        lower(&mut self.cost_usd_micros, effects.max_cost_usd_micros, source);
    }
}

fn lower<'a, T: PartialOrd>(held: &mut Option<(T, Source<'a>)>, new: Option<T>, by: Source<'a>) {
    if let Some(new) = new
        && held.as_ref().is_none_or(|(old, _)| new < *old)
    {
        *held = Some((new, by));
    }
}

fn lost(rule: &Rule, what: &str, unknown: Option<Fact>) -> Lost {
    let name = rule.name();
    let why = match unknown {
        None => format!("rule {name}: {what}"),
        Some(fact) => format!("rule {name}: {what}, as {} is unknown", fact.name()),
    };
    Lost::at(Gate::Rule, why)
}

/// Rules that applied because a fact was unknown. A set, so the order of pools does not show.
#[derive(Default)]
pub(super) struct Unknowns<'a>(BTreeSet<(&'a str, &'static str)>);

impl<'a> Unknowns<'a> {
    fn add(&mut self, rule: &'a Rule, fact: Fact) {
        self.0.insert((rule.name(), fact.name()));
    }

    /// One note for each rule and fact, up to a bound.
    pub fn tell(&self, notes: &mut Vec<String>) {
        for (rule, fact) in self.0.iter().take(NAMED_UNKNOWNS) {
            notes.push(format!("rule {rule} applied because {fact} is unknown"));
        }
        let more = self.0.len().saturating_sub(NAMED_UNKNOWNS);
        if more > 0 {
            notes.push(format!("and {more} more rules applied because a fact is unknown"));
        }
    }
}
