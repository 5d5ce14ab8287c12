//! The facts that a condition can name: one table, from which the type check, the evaluation, the
//! suggestions and the table in `docs/POLICIES.md` all come.
//!
//! A fact that does not apply is not a fact that is unknown. A shared machine without a group has the
//! empty group, known to be empty, because groups come from signed tokens. A region that nobody
//! stated is unknown. A cloud has no battery: what is said of a device does not hold of a cloud, in
//! the positive or the negative, so that a low battery never counts against a cloud.

use super::value::{Value, View};
use crate::class::{DataClass, Tier};
use crate::facts::Mode;
use serde::{Serialize, Serializer};
use std::fmt;

/// What a fact can be compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// True or false.
    Bool,
    /// A whole number from 0 to `most`.
    Int { unit: &'static str, most: i64 },
    /// A decimal number from 0 to `most`.
    Float { unit: &'static str, most: f64 },
    /// One of a few words; `ordered` ones from lowest to highest.
    Word { words: &'static [&'static str], ordered: bool },
    /// Any text.
    Text,
}

/// How often a condition on a fact has to be evaluated. A later scope includes the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// Once a request.
    Request,
    /// Once a pool.
    Target,
    /// Once a worker.
    Device,
}

/// One row of the vocabulary.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
    pub example: &'static str,
    pub read: for<'a> fn(&View<'a>) -> Value<'a>,
}

/// A fact of the vocabulary; equal by name.
#[derive(Clone, Copy)]
pub(crate) struct Fact(pub(super) &'static Entry);

impl Fact {
    /// The fact of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|entry| entry.name == name).map(Self)
    }

    /// The name, as written in a condition.
    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// How often a condition on it has to be evaluated.
    pub(super) fn scope(self) -> Scope {
        match self.name().split_once('.') {
            Some(("target", _)) => Scope::Target,
            Some(("device", _)) => Scope::Device,
            _ => Scope::Request,
        }
    }
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

const CLASSES: &[&str] = &[
    DataClass::Public.name(),
    DataClass::Internal.name(),
    DataClass::Personal.name(),
    DataClass::Restricted.name(),
];
const TIERS: &[&str] = &[Tier::Device.name(), Tier::Edge.name(), Tier::Cloud.name()];
const MODES: &[&str] = &[
    Mode::PolicyDefault.name(),
    Mode::PreferOnDevice.name(),
    Mode::OnlyOnDevice.name(),
    Mode::PreferEdge.name(),
    Mode::OnlyLocalNetwork.name(),
    Mode::PreferInCloud.name(),
    Mode::OnlyInCloud.name(),
];

const CLASS: Kind = Kind::Word { words: CLASSES, ordered: true };
const TIER: Kind = Kind::Word { words: TIERS, ordered: true };
const MODE: Kind = Kind::Word { words: MODES, ordered: false };
const TOKENS: Kind = Kind::Int { unit: "tokens", most: u32::MAX as i64 };
const BYTES: Kind = Kind::Int { unit: "bytes", most: i64::MAX };
/// Charge: a share of one.
const SHARE: Kind = Kind::Float { unit: "a share of 1", most: 1.0 };
/// Heat may pass its limit; ten times the limit is no temperature any more.
const HEAT: Kind = Kind::Float { unit: "a share of the limit", most: HOTTEST };
pub(super) const HOTTEST: f64 = 10.0;

macro_rules! facts {
    ($($name:literal $kind:expr, $example:literal, $about:literal, $read:expr;)*) => {
        /// All facts, in the order of the documentation.
        pub(super) const TABLE: &[Entry] = &[$(
            Entry { name: $name, kind: $kind, about: $about, example: $example, read: $read },
        )*];
    };
}

facts! {
    "request.class" CLASS, "request.class >= \"personal\"",
        "class the request is decided under, lowest first", |view| view.class();
    "request.labelled" Kind::Bool, "!request.labelled",
        "every part carries a label", |view| Value::Bool(view.labelled());
    "request.model" Kind::Text, "request.model == \"smollm2\"",
        "name asked for; the policy's default where none is", |view| Value::name(view.model);
    "request.prompt_tokens" TOKENS, "request.prompt_tokens > 4000",
        "length of the prompt; an upper bound counts as unknown where it does not settle the matter",
        |view| view.prompt_tokens();
    "request.max_output_tokens" TOKENS, "request.max_output_tokens > 2000",
        "the caller's own bound; unknown without one",
        |view| Value::count(view.facts.max_output_tokens.map(u64::from));
    "request.needs.tools" Kind::Bool, "request.needs.tools",
        "needs tool calling", |view| Value::Bool(view.facts.needs.tools);
    "request.needs.json_output" Kind::Bool, "request.needs.json_output",
        "needs JSON output", |view| Value::Bool(view.facts.needs.json_output);
    "request.needs.image" Kind::Bool, "request.needs.image",
        "needs image input", |view| Value::Bool(view.facts.needs.image);
    "request.needs.logprobs" Kind::Bool, "request.needs.logprobs",
        "needs log-probabilities", |view| Value::Bool(view.facts.needs.logprobs);
    "request.mode" MODE, "request.mode != \"policy_default\"",
        "the caller's wish; the words have no order",
        |view| Value::word(MODES, view.facts.hints.mode.name());
    "principal.tenant" Kind::Text, "principal.tenant == \"acme\"",
        "organisation; empty is unknown", |view| Value::name(&view.facts.principal.tenant);
    "principal.application" Kind::Text, "principal.application in [\"chat\", \"mail\"]",
        "application; empty is unknown", |view| Value::name(&view.facts.principal.application);
    "principal.user" Kind::Text, "principal.user != \"alice\"",
        "person or service account; empty is unknown", |view| Value::name(&view.facts.principal.user);
    "principal.owner" Kind::Text, "principal.owner == \"alice\"",
        "owner name of the asker's devices; empty is unknown",
        |view| Value::name(&view.facts.principal.owner);
    "principal.loopback" Kind::Bool, "!principal.loopback",
        "the request came over loopback", |view| Value::Bool(view.facts.principal.loopback);
    "principal.administrator" Kind::Bool, "principal.administrator",
        "may administer the router", |view| Value::Bool(view.facts.principal.administrator);
    "target.tier" TIER, "target.tier >= \"edge\"",
        "trust zone of the target for this principal, nearest first", |view| view.tier();
    "target.model" Kind::Text, "target.model == \"gpt-4o-mini\"",
        "name of the model", |view| view.target_model();
    "target.group" Kind::Text, "target.group == \"lab\"",
        "group of the machines; empty for none and for a cloud", |view| view.group();
    "target.provider" Kind::Text, "target.provider == \"openai\"",
        "name of the provider; empty for workers", |view| view.provider();
    "target.region" Kind::Text, "target.tier == \"cloud\" && target.region != \"eu\"",
        "region as configured; unknown where none is stated, so for workers too", |view| view.region();
    "device.battery_fraction" SHARE, "device.on_battery && device.battery_fraction < 0.3",
        "charge; unknown where not reported, so on a desktop too",
        |view| view.device(|state| Value::share(state.battery_fraction, 1.0));
    "device.on_battery" Kind::Bool, "device.on_battery",
        "runs on battery now",
        |view| view.device(|state| state.on_battery.map_or(Value::Unknown, Value::Bool));
    "device.memory_available_bytes" BYTES, "device.memory_available_bytes < 1073741824",
        "memory a model could still take",
        |view| view.device(|state| Value::count(state.memory_available_bytes));
    "device.thermal_fraction" HEAT, "device.thermal_fraction > 0.8",
        "hottest zone; more than 10 counts as 10",
        |view| view.device(|state| {
            Value::heat(state.thermal_fraction, HOTTEST)
        });
}
