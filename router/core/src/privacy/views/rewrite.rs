//! Writes a derived text and its map together, so that they cannot disagree.

use super::map::{Chain, Map};
use super::{View, ViewKind};
use std::ops::Range;

/// A derived text in the making.
pub(super) struct Rewrite<'s> {
    source: &'s str,
    text: String,
    map: Map,
    limit: usize,
    full: bool,
}

impl<'s> Rewrite<'s> {
    /// Of a source, with at most `limit` bytes.
    pub(super) const fn new(source: &'s str, limit: usize) -> Self {
        Self { source, text: String::new(), map: Map::new(), limit, full: false }
    }

    /// Appends a part of the source as it is.
    pub(super) fn copy(&mut self, range: Range<usize>) {
        let Some(part) = self.source.get(range.clone()) else {
            return;
        };
        if self.fits(part.len()) {
            self.text.push_str(part);
            self.map.copy(range.start, part.len());
        }
    }

    /// Appends what a part of the source stands for.
    pub(super) fn put(&mut self, part: &str, range: &Range<usize>) {
        if self.fits(part.len()) {
            self.text.push_str(part);
            self.map.unit(range, part.len(), false);
        }
    }

    /// Appends the character that a part of the source stands for.
    pub(super) fn put_char(&mut self, c: char, range: &Range<usize>) {
        if self.fits(c.len_utf8()) {
            self.text.push(c);
            self.map.unit(range, c.len_utf8(), false);
        }
    }

    /// Appends a text with a map of its own to the same source.
    pub(super) fn put_mapped(&mut self, text: &str, map: &Map) {
        if self.fits(text.len()) {
            self.text.push_str(text);
            self.map.append(map);
        }
    }

    /// Bytes so far.
    pub(super) const fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether something did not fit.
    pub(super) const fn full(&self) -> bool {
        self.full
    }

    /// The view.
    pub(super) fn view(self, kind: ViewKind, before: &Chain) -> View<'static> {
        View::derived(self.text, self.map, kind, before)
    }

    fn fits(&mut self, more: usize) -> bool {
        self.full |= more > self.limit.saturating_sub(self.text.len());
        !self.full
    }
}
