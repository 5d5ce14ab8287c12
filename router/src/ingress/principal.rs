//! Who asks, from the connection and the router's configuration alone.

use littoral_core::device::DeviceClass;
use littoral_core::principal::Principal;
use std::collections::{BTreeMap, BTreeSet};
use tonic::{Extensions, Status};

/// The user that everyone is who is not known. It is in no group and never an administrator.
pub const GUEST: &str = "guest";

/// What the configuration says of the people who ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// Users who may read every decision, drain workers and change the policy.
    pub administrators: BTreeSet<String>,
    /// The groups of each user, sorted.
    pub groups: BTreeMap<String, Vec<String>>,
    /// Kind of the device that requests over loopback come from: this machine.
    pub asker_device_class: Option<DeviceClass>,
}

impl Default for People {
    /// The person at this machine is the administrator; there are no groups.
    fn default() -> Self {
        Self {
            administrators: BTreeSet::from([Principal::loopback().user]),
            groups: BTreeMap::new(),
            asker_device_class: None,
        }
    }
}

impl People {
    /// The person at this machine.
    #[must_use]
    pub fn at_this_machine(&self) -> Principal {
        self.known(Principal::loopback())
    }

    /// A principal whose user is established, with what is said of that user.
    fn known(&self, principal: Principal) -> Principal {
        Principal {
            groups: self.groups.get(&principal.user).cloned().unwrap_or_default(),
            device_class: self.asker_device_class,
            administrator: self.administrators.contains(&principal.user),
            ..principal
        }
    }
}

/// Who asks, as it was found out before the request came to a door. Whoever did not come that way is nobody in
/// particular, without devices and rights.
#[must_use]
pub fn of(extensions: &Extensions) -> Principal {
    extensions.get::<Principal>().cloned().unwrap_or_else(|| Principal {
        tenant: GUEST.into(),
        application: GUEST.into(),
        user: GUEST.into(),
        owner: String::new(),
        groups: Vec::new(),
        device_class: None,
        loopback: false,
        administrator: false,
    })
}

/// Refuses everyone but an administrator.
///
/// # Errors
/// `PERMISSION_DENIED`, naming the way in.
pub fn administrator(extensions: &Extensions) -> Result<Principal, Status> {
    let principal = of(extensions);
    if principal.administrator {
        return Ok(principal);
    }
    Err(Status::permission_denied(if principal.loopback {
        "this call is for administrators; `administrators` in the router's configuration lists them"
    } else {
        "this call is for administrators: make it over loopback on the router's machine, or with an API key of \
         scope `admin`"
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_device_and_rights_of_the_person_at_this_machine_come_from_the_configuration() {
        let people = People {
            administrators: BTreeSet::from(["alice".to_owned()]),
            groups: BTreeMap::from([("local".to_owned(), vec!["a".to_owned(), "b".to_owned()])]),
            asker_device_class: Some(DeviceClass::Vehicle),
        };
        let known = people.known(Principal::loopback());
        assert_eq!(known.groups, ["a", "b"]);
        assert_eq!(known.device_class, Some(DeviceClass::Vehicle));
        assert!(!known.administrator, "only alice is");
        assert!(People::default().known(Principal::loopback()).administrator);
    }

    #[test]
    fn whoever_did_not_come_through_the_gate_is_nobody_in_particular() {
        let guest = of(&Extensions::new());
        assert_eq!((guest.groups.len(), guest.device_class), (0, None));
        assert!(!guest.administrator && !guest.loopback);
    }
}
