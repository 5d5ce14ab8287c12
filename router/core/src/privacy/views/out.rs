//! Where views go, and what they may take together.
//!
//! Hostile text could make views of views that are many times its size. So each view is paid for from one
//! account; when that is empty the views end, and [`Out::truncated`] says that something was not looked at.

use super::View;
use crate::privacy::steps;
use std::ops::Range;

/// All views of a text may take so many times its bytes,
const TIMES: usize = 6;
/// and so many bytes more, for short texts.
const SPARE: usize = 64 * 1024;
/// What a view costs beside its bytes.
const EACH: usize = 32;
/// Blocks beyond so many are the same news again.
const OPAQUE_MOST: usize = 1024;

/// Views of one text, and what the caller must know of them.
#[derive(Debug)]
pub struct Out<'a> {
    /// What to scan.
    pub views: Vec<View<'a>>,
    /// Blocks that are encoded but decode to no text, as ranges of the original.
    pub opaque: Vec<Range<usize>>,
    /// Something was left out, because it would have taken too much: fail closed.
    pub truncated: bool,
    /// Something at the last depth is encoded once more: fail closed.
    pub still_encoded: bool,
    left: usize,
}

impl<'a> Out<'a> {
    /// An empty one for the views of a text of `len` bytes.
    #[must_use]
    pub const fn new(len: usize) -> Self {
        Self {
            views: Vec::new(),
            opaque: Vec::new(),
            truncated: false,
            still_encoded: false,
            left: len.saturating_mul(TIMES).saturating_add(SPARE),
        }
    }

    /// How many bytes the next view may have.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.left
    }

    /// Takes a view, or notes that there was no room for it.
    pub fn push(&mut self, view: View<'a>) {
        let cost = view.text().len().saturating_add(EACH);
        steps::add(cost);
        if cost > self.left {
            self.truncated = true;
            return;
        }
        self.left -= cost;
        self.views.push(view);
    }

    /// Notes a block that decodes to no text.
    pub(super) fn note_opaque(&mut self, span: Range<usize>) {
        if self.opaque.len() >= OPAQUE_MOST {
            self.truncated = true;
        } else if self.opaque.last() != Some(&span) {
            self.opaque.push(span);
        }
    }
}
