//! What a fact is worth for one request, one target and one worker.
//!
//! A number that a device reports is checked as everywhere else: what is no number, or out of range,
//! is unknown. A prompt that was not counted has an upper bound, and the interval below it is kept, so
//! that a comparison which the bound settles is settled and any other is unknown.

use crate::class::Tier;
use crate::facts::{ClassOrigin, Facts};
use crate::fleet::{DeviceState, Pool, Site, WorkerView};

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Nobody knows.
    Unknown,
    /// There is no such thing here: no comparison holds, in the positive or the negative.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number between two bounds, which are equal where it is known.
    Int { low: i64, high: i64 },
    /// A finite number.
    Float(f64),
    /// A word, by its place in the list of words.
    Word(usize),
    /// A text.
    Text(&'a str),
}

impl<'a> Value<'a> {
    /// A name of which the empty one is unknown.
    pub fn name(name: &'a str) -> Self {
        if name.is_empty() { Self::Unknown } else { Self::Text(name) }
    }

    /// A count, where known. Beyond the largest literal it counts as that.
    pub fn count(count: Option<u64>) -> Self {
        count.map_or(Self::Unknown, |count| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            Self::Int { low: count, high: count }
        })
    }

    /// A reported number, where it is a number from 0 to `most`.
    pub fn share(reported: Option<f64>, most: f64) -> Self {
        match reported {
            Some(share) if (0.0..=most).contains(&share) => Self::Float(share),
            _ => Self::Unknown,
        }
    }

    /// A reported temperature, cut to `most`. An infinite one is no reading: a stored record cannot
    /// hold it, and must replay to the same decision.
    pub fn heat(reported: Option<f64>, most: f64) -> Self {
        Self::share(reported.filter(|heat| heat.is_finite()).map(|heat| heat.min(most)), most)
    }

    /// A word of a list.
    pub fn word(words: &[&str], word: &str) -> Self {
        words.iter().position(|known| *known == word).map_or(Self::Unknown, Self::Word)
    }
}

/// What a condition looks at.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The request.
    pub facts: &'a Facts,
    /// Name asked for, the policy's default where the request names none.
    pub model: &'a str,
    /// The target's pool and its tier for this principal.
    pub target: Option<(&'a Pool, Tier)>,
    /// The worker, of a pool of workers.
    pub worker: Option<&'a WorkerView>,
}

impl<'a> View<'a> {
    pub(super) fn class(&self) -> Value<'a> {
        Value::Word(self.facts.class.decided_class() as usize)
    }

    pub(super) fn labelled(&self) -> bool {
        self.facts.class.origin == ClassOrigin::Labelled
    }

    pub(super) fn prompt_tokens(&self) -> Value<'a> {
        let count = self.facts.prompt_tokens;
        let high = i64::from(count.tokens);
        Value::Int { low: if count.estimated { 0 } else { high }, high }
    }

    pub(super) fn tier(&self) -> Value<'a> {
        self.target.map_or(Value::Unknown, |(_, tier)| Value::Word(tier as usize))
    }

    pub(super) fn target_model(&self) -> Value<'a> {
        self.target.map_or(Value::Unknown, |(pool, _)| Value::name(&pool.model.name))
    }

    pub(super) fn group(&self) -> Value<'a> {
        match self.target.map(|(pool, _)| &pool.site) {
            None => Value::Unknown,
            Some(Site::Cloud(_)) => Value::Text(""),
            Some(Site::Workers(site)) => Value::Text(site.group.as_deref().unwrap_or("")),
        }
    }

    pub(super) fn provider(&self) -> Value<'a> {
        match self.target.map(|(pool, _)| &pool.site) {
            None => Value::Unknown,
            Some(Site::Cloud(site)) => Value::name(&site.provider),
            Some(Site::Workers(_)) => Value::Text(""),
        }
    }

    pub(super) fn region(&self) -> Value<'a> {
        match self.target.map(|(pool, _)| &pool.site) {
            Some(Site::Cloud(site)) => site.region.as_deref().map_or(Value::Unknown, Value::name),
            Some(Site::Workers(_)) | None => Value::Unknown,
        }
    }

    /// A reading of the worker's device. A cloud has no device.
    pub(super) fn device(&self, read: impl Fn(&DeviceState) -> Value<'a>) -> Value<'a> {
        match (self.worker, self.target.map(|(pool, _)| &pool.site)) {
            (Some(worker), _) => read(&worker.device),
            (None, Some(Site::Cloud(_))) => Value::Absent,
            (None, _) => Value::Unknown,
        }
    }
}
