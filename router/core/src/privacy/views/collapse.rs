//! Collapsing: numbers and words that are written with gaps, without them.
//!
//! Only such places make a view, not the whole text. All segments of a kind are lines of one view, so a
//! line end in it is an edge that no find should cross.

use super::rewrite::Rewrite;
use super::{Out, Segment, View, ViewKind, broken, chunks, groups, spaced};
use crate::privacy::steps;
use std::ops::Range;

/// Adds the segments of one kind.
type Find = fn(&str, &mut Lines<'_>);

/// Adds a view for each kind of segment that the text has.
pub fn collapsed(view: &View<'_>, out: &mut Out<'_>) {
    let finders: [(Segment, Find); 4] = [
        (Segment::Spaced, spaced::find),
        (Segment::Digits, groups::find),
        (Segment::Chunks, chunks::find),
        (Segment::Broken, broken::find),
    ];
    for (segment, find) in finders {
        let mut lines = Lines { rewrite: Rewrite::new(view.text(), out.left()) };
        steps::add(view.text().len());
        find(view.text(), &mut lines);
        out.truncated |= lines.rewrite.full();
        if lines.rewrite.len() > 0 {
            out.push(lines.rewrite.view(ViewKind::Collapsed(segment), &view.chain));
        }
    }
}

/// The segments of one kind, a line for each.
pub(super) struct Lines<'s> {
    rewrite: Rewrite<'s>,
}

impl Lines<'_> {
    /// Adds a part of the present line.
    pub(super) fn part(&mut self, part: Range<usize>) {
        steps::add(part.len());
        self.rewrite.copy(part);
    }

    /// Adds one character of the present line.
    pub(super) fn one(&mut self, c: char, at: usize) {
        self.rewrite.put_char(c, &(at..at + c.len_utf8()));
    }

    /// Ends the line, whose source ends there.
    pub(super) fn end(&mut self, at: usize) {
        self.rewrite.put_char('\n', &(at..at));
    }
}
