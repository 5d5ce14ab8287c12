//! Which of an alias's models comes first for one request.
//!
//! The tiers keep the first word where they have it: a newer model in a cloud is no reason to leave the
//! building. Among equals of a tier the alias decides, then the objective. A weighted alias draws one
//! model as its first by the request's seed, by plain arithmetic that is the same on every machine; the
//! others follow in the order of the file. A canary comes first for its share of requests, and answers
//! no others.

use super::seed;
use crate::policy::{Alias, Pick};

/// What an alias means for one request.
#[derive(Clone, Copy, Default)]
pub(super) struct Version<'a> {
    alias: Option<&'a Alias>,
    /// Place of the model that was drawn from a weighted alias.
    drawn: Option<usize>,
    /// The request is in the canary's share.
    canary: bool,
}

impl<'a> Version<'a> {
    /// The draws of one request.
    pub fn of(alias: Option<&'a Alias>, seed: u64) -> Self {
        let Some(alias) = alias else { return Self::default() };
        let share = alias.canary().map(|canary| canary.share);
        Self {
            alias: Some(alias),
            drawn: (alias.pick() == Pick::Weighted).then(|| drawn(alias, chance(seed, "weights"))),
            canary: share.is_some_and(|share| chance(seed, "canary") < share),
        }
    }

    /// The model of the canary, for a request in its share.
    pub fn canary(&self) -> Option<&'a str> {
        self.alias.filter(|_| self.canary)?.canary().map(|canary| canary.model.as_str())
    }

    /// Whether the model answers only requests of a canary's share, and this is none.
    #[inline]
    pub fn withholds(&self, model: &str) -> bool {
        let canary = self.alias.and_then(Alias::canary);
        !self.canary && canary.is_some_and(|canary| canary.model == model)
    }

    /// Place of a model among those of the alias, 0 first.
    #[inline]
    pub fn place(&self, model: &str) -> u64 {
        let Some(alias) = self.alias else { return 0 };
        if self.canary && self.canary() == Some(model) {
            return 0;
        }
        if alias.pick() == Pick::Best {
            return u64::from(self.canary);
        }
        match alias.place(model) {
            Some(place) if self.drawn == Some(place) => 1,
            place => place.map_or(u64::MAX, |place| place as u64 + 2),
        }
    }
}

/// A number from 0 to below 1, from the request's seed.
#[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
fn chance(seed: u64, what: &str) -> f64 {
    (seed::of_name(seed, what) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Place of the model at which the weights, added up, pass `chance`.
fn drawn(alias: &Alias, chance: f64) -> usize {
    let models = alias.models().unwrap_or_default();
    let mut passed = 0.0;
    for (place, model) in models.iter().enumerate() {
        passed += alias.weight(model).unwrap_or_default();
        if chance < passed {
            return place;
        }
    }
    models.len().saturating_sub(1)
}
