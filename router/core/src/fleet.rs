//! Who could answer, as the registry sees it at one moment: plain data that the decision reads.
//!
//! A [`Pool`] is a set of workers alike in model, owner scope and trust, or one model at a cloud
//! provider. Decisions score pools and then pick a worker inside the best. `None` is a value: it
//! means unknown, and a gate that needs the fact treats it as the worst case.

mod cloud;
mod sample;

pub use cloud::{CloudSite, Price, Resting};
pub use sample::{LOOKED_AT, sample, sample_into};

use crate::class::Tier;
use crate::device::{Accelerator, DeviceClass};
use crate::estimate::Estimate;
use crate::facts::Needs;
use crate::plan::{Gate, Why};
use crate::policy::FactName;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All pools known to the router at one moment, in a stable order (by id).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FleetView {
    /// The pools, sorted by [`Pool::id`].
    pub pools: Vec<Pool>,
    /// Length of the next answer of this alias to this tenant, in tokens; unknown where nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_tokens: Option<Estimate>,
    /// Who is there, where it is not what the pools show: a record keeps a part of the pools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
    /// Whether the asker's own devices are on a network that costs money, where it is not what the pools
    /// show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metered: Option<bool>,
}

impl FleetView {
    /// All that is known of these pools.
    #[must_use]
    pub fn of(pools: Vec<Pool>) -> Self {
        Self { pools, answer_tokens: None, ready: None, metered: None }
    }
}

/// Targets of each tier that an asker could be answered by at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// Ready workers among the asker's own devices.
    pub device: u32,
    /// Ready workers among the machines that count as edge.
    pub edge: u32,
    /// Models of configured clouds, while content may leave at all.
    pub cloud: u32,
}

/// Targets that are interchangeable for a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Readable and unique: `local/alice/smollm2-135m-instruct` or `openai/gpt-4o-mini`.
    pub id: Arc<str>,
    /// What the model can do.
    pub model: ModelFacts,
    /// Where it runs.
    pub site: Site,
}

/// What is known of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFacts {
    /// Name that aliases refer to.
    pub name: Arc<str>,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// Abilities.
    pub abilities: Needs,
    /// Prior probability of a good answer, 0 to 1.
    pub quality: Option<f64>,
    /// The target continues a prefix of the assistant's text exactly.
    pub accepts_prefix: bool,
}

/// Where a pool's model runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::large_enum_variant, reason = "a fleet has few clouds, and each is one pool")]
pub enum Site {
    /// Edge workers that dialled in.
    Workers(WorkerSite),
    /// A provider's API.
    Cloud(CloudSite),
}

/// Workers that share owner and trust. All of it comes from signed join tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerSite {
    /// Tenant the workers belong to.
    pub tenant: String,
    /// Person whose device this is; absent for shared machines.
    pub owner: Option<String>,
    /// Group of machines, for policies to name.
    pub group: Option<String>,
    /// Nearest tier the token grants: `device` for a person's own, `edge` for shared machines.
    pub nearest_tier: Tier,
    /// The workers, sorted by id.
    pub workers: Vec<WorkerView>,
    /// Workers that a record counts and does not keep; nobody in a live view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
    /// Workers of the pool that were not looked at: a crowd is judged by a drawn part of it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unseen: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The workers of a pool that a record does not keep, as they were judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// How many could have been drawn and were not.
    pub eligible: u32,
    /// How many failed a gate, and the reason of the one that came furthest.
    pub lost: Option<RestLost>,
    /// Rules that applied in this pool because a fact was unknown.
    pub unknown: Vec<(Arc<str>, FactName)>,
}

/// Workers that failed and are not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestLost {
    /// How many.
    pub workers: u32,
    /// The gate of the one that came furthest.
    pub gate: Gate,
    /// Its reason.
    pub why: Why,
    /// When trying it again makes sense, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// One worker's state, as last heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerView {
    /// Name from the join token.
    pub worker_id: Arc<str>,
    /// Number of this session; a new session of the same worker has a higher one.
    pub incarnation: u64,
    /// Whether it takes work.
    pub status: WorkerStatus,
    /// Requests it runs at once for this model.
    pub slots: u32,
    /// Requests running or assigned.
    pub active: u32,
    /// Requests waiting on the worker.
    pub queued: u32,
    /// Most requests it lets wait.
    pub queue_limit: u32,
    /// Measured prompt tokens a second.
    pub prefill_tokens_per_s: Option<f64>,
    /// Measured generated tokens a second, one request alone.
    pub decode_tokens_per_s: Option<f64>,
    /// Measured round trip router to worker, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Kind of machine, as the worker says; it sets floors, never trust.
    #[serde(default)]
    pub device_class: Option<DeviceClass>,
    /// What this model runs on.
    #[serde(default)]
    pub accelerator: Option<Accelerator>,
    /// What was learned from answered requests; the router believes it before what is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<Learned>,
    /// What the device can afford now.
    pub device: DeviceState,
    /// Whether the model is in its memory.
    #[serde(default, skip_serializing_if = "Residency::is_resident")]
    pub residency: Residency,
    /// Tokens of this very conversation that it holds in a key-value cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_tokens: u32,
}

/// Where a model is, seen from a worker that offers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Residency {
    /// In memory; answers now.
    #[default]
    Resident,
    /// On disk. Answering waits for the load.
    Loadable {
        /// Time to load it, in milliseconds; unknown before the first load.
        load_ms: Option<f64>,
        /// Waiting that the eviction of others costs them, in milliseconds.
        harm_ms: f64,
        /// It can be made to fit.
        fits: bool,
    },
    /// On its way into memory.
    Loading {
        /// Time until it is there, in milliseconds.
        left_ms: Option<f64>,
    },
}

impl Residency {
    /// Answers now.
    #[must_use]
    pub const fn is_resident(&self) -> bool {
        matches!(self, Self::Resident)
    }
}

/// What is believed of a target's speed for one request, with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// First token of this request with a slot free, in milliseconds.
    pub first_token_ms: Estimate,
    /// Time between two tokens of a request alone, in milliseconds.
    pub gap_ms: Estimate,
    /// The gap that 19 of 20 answers stayed below, in milliseconds; unknown until there were enough.
    pub slow_gap_ms: Option<f64>,
    /// Joules a generated token, where known.
    pub joules_per_token: Option<Estimate>,
    /// Of a worker that decodes far below its own usual speed: that share of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttled: Option<f64>,
}

/// Whether a worker takes work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerStatus {
    /// Takes work.
    Ready,
    /// A heartbeat is late; used only if nothing else is left.
    Suspect,
    /// Finishes what it has, takes nothing new.
    Draining,
    /// Has a session and is not used yet: its state is unknown.
    Joining,
    /// Announced that it sleeps.
    Sleeping,
}

/// Readings of a device. Each may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeviceState {
    /// Charge, 0 to 1.
    pub battery_fraction: Option<f64>,
    /// Runs on battery now.
    pub on_battery: Option<bool>,
    /// Memory a model could still take, in bytes.
    pub memory_available_bytes: Option<u64>,
    /// Hottest zone as a share of its limit, 0 to 1.
    pub thermal_fraction: Option<f64>,
    /// Joules for each generated token.
    pub joules_per_token: Option<f64>,
    /// Joules for each prompt token that is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joules_per_prompt_token: Option<f64>,
    /// No counter of energy stands behind these, only a model of the device.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub joules_estimated: bool,
    /// Energy of the full battery, in joules.
    pub battery_capacity_joules: Option<f64>,
    /// How much of its thermal limit the device gains in a second of work.
    pub heating_per_s: Option<f64>,
    /// Share of the last seconds in which a task waited for memory, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_pressure: Option<f64>,
    /// Share of the last seconds in which a task waited for a processor, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_pressure: Option<f64>,
    /// What is sent and received here costs its owner money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metered_network: Option<bool>,
    /// Somebody is at the machine now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_active: Option<bool>,
}
