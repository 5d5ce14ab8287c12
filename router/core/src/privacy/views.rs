//! Views: the forms in which a text may hide a secret, each with the way back to the original.
//!
//! A card number in full-width digits, spaced out, or in base64 is the same card number to the model that
//! reads it, so it must be to the gate. Detectors know one form, plain ASCII. A [`View`] is the text in
//! such a form, and [`View::origin`] says which bytes of the original a find is.
//!
//! - [`folded`]: characters to what they look like.
//! - [`collapsed`]: what is written with gaps, without them. Only the places, not the whole text.
//! - [`decoded`]: one step of the usual encodings.
//! - [`expand`]: all of them, in their order, to depth [`DEPTH`].
//!
//! Nothing is dropped in silence. What all views of a text may take is bounded ([`Out::truncated`]), what
//! is encoded but is no text is counted ([`Out::opaque`]), and what is still encoded at the last depth is
//! said ([`still_encoded`]): the caller fails closed on each.
//!
//! Rejected: a map with an entry for each byte (ten times the text); composing the maps of views of views
//! when they are made (most have no find: [`View::origin`] walks the chain instead); one view for each
//! segment (a table of numbers has thousands: those of a kind are lines of one view).

mod base64;
mod blocks;
mod broken;
mod bytes;
mod chunks;
mod collapse;
mod compat;
mod confusable;
mod decode;
mod digits;
mod entities;
mod escapes;
mod expand;
mod fold;
mod forms;
mod grouping;
mod groups;
mod hex;
mod lookalikes;
mod map;
mod marks;
mod numbers;
mod numerals;
mod opaque;
mod out;
mod plain;
mod quoted;
mod rewrite;
mod separator;
mod spaced;
#[cfg(test)]
mod tests;

pub use collapse::collapsed;
pub use decode::{decoded, still_encoded};
pub use expand::{DEPTH, expand};
pub use fold::folded;
pub use out::Out;

use map::{Chain, Link, Map};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// How a view came of the text before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewKind {
    /// The original.
    Raw,
    /// Characters replaced by what they look like.
    Folded,
    /// Segments without their gaps, one in each line.
    Collapsed(Segment),
    /// An encoding undone.
    Decoded(Encoding),
}

/// What a line of a collapsed view was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Single characters with one separator: `z-h-a-n-g`.
    Spaced,
    /// Groups of digits with any separators: `4111*1111 1111/1111`.
    Digits,
    /// Tokens of one length with one separator: `AKIA IOSF ODNN 7EXA MPLE`.
    Chunks,
    /// A token broken over line ends.
    Broken,
}

/// What was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Percent encoding, HTML entities, JSON and programming language escapes, in place.
    Escapes,
    /// Quoted-printable (RFC 2045), in place.
    QuotedPrintable,
    /// One block of base64, alone.
    Base64,
    /// One block of hexadecimal digits, alone.
    Hex,
    /// All blocks, in place.
    Inline,
}

/// A text derived from another, and where each of its bytes comes from.
#[derive(Clone, Debug)]
pub struct View<'a> {
    text: Cow<'a, str>,
    chain: Chain,
    kind: ViewKind,
}

/// The original itself.
#[must_use]
pub const fn raw(text: &str) -> View<'_> {
    View { text: Cow::Borrowed(text), chain: None, kind: ViewKind::Raw }
}

impl View<'_> {
    /// A text with its map to a text that has a chain already.
    fn derived(text: String, map: Map, kind: ViewKind, before: &Chain) -> View<'static> {
        let undone = match kind {
            ViewKind::Decoded(encoding) => Some(encoding),
            _ => None,
        };
        let chain = Some(Arc::new(Link { map, undone, before: before.clone() }));
        View { text: Cow::Owned(text), chain, kind }
    }

    /// What to scan.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it came of the text before it.
    #[must_use]
    pub const fn kind(&self) -> ViewKind {
        self.kind
    }

    /// Bytes of the original that a span of this text comes from: the smallest range that covers all of
    /// them, on character boundaries. A span outside of the text is cut to it.
    #[must_use]
    pub fn origin(&self, span: Range<usize>) -> Range<usize> {
        let start = floor(&self.text, span.start);
        let end = ceil(&self.text, span.end.max(span.start)).max(start);
        map::origin(&self.chain, start..end)
    }
}

/// The character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The character boundary at or after a byte.
fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
