//! What a decision returns: ordered attempts, and why every other candidate lost. Plain data,
//! no content, serialisable: it goes into the store, over the wire, and through `explain`.

mod because;
mod meanwhile;
mod note;
pub(crate) mod units;
mod why;

pub use because::Because;
pub use meanwhile::Meanwhile;
pub(crate) use note::stays;
pub use note::{Note, Preference, Unpredicted};
pub use why::{By, ByRule, Reading, Why};

use crate::class::{DataClass, Tier};
use crate::estimate::Forecast;
pub(crate) use crate::facts::not_seen;
use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The result of [`crate::decide::decide`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Version of this record's format.
    pub version: u32,
    /// Hash of the policy that decided.
    pub policy_hash: Arc<str>,
    /// Seed of the choice between equals and inside a pool.
    pub seed: u64,
    /// Class the request was decided under.
    pub class: DataClass,
    /// The plan, or why there is none.
    pub outcome: Outcome,
    /// Every candidate that is not in the plan, each with the gate that stopped it.
    pub rejected: Vec<Rejection>,
    /// What else mattered (unknown facts, preferences applied).
    pub notes: Vec<Note>,
}

impl Decision {
    /// Version written by this build.
    pub const VERSION: u32 = 2;

    /// The plan, where there is one.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        match &self.outcome {
            Outcome::Planned(plan) => Some(plan),
            Outcome::Refused(_) => None,
        }
    }
}

/// A plan or a refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Somebody can answer.
    Planned(Plan),
    /// Nobody can; the most useful reason.
    Refused(Refusal),
}

/// Who answers, in which order, within which limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Never empty. The first is tried first, the others on failure.
    pub attempts: Vec<Attempt>,
    /// Time from arrival to the end of the answer, in milliseconds.
    pub deadline_ms: u64,
    /// If the first attempt has no first token by then, in milliseconds from its dispatch, the second
    /// may be started beside it; absent where policy or request want one target at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hedge_after_ms: Option<u64>,
    /// What may be loaded while the first attempt answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meanwhile: Option<Meanwhile>,
}

/// One target, with what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Who.
    pub target: Target,
    /// Trust zone for this principal.
    pub tier: Tier,
    /// What is expected.
    pub predicted: Prediction,
    /// Within what nine of ten requests like this one stay; absent where nothing is known of the
    /// target's scatter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Forecast>,
    /// How long to wait.
    pub limits: Limits,
    /// Objective value, in micro-dollars; lower is better.
    pub score: f64,
    /// Why it stands behind the one before it; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
}

/// One thing that can answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The pool it was chosen from.
    pub pool: Arc<str>,
    /// Model name.
    pub model: Arc<str>,
    /// Who runs it.
    pub at: Place,
    /// It continues a prefix of the assistant's text exactly.
    pub accepts_prefix: bool,
}

/// Who runs a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Place {
    /// An edge worker, in one session of it.
    Worker {
        /// Name from the join token.
        worker_id: Arc<str>,
        /// Session number.
        incarnation: u64,
    },
    /// A cloud provider.
    Cloud {
        /// Name of the provider in the configuration.
        provider: Arc<str>,
    },
}

/// What is expected of an attempt. `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// Time from dispatch to the first token, in milliseconds.
    pub first_token_ms: Option<f64>,
    /// Time from dispatch to the last token, in milliseconds.
    pub total_ms: Option<f64>,
    /// Expected length of the answer, in tokens.
    pub output_tokens: u32,
    /// Expected cost, in millionths of a US dollar, rounded up.
    pub cost_usd_micros: Option<u64>,
    /// Expected energy on the device, in joules.
    pub energy_joules: Option<f64>,
    /// No counter of energy stands behind it, only a model of the device.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub energy_estimated: bool,
    /// Probability of a good answer, 0 to 1.
    pub quality: Option<f64>,
}

/// How long to wait for an attempt, and for how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Time to the first token, in milliseconds; renewed by prefill progress.
    pub first_token_ms: u64,
    /// Longest silence in mid-stream, in milliseconds.
    pub stall_ms: u64,
    /// Longest answer it is asked for, in tokens.
    pub output_tokens: u32,
}

/// A candidate that is not in the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// Pool that was considered.
    pub pool: Arc<str>,
    /// Worker, where the gate judged one worker and not the pool.
    pub worker_id: Option<Arc<str>>,
    /// Tier for this principal; absent for another person's device, which is no target at all.
    pub tier: Option<Tier>,
    /// The gate that stopped it.
    pub gate: Gate,
    /// The numbers.
    pub why: Why,
    /// A row for several workers that the record does not name: how many, the reason being that of
    /// the one that came furthest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_workers: Option<u32>,
}

impl Rejection {
    /// One plain clause: "predicted first token 1.9 s over the 1.0 s ceiling".
    #[must_use]
    pub fn reason(&self) -> String {
        let why = &self.why;
        self.more_workers.map_or_else(
            || why.to_string(),
            |more| format!("and {more} more workers; the one that came furthest: {why}"),
        )
    }
}

/// The hard gates, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Not the model that the alias asks for.
    Alias,
    /// Another person's device.
    Owner,
    /// The class may not reach this tier, or content without a label would leave.
    Class,
    /// The caller's mode excludes this tier.
    Mode,
    /// The policy's tier list excludes this tier.
    Tier,
    /// A rule of the policy denies it, or limits the tier.
    Rule,
    /// A needed ability is missing.
    Capability,
    /// Prompt and answer do not fit.
    Context,
    /// No key, or the provider is not configured.
    Configured,
    /// The operator switched egress off.
    Egress,
    /// Draining, or no worker ready.
    Ready,
    /// The device cannot afford it now (battery, heat, memory).
    Device,
    /// Every slot and queue place is taken.
    Queue,
    /// It is left alone for a while: it fails, is out of reach, or takes no key.
    Breaker,
    /// A budget has too little left.
    Budget,
    /// Predicted past the deadline or the wished first token.
    Latency,
    /// Predicted above the cost ceiling, or the price is unknown under one.
    Cost,
    /// Predicted above the energy ceiling.
    Energy,
    /// Below the wanted quality.
    Quality,
    /// Failover is off and another candidate was better.
    Failover,
    /// The plan is full: better candidates fill it.
    PlanLength,
}

impl Gate {
    /// The name used in traces and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Owner => "owner",
            Self::Class => "class",
            Self::Mode => "mode",
            Self::Tier => "tier",
            Self::Rule => "rule",
            Self::Capability => "capability",
            Self::Context => "context",
            Self::Configured => "configured",
            Self::Egress => "egress",
            Self::Ready => "ready",
            Self::Device => "device",
            Self::Queue => "queue",
            Self::Breaker => "breaker",
            Self::Budget => "budget",
            Self::Latency => "latency",
            Self::Cost => "cost",
            Self::Energy => "energy",
            Self::Quality => "quality",
            Self::Failover => "failover",
            Self::PlanLength => "plan_length",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why nobody can answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The named reason of the wire.
    pub reason: Reason,
    /// What happened and what would have to change, in plain words, without content.
    pub message: String,
    /// When a retry makes sense, in milliseconds.
    pub retry_after_ms: Option<u64>,
}
