//! The highest tier that each data class may reach, and the highest that any policy may set.
//!
//! The two mistakes are not equal: a worse local answer can be asked again, a secret on someone
//! else's server cannot be taken back. So a policy may tighten every ceiling and loosen only some:
//! `personal` stops at the edge until masking exists, and `restricted` stops at the device unless
//! the policy opens the organisation's own edge with a switch of its own. One mistyped word can then
//! never open a tier.

use super::problem::Problems;
use super::raw::RawCeilings;
use crate::class::{DataClass, Tier};
use serde::Serialize;

/// Highest tier each class may reach. A higher class never reaches further than a lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ceilings {
    public: Tier,
    internal: Tier,
    personal: Tier,
    restricted: Tier,
}

impl Ceilings {
    /// The shipped ceilings.
    pub const SHIPPED: Self = Self {
        public: Tier::Cloud,
        internal: Tier::Cloud,
        personal: Tier::Edge,
        restricted: Tier::Device,
    };

    /// Ceilings that no file can set: everything everywhere. For tests of what holds even then.
    #[cfg(test)]
    pub(super) const IMPOSSIBLE: Self = Self {
        public: Tier::Cloud,
        internal: Tier::Cloud,
        personal: Tier::Cloud,
        restricted: Tier::Cloud,
    };

    /// The highest tier a policy may set for a class. For `restricted` it needs the switch as well.
    #[must_use]
    pub const fn maximum(class: DataClass) -> Tier {
        match class {
            DataClass::Public | DataClass::Internal => Tier::Cloud,
            DataClass::Personal | DataClass::Restricted => Tier::Edge,
        }
    }

    /// Highest tier that `class` may reach.
    #[must_use]
    pub const fn of(&self, class: DataClass) -> Tier {
        match class {
            DataClass::Public => self.public,
            DataClass::Internal => self.internal,
            DataClass::Personal => self.personal,
            DataClass::Restricted => self.restricted,
        }
    }

    /// Checks the section as written. What is absent is as shipped, or lower where the ceiling of a
    /// lower class is lower.
    pub(super) fn compile(raw: &RawCeilings, problems: &mut Problems) -> Self {
        let restricted = restricted(raw, problems);
        let written = [raw.public, raw.internal, raw.personal, restricted];
        let mut below = Tier::Cloud;
        let mut below_class = DataClass::Public;
        let mut tiers = [Tier::Device; 4];
        for ((class, written), tier) in DataClass::ALL.into_iter().zip(written).zip(&mut tiers) {
            let path = format!("ceilings.{class}");
            *tier = match written {
                Some(tier) if tier > Self::maximum(class) => {
                    problems.add(path, too_loose(class, tier));
                    Self::SHIPPED.of(class)
                }
                Some(tier) if tier > below => {
                    problems.add(
                        path,
                        format!(
                            "class {class} may not go further ({tier}) than the less sensitive class \
                             {below_class} ({below}): lower the one or raise the other"
                        ),
                    );
                    below
                }
                Some(tier) => tier,
                None => Self::SHIPPED.of(class).min(below),
            };
            below = *tier;
            below_class = class;
        }
        let [public, internal, personal, restricted] = tiers;
        Self { public, internal, personal, restricted }
    }
}

/// The restricted ceiling of the two keys that make it up.
fn restricted(raw: &RawCeilings, problems: &mut Problems) -> Option<Tier> {
    match (raw.restricted, raw.restricted_edge) {
        (Some(Tier::Edge), None | Some(false)) => {
            problems.add(
                "ceilings.restricted",
                "to let restricted content reach the organisation's edge, also set \
                 ceilings.restricted_edge = true",
            );
            Some(Tier::Device)
        }
        (Some(Tier::Device), Some(true)) => {
            problems.add(
                "ceilings.restricted_edge",
                "contradicts ceilings.restricted = \"device\": drop one of the two",
            );
            Some(Tier::Device)
        }
        (None, Some(true)) => Some(Tier::Edge),
        (written, _) => written,
    }
}

fn too_loose(class: DataClass, tier: Tier) -> String {
    let maximum = Ceilings::maximum(class);
    let switch = match class {
        DataClass::Restricted => " (and edge only with ceilings.restricted_edge = true)",
        DataClass::Public | DataClass::Internal | DataClass::Personal => "",
    };
    format!(
        "class {class} may reach {maximum} at most, not {tier}{switch}: lower it, or leave it out"
    )
}
