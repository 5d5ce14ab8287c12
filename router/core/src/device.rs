//! What kind of machine something is, and what its models run on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Kind of a machine. It tells what a machine can be asked for, never how far it can be trusted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClass {
    /// In a pocket, on battery for most of the day.
    Phone,
    /// A desktop or a laptop.
    Pc,
    /// Moves in and out of coverage, and has other things to do.
    Vehicle,
    /// Its battery also has to bring it home.
    Robot,
    /// Stands in a rack or a cupboard, on mains.
    EdgeServer,
}

impl DeviceClass {
    /// All classes, in the order of the documentation.
    pub const ALL: [Self; 5] =
        [Self::Phone, Self::Pc, Self::Vehicle, Self::Robot, Self::EdgeServer];

    /// The name used in policies, traces and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Pc => "pc",
            Self::Vehicle => "vehicle",
            Self::Robot => "robot",
            Self::EdgeServer => "edge_server",
        }
    }
}

impl fmt::Display for DeviceClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DeviceClass {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.name() == name).ok_or(())
    }
}

/// What a worker's model runs on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Accelerator {
    /// No accelerator at all.
    Cpu,
    /// A graphics processor.
    Gpu,
    /// A neural processor.
    Npu,
}

impl Accelerator {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Gpu, Self::Npu];

    /// The name used in policies, traces and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::Npu => "npu",
        }
    }
}

impl fmt::Display for Accelerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
