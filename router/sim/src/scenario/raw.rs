//! A scenario as written. Times are texts like `"90s"`, `"20m"`, `"12h"`, `"60d"`; hours of the day are
//! texts like `"07:30-18:00"`.

use littoral_core::budget::Budget;
use littoral_core::class::DataClass;
use littoral_core::device::{Accelerator, DeviceClass};
use littoral_core::facts::Hints;
use serde::Deserialize;

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawScenario {
    /// Name for people.
    pub name: Option<String>,
    /// What it is about.
    pub about: Option<String>,
    /// Path of the policy, from this file.
    pub policy: Option<String>,
    /// Moment of the week at which it begins, as `"mon 07:00"`.
    pub start: Option<String>,
    /// How long requests come.
    pub lasts: Option<String>,
    /// Most requests that come.
    pub most_requests: Option<u64>,
    /// One run of each policy for each of these.
    pub seeds: Option<Vec<u64>>,
    /// What must hold, as `"p95_ttft_ms < 800"`.
    pub assert: Vec<String>,
    /// Path of a trace of arrivals, from this file.
    pub trace: Option<String>,
    /// When requests come.
    pub arrivals: RawArrivals,
    /// What requests are like.
    pub request: Vec<RawRequest>,
    /// People without a machine of their own.
    pub askers: Option<u32>,
    /// Groups of machines.
    pub machines: Vec<RawMachines>,
    /// Models of clouds.
    pub cloud: Vec<RawCloud>,
    /// Budgets.
    pub budget: Vec<Budget>,
    /// What changes on the way.
    pub change: Vec<RawChange>,
    /// The same in small, for every-day checks.
    pub reduced: RawReduced,
}

/// `[arrivals]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawArrivals {
    /// `poisson`, `diurnal`, `bursty`, `closed` or `trace`.
    pub kind: Option<String>,
    /// Requests a second, of all together.
    pub per_s: Option<f64>,
    /// Requests an hour of each of the people.
    pub per_person_per_hour: Option<f64>,
    /// How busy each of 24 hours is.
    pub hours: Option<Vec<f64>>,
    /// How many times as many come in a burst.
    pub factor: Option<f64>,
    /// Mean length of a burst.
    pub burst: Option<String>,
    /// Mean length of calm.
    pub calm: Option<String>,
    /// Mean time to think.
    pub think: Option<String>,
    /// How many times as fast as recorded.
    pub speed: Option<f64>,
}

/// A length in tokens.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLength {
    /// Always so many.
    pub fixed: Option<f64>,
    /// Exponential around so many.
    pub mean: Option<f64>,
    /// Log-normal: half have fewer.
    pub median: Option<f64>,
    /// Deviation of the logarithm; 0.8.
    pub sigma: Option<f64>,
    /// As recorded.
    pub trace: Option<bool>,
}

/// `[[request]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRequest {
    /// Its name in reports.
    pub name: Option<String>,
    /// How often it comes next to the others; 1.
    pub share: Option<f64>,
    /// The application that sends it; `chat`.
    pub application: Option<String>,
    /// Label of its content; absent is none.
    pub class: Option<DataClass>,
    /// Length of the prompt; a median of 400.
    pub tokens_in: RawLength,
    /// Length of the answer; a median of 180.
    pub tokens_out: RawLength,
    /// Longest answer that is asked for.
    pub max_output_tokens: Option<u32>,
    /// Share that goes on with the asker's last conversation; 0.
    pub follows: Option<f64>,
    /// What the caller wishes.
    pub hints: Hints,
}

/// `[[machines]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawMachines {
    /// Name of the group.
    pub name: Option<String>,
    /// How many; 1.
    pub count: Option<u32>,
    /// Each belongs to one who asks; no.
    pub owned: Option<bool>,
    /// Group that policies name.
    pub lent_as: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Probability of a good answer.
    pub quality: Option<f64>,
    /// Longest prompt plus answer; 8,192.
    pub context_tokens: Option<u32>,
    /// Continues another's text; yes.
    pub accepts_prefix: Option<bool>,
    /// Kind of machine.
    pub device_class: Option<DeviceClass>,
    /// What the model runs on.
    pub accelerator: Option<Accelerator>,
    /// Requests at once; 1.
    pub slots: Option<u32>,
    /// Most that wait; 4.
    pub queue_limit: Option<u32>,
    /// Tokens that its memory holds.
    pub kv_tokens: Option<u64>,
    /// Prompt tokens a second.
    pub prefill_tokens_per_s: Option<f64>,
    /// Generated tokens a second.
    pub decode_tokens_per_s: Option<f64>,
    /// How much each further request slows down all; 1.
    pub slowdown: Option<f64>,
    /// Deviation of the logarithm of speeds; 0.
    pub spread: Option<f64>,
    /// Joules for each generated token.
    pub joules_per_token: Option<f64>,
    /// Joules for each prompt token; 0.
    pub joules_per_prompt_token: Option<f64>,
    /// Time to load the model; none.
    pub load: Option<String>,
    /// The model leaves memory when unused for so long.
    pub unloads_after: Option<String>,
    /// Battery.
    pub battery: Option<RawBattery>,
    /// Heat.
    pub thermal: Option<RawThermal>,
    /// Hours in which it is awake.
    pub awake: Option<String>,
    /// How it reaches the others.
    pub network: RawNetwork,
}

/// `[machines.battery]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawBattery {
    /// Energy when full, in watt-hours.
    pub capacity_wh: Option<f64>,
    /// Lowest and highest charge at the start; 0.5 to 1.
    pub start: Option<[f64; 2]>,
    /// Besides models, in watts; 0.
    pub base_watts: Option<f64>,
    /// The charger, in watts; 0.
    pub charger_watts: Option<f64>,
    /// Hours on the charger.
    pub plugged: Option<String>,
    /// Share of the machines that are always on it; 0.
    pub always_plugged: Option<f64>,
}

/// `[machines.thermal]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawThermal {
    /// Share of the limit gained in a second of work.
    pub heating_per_s: Option<f64>,
    /// Share of the heat lost in a second.
    pub cooling_per_s: Option<f64>,
    /// Heat from which on it slows down; 0.8.
    pub throttles_at: Option<f64>,
    /// Share of the speed that is left at the limit; 0.5.
    pub slowest: Option<f64>,
}

/// `[machines.network]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawNetwork {
    /// `loopback`, `ethernet`, `wifi`, `5g` or `4g`; sets what is not stated.
    pub kind: Option<String>,
    /// Round trip, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Share of calls that break.
    pub loss: Option<f64>,
    /// What is sent costs money.
    pub metered: Option<bool>,
    /// Mean time within reach.
    pub covered: Option<String>,
    /// Mean time out of it.
    pub uncovered: Option<String>,
}

/// `[[cloud]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCloud {
    /// Name in changes; the provider.
    pub name: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Probability of a good answer.
    pub quality: Option<f64>,
    /// Longest prompt plus answer; 128,000.
    pub context_tokens: Option<u32>,
    /// Dollars for a million prompt tokens.
    pub usd_per_mtok_in: Option<f64>,
    /// Dollars for a million generated tokens.
    pub usd_per_mtok_out: Option<f64>,
    /// How long it takes.
    pub latency: RawLatency,
    /// Most requests a minute.
    pub requests_per_minute: Option<f64>,
    /// When it is offered first; from the start.
    pub from: Option<String>,
}

/// `[cloud.latency]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLatency {
    /// Path of measured answers, from this file.
    pub measured: Option<String>,
    /// Whose of them.
    pub of: Option<String>,
    /// Median and deviation of the logarithm, in milliseconds.
    pub first_token_ms: Option<[f64; 2]>,
    /// Median and deviation of the logarithm, in milliseconds.
    pub gap_ms: Option<[f64; 2]>,
}

/// `[[change]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawChange {
    /// When, from the start.
    pub at: Option<String>,
    /// It ends after so long; to the end where absent.
    pub lasts: Option<String>,
    /// `cloud_down`, `cloud_hangs`, `cloud_slow`, `price`, `machines_lost`, `offline` or `rush`.
    pub what: Option<String>,
    /// Name of the cloud or of the group of machines.
    pub of: Option<String>,
    /// How many times as long, or as many.
    pub factor: Option<f64>,
    /// How large a part.
    pub share: Option<f64>,
    /// Dollars for a million prompt tokens.
    pub usd_per_mtok_in: Option<f64>,
    /// Dollars for a million generated tokens.
    pub usd_per_mtok_out: Option<f64>,
}

/// `[reduced]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawReduced {
    /// So much of the people, the machines that they own, and what comes.
    pub population: Option<f64>,
    /// How long requests come.
    pub lasts: Option<String>,
    /// Seeds.
    pub seeds: Option<Vec<u64>>,
}
