//! What is known of a request without its content. Decisions are made from these alone, so a
//! decision record holds no word of what anyone wrote, and can be replayed for ever.

mod scan;

pub(crate) use scan::not_seen;
pub use scan::{Extent, FoundKind, ScanFact};

use crate::class::DataClass;
use crate::principal::Principal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The content-free description of one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Who asks.
    pub principal: Principal,
    /// The model alias asked for; empty means the policy's default alias.
    pub alias: String,
    /// What the caller's labels say of the whole request.
    pub class: ClassFact,
    /// What a scan of the content found.
    #[serde(default)]
    pub scan: ScanFact,
    /// Class that sticks to the conversation, from its earlier turns.
    #[serde(default)]
    pub session: Option<DataClass>,
    /// Length of the prompt, in tokens of the target's tokenizer where known.
    pub prompt_tokens: TokenCount,
    /// Length of all string content, in UTF-8 bytes.
    pub prompt_bytes: u64,
    /// Upper bound of generated tokens that the caller set.
    pub max_output_tokens: Option<u32>,
    /// How many images there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub images: u32,
    /// The most seconds that its sounds last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub audio_seconds: u32,
    /// What the request cannot do without.
    pub needs: Needs,
    /// What the caller wishes.
    pub hints: Hints,
    /// When it was asked, by the router's own calendar; unknown where nobody said so.
    #[serde(default)]
    pub time: Option<LocalTime>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A moment of the week, in the router's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalTime {
    /// Day of the week, 0 (Monday) to 6 (Sunday).
    pub weekday: u8,
    /// Minute of the day, 0 to 1,439.
    pub minute: u16,
}

/// Class of a request, with its origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassFact {
    /// The highest class of all parts.
    pub class: DataClass,
    /// Where the class comes from.
    pub origin: ClassOrigin,
}

impl ClassFact {
    /// The class to act on: content with an unlabelled part counts as `personal` at least.
    #[must_use]
    pub fn decided_class(self) -> DataClass {
        match self.origin {
            ClassOrigin::Labelled | ClassOrigin::Scanned => self.class,
            ClassOrigin::Unlabelled => self.class.max(DataClass::Personal),
        }
    }
}

/// Where a class comes from. Only content whose every part is labelled or scanned can clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassOrigin {
    /// Every part carries a caller's label.
    Labelled,
    /// A part without a label was scanned, and the policy takes that as enough.
    Scanned,
    /// At least one part has no label, and no scan that is enough.
    Unlabelled,
}

/// A count of tokens, and whether it was counted or bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenCount {
    /// Tokens. An estimate is an upper bound (one token per byte).
    pub tokens: u32,
    /// True where no tokenizer of the target was at hand.
    pub estimated: bool,
}

/// Abilities a target must have to answer this request at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// Tool calling.
    pub tools: bool,
    /// Output held to JSON or to a JSON schema.
    pub json_output: bool,
    /// Image input.
    pub image: bool,
    /// Audio input.
    pub audio: bool,
    /// Log-probabilities of tokens.
    pub logprobs: bool,
    /// A vector for each text, and no answer. A model that has this ability has no other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub embeddings: bool,
}

/// What the caller wishes of the routing. Hints narrow, they never widen what the policy allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hints {
    /// Where the caller would like, or insists, to be answered.
    pub mode: Mode,
    /// Time to the end of the answer, in milliseconds from arrival.
    pub deadline_ms: Option<u64>,
    /// Wished time to the first token, in milliseconds from arrival.
    pub ttft_target_ms: Option<u64>,
    /// Ceiling of the predicted cost, in millionths of a US dollar.
    pub max_cost_usd_micros: Option<u64>,
    /// Ceiling of the predicted energy on a device, in joules.
    pub max_energy_joules: Option<f64>,
    /// Lowest acceptable probability of a good answer, 0 to 1.
    pub min_quality: Option<f64>,
    /// False: the first target answers or nobody does. Absent: the policy decides.
    pub allow_failover: Option<bool>,
    /// False: never two targets at once. Absent: the policy decides.
    pub allow_hedge: Option<bool>,
}

/// Where the caller would like, or insists, to be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As the policy says.
    #[default]
    PolicyDefault,
    /// The asker's own device first.
    PreferOnDevice,
    /// The asker's own device or nobody. Allowed only over loopback.
    OnlyOnDevice,
    /// An edge machine first.
    PreferEdge,
    /// Tiers device and edge only.
    OnlyLocalNetwork,
    /// A cloud first.
    PreferInCloud,
    /// A cloud or nobody.
    OnlyInCloud,
}

impl Mode {
    /// The name used in traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PolicyDefault => "policy_default",
            Self::PreferOnDevice => "prefer_on_device",
            Self::OnlyOnDevice => "only_on_device",
            Self::PreferEdge => "prefer_edge",
            Self::OnlyLocalNetwork => "only_local_network",
            Self::PreferInCloud => "prefer_in_cloud",
            Self::OnlyInCloud => "only_in_cloud",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_that_were_recorded_before_there_were_sounds_need_none() {
        let recorded = r#"{"tools":true,"json_output":false,"image":true,"logprobs":false}"#;
        let needs: Needs = serde_json::from_str(recorded).unwrap();
        assert_eq!(needs, Needs { tools: true, image: true, ..Needs::default() });
    }
}
