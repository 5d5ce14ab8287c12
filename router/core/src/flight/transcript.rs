//! What the client has been told in the present epoch, and so how another target can go on.
//!
//! Offsets are counted for all channels, but only the content channel's text is kept, because only
//! it can be handed on as an open assistant turn. Reasoning cannot: no target accepts a prefix of
//! another's thoughts. A tool-call fragment may already be acted upon, so after one nothing can be
//! continued and nothing can be taken back.

use super::action::{Emission, FailoverKind};
use super::event::Channel;
use super::live::Text;
use super::options::FlightOptions;
use crate::plan::Target;
use crate::prompt::Remainder;

/// The text of one epoch by channel, as far as it is needed.
pub(super) struct Transcript {
    epoch: u32,
    bytes: [u64; 3],
    /// Pieces of text; a piece is at least one token.
    pieces: u32,
    /// The content channel's text; `None` once it outgrew the limit.
    content: Option<String>,
    prefix_bytes_limit: usize,
    tool_call: bool,
}

impl Transcript {
    /// An empty first epoch, its text to be kept in `content`, which is empty. A limit of 0 keeps no text.
    pub(super) const fn new(prefix_bytes_limit: usize, content: String) -> Self {
        let content = Some(content);
        Self { epoch: 0, bytes: [0; 3], pieces: 0, content, prefix_bytes_limit, tool_call: false }
    }

    pub(super) const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Offset at which the content channel goes on, in bytes.
    pub(super) const fn content_bytes(&self) -> u64 {
        self.bytes[Channel::Content as usize]
    }

    /// Adds text at the end of its channel, and returns what to tell the client.
    pub(super) fn append(&mut self, Text { channel, text, logprobs }: Text) -> Emission {
        let end = &mut self.bytes[channel as usize];
        let offset = *end;
        *end = offset.saturating_add(text.len() as u64);
        self.pieces = self.pieces.saturating_add(1);
        if channel == Channel::Content {
            self.keep(&text);
        }
        Emission::Delta { epoch: self.epoch, channel, offset, text, logprobs }
    }

    fn keep(&mut self, text: &str) {
        let Some(content) = &mut self.content else { return };
        if content.len().saturating_add(text.len()) > self.prefix_bytes_limit {
            self.content = None;
        } else {
            content.push_str(text);
        }
    }

    /// Notes that a tool-call fragment is told; returns the epoch it belongs to.
    pub(super) const fn note_tool_call(&mut self) -> u32 {
        self.tool_call = true;
        self.epoch
    }

    /// The text so far is void: the next epoch starts empty.
    pub(super) fn reset(&mut self) {
        *self = Self {
            epoch: self.epoch.saturating_add(1),
            ..Self::new(self.prefix_bytes_limit, String::new())
        };
    }

    /// Forgets the kept text. The flight is over.
    pub(super) fn forget(&mut self) {
        if let Some(content) = &mut self.content {
            content.clear();
        }
    }

    /// The memory of the kept text.
    pub(super) fn into_content(self) -> String {
        self.content.unwrap_or_default()
    }

    /// What the next target is asked for, of an answer of at most `bound` tokens: the open assistant
    /// turn, if there is text to continue, and the tokens that are left. The client is promised the
    /// bound for the whole answer, whoever writes it.
    pub(super) fn remainder(&self, bound: u32) -> Remainder {
        Remainder {
            assistant_prefix: self.content.clone().filter(|text| !text.is_empty()),
            max_output_tokens: bound.saturating_sub(self.pieces).max(1),
        }
    }

    /// How another target could go on from here.
    pub(super) fn bridge(&self, options: FlightOptions) -> Bridge {
        if self.tool_call {
            return Bridge::Closed;
        }
        if self.bytes == [0; 3] {
            return Bridge::Open;
        }
        let [_, reasoning, refusal] = self.bytes;
        let continuable = self.content.is_some() && reasoning == 0 && refusal == 0;
        match (continuable, options.can_reset) {
            (true, true) => Bridge::PrefixOrReset,
            (true, false) => Bridge::Prefix,
            (false, true) => Bridge::Reset,
            (false, false) => Bridge::Closed,
        }
    }
}

/// How another target could go on with the epoch, given what the client was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bridge {
    /// Nothing was told yet: any target starts afresh, the epoch stays.
    Open,
    /// A target that accepts a prefix continues; any other starts a new epoch.
    PrefixOrReset,
    /// Only a target that accepts a prefix.
    Prefix,
    /// Only in a new epoch.
    Reset,
    /// Nobody can.
    Closed,
}

impl Bridge {
    /// How `target` would go on; `None` if it cannot.
    pub(super) const fn kind(self, target: &Target) -> Option<FailoverKind> {
        match self {
            Self::Open => Some(FailoverKind::Continued),
            Self::PrefixOrReset | Self::Prefix if target.accepts_prefix => {
                Some(FailoverKind::Continued)
            }
            Self::PrefixOrReset | Self::Reset => Some(FailoverKind::Reset),
            Self::Prefix | Self::Closed => None,
        }
    }
}
