//! What the policy's limits and rules restrict for a request, a target and a worker.
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
use crate::plan::{By, ByRule, Gate, Note, Why};
use crate::policy::rule::{Fact, Scope, Truth, View};
use crate::policy::{FactName, Policy, Rule};

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
    /// The same for a row, which outlives the policy.
    pub fn by(self) -> By {
        match self {
            Self::Request => By::Request,
            Self::Rule(rule, unknown) => By::Rule(by_rule(rule, unknown)),
        }
    }
}

fn by_rule(rule: &Rule, unknown: Option<Fact>) -> ByRule {
    ByRule { rule: rule.name().into(), unknown: unknown.map(FactName::from) }
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
            return Err(Lost::at(Gate::Rule, Why::Denied(by_rule(rule, unknown))));
        }
        match self.tier {
            Some((most, Source::Rule(rule, unknown))) if tier > most => {
                Err(Lost::at(Gate::Rule, Why::RuleTier(most, by_rule(rule, unknown))))
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

/// Rules that applied because a fact was unknown. Few, so a list; told in order of their names, so
/// that the order of pools does not show.
#[derive(Default)]
pub(super) struct Unknowns<'a>(Vec<(&'a Rule, FactName)>);

impl<'a> Unknowns<'a> {
    fn add(&mut self, rule: &'a Rule, fact: Fact) {
        let fact = FactName::from(fact);
        let known = |(other, what): &(&Rule, FactName)| std::ptr::eq(*other, rule) && *what == fact;
        if !self.0.iter().any(known) {
            self.0.push((rule, fact));
        }
    }

    /// One note for each rule and fact, up to a bound.
    pub fn tell(mut self, notes: &mut Vec<Note>) {
        self.0.sort_unstable_by(|(a, a_fact), (b, b_fact)| {
            a.name().cmp(b.name()).then_with(|| a_fact.cmp(b_fact))
        });
        for (rule, fact) in self.0.iter().take(NAMED_UNKNOWNS) {
            notes.push(Note::AppliedUnknown(rule.name().into(), *fact));
        }
        let more = u32::try_from(self.0.len().saturating_sub(NAMED_UNKNOWNS)).unwrap_or(u32::MAX);
        if more > 0 {
            notes.push(Note::MoreApplied(more));
        }
    }
}
