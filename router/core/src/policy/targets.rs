//! What an operator states of models: how good, and whether they may be used at all.
//!
//! The catalogue knows what a model is elsewhere; only the operator knows what it is worth here. An
//! entry without a provider speaks of the model wherever it is served; one with a provider goes before
//! it, key by key. With any entry at all, the list also says which models there are, and a name beyond
//! it is most likely a slip.

use super::problem::Problems;
use super::range::share;
use super::raw::RawTarget;
use super::rule::nearest;
use serde::Serialize;

/// Most entries.
const MOST_TARGETS: usize = 1_024;

/// What the policy states of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated {
    /// Whether it may be used at all.
    pub usable: bool,
    /// Probability of a good answer; replaces the catalogue's where it is stated.
    pub quality: Option<f64>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Target {
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<f64>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    usable: Option<bool>,
}

/// All entries, by model and then provider, an entry without provider first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct Targets(Vec<Target>);

impl Targets {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is stated of a model at a provider; no provider is a worker.
    #[inline]
    pub fn stated(&self, provider: Option<&str>, model: &str) -> Stated {
        // Most policies state nothing, and each decision asks for each of its targets.
        if self.is_empty() {
            return Stated { usable: true, quality: None };
        }
        self.stated_in_entries(provider, model)
    }

    fn stated_in_entries(&self, provider: Option<&str>, model: &str) -> Stated {
        let mut stated = Stated { usable: true, quality: None };
        for entry in self.of(model) {
            if entry.provider.is_none() || entry.provider.as_deref() == provider {
                stated.usable = entry.usable.unwrap_or(stated.usable);
                stated.quality = entry.quality.or(stated.quality);
            }
        }
        stated
    }

    /// Whether the list names the model.
    pub fn knows(&self, model: &str) -> bool {
        !self.of(model).is_empty()
    }

    /// The model of the list that a name most likely means.
    pub fn nearest(&self, model: &str) -> &str {
        let known: Vec<&str> = self.0.iter().map(|entry| entry.model.as_str()).collect();
        nearest::of(model, &known)
    }

    /// Whether nobody who serves the model may be used.
    pub fn forbids(&self, model: &str) -> bool {
        !self.stated(None, model).usable
            && self.of(model).iter().all(|entry| entry.usable != Some(true))
    }

    /// The best model of the list, with its quality, where every usable one states a quality.
    pub fn best(&self) -> Option<(&str, f64)> {
        let usable = self.0.iter().filter(|entry| !self.forbids(&entry.model));
        let mut best = None;
        for entry in usable {
            let quality = self.stated(entry.provider.as_deref(), &entry.model).quality?;
            if best.is_none_or(|(_, most)| quality > most) {
                best = Some((entry.model.as_str(), quality));
            }
        }
        best
    }

    fn of(&self, model: &str) -> &[Target] {
        let start = self.0.partition_point(|entry| entry.model.as_str() < model);
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.partition_point(|entry| entry.model == model);
        rest.get(..end).unwrap_or_default()
    }

    /// Checks the entries as written.
    pub fn compile(raw: Vec<RawTarget>, problems: &mut Problems) -> Self {
        let count = raw.len();
        if count > MOST_TARGETS {
            problems
                .add("target", format!("has {count} entries, over the limit of {MOST_TARGETS}"));
            return Self::default();
        }
        let mut entries: Vec<(Target, usize)> = Vec::new();
        for (index, raw) in raw.into_iter().enumerate() {
            let path = |key: &str| format!("target[{index}].{key}");
            let model = raw.model.unwrap_or_default();
            if model.trim().is_empty() {
                problems.add(path("model"), "is missing or empty: name the model");
                continue;
            }
            if raw.provider.as_ref().is_some_and(|provider| provider.trim().is_empty()) {
                let reason = "is empty: name a provider, or remove the key to speak of the model \
                              wherever it is served";
                problems.add(path("provider"), reason);
            }
            let quality = share(raw.quality, "a probability", path("quality"), problems);
            let (provider, usable) = (raw.provider, raw.usable);
            entries.push((Target { model, provider, quality, usable }, index));
        }
        entries.sort_by(|(a, _), (b, _)| (&a.model, &a.provider).cmp(&(&b.model, &b.provider)));
        for ((a, first), (b, second)) in entries.iter().zip(entries.iter().skip(1)) {
            if (&a.model, &a.provider) == (&b.model, &b.provider) {
                let (model, reason) =
                    (&b.model, "give each model, or model and provider, one entry");
                problems.add(
                    format!("target[{second}].model"),
                    format!("{model:?} is already target[{first}]: {reason}"),
                );
            }
        }
        Self(entries.into_iter().map(|(entry, _)| entry).collect()).without_idle_words()
    }

    /// Drops `use = true` where it changes nothing, so that it does not change the hash either.
    fn without_idle_words(mut self) -> Self {
        let mut forbidden = None;
        for entry in &mut self.0 {
            if entry.provider.is_none() && entry.usable == Some(false) {
                forbidden = Some(entry.model.clone());
            } else if entry.usable == Some(true) && forbidden.as_ref() != Some(&entry.model) {
                entry.usable = None;
            }
        }
        self
    }
}
