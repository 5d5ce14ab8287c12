//! The rows of the store, as plain data without content.

use super::ledger::SpentRow;
use crate::executors::edge::Spent;
use littoral_core::budget::Row as JournalRow;
use littoral_core::class::{DataClass, Tier};
use littoral_core::flight::event::{Finish, Usage};
use littoral_core::plan::Target;
use littoral_core::reason::Reason;
use littoral_core::record::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something to remember. Every row but a budget's own names its request and who asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// What was decided, from which facts.
    Decided(DecidedRow),
    /// Content is about to be sent to a cloud.
    Intent(IntentRow),
    /// The same, with what budgets hold for it. Both are written or none.
    Paid(IntentRow, JournalRow),
    /// What budgets remember.
    Budget(JournalRow),
    /// What the dispatches of a request took.
    Spent(SpentRow),
    /// The request is over.
    Ended(EndedRow),
}

/// What was decided, from which facts.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedRow {
    /// The request.
    pub request_id: String,
    /// Who asked, as the door knows them.
    pub principal_key: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// What came out, with everything that gives it again.
    pub record: Arc<Record>,
}

/// Content is about to be sent to a cloud. Written down before the first byte goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntentRow {
    /// The request.
    pub request_id: String,
    /// Who asked.
    pub principal_key: String,
    /// Number of the dispatch in its request.
    pub dispatch: u32,
    /// When, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// Name of the provider in the configuration.
    pub provider: String,
    /// Model at the provider.
    pub model: String,
    /// Length of the request body that may leave, in bytes.
    pub bytes: u64,
    /// Class of the content.
    pub class: DataClass,
    /// Hash of the policy that allowed it.
    pub policy_hash: String,
}

/// The request is over.
#[derive(Clone, Debug, PartialEq)]
pub struct EndedRow {
    /// The request.
    pub request_id: String,
    /// Who asked.
    pub principal_key: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// How it ended.
    pub outcome: Arc<OutcomeRow>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRow {
    /// The named error; absent for success.
    pub reason: Option<Reason>,
    /// What happened, in plain words without content; empty for success.
    pub message: String,
    /// Why generation ended; absent for failure.
    pub finish: Option<Finish>,
    /// Who finished the answer; absent for failure.
    pub served: Option<ServedRow>,
    /// Tokens read and written, where the target said.
    pub usage: Option<Usage>,
    /// Failovers told to the client.
    pub failovers: u32,
    /// What left, and who held content.
    pub receipt: ReceiptRow,
}

/// Who finished an answer, and what it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServedRow {
    /// The target.
    pub target: Target,
    /// Its trust zone for the asker.
    pub tier: Tier,
    /// From arrival to the first token, in milliseconds; absent if there was none.
    pub first_token_ms: Option<f64>,
    /// From arrival to the end, in milliseconds.
    pub total_ms: f64,
    /// Cost in millionths of a US dollar, where price and usage are known.
    pub cost_usd_micros: Option<u64>,
    /// Energy on the device in joules, where measured or estimated.
    pub energy_joules: Option<f64>,
    /// The same apart, and what a kept cache saved, as the worker said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<Spent>,
}

/// Energy that a request took on our own machines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyRow {
    /// Joules.
    pub joules: f64,
    /// False only where a meter was read.
    pub estimated: bool,
}

/// What left the house, and who held content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// Hash of the policy that ruled.
    pub policy_hash: String,
    /// Class of the content.
    pub class: DataClass,
    /// Bytes of request bodies handed to connections to clouds, over all dispatches.
    pub egress_bytes: u64,
    /// Every machine that held content, the router too.
    pub holdings: Vec<HoldingRow>,
    /// Version of the detectors that scanned the content; empty where none did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detectors: String,
    /// How often each kind was found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, u32>,
    /// The router was stopped before it knew what left: this is the most that it can have been.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
    /// Energy that the answer took on our own machines, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<EnergyRow>,
}

/// One machine that held content of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingRow {
    /// Worker name, provider name, or the router's own name.
    pub machine: String,
    /// Trust zone for the asker; absent for the router.
    pub tier: Option<Tier>,
    /// Bytes of content it was given.
    pub bytes: u64,
}

/// Everything kept of a request. Each piece may be missing: a decision lost to a full queue does
/// not hide the receipt.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Who asked.
    pub principal_key: String,
    /// What was decided.
    pub decided: Option<DecidedRow>,
    /// What was about to be sent to clouds, in order of dispatch.
    pub intents: Vec<IntentRow>,
    /// How it ended; absent while it runs, or where the router died.
    pub ended: Option<EndedRow>,
}

impl Row {
    /// The request it belongs to.
    #[must_use]
    pub fn request_id(&self) -> &str {
        match self {
            Self::Decided(row) => &row.request_id,
            Self::Intent(row) | Self::Paid(row, _) => &row.request_id,
            Self::Budget(_) => "",
            Self::Spent(row) => &row.request_id,
            Self::Ended(row) => &row.request_id,
        }
    }

    /// What it is, in one word for messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Decided(_) => "decision",
            Self::Intent(_) | Self::Paid(..) => "intent",
            Self::Budget(_) => "row of a budget",
            Self::Spent(_) => "use",
            Self::Ended(_) => "outcome",
        }
    }
}
