//! What the policy would like for one request, among those who may answer: the objective, its
//! ranking, the order of tiers, hedging.
//!
//! Several rules may disagree. For each of the four, the rule for the narrowest circle of people wins,
//! then the earlier one; what no rule sets is as the policy's sections say. A preset and single
//! exchange rates of one rule are one wish: the rates of a broader rule are not mixed into it.
//!
//! A wish is granted only where its condition is true. What is unknown grants nothing.

use crate::class::Tier;
use crate::plan::{Note, Preference};
use crate::policy::rule::{Truth, View};
use crate::policy::{Objective, Policy, Preferences, Ranking, Rule, Wish};
use std::sync::Arc;

/// The wishes in force.
#[derive(Clone, Copy)]
pub(super) struct Wishes<'a> {
    /// Exchange rates.
    pub objective: Objective,
    /// Whether the tiers or the objective have the first word.
    pub ranking: Ranking,
    /// Whether a second target may be started early.
    pub hedge: bool,
    /// Place of each tier, 0 first; by the tier's own number.
    places: [u8; Tier::ALL.len()],
    by: Granted<'a>,
}

/// The rules that set a wish.
#[derive(Clone, Copy, Default)]
struct Granted<'a> {
    objective: Option<&'a Rule>,
    ranking: Option<&'a Rule>,
    hedge: Option<&'a Rule>,
    prefer: Option<&'a Rule>,
}

impl<'a> Wishes<'a> {
    /// The wishes of a policy for what `view` shows.
    pub fn of(policy: &'a Policy, view: &View<'a>) -> Self {
        let mut by = Granted::default();
        for rule in policy.rules().iter().filter(|rule| rule.wishes()) {
            if rule.truth(view) == Truth::True {
                by.grant(rule);
            }
        }
        let prefers = |rule: Option<&'a Rule>| rule.map(|rule| &rule.effects().prefers);
        let (objective, ranking) = (prefers(by.objective), prefers(by.ranking));
        let prefer = prefers(by.prefer).map_or(&[][..], |prefers| &prefers.prefer);
        Self {
            objective: objective.map_or(*policy.objective(), |prefers| rates(policy, prefers)),
            ranking: ranking.and_then(ranking_of).unwrap_or_else(|| policy.ranking()),
            hedge: prefers(by.hedge)
                .and_then(|prefers| prefers.hedge)
                .unwrap_or(policy.fallback().hedge),
            places: places(policy, prefer),
            by,
        }
    }

    /// Place of a tier, 0 first.
    pub fn place(&self, tier: Tier) -> u8 {
        self.places.get(tier as usize).copied().unwrap_or(u8::MAX)
    }

    /// One note for each wish that a rule set.
    pub fn tell(&self, notes: &mut Vec<Note>) {
        let mut tell = |rule: Option<&Rule>, sets: fn(&Preferences) -> Option<Preference>| {
            if let Some((rule, sets)) =
                rule.and_then(|rule| Some((rule, sets(&rule.effects().prefers)?)))
            {
                notes.push(Note::Preferred { rule: Arc::clone(rule.name()), sets });
            }
        };
        tell(self.by.objective, |prefers| {
            Some(match prefers.preset {
                Some(preset) if prefers.weights.is_empty() => Preference::Preset(preset),
                _ => Preference::Weights,
            })
        });
        tell(self.by.ranking, |prefers| prefers.ranking.map(Preference::Ranking));
        tell(self.by.prefer, |prefers| prefers.prefer.first().copied().map(Preference::Tier));
        tell(self.by.hedge, |prefers| prefers.hedge.map(Preference::Hedge));
    }
}

impl<'a> Granted<'a> {
    fn grant(&mut self, rule: &'a Rule) {
        let prefers = &rule.effects().prefers;
        let sets = [
            (&mut self.objective, Wish::Objective),
            (&mut self.ranking, Wish::Ranking),
            (&mut self.hedge, Wish::Hedge),
            (&mut self.prefer, Wish::Prefer),
        ];
        for (held, _) in sets.into_iter().filter(|(_, wish)| prefers.sets(*wish)) {
            if held.is_none_or(|held| rule.rank() < held.rank()) {
                *held = Some(rule);
            }
        }
    }
}

fn ranking_of(prefers: &Preferences) -> Option<Ranking> {
    prefers.ranking.or_else(|| prefers.preset.map(crate::policy::Preset::ranking))
}

/// The rule's own rates over those of its preset, or of the policy.
fn rates(policy: &Policy, prefers: &Preferences) -> Objective {
    let base = prefers.preset.map_or(*policy.objective(), crate::policy::Preset::objective);
    let own = &prefers.weights;
    Objective {
        first_token_usd_micros_per_s: own
            .first_token_usd_micros_per_s
            .unwrap_or(base.first_token_usd_micros_per_s),
        total_usd_micros_per_s: own.total_usd_micros_per_s.unwrap_or(base.total_usd_micros_per_s),
        energy_usd_micros_per_joule: own
            .energy_usd_micros_per_joule
            .unwrap_or(base.energy_usd_micros_per_joule),
        bad_answer_usd_micros: own.bad_answer_usd_micros.unwrap_or(base.bad_answer_usd_micros),
    }
}

/// The preferred tiers in their order, then the others as the policy has them.
fn places(policy: &Policy, prefer: &[Tier]) -> [u8; Tier::ALL.len()] {
    let rest = policy.tiers().order.iter().filter(|tier| !prefer.contains(tier));
    let mut places = [u8::MAX; Tier::ALL.len()];
    for (place, tier) in (0_u8..).zip(prefer.iter().chain(rest)) {
        if let Some(held) = places.get_mut(*tier as usize) {
            *held = (*held).min(place);
        }
    }
    places
}

/// The tags of the rules that hold, with the rule that gave each.
pub(super) fn tell_tags(policy: &Policy, view: &View<'_>, notes: &mut Vec<Note>) {
    let tagging = policy.rules().iter().filter(|rule| !rule.effects().tags.is_empty());
    for rule in tagging.filter(|rule| rule.truth(view) == Truth::True) {
        for tag in &rule.effects().tags {
            notes.push(Note::Tagged(Arc::clone(tag), Arc::clone(rule.name())));
        }
    }
}
