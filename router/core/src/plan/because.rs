//! Why an attempt stands behind the one before it, as data; each displays as one plain clause.

use super::units::whole;
use crate::class::Tier;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The first thing in which an attempt is worse than the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Because {
    /// Its heartbeat is late.
    Late,
    /// It decodes far below its own usual speed.
    Throttled,
    /// It answers far slower than is its habit.
    Slow,
    /// Its model has to be loaded first, and somebody nearly as near holds it.
    Cold,
    /// The request asks for another tier first.
    Mode(Tier),
    /// Its tier comes after that tier.
    Tier(Tier),
    /// The alias has that model before its own.
    Version(Arc<str>),
    /// It weighs more: its score and the other's, in micro-dollars.
    Score(u64, u64),
    /// They are equal, and the seed spreads requests between equals.
    Lot,
    /// It was drawn second from the same pool.
    Drawn,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Late => f.write_str("its heartbeat is late"),
            Self::Throttled => f.write_str("it decodes far below its own usual speed"),
            Self::Slow => f.write_str("it answers far slower than is its habit"),
            Self::Cold => f.write_str("its model has to be loaded first"),
            Self::Mode(tier) => write!(f, "the request asks for {tier} first"),
            Self::Tier(tier) => write!(f, "{tier} comes first"),
            Self::Version(model) => write!(f, "the alias has {model} first"),
            Self::Score(mine, other) => {
                let (mine, other) = (whole(*mine) / 1e6, whole(*other) / 1e6);
                write!(f, "it weighs {mine:.6} USD, the one before {other:.6}")
            }
            Self::Lot => f.write_str("equal to the one before, second by lot"),
            Self::Drawn => f.write_str("the second that was drawn from its pool"),
        }
    }
}
