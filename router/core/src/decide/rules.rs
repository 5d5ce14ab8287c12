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
use super::unknowns::Unknowns;
use crate::class::Tier;
use crate::fleet::{Pool, Site, WorkerView};
use crate::plan::{By, ByRule, Gate, Why};
use crate::policy::rule::{Fact, Scope, Truth, View};
use crate::policy::{FactName, Policy, PredictedLimits, Restrictions, Rule};
use std::sync::Arc;

/// Who set a ceiling.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The request's own hint.
    Request,
    /// The policy's `[limits]`.
    Policy,
    /// A rule, for the unknown fact's sake if there is one.
    Rule(&'a Rule, Option<Fact>),
}

impl Source<'_> {
    /// The same for a row, which outlives the policy.
    pub fn by(self) -> By {
        match self {
            Self::Request => By::Request,
            Self::Policy => By::Policy,
            Self::Rule(rule, unknown) => By::Rule(by_rule(rule, unknown)),
        }
    }
}

fn by_rule(rule: &Rule, unknown: Option<Fact>) -> ByRule {
    ByRule { rule: Arc::clone(rule.name()), unknown: unknown.map(FactName::from) }
}

/// What a rule has against a target as it is, whatever is predicted of it.
#[derive(Clone, Copy)]
enum Objection {
    Denied,
    OwnDevice,
    Region,
    Retention(u32),
    Accelerator,
}

/// Everything that restricts, met so far.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    objection: Option<(Objection, &'a Rule, Option<Fact>)>,
    tier: Option<(Tier, &'a Rule, Option<Fact>)>,
    own_device: Option<(&'a Rule, Option<Fact>)>,
    /// Latest predicted first token, in milliseconds.
    pub first_token_ms: Option<(u64, Source<'a>)>,
    /// Latest predicted end, in milliseconds.
    pub total_ms: Option<(u64, Source<'a>)>,
    /// Highest predicted cost, in micro-dollars.
    pub cost_usd_micros: Option<(u64, Source<'a>)>,
    /// Highest predicted energy, in joules.
    pub energy_joules: Option<(f64, Source<'a>)>,
    /// Lowest quality, as a probability.
    pub quality: Option<(f64, Source<'a>)>,
}

impl<'a> Bounds<'a> {
    /// The request's own hints, met with the policy's limits and the rules on the request.
    pub fn of_request(ask: &Ask<'a>, unknowns: &mut Unknowns) -> Self {
        let (hints, limits) = (&ask.facts.hints, ask.policy.limits());
        let mut bounds = Self {
            objection: None,
            tier: None,
            own_device: None,
            first_token_ms: hints.ttft_target_ms.map(|ms| (ms, Source::Request)),
            total_ms: None,
            cost_usd_micros: hints.max_cost_usd_micros.map(|cost| (cost, Source::Request)),
            energy_joules: hints.max_energy_joules.map(|joules| (joules, Source::Request)),
            quality: hints.min_quality.map(|quality| (quality, Source::Request)),
        };
        bounds.lower_to(&limits.predicted, Source::Policy);
        bounds.met(ask.policy, Scope::Request, &ask.request_view(), unknowns).unwrap_or(bounds)
    }

    /// These, met with the rules on a target; for a cloud with those on a device too. `None` where no
    /// rule applies: they are large, and most targets have no narrower ones.
    #[inline]
    pub fn for_pool(
        &self,
        ask: &Ask<'a>,
        pool: &'a Pool,
        tier: Tier,
        unknowns: &mut Unknowns,
    ) -> Option<Self> {
        if ask.policy.rules().is_empty() {
            return None;
        }
        let view = ask.view(pool, tier, None);
        let met = self.met(ask.policy, Scope::Target, &view, unknowns);
        match tier {
            Tier::Cloud => {
                let held = met.as_ref().unwrap_or(self);
                held.met(ask.policy, Scope::Device, &view, unknowns).or(met)
            }
            Tier::Device | Tier::Edge => met,
        }
    }

    /// These, met with the rules on a worker's device; `None` where no rule applies.
    #[inline]
    pub fn for_worker(
        &self,
        ask: &Ask<'a>,
        pool: &'a Pool,
        tier: Tier,
        worker: &'a WorkerView,
        unknowns: &mut Unknowns,
    ) -> Option<Self> {
        if ask.policy.rules().is_empty() {
            return None;
        }
        let view = ask.view(pool, tier, Some(worker));
        self.met(ask.policy, Scope::Device, &view, unknowns)
    }

    /// The rule gate: nobody objects, and the tier is near enough.
    #[inline]
    pub fn admit(&self, pool: &Pool, tier: Tier, worker: Option<&WorkerView>) -> Result<(), Lost> {
        let why = match (self.objection, self.own_device, self.tier) {
            (Some((objection, rule, unknown)), _, _) => {
                objection.why(pool, worker, by_rule(rule, unknown))
            }
            (None, Some((rule, unknown)), _) if tier > Tier::Device => {
                Objection::OwnDevice.why(pool, worker, by_rule(rule, unknown))
            }
            (None, _, Some((most, rule, unknown))) if tier > most => {
                Why::RuleTier(most, by_rule(rule, unknown))
            }
            _ => return Ok(()),
        };
        Err(Lost::at(Gate::Rule, why))
    }

    /// These, met with the rules of one scope; `None` where none applies.
    fn met(
        &self,
        policy: &'a Policy,
        scope: Scope,
        view: &View<'a>,
        unknowns: &mut Unknowns,
    ) -> Option<Self> {
        let mut met = None;
        for rule in policy.rules().iter().filter(|rule| rule.restricts() && rule.scope() == scope) {
            let unknown = match rule.truth(view) {
                Truth::False => continue,
                Truth::True => None,
                Truth::Unknown(fact) => {
                    unknowns.add(rule, fact);
                    Some(fact)
                }
            };
            met.get_or_insert(*self).meet(rule, unknown, view);
        }
        met
    }

    fn meet(&mut self, rule: &'a Rule, unknown: Option<Fact>, view: &View<'a>) {
        let (restricts, source) = (&rule.effects().restricts, Source::Rule(rule, unknown));
        if self.objection.is_none() {
            self.objection = objection(restricts, view).map(|found| (found, rule, unknown));
        }
        if restricts.own_device && self.own_device.is_none() {
            self.own_device = Some((rule, unknown));
        }
        if let Some(most) = restricts.max_tier
            && self.tier.is_none_or(|(held, ..)| most < held)
        {
            self.tier = Some((most, rule, unknown));
        }
        self.lower_to(&restricts.predicted, source);
    }

    fn lower_to(&mut self, limits: &PredictedLimits, by: Source<'a>) {
        lower(&mut self.first_token_ms, limits.max_first_token_ms, by);
        lower(&mut self.total_ms, limits.max_total_ms, by);
        lower(&mut self.cost_usd_micros, limits.max_cost_usd_micros, by);
        lower(&mut self.energy_joules, limits.max_energy_joules, by);
        raise(&mut self.quality, limits.min_quality, by);
    }
}

/// What the restrictions have against the target in view, as far as it is in view.
fn objection(restricts: &Restrictions, view: &View<'_>) -> Option<Objection> {
    if restricts.deny {
        return Some(Objection::Denied);
    }
    match (view.target.map(|(pool, _)| &pool.site), view.worker) {
        (Some(Site::Cloud(site)), _) => {
            let inside = |regions: &Vec<String>| {
                site.region.as_deref().is_some_and(|region| regions.iter().any(|one| one == region))
            };
            if restricts.regions.as_ref().is_some_and(|regions| !inside(regions)) {
                return Some(Objection::Region);
            }
            let most = restricts.max_retention_days?;
            let short = site.retention_days.is_some_and(|days| days <= most);
            (!short).then_some(Objection::Retention(most))
        }
        (_, Some(worker)) => {
            let kinds = restricts.accelerators.as_ref()?;
            let fits = worker.accelerator.is_some_and(|kind| kinds.contains(&kind));
            (!fits).then_some(Objection::Accelerator)
        }
        _ => None,
    }
}

impl Objection {
    fn why(self, pool: &Pool, worker: Option<&WorkerView>, by: ByRule) -> Why {
        let cloud = match &pool.site {
            Site::Cloud(site) => Some(site),
            Site::Workers(_) => None,
        };
        match self {
            Self::Denied => Why::Denied(by),
            Self::OwnDevice => Why::NotOwnDevice(by),
            Self::Region => Why::Region(cloud.and_then(|site| site.region.clone()), by),
            Self::Retention(most) => {
                Why::Retention(cloud.and_then(|site| site.retention_days), most, by)
            }
            Self::Accelerator => Why::Accelerator(worker.and_then(|worker| worker.accelerator), by),
        }
    }
}

fn lower<'a, T: PartialOrd>(held: &mut Option<(T, Source<'a>)>, new: Option<T>, by: Source<'a>) {
    if let Some(new) = new
        && held.as_ref().is_none_or(|(old, _)| new < *old)
    {
        *held = Some((new, by));
    }
}

fn raise<'a>(held: &mut Option<(f64, Source<'a>)>, new: Option<f64>, by: Source<'a>) {
    if let Some(new) = new
        && held.as_ref().is_none_or(|(old, _)| new > *old)
    {
        *held = Some((new, by));
    }
}
