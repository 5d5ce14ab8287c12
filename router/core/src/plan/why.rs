//! Why a candidate lost, as data: a decision over a thousand targets keeps a thousand reasons and
//! writes none of them out until somebody reads them. The text is one plain clause with the numbers.

mod clauses;

use crate::budget::Unit;
use crate::class::{DataClass, Tier};
use crate::device::Accelerator;
use crate::facts::{Extent, Mode, Needs, not_seen};
use crate::fleet::Resting;
use crate::policy::FactName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Why a candidate lost. Displays as a clause such as "predicted first token 1.9 s over the 1.0 s
/// ceiling".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Why {
    /// Its model does not answer to the name.
    OtherModel,
    /// The alias has a canary, and this request is not in its share.
    NotThisShare,
    /// The policy says that it is not to be used.
    NotUsed,
    /// A machine of another tenant.
    OtherTenant,
    /// A device of another person.
    OtherOwner,
    /// Its token lets it be nothing for anyone.
    NoTier,
    /// Content without a label does not leave.
    Unlabelled(DataClass),
    /// Content of which a scan did not see everything does not leave.
    NotSeen(Extent),
    /// The class may not reach the tier.
    Class(DataClass, Tier),
    /// Restricted content does not reach another person's machine, whatever it counts as.
    Borrowed,
    /// The caller's mode excludes the tier.
    Mode(Mode, Tier),
    /// The policy has no such tier.
    TierUnused(Tier),
    /// A rule denies it.
    Denied(ByRule),
    /// A rule limits the tier.
    RuleTier(Tier, ByRule),
    /// A rule asks for the asker's own device.
    NotOwnDevice(ByRule),
    /// A rule asks for other regions; absent is unknown.
    Region(Option<Arc<str>>, ByRule),
    /// A rule asks for a shorter retention, in days: what is stated, and what is allowed.
    Retention(Option<u32>, u32, ByRule),
    /// A rule asks for another accelerator; absent is unknown.
    Accelerator(Option<Accelerator>, ByRule),
    /// The model turns texts into vectors and answers nothing.
    Embeds,
    /// Abilities that the request needs and the model lacks.
    Lacks(Needs),
    /// Prompt and answer do not fit.
    Context {
        /// Tokens of the prompt.
        prompt: u32,
        /// The count is an upper bound.
        bound: bool,
        /// Tokens of the answer.
        answer: u32,
        /// Tokens of the context.
        context: u32,
    },
    /// The provider has no key.
    NoKey(Arc<str>),
    /// Nothing leaves for any cloud.
    EgressOff,
    /// Nobody of the pool is connected.
    NoWorker,
    /// Takes nothing new.
    Draining,
    /// A heartbeat is late and others are well.
    Suspect,
    /// Nothing is known of its state yet.
    Joining,
    /// It said that it sleeps.
    Sleeping,
    /// Decodes at this share of its own usual speed, and others are well.
    Throttled(f64),
    /// What is sent and received there costs its owner money.
    MeteredWorker,
    /// The asker's own device is on a network that costs money.
    MeteredAsker,
    /// Its tasks wait for memory for this share of the time; the most is the second.
    MemoryPressure(f64, f64),
    /// The model is on disk and cannot be made to fit into memory.
    WillNotFit,
    /// Charge below the floor, as shares of 1.
    Battery(f64, f64),
    /// The request would bring the charge below the floor, as shares of 1.
    BatteryAfter(f64, f64),
    /// On battery, charge unknown.
    BatteryUnknown,
    /// Heat at the wall, as shares of the limit.
    Hot(f64, f64),
    /// The request would bring the heat to the wall, as shares of the limit.
    HotAfter(f64, f64),
    /// Free memory below the floor, in bytes.
    Memory(u64, u64),
    /// A reading that the policy demands is missing.
    NoReading(Reading),
    /// It runs nothing of this model.
    NoSlot,
    /// Slots and queue are taken.
    Full {
        /// Requests it runs at once.
        slots: u32,
        /// Requests waiting.
        queued: u32,
        /// Most it lets wait.
        limit: u32,
    },
    /// It is left alone for a while.
    Resting(Resting),
    /// A budget has less left than the request may take.
    Spent {
        /// The budget.
        budget: Arc<str>,
        /// What it counts.
        unit: Unit,
        /// What is left of it.
        left: u64,
        /// What the request may take; unknown without a price.
        wanted: Option<u64>,
        /// When the budget refills, in milliseconds.
        refills_in_ms: u64,
    },
    /// Predicted first token over a ceiling, in milliseconds.
    FirstToken(f64, u64, By),
    /// A cloud for a device that does not wait for one: no prediction, under a limit in milliseconds.
    CloudUnknown(u64),
    /// A cloud for a device that does not wait for one: prediction and limit in milliseconds.
    CloudSlow(f64, u64),
    /// Predicted end over a ceiling, in milliseconds.
    Total(f64, u64, By),
    /// Predicted end past the deadline, in milliseconds.
    Deadline(f64, u64),
    /// Predicted cost over a ceiling, in micro-dollars.
    Cost(u64, u64, By),
    /// No price under a ceiling in micro-dollars.
    NoPrice(u64, By),
    /// Predicted energy over a ceiling, in joules.
    Energy(f64, f64, By),
    /// Energy unknown under a ceiling in joules.
    NoEnergy(f64, By),
    /// Quality below what is wanted, as probabilities.
    Quality(f64, f64, By),
    /// Quality unknown where one is wanted.
    NoQuality(f64, By),
    /// Only one target may be tried, and this pool was better.
    SecondBest(Arc<str>),
    /// The plan is full at this length.
    PlanFull(u32),
}

/// Who set a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The request's own hint.
    Request,
    /// The policy's `[limits]`.
    Policy,
    /// A rule.
    Rule(ByRule),
}

/// A rule that applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByRule {
    /// Its name.
    pub rule: Arc<str>,
    /// The unknown fact for whose sake it applied, where there was one.
    pub unknown: Option<FactName>,
}

/// A reading of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Charge.
    Battery,
    /// Temperature.
    Heat,
    /// Free memory.
    Memory,
}

impl fmt::Display for By {
    /// What goes after a ceiling in a sentence, with its leading space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => Ok(()),
            Self::Policy => f.write_str(" of the policy's limits"),
            Self::Rule(ByRule { rule, unknown: None }) => write!(f, " of rule {rule}"),
            Self::Rule(ByRule { rule, unknown: Some(fact) }) => {
                write!(f, " of rule {rule} ({fact} unknown)")
            }
        }
    }
}

impl ByRule {
    fn says(&self, f: &mut fmt::Formatter<'_>, what: fmt::Arguments<'_>) -> fmt::Result {
        write!(f, "rule {}: {what}", self.rule)?;
        self.unknown.map_or(Ok(()), |fact| write!(f, ", as {fact} is unknown"))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherModel
            | Self::NotThisShare
            | Self::NotUsed
            | Self::OtherTenant
            | Self::OtherOwner
            | Self::NoTier
            | Self::Unlabelled(_)
            | Self::NotSeen(_)
            | Self::Class(..)
            | Self::Borrowed
            | Self::Mode(..)
            | Self::TierUnused(_) => self.not_meant_or_not_allowed(f),
            Self::Denied(_)
            | Self::RuleTier(..)
            | Self::NotOwnDevice(_)
            | Self::Region(..)
            | Self::Retention(..)
            | Self::Accelerator(..) => self.ruled_out(f),
            Self::FirstToken(..)
            | Self::CloudUnknown(_)
            | Self::CloudSlow(..)
            | Self::Total(..)
            | Self::Deadline(..)
            | Self::Cost(..)
            | Self::NoPrice(..)
            | Self::Energy(..)
            | Self::NoEnergy(..)
            | Self::Quality(..)
            | Self::NoQuality(..) => self.not_good_enough(f),
            Self::Resting(_) | Self::Spent { .. } => self.left_alone_or_unpaid(f),
            Self::SecondBest(best) => write!(f, "failover is off and {best} was better"),
            Self::PlanFull(most) => write!(f, "better candidates fill the plan of {most}"),
            _ => self.not_able_now(f),
        }
    }
}

impl Why {
    fn not_meant_or_not_allowed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherModel => f.write_str("not the model that was asked for"),
            Self::NotThisShare => f.write_str("a canary, and this request is not in its share"),
            Self::NotUsed => f.write_str("the policy says use = false"),
            Self::OtherTenant => f.write_str("another organisation's machine"),
            Self::OtherOwner => f.write_str("another person's device"),
            Self::NoTier => f.write_str("its join token grants neither device nor edge"),
            Self::Unlabelled(class) => {
                write!(f, "content without a label counts as {class} and may not reach tier cloud")
            }
            Self::NotSeen(extent) => f.write_str(not_seen(*extent)),
            Self::Class(class, tier) => write!(f, "class {class} may not reach tier {tier}"),
            Self::Borrowed => {
                f.write_str("class restricted may not reach another person's machine")
            }
            Self::Mode(mode, tier) => write!(f, "mode {mode} excludes tier {tier}"),
            Self::TierUnused(tier) => write!(f, "the policy does not use tier {tier}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Battery => "battery",
            Self::Heat => "heat",
            Self::Memory => "free memory",
        })
    }
}
