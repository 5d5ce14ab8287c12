//! Labels with a bound. What a label may say is decided here, because each value is a series that every
//! scrape carries for ever.
//!
//! People, tenants, workers, keys, request ids and the words that callers put into `model` are no labels at all.
//! Providers and models come out of the configuration and out of workers' offers; of each the first
//! [`MOST`] are told by name, and the rest together as `other`.

use super::names::{OTHER, OWN_PROVIDER, Operation, attribute, label};
use littoral_core::class::Tier;
use littoral_core::plan::{Place, Target};
use littoral_kit::telemetry::{KeyValue, StringValue};
use parking_lot::RwLock;
use std::collections::HashSet;
use std::sync::Arc;

/// Names that a label tells apart.
pub const MOST: usize = 64;

/// A label that tells the first names apart.
#[derive(Default)]
pub(super) struct Bounded(RwLock<HashSet<Arc<str>>>);

impl Bounded {
    /// The value for a name.
    pub(super) fn of(&self, name: &str) -> StringValue {
        if let Some(known) = self.0.read().get(name) {
            return Arc::clone(known).into();
        }
        let mut known = self.0.write();
        if known.len() >= MOST && !known.contains(name) {
            return OTHER.into();
        }
        let name: Arc<str> = name.into();
        known.insert(Arc::clone(&name));
        name.into()
    }
}

/// The labels of targets.
#[derive(Default)]
pub(super) struct Labels {
    providers: Bounded,
    models: Bounded,
    pub(super) budgets: Bounded,
}

/// What a metric of a target is told with.
pub(super) type OfTarget = [KeyValue; 4];

impl Labels {
    /// The labels of an operation at a target.
    pub(super) fn target(&self, operation: Operation, target: &Target, tier: Tier) -> OfTarget {
        [
            KeyValue::new(attribute::OPERATION, operation.name()),
            KeyValue::new(attribute::PROVIDER, self.provider(target)),
            KeyValue::new(attribute::REQUEST_MODEL, self.models.of(&target.model)),
            KeyValue::new(label::TIER, tier.name()),
        ]
    }

    /// The labels of a provider's model.
    pub(super) fn model(&self, provider: &str, model: &str) -> [KeyValue; 2] {
        [
            KeyValue::new(attribute::PROVIDER, self.providers.of(provider)),
            KeyValue::new(attribute::REQUEST_MODEL, self.models.of(model)),
        ]
    }

    fn provider(&self, target: &Target) -> StringValue {
        match &target.at {
            Place::Worker { .. } => OWN_PROVIDER.into(),
            Place::Cloud { provider } => self.providers.of(provider),
        }
    }
}

/// The provider of a target, as spans tell it: they are no series, and need no bound.
pub(super) fn provider(target: &Target) -> StringValue {
    match &target.at {
        Place::Worker { .. } => OWN_PROVIDER.into(),
        Place::Cloud { provider } => Arc::clone(provider).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_bound_are_told_together() {
        let label = Bounded::default();
        let mut told = HashSet::new();
        for number in 0..10_000 {
            told.insert(label.of(&format!("model-{number}")).as_str().to_owned());
        }
        assert_eq!(told.len(), MOST + 1);
        assert!(told.contains(OTHER));
        assert_eq!(label.of("model-0").as_str(), "model-0", "the first ones keep their names");
    }
}
