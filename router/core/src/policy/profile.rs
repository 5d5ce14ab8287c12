//! What kind of assistant an application is. People write rules for kinds; which application is of
//! which kind is said once, in `[profiles]`.

use super::problem::Problems;
use super::raw::RawProfiles;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Most applications of one kind.
const MOST_APPLICATIONS: usize = 1_024;

/// Kind of an assistant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Works the device it runs on.
    Device,
    /// Speaks for a service to its users.
    Service,
    /// Helps with the organisation's work.
    Work,
}

impl Profile {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Device, Self::Service, Self::Work];

    /// The name used in policies and traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Service => "service",
            Self::Work => "work",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which application is of which kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Profiles(BTreeMap<String, Profile>);

impl Profiles {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, application: &str) -> Option<Profile> {
        self.0.get(application).copied()
    }

    /// Checks the section as written. An application of two kinds has none.
    pub fn compile(raw: RawProfiles, problems: &mut Problems) -> Self {
        let mut kinds = BTreeMap::new();
        for (profile, applications) in
            Profile::ALL.into_iter().zip([raw.device, raw.service, raw.work])
        {
            let path = format!("profiles.{profile}");
            let count = applications.len();
            if count > MOST_APPLICATIONS {
                let reason =
                    format!("names {count} applications, over the limit of {MOST_APPLICATIONS}");
                problems.add(path, reason);
                continue;
            }
            for (index, application) in applications.into_iter().enumerate() {
                let path = format!("{path}[{index}]");
                if application.trim().is_empty() {
                    problems.add(path, "is an empty name: name an application, or remove it");
                    continue;
                }
                match kinds.get(&application) {
                    Some(other) if *other != profile => problems.add(
                        path,
                        format!(
                            "{application:?} is already under profiles.{other}: an application has one \
                             kind, remove one of the two"
                        ),
                    ),
                    _ => drop(kinds.insert(application, profile)),
                }
            }
        }
        Self(kinds)
    }
}
