//! What else mattered in a decision, as data; each displays as one plain sentence.

use super::units::{Percent, Seconds};
use crate::class::{DataClass, Tier};
use crate::facts::{ClassOrigin, Mode};
use crate::policy::{FactName, Preset, Ranking};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Something that mattered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Note {
    /// The class and the highest tier it may reach; always the first note.
    Class {
        /// Class the request was decided under.
        class: DataClass,
        /// Highest tier it may reach.
        ceiling: Tier,
        /// Every part carries a label.
        labelled: bool,
        /// Where the class comes from; absent in records of earlier builds.
        #[serde(default)]
        origin: Option<ClassOrigin>,
    },
    /// The caller's mode puts a tier first.
    ModePrefers(Mode, Tier),
    /// The policy cuts the wished deadline to this, in milliseconds.
    DeadlineCut(u64),
    /// The prompt's length in tokens is an upper bound.
    UpperBound(u32),
    /// A rule's preference is in force.
    Preferred {
        /// The rule.
        rule: Arc<str>,
        /// What it sets.
        sets: Preference,
    },
    /// A rule gives the request a tag.
    Tagged(Arc<str>, Arc<str>),
    /// The request is in a canary's share.
    Canary(Arc<str>),
    /// A rule applied for want of a fact.
    AppliedUnknown(Arc<str>, FactName),
    /// So many more rules did.
    MoreApplied(u32),
    /// A worker was drawn from the eligible ones of a pool.
    Drew {
        /// The pool.
        pool: Arc<str>,
        /// The worker.
        worker_id: Arc<str>,
        /// How many could have been drawn.
        of: u32,
    },
    /// An attempt's heartbeat is late.
    LateHeartbeat(Arc<str>),
    /// An attempt's worker decodes at this share of its own usual speed.
    Throttled(Arc<str>, f64),
    /// An attempt reads so many tokens less, because the worker holds them.
    Held(Arc<str>, u32),
    /// An attempt waits for its model to be loaded, for so long in milliseconds where that is known.
    ColdLoad(Arc<str>, Option<f64>),
    /// So many workers of a pool were not looked at.
    Unseen(Arc<str>, u32),
    /// Predictions of an attempt that nobody knows.
    Unknown(Arc<str>, Unpredicted),
}

/// What a preference sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The objective, by a preset.
    Preset(Preset),
    /// Exchange rates of the objective.
    Weights,
    /// The tier that comes first.
    Tier(Tier),
    /// Whether the tiers or the objective have the first word.
    Ranking(Ranking),
    /// Whether a second target is started early.
    Hedge(bool),
}

/// Predictions that are unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpredicted {
    /// Time to the first token.
    pub first_token: bool,
    /// Time to the last token.
    pub total: bool,
    /// Money.
    pub cost: bool,
    /// Energy.
    pub energy: bool,
    /// Probability of a good answer.
    pub quality: bool,
}

impl Unpredicted {
    /// Whether anything is unknown.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// The tiers up to a ceiling, in words.
pub(crate) fn stays(ceiling: Tier) -> &'static str {
    match ceiling {
        Tier::Device => "the device",
        Tier::Edge => "device or edge",
        Tier::Cloud => "device, edge or cloud",
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class { class, ceiling, labelled, origin } => {
                let verb = if *ceiling == Tier::Cloud { "may use" } else { "stays on" };
                let stays = stays(*ceiling);
                if *labelled {
                    write!(f, "class {class} {verb} {stays}")
                } else if *origin == Some(ClassOrigin::Scanned) {
                    write!(f, "content was scanned, counts as {class} and {verb} {stays}")
                } else {
                    write!(f, "content without a label counts as {class} and {verb} {stays}")
                }
            }
            Self::ModePrefers(mode, tier) => write!(f, "mode {mode} puts {tier} first"),
            Self::DeadlineCut(ms) => write!(f, "the policy cuts the deadline to {ms} ms"),
            Self::UpperBound(tokens) => {
                write!(f, "the prompt's length of {tokens} tokens is an upper bound, not a count")
            }
            Self::Preferred { rule, sets } => write!(f, "rule {rule} sets {sets}"),
            Self::Tagged(tag, rule) => write!(f, "tag {tag}, by rule {rule}"),
            Self::Canary(model) => write!(f, "this request is in the share of canary {model}"),
            Self::AppliedUnknown(rule, fact) => {
                write!(f, "rule {rule} applied because {fact} is unknown")
            }
            Self::MoreApplied(more) => {
                write!(f, "and {more} more rules applied because a fact is unknown")
            }
            Self::Drew { pool, worker_id, of } => {
                write!(f, "{pool}: drew {worker_id} of {of} workers by two weighted choices")
            }
            Self::LateHeartbeat(pool) => {
                write!(f, "{pool}: heartbeat late, used only if nothing else is left")
            }
            Self::Throttled(pool, share) => {
                let share = Percent(*share);
                write!(
                    f,
                    "{pool}: decodes at {share} of its own usual speed, nobody better is left"
                )
            }
            Self::Held(pool, tokens) => {
                write!(f, "{pool}: holds {tokens} tokens of this conversation")
            }
            Self::ColdLoad(pool, Some(ms)) => {
                write!(f, "{pool}: the model has to be loaded first, {}", Seconds(*ms))
            }
            Self::ColdLoad(pool, None) => {
                write!(f, "{pool}: the model has to be loaded first, for an unknown time")
            }
            Self::Unseen(pool, workers) => {
                write!(f, "{pool}: {workers} more workers were not looked at")
            }
            Self::Unknown(pool, what) => write!(f, "{pool}: {what} unknown, taken as bad"),
        }
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preset(preset) => write!(f, "the objective {preset}"),
            Self::Weights => f.write_str("its own exchange rates"),
            Self::Tier(tier) => write!(f, "{tier} first"),
            Self::Ranking(Ranking::TierFirst) => f.write_str("tiers before the objective"),
            Self::Ranking(Ranking::ObjectiveFirst) => f.write_str("the objective before tiers"),
            Self::Hedge(true) => f.write_str("hedging on"),
            Self::Hedge(false) => f.write_str("hedging off"),
        }
    }
}

impl fmt::Display for Unpredicted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (self.first_token, "first token"),
            (self.total, "total time"),
            (self.cost, "cost"),
            (self.energy, "energy"),
            (self.quality, "quality"),
        ];
        let mut lead = "";
        for (_, name) in names.into_iter().filter(|(unknown, _)| *unknown) {
            write!(f, "{lead}{name}")?;
            lead = ", ";
        }
        Ok(())
    }
}
