//! One part of a fleet as written: a worker, or a model of a cloud.
//!
//! Both are one struct, because a case that changes `laptop` does not say again which of the two it is.
//! A key that its part cannot have is told when the file is compiled.

use crate::class::Tier;
use crate::device::{Accelerator, DeviceClass};
use crate::fleet::WorkerStatus;
use crate::money::ModelPrice;
use serde::Deserialize;

/// `[worker.NAME]`, `[cloud.NAME]`, or what a case changes of one. Rates, times and energies are those
/// of the fleet's own view.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the keys are those of `fleet`, and are explained there")]
pub struct RawPart {
    pub model: Option<String>,
    pub context_tokens: Option<u32>,
    pub quality: Option<f64>,
    pub abilities: Option<Vec<Ability>>,
    pub accepts_prefix: Option<bool>,
    pub decode_tokens_per_s: Option<f64>,
    /// Of a worker, from here on.
    pub tenant: Option<String>,
    pub owner: Option<String>,
    pub group: Option<String>,
    pub nearest_tier: Option<Tier>,
    pub status: Option<WorkerStatus>,
    pub slots: Option<u32>,
    pub active: Option<u32>,
    pub queued: Option<u32>,
    pub queue_limit: Option<u32>,
    pub prefill_tokens_per_s: Option<f64>,
    pub round_trip_ms: Option<f64>,
    pub device_class: Option<DeviceClass>,
    pub accelerator: Option<Accelerator>,
    /// Where it is given and `on_battery` is not, the device is on battery.
    pub battery_fraction: Option<f64>,
    pub on_battery: Option<bool>,
    pub memory_available_bytes: Option<u64>,
    pub thermal_fraction: Option<f64>,
    pub joules_per_token: Option<f64>,
    pub battery_capacity_joules: Option<f64>,
    pub heating_per_s: Option<f64>,
    /// Of a cloud, from here on.
    pub provider: Option<String>,
    pub region: Option<String>,
    pub retention_days: Option<u32>,
    pub configured: Option<bool>,
    pub price: Option<ModelPrice>,
    pub first_token_ms: Option<f64>,
    /// Facts that nobody knows, over what is usual.
    pub unknown: Vec<Reading>,
}

/// Something that a model can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// Tool calling.
    Tools,
    /// Output held to JSON.
    JsonOutput,
    /// Image input.
    Image,
    /// Audio input.
    Audio,
    /// Log-probabilities.
    Logprobs,
    /// Texts into vectors, and nothing else.
    Embeddings,
}

/// A fact that may be unknown although it usually is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the key of that name")]
pub enum Reading {
    Quality,
    DecodeTokensPerS,
    PrefillTokensPerS,
    RoundTripMs,
    DeviceClass,
    Accelerator,
    OnBattery,
    MemoryAvailableBytes,
    ThermalFraction,
    JoulesPerToken,
    Price,
    FirstTokenMs,
}

impl Reading {
    /// Whether only a worker has it.
    pub(in crate::policy_case) fn is_of_workers(self) -> bool {
        !matches!(self, Self::Quality | Self::DecodeTokensPerS | Self::Price | Self::FirstTokenMs)
    }

    /// Whether only a cloud has it.
    pub(in crate::policy_case) fn is_of_clouds(self) -> bool {
        matches!(self, Self::Price | Self::FirstTokenMs)
    }
}

impl RawPart {
    /// Keys that are written and that only a worker has.
    pub(in crate::policy_case) fn keys_of_workers(&self) -> impl Iterator<Item = &'static str> {
        let keys = [
            ("tenant", self.tenant.is_some()),
            ("owner", self.owner.is_some()),
            ("group", self.group.is_some()),
            ("nearest_tier", self.nearest_tier.is_some()),
            ("status", self.status.is_some()),
            ("slots", self.slots.is_some()),
            ("active", self.active.is_some()),
            ("queued", self.queued.is_some()),
            ("queue_limit", self.queue_limit.is_some()),
            ("prefill_tokens_per_s", self.prefill_tokens_per_s.is_some()),
            ("round_trip_ms", self.round_trip_ms.is_some()),
            ("device_class", self.device_class.is_some()),
            ("accelerator", self.accelerator.is_some()),
            ("battery_fraction", self.battery_fraction.is_some()),
            ("on_battery", self.on_battery.is_some()),
            ("memory_available_bytes", self.memory_available_bytes.is_some()),
            ("thermal_fraction", self.thermal_fraction.is_some()),
            ("joules_per_token", self.joules_per_token.is_some()),
            ("battery_capacity_joules", self.battery_capacity_joules.is_some()),
            ("heating_per_s", self.heating_per_s.is_some()),
        ];
        keys.into_iter().filter_map(|(key, written)| written.then_some(key))
    }

    /// Keys that are written and that only a cloud has.
    pub(in crate::policy_case) fn keys_of_clouds(&self) -> impl Iterator<Item = &'static str> {
        let keys = [
            ("provider", self.provider.is_some()),
            ("region", self.region.is_some()),
            ("retention_days", self.retention_days.is_some()),
            ("configured", self.configured.is_some()),
            ("price", self.price.is_some()),
            ("first_token_ms", self.first_token_ms.is_some()),
        ];
        keys.into_iter().filter_map(|(key, written)| written.then_some(key))
    }

    /// Numbers that no such part can have: the key, and what it should be.
    pub(in crate::policy_case) fn impossible(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        let share = |value: Option<f64>| value.is_some_and(|value| !(0.0..=1.0).contains(&value));
        let amount =
            |value: Option<f64>| value.is_some_and(|value| !(value.is_finite() && value >= 0.0));
        let rate =
            |value: Option<f64>| value.is_some_and(|value| !(value.is_finite() && value > 0.0));
        let (a_share, an_amount, a_rate) =
            ("give a number from 0 to 1", "give a number of at least 0", "give a number over 0");
        let keys = [
            ("quality", share(self.quality), a_share),
            ("battery_fraction", share(self.battery_fraction), a_share),
            ("thermal_fraction", amount(self.thermal_fraction), an_amount),
            ("decode_tokens_per_s", rate(self.decode_tokens_per_s), a_rate),
            ("prefill_tokens_per_s", rate(self.prefill_tokens_per_s), a_rate),
            ("round_trip_ms", amount(self.round_trip_ms), an_amount),
            ("joules_per_token", amount(self.joules_per_token), an_amount),
            ("battery_capacity_joules", rate(self.battery_capacity_joules), a_rate),
            ("heating_per_s", amount(self.heating_per_s), an_amount),
            ("first_token_ms", amount(self.first_token_ms), an_amount),
        ];
        keys.into_iter().filter_map(|(key, bad, right)| bad.then_some((key, right)))
    }
}
