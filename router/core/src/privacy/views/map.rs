//! From the bytes of a derived text to those of the text before it.
//!
//! A derived text is a row of *units*: so many bytes out for so many bytes in. Units alike with sources in
//! even steps are one [`Piece`], so that plain text, full-width text, `4 1 1 1` and hex each cost one entry
//! and not one for each byte. Sources never go back, hence a span comes from where its first byte
//! begins to where its last one ends, and maps compose by asking one after the other.

use super::Encoding;
use crate::privacy::steps;
use std::ops::Range;
use std::sync::Arc;

/// The maps back to the original, nearest first; `None` is the original.
pub(super) type Chain = Option<Arc<Link>>;

/// A map, and those of the text that it leads to.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) map: Map,
    /// The encoding that was undone, if the text came of that.
    pub(super) undone: Option<Encoding>,
    pub(super) before: Chain,
}

/// Units of one shape with sources in even steps.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins in the derived text.
    at: u32,
    /// Where it ends there.
    end: u32,
    /// Where its first unit begins in the source.
    source: u32,
    /// Bytes of a unit in the derived text.
    out: u32,
    /// Bytes of a unit in the source.
    width: u32,
    /// From the source of one unit to that of the next.
    step: u32,
    /// Whether the bytes of a unit share the bits of its source evenly, as those of base64 do.
    even: bool,
}

/// Units in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Map {
    pieces: Vec<Piece>,
}

fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

const fn wide(value: u32) -> usize {
    value as usize
}

/// The range in the original.
pub(super) fn origin(chain: &Chain, mut span: Range<usize>) -> Range<usize> {
    let mut link = chain.as_ref();
    while let Some(at) = link {
        steps::add(1);
        span = at.map.source(span);
        link = at.before.as_ref();
    }
    span
}

/// The encoding that was undone last on the way to a text.
pub(super) fn undone(chain: &Chain) -> Option<Encoding> {
    let mut link = chain.as_ref();
    while let Some(at) = link {
        if at.undone.is_some() {
            return at.undone;
        }
        link = at.before.as_ref();
    }
    None
}

/// Whether a span of a text was not there, byte for byte, before the last encoding was undone. Where none was,
/// everything is new.
pub(super) fn is_new(chain: &Chain, span: Range<usize>) -> bool {
    let mut span = span;
    let mut link = chain.as_ref();
    while let Some(at) = link {
        let source = at.map.source(span.clone());
        if source.len() != span.len() {
            return true;
        }
        if at.undone.is_some() {
            return false;
        }
        span = source;
        link = at.before.as_ref();
    }
    true
}

impl Map {
    /// That of an empty text.
    pub(super) const fn new() -> Self {
        Self { pieces: Vec::new() }
    }

    /// Adds the units of another map to the same source.
    pub(super) fn append(&mut self, other: &Self) {
        let shift = self.end();
        self.pieces.extend(other.pieces.iter().map(|piece| Piece {
            at: piece.at.saturating_add(shift),
            end: piece.end.saturating_add(shift),
            ..*piece
        }));
    }

    /// Adds `len` bytes that are the same in both texts.
    pub(super) fn copy(&mut self, source: usize, len: usize) {
        if len == 0 {
            return;
        }
        let begin = small(source);
        if let Some(last) = self.pieces.last_mut()
            && (last.out, last.width, last.step, last.even) == (1, 1, 1, false)
            && last.source + (last.end - last.at) == begin
        {
            last.end = last.end.saturating_add(small(len));
            return;
        }
        let at = self.end();
        let end = at.saturating_add(small(len));
        self.pieces.push(Piece { at, end, source: begin, out: 1, width: 1, step: 1, even: false });
    }

    /// Adds a unit of `out` bytes that comes from `source`.
    pub(super) fn unit(&mut self, source: &Range<usize>, out: usize, even: bool) {
        let (begin, width, out) = (small(source.start), small(source.len()), small(out));
        if out == 0 {
            return;
        }
        if let Some(last) = self.pieces.last_mut()
            && last.accepts(begin, width, out, even)
        {
            last.end = last.end.saturating_add(out);
            return;
        }
        let at = self.end();
        let end = at.saturating_add(out);
        self.pieces.push(Piece { at, end, source: begin, out, width, step: width, even });
    }

    /// Takes back the bytes from `len` on, which must be where a unit begins.
    pub(super) fn cut(&mut self, len: usize) {
        let len = small(len);
        while let Some(last) = self.pieces.last_mut() {
            if last.end <= len {
                return;
            }
            if last.at < len {
                last.end = len;
                return;
            }
            self.pieces.pop();
        }
    }

    /// Entries that it takes.
    #[cfg(test)]
    pub(super) const fn entries(&self) -> usize {
        self.pieces.len()
    }

    fn end(&self) -> u32 {
        self.pieces.last().map_or(0, |last| last.end)
    }

    /// The range of the text before that a range of this one comes from.
    pub(super) fn source(&self, span: Range<usize>) -> Range<usize> {
        let start = self.bounds(span.start).map(|bounds| bounds.start);
        if span.is_empty() {
            let at = start
                .unwrap_or_else(|| self.bounds(span.start.saturating_sub(1)).map_or(0, |b| b.end));
            return at..at;
        }
        let end = self.bounds(span.end - 1).map(|bounds| bounds.end);
        let end = end.or(start).unwrap_or(0);
        start.unwrap_or(end).min(end)..end
    }

    /// Where one byte comes from.
    fn bounds(&self, at: usize) -> Option<Range<usize>> {
        let at = small(at);
        let after = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = self.pieces.get(after.checked_sub(1)?)?;
        (at < piece.end).then(|| piece.bounds(at))
    }
}

impl Piece {
    /// Whether a unit continues it. The second unit says what the step is.
    fn accepts(&mut self, source: u32, width: u32, out: u32, even: bool) -> bool {
        if (self.out, self.width, self.even) != (out, width, even) || source < self.source {
            return false;
        }
        let units = (self.end - self.at) / out;
        if units == 1 && source >= self.source.saturating_add(width) {
            self.step = source - self.source;
            return true;
        }
        u64::from(source - self.source) == u64::from(units) * u64::from(self.step)
    }

    fn bounds(&self, at: u32) -> Range<usize> {
        let offset = wide(at - self.at);
        let (out, width) = (wide(self.out).max(1), wide(self.width));
        let begin = wide(self.source) + offset / out * wide(self.step);
        if !self.even {
            return begin..begin + width;
        }
        let part = offset % out;
        begin + part * width / out..begin + ((part + 1) * width).div_ceil(out)
    }
}
