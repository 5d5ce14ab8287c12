//! Targets that are alike enough to be calibrated together: a model of a cloud provider, or a model on the
//! machines of one tier.
//!
//! Pools are too fine for it: each person's own machine is one. There are at most so many kinds, so that
//! memory is bounded; whatever comes later is counted with the others of its tier.

use littoral_core::class::Tier;
use littoral_core::plan::{Place, Target};
use std::sync::Arc;

/// Most kinds beside "the others" of each tier.
const MOST: usize = 24;

/// A kind of target.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    tier: Tier,
    /// Absent on machines of ours.
    provider: Option<Arc<str>>,
    model: Arc<str>,
}

/// The kinds that were met, in that order. The number of a kind is its place behind the three others.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds(Vec<Kind>);

impl Kinds {
    /// The number of a target's kind.
    pub fn of(&mut self, tier: Tier, target: &Target) -> usize {
        let provider = match &target.at {
            Place::Worker { .. } => None,
            Place::Cloud { provider } => Some(provider),
        };
        let is_it = |kind: &Kind| {
            kind.tier == tier && kind.provider.as_ref() == provider && kind.model == target.model
        };
        if let Some(at) = self.0.iter().position(is_it) {
            return Tier::ALL.len() + at;
        }
        if self.0.len() == MOST {
            return tier as usize;
        }
        let (provider, model) = (provider.cloned(), Arc::clone(&target.model));
        self.0.push(Kind { tier, provider, model });
        Tier::ALL.len() + self.0.len() - 1
    }

    /// How many numbers of kinds there are, the others of each tier among them.
    pub fn count(&self) -> usize {
        Tier::ALL.len() + self.0.len()
    }

    /// The tier of a kind.
    pub fn tier(&self, kind: usize) -> Tier {
        let of_kind = |at: usize| self.0.get(at).map(|kind| kind.tier);
        let of_others = || Tier::ALL.get(kind).copied();
        let at = kind.checked_sub(Tier::ALL.len());
        at.and_then(of_kind).or_else(of_others).unwrap_or(Tier::Cloud)
    }

    /// What a kind is called: `openai/gpt-4o-mini`, `smollm2 (device)`, `others (edge)`.
    pub fn name(&self, kind: usize) -> String {
        let known = kind.checked_sub(Tier::ALL.len()).and_then(|at| self.0.get(at));
        match known {
            Some(Kind { provider: Some(provider), model, .. }) => format!("{provider}/{model}"),
            Some(Kind { tier, model, .. }) => format!("{model} ({tier})"),
            None => format!("others ({})", self.tier(kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(model: &str) -> Target {
        Target {
            pool: "p".into(),
            model: model.into(),
            at: Place::Worker { worker_id: "w".into(), incarnation: 1 },
            accepts_prefix: false,
        }
    }

    #[test]
    fn targets_are_told_apart_by_tier_provider_and_model_and_those_beyond_the_bound_by_tier() {
        let mut kinds = Kinds::default();
        let cloud = Target { at: Place::Cloud { provider: "x".into() }, ..worker("m") };
        let numbers = [
            kinds.of(Tier::Device, &worker("m")),
            kinds.of(Tier::Edge, &worker("m")),
            kinds.of(Tier::Cloud, &cloud),
            kinds.of(Tier::Device, &worker("m")),
        ];
        assert_eq!(numbers, [3, 4, 5, 3]);
        assert_eq!(
            numbers.map(|kind| kinds.name(kind)),
            ["m (device)", "m (edge)", "x/m", "m (device)"]
        );
        for model in 0..100 {
            kinds.of(Tier::Edge, &worker(&model.to_string()));
        }
        let late = kinds.of(Tier::Edge, &worker("late"));
        assert_eq!((late, kinds.tier(late)), (1, Tier::Edge));
        assert_eq!(kinds.name(late), "others (edge)");
        assert_eq!(kinds.tier(5), Tier::Cloud);
    }
}
