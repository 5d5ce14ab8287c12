//! What a condition looks at: one request, one target and one worker, and how facts are read there.
//!
//! A prompt that was not counted has an upper bound, and the interval below it is kept, so that a
//! comparison which the bound settles is settled and any other is unknown.

use super::value::Value;
use crate::class::Tier;
use crate::facts::{ClassFact, ClassOrigin, Extent, Facts};
use crate::fleet::{DeviceState, ModelFacts, Pool, Ready, Site, WorkerView};
use crate::policy::Profile;

/// What a condition looks at.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The request.
    pub facts: &'a Facts,
    /// The class that it is decided under.
    pub class: ClassFact,
    /// Name asked for, the policy's default where the request names none.
    pub model: &'a str,
    /// The target's pool and its tier for this principal.
    pub target: Option<(&'a Pool, Tier)>,
    /// The worker, of a pool of workers.
    pub worker: Option<&'a WorkerView>,
    /// Probability of a good answer that the policy states of the target's model.
    pub stated_quality: Option<f64>,
    /// Kind of assistant that the application is, where the policy says.
    pub profile: Option<Profile>,
    /// Targets that this asker could be answered by.
    pub ready: Option<Ready>,
}

impl<'a> View<'a> {
    pub(super) fn class(&self) -> Value<'a> {
        Value::Word(self.class.decided_class() as usize)
    }

    pub(super) fn labelled(&self) -> bool {
        self.facts.class.origin == ClassOrigin::Labelled
    }

    pub(super) fn scanned(&self) -> Value<'a> {
        match self.facts.scan.extent {
            Extent::NotScanned => Value::Unknown,
            extent => Value::Bool(extent == Extent::Whole),
        }
    }

    pub(super) fn prompt_tokens(&self) -> Value<'a> {
        let count = self.facts.prompt_tokens;
        let high = i64::from(count.tokens);
        Value::Int { low: if count.estimated { 0 } else { high }, high }
    }

    pub(super) fn profile(&self) -> Value<'a> {
        Value::place(self.profile.map(|profile| profile as usize))
    }

    pub(super) fn asker_class(&self) -> Value<'a> {
        Value::place(self.facts.principal.device_class.map(|class| class as usize))
    }

    /// The minute of the day in units of `per`. A minute that no day has is unknown.
    pub(super) fn minute(&self, per: u16) -> Value<'a> {
        let minute = self.facts.time.map(|time| time.minute).filter(|minute| *minute < 1_440);
        Value::count(minute.and_then(|minute| minute.checked_div(per)).map(u64::from))
    }

    /// The day of the week, of a week of so many.
    pub(super) fn weekday(&self, days: usize) -> Value<'a> {
        let day = self.facts.time.map(|time| usize::from(time.weekday));
        Value::place(day.filter(|day| *day < days))
    }

    pub(super) fn ready(&self, read: impl Fn(Ready) -> u32) -> Value<'a> {
        Value::count(self.ready.map(|ready| u64::from(read(ready))))
    }

    pub(super) fn tier(&self) -> Value<'a> {
        self.target.map_or(Value::Unknown, |(_, tier)| Value::Word(tier as usize))
    }

    pub(super) fn model(&self, read: impl Fn(&'a ModelFacts) -> Value<'a>) -> Value<'a> {
        self.target.map_or(Value::Unknown, |(pool, _)| read(&pool.model))
    }

    /// What the policy states, else what the catalogue says.
    pub(super) fn quality(&self) -> Value<'a> {
        match self.stated_quality {
            Some(stated) => Value::share(Some(stated), 1.0),
            None => self.model(|model| Value::share(model.quality, 1.0)),
        }
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

    /// A machine of the asker or the organisation keeps nothing.
    pub(super) fn retention(&self) -> Value<'a> {
        match self.target.map(|(pool, _)| &pool.site) {
            None => Value::Unknown,
            Some(Site::Cloud(site)) => Value::count(site.retention_days.map(u64::from)),
            Some(Site::Workers(_)) => Value::count(Some(0)),
        }
    }

    /// A reading of the worker's device.
    pub(super) fn device(&self, read: impl Fn(&DeviceState) -> Value<'a>) -> Value<'a> {
        self.worker(|worker| read(&worker.device))
    }

    /// A fact of the worker. A cloud has no worker.
    pub(super) fn worker(&self, read: impl Fn(&WorkerView) -> Value<'a>) -> Value<'a> {
        match (self.worker, self.target.map(|(pool, _)| &pool.site)) {
            (Some(worker), _) => read(worker),
            (None, Some(Site::Cloud(_))) => Value::Absent,
            (None, _) => Value::Unknown,
        }
    }
}
