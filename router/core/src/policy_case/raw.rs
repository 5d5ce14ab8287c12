//! A file of cases as written: parts of a fleet with names, and cases that use them.
//!
//! What is usual is left out. A file is read far more often than it is written, and what stands in a
//! case should be what the case is about.

mod part;

pub use part::{Ability, RawPart, Reading};

use crate::class::DataClass;
use crate::device::DeviceClass;
use crate::facts::{Hints, ScanFact};
use crate::reason::Reason;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A file of cases.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCases {
    /// The policy, as a path from this file.
    pub policy: Option<String>,
    /// Who asks, unless a case says otherwise.
    pub asker: RawAsker,
    /// Workers by name.
    pub worker: BTreeMap<String, RawPart>,
    /// Models of clouds by name.
    pub cloud: BTreeMap<String, RawPart>,
    /// The cases.
    pub case: Vec<RawCase>,
}

/// `[asker]`, or what a case changes of it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAsker {
    /// Organisation; `acme`.
    pub tenant: Option<String>,
    /// Application; `chat`.
    pub application: Option<String>,
    /// Person; `alice`.
    pub user: Option<String>,
    /// Owner name of the person's devices; the user.
    pub owner: Option<String>,
    /// Groups of people that the user belongs to; none.
    pub groups: Option<Vec<String>>,
    /// Kind of the asker's own device; unknown.
    pub device_class: Option<DeviceClass>,
    /// The request comes over loopback; no.
    pub loopback: Option<bool>,
    /// The asker may administer the router; no.
    pub administrator: Option<bool>,
}

/// `[[case]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCase {
    /// What the case is about.
    pub name: Option<String>,
    /// Class of the content; absent is content without a label.
    pub class: Option<DataClass>,
    /// False: the class is that of a part, and another part has no label.
    pub labelled: Option<bool>,
    /// What a scan found; absent is no scan.
    pub scan: Option<ScanFact>,
    /// Class that sticks to the conversation.
    pub session: Option<DataClass>,
    /// Name of the model asked for; absent is the policy's default.
    pub model: Option<String>,
    /// Length of the prompt, in tokens; 100.
    pub prompt_tokens: Option<u32>,
    /// The length is an upper bound and no count; no.
    pub prompt_estimated: Option<bool>,
    /// Length of the prompt, in bytes; four times the tokens.
    pub prompt_bytes: Option<u64>,
    /// Longest answer that the caller wants, in tokens.
    pub max_output_tokens: Option<u32>,
    /// What the request cannot do without.
    pub needs: Vec<Ability>,
    /// What the caller wishes.
    pub hints: Hints,
    /// Moment by the router's clock, as `sat 23:10`; unknown where absent.
    pub time: Option<String>,
    /// Seed of the choice between equals; 1.
    pub seed: Option<u64>,
    /// Parts that are there; all of the file where absent.
    pub fleet: Option<Vec<String>>,
    /// What is different of some parts.
    pub with: BTreeMap<String, RawPart>,
    /// What is different of who asks.
    pub asker: RawAsker,
    /// What the policy is to make of it.
    pub expect: RawExpect,
}

/// `[case.expect]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawExpect {
    /// Who is tried, in exactly this order.
    pub route: Option<Vec<String>>,
    /// Nobody answers, for this reason.
    pub refused: Option<Reason>,
    /// Who lost, with the gate, or a text that the reason contains.
    pub lost: BTreeMap<String, String>,
    /// Texts that the explanation contains.
    pub says: Vec<String>,
}
