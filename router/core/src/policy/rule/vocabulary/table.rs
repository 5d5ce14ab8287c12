//! The facts that a condition can name, in the order of the documentation. A row is a name, a type
//! with its unit, an example, a meaning and where the value comes from.

use super::{Entry, Kind};
use crate::class::{DataClass, Tier};
use crate::device::{Accelerator, DeviceClass};
use crate::facts::Mode;
use crate::policy::Profile;
use crate::policy::rule::value::Value;

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
const PROFILES: &[&str] = &[Profile::Device.name(), Profile::Service.name(), Profile::Work.name()];
const MACHINES: &[&str] = &[
    DeviceClass::Phone.name(),
    DeviceClass::Pc.name(),
    DeviceClass::Vehicle.name(),
    DeviceClass::Robot.name(),
    DeviceClass::EdgeServer.name(),
];
const ACCELERATORS: &[&str] =
    &[Accelerator::Cpu.name(), Accelerator::Gpu.name(), Accelerator::Npu.name()];
const WEEKDAYS: &[&str] =
    &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const PROFILE: Kind = Kind::Word { words: PROFILES, ordered: false };
const MACHINE: Kind = Kind::Word { words: MACHINES, ordered: false };
const ACCELERATOR: Kind = Kind::Word { words: ACCELERATORS, ordered: false };
const WEEKDAY: Kind = Kind::Word { words: WEEKDAYS, ordered: true };
const HOUR: Kind = Kind::Int { unit: "hours", most: 23 };
const MINUTE: Kind = Kind::Int { unit: "minutes", most: 1_439 };
const DAYS: Kind = Kind::Int { unit: "days", most: u32::MAX as i64 };
const TARGETS: Kind = Kind::Int { unit: "targets", most: u32::MAX as i64 };
const REQUESTS: Kind = Kind::Int { unit: "requests", most: u32::MAX as i64 };
const TOKENS: Kind = Kind::Int { unit: "tokens", most: u32::MAX as i64 };
const BYTES: Kind = Kind::Int { unit: "bytes", most: i64::MAX };
/// Charge: a share of one.
const SHARE: Kind = Kind::Float { unit: "a share of 1", most: 1.0 };
/// Heat may pass its limit; ten times the limit is no temperature any more.
const HEAT: Kind = Kind::Float { unit: "a share of the limit", most: HOTTEST };
const HOTTEST: f64 = 10.0;

macro_rules! facts {
    ($($name:literal $kind:expr, $example:literal, $about:literal, $read:expr;)*) => {
        /// All facts, in the order of the documentation.
        pub(in crate::policy::rule) static TABLE: &[Entry] = &[$(
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
    "request.needs.audio" Kind::Bool, "request.needs.audio",
        "needs audio input", |view| Value::Bool(view.facts.needs.audio);
    "request.needs.logprobs" Kind::Bool, "request.needs.logprobs",
        "needs log-probabilities", |view| Value::Bool(view.facts.needs.logprobs);
    "request.needs.embeddings" Kind::Bool, "request.needs.embeddings",
        "needs vectors and no answer", |view| Value::Bool(view.facts.needs.embeddings);
    "request.mode" MODE, "request.mode != \"policy_default\"",
        "the caller's wish; the words have no order",
        |view| Value::word(MODES, view.facts.hints.mode.name());
    "content.bytes" BYTES, "content.bytes > 100000",
        "length of all string content, in UTF-8", |view| Value::count(Some(view.facts.prompt_bytes));
    "content.scanned" Kind::Bool, "content.scanned",
        "a scan saw all of the content; unknown where nobody scanned",
        |view| view.scanned();
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
    "principal.groups" Kind::Texts, "\"clinicians\" in principal.groups",
        "groups of people the user belongs to, as configured; never unknown",
        |view| Value::Texts(&view.facts.principal.groups);
    "principal.profile" PROFILE, "principal.profile == \"work\"",
        "kind of assistant the application is; unknown where the policy does not say; no order",
        |view| view.profile();
    "principal.device_class" MACHINE, "principal.device_class == \"phone\"",
        "kind of the asker's own device; the words have no order",
        |view| view.asker_class();
    "time.hour" HOUR, "time.hour >= 18 || time.hour < 8",
        "hour of the day by the router's clock", |view| view.minute(60);
    "time.minute_of_day" MINUTE, "time.minute_of_day < 450",
        "minutes since midnight by the router's clock", |view| view.minute(1);
    "time.weekday" WEEKDAY, "time.weekday >= \"saturday\"",
        "day of the week by the router's clock", |view| view.weekday(WEEKDAYS.len());
    "fleet.device_ready" TARGETS, "fleet.device_ready == 0",
        "ready workers of tier device for this asker", |view| view.ready(|ready| ready.device);
    "fleet.edge_ready" TARGETS, "fleet.edge_ready < 2",
        "ready workers of tier edge for this asker", |view| view.ready(|ready| ready.edge);
    "fleet.cloud_ready" TARGETS, "fleet.cloud_ready > 0",
        "models of configured clouds", |view| view.ready(|ready| ready.cloud);
    "target.tier" TIER, "target.tier >= \"edge\"",
        "trust zone of the target for this principal, nearest first", |view| view.tier();
    "target.model" Kind::Text, "target.model == \"gpt-4o-mini\"",
        "name of the model", |view| view.model(|model| Value::name(&model.name));
    "target.group" Kind::Text, "target.group == \"lab\"",
        "group of the machines; empty for none and for a cloud", |view| view.group();
    "target.provider" Kind::Text, "target.provider == \"openai\"",
        "name of the provider; empty for workers", |view| view.provider();
    "target.region" Kind::Text, "target.tier == \"cloud\" && target.region != \"eu\"",
        "region as configured; unknown where none is stated, so for workers too", |view| view.region();
    "target.retention_days" DAYS, "target.retention_days > 30",
        "time for which a cloud keeps what it is sent, as configured; 0 for workers",
        |view| view.retention();
    "target.context_tokens" TOKENS, "target.context_tokens < 8192",
        "longest prompt plus answer of the model",
        |view| view.model(|model| Value::count(Some(u64::from(model.context_tokens))));
    "target.quality" SHARE, "target.quality < 0.6",
        "prior probability of a good answer; unknown where nobody stated one",
        |view| view.quality();
    "device.class" MACHINE, "device.class == \"robot\"",
        "kind of machine, as it says; the words have no order",
        |view| view.worker(|worker| Value::place(worker.device_class.map(|class| class as usize)));
    "device.accelerator" ACCELERATOR, "device.accelerator == \"cpu\"",
        "what the model runs on there; the words have no order",
        |view| view.worker(|worker| Value::place(worker.accelerator.map(|kind| kind as usize)));
    "device.queued" REQUESTS, "device.queued > 3",
        "requests waiting on the worker",
        |view| view.worker(|worker| Value::count(Some(u64::from(worker.queued))));
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
