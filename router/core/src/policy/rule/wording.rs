//! A rule in its author's own words, for people who ask what holds.
//!
//! What is compiled decides, and cannot be turned back into what was written: negations are pushed
//! down, words have become places in a list. So the words are kept beside it. They are not part of the
//! hash: two spellings of one condition are one policy.

use crate::device::DeviceClass;
use crate::policy::Profile;
use crate::policy::raw::{RawFor, RawRule};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wording {
    pub circle: Circle,
    pub when: Option<Arc<str>>,
}

impl Wording {
    pub fn of(raw: &RawRule) -> Self {
        let circle = raw.r#for.as_ref().map(Circle::of).unwrap_or_default();
        Self { circle, when: raw.when.as_deref().map(|when| when.trim().into()) }
    }
}

/// Whom a rule is for: all that is named must hold. Names nothing where it is for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Circle {
    /// Group of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// Kind of assistant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Kind of the asker's device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_class: Option<DeviceClass>,
    /// Organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

impl Circle {
    fn of(raw: &RawFor) -> Self {
        Self {
            group: raw.group.clone(),
            application: raw.application.clone(),
            profile: raw.profile,
            device_class: raw.device_class,
            tenant: raw.tenant.clone(),
        }
    }
}

impl fmt::Display for Circle {
    /// The keys, narrowest first: `group clinicians, tenant acme`; `everybody` where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = [
            ("group", self.group.as_deref()),
            ("application", self.application.as_deref()),
            ("profile", self.profile.map(Profile::name)),
            ("device_class", self.device_class.map(DeviceClass::name)),
            ("tenant", self.tenant.as_deref()),
        ];
        let mut lead = "";
        for (key, name) in keys {
            if let Some(name) = name {
                write!(f, "{lead}{key} {name}")?;
                lead = ", ";
            }
        }
        if lead.is_empty() { f.write_str("everybody") } else { Ok(()) }
    }
}
