//! Named objectives, for people who know what they want and not what a joule should cost.
//!
//! Each is the shipped objective with some exchange rates multiplied, and a ranking. Single keys beside
//! a preset replace the preset's.

use super::settings::{Objective, Ranking};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A named objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Near first, whatever it takes.
    Private,
    /// Money first; waiting and a weaker answer are cheap.
    Cheap,
    /// Waiting is dear.
    Fast,
    /// All in one sum at the shipped rates, near or far.
    Balanced,
    /// Joules of a device are dear, so that another machine may do the work.
    BatterySaver,
    /// Near first; a network is a gift and no plan.
    OfflineFirst,
}

impl Preset {
    /// All presets, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Private,
        Self::Cheap,
        Self::Fast,
        Self::Balanced,
        Self::BatterySaver,
        Self::OfflineFirst,
    ];

    /// The name used in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Cheap => "cheap",
            Self::Fast => "fast",
            Self::Balanced => "balanced",
            Self::BatterySaver => "battery-saver",
            Self::OfflineFirst => "offline-first",
        }
    }

    /// What has the first word under it.
    #[must_use]
    pub const fn ranking(self) -> Ranking {
        match self {
            Self::Private | Self::OfflineFirst => Ranking::TierFirst,
            Self::Cheap | Self::Fast | Self::Balanced | Self::BatterySaver => {
                Ranking::ObjectiveFirst
            }
        }
    }

    /// Its exchange rates.
    #[must_use]
    pub fn objective(self) -> Objective {
        let (waiting, energy, bad_answer) = match self {
            Self::Private | Self::Balanced | Self::OfflineFirst => (1.0, 1.0, 1.0),
            Self::Cheap => (0.1, 1.0, 0.25),
            Self::Fast => (4.0, 1.0, 1.0),
            Self::BatterySaver => (1.0, 1_000.0, 1.0),
        };
        let shipped = Objective::default();
        Objective {
            first_token_usd_micros_per_s: waiting * shipped.first_token_usd_micros_per_s,
            total_usd_micros_per_s: waiting * shipped.total_usd_micros_per_s,
            energy_usd_micros_per_joule: energy * shipped.energy_usd_micros_per_joule,
            bad_answer_usd_micros: bad_answer * shipped.bad_answer_usd_micros,
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
