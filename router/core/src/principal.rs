//! Who asks. It comes from an API key, a certificate or the loopback default, never from the
//! request body: a body can claim anything.

use crate::device::DeviceClass;
use serde::{Deserialize, Serialize};

/// The asker, as the door that let the request in knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// The organisation. Workers of the same tenant are candidates for tier `edge`.
    pub tenant: String,
    /// The application that sends the request.
    pub application: String,
    /// The person or service account.
    pub user: String,
    /// The owner name that device workers are registered under. A worker is this principal's own
    /// device if both the tenant and the owner are equal.
    pub owner: String,
    /// Groups of people that the user belongs to, sorted; from the router's configuration.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Kind of the asker's own device; unknown where nobody said so.
    #[serde(default)]
    pub device_class: Option<DeviceClass>,
    /// The request came over loopback, so "this device" and the asker's device are one.
    pub loopback: bool,
    /// May read every decision, drain workers, and change policies.
    pub administrator: bool,
}

impl Principal {
    /// The default for requests over loopback, which need no key: the person at this machine.
    #[must_use]
    pub fn loopback() -> Self {
        Self {
            tenant: "local".into(),
            application: "local".into(),
            user: "local".into(),
            owner: "local".into(),
            groups: Vec::new(),
            device_class: None,
            loopback: true,
            administrator: true,
        }
    }
}
