//! Where a client is in an answer: an epoch, and in it a byte offset for each channel.

use crate::pipeline::told::Told;
use littoral_core::flight::action::{Emission, FailoverKind};
use littoral_core::flight::event::Channel;

/// What a client has: text of `epoch` up to these offsets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The epoch.
    pub epoch: u32,
    /// Bytes it has on the content, reasoning and refusal channels.
    pub offsets: [u64; 3],
}

/// Furthest place that a run of events told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    position: Position,
    /// Something without an offset was among them (a failover, a piece of a tool call).
    unplaced: bool,
}

const fn slot(channel: Channel) -> usize {
    match channel {
        Channel::Content => 0,
        Channel::Reasoning => 1,
        Channel::Refusal => 2,
    }
}

impl Position {
    /// The event, or the part of it, that a client at this position has not had. Pieces of tool calls
    /// have no offset: all of an epoch are told again.
    pub(super) fn unheard(&self, told: Told) -> Option<Told> {
        match told {
            Told::Said(Emission::Delta { epoch, channel, offset, text, logprobs }) => {
                let had = self.offsets[slot(channel)];
                let end = offset.saturating_add(text.len() as u64);
                if epoch < self.epoch || (epoch == self.epoch && end <= had && !text.is_empty()) {
                    return None;
                }
                if epoch > self.epoch || offset >= had {
                    return Some(Told::Said(Emission::Delta {
                        epoch,
                        channel,
                        offset,
                        text,
                        logprobs,
                    }));
                }
                // The client is inside this piece. Where its offset splits a character the piece is
                // told whole: the client drops what it has.
                let skip = usize::try_from(had - offset).unwrap_or(usize::MAX);
                let rest = text.get(skip..).map(ToOwned::to_owned);
                let (offset, text) = rest.map_or((offset, text), |rest| (had, rest));
                Some(Told::Said(Emission::Delta {
                    epoch,
                    channel,
                    offset,
                    text,
                    logprobs: Vec::new(),
                }))
            }
            Told::Said(Emission::ToolCallDelta { epoch, .. }) if epoch < self.epoch => None,
            Told::Said(Emission::Failover { epoch, kind, at_offset, .. })
                if epoch < self.epoch
                    || (epoch == self.epoch
                        && (kind == FailoverKind::Reset || at_offset < self.offsets[0])) =>
            {
                None
            }
            told => Some(told),
        }
    }
}

impl Heard {
    /// Notes that an event was told.
    pub(super) fn hear(&mut self, told: &Told) {
        match told {
            Told::Said(Emission::Delta { epoch, channel, offset, text, .. }) => {
                self.reach(*epoch);
                let end = offset.saturating_add(text.len() as u64);
                let at = &mut self.position.offsets[slot(*channel)];
                *at = end.max(*at);
            }
            Told::Said(Emission::ToolCallDelta { epoch, .. }) => {
                self.reach(*epoch);
                self.unplaced = true;
            }
            _ => {}
        }
    }

    fn reach(&mut self, epoch: u32) {
        if epoch > self.position.epoch {
            self.position = Position { epoch, offsets: [0; 3] };
            self.unplaced = false;
        }
    }

    /// Whether a client at `position` would miss something of it.
    pub(super) fn is_past(&self, position: &Position) -> bool {
        let mine = &self.position;
        if mine.epoch != position.epoch {
            let anything = self.unplaced || mine.offsets.iter().any(|&end| end > 0);
            return mine.epoch > position.epoch && anything;
        }
        let missed = mine.offsets.iter().zip(&position.offsets).any(|(told, had)| told > had);
        missed || self.unplaced
    }
}
