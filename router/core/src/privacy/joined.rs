//! What stands next to each other in a prompt, read as one line: a number can be split over two parts,
//! two messages, or two turns of one speaker. And read one under the other: what a number is, the question
//! before it says, or the name of its field.
//!
//! A line holds the end and the beginning of each text, not the whole of it: whatever crosses a seam lies
//! near it.

use super::at::At;
use super::finding::{Finding, Spot};
use super::leaves::Leaf;
use crate::class::DataClass;
use crate::prompt::Role;

/// So many bytes on each side of a seam are read.
const REACH: usize = 192;
/// Between beginning and end of a long text. No pattern and no view reads a number or a word across it.
const CUT: &str = "\n`\n";

/// Texts in a row.
pub(super) struct Line<'a> {
    /// What to search.
    pub text: String,
    pieces: Vec<Piece<'a>>,
}

/// A text, or its beginning, or its end.
struct Piece<'a> {
    /// Where it begins in the line.
    start: usize,
    /// What it is of.
    leaf: Leaf<'a>,
    /// Its first byte in its leaf.
    offset: usize,
    /// Its length.
    len: usize,
    /// It follows the piece before without a gap.
    seam: bool,
    /// Its leaf goes on before it, and behind it.
    cut: (bool, bool),
}

/// The lines of a prompt: all that is said, in its order; all that each speaker says, where another one
/// speaks in between; and all strings of the request.
pub(super) fn lines<'a>(leaves: &[Leaf<'a>]) -> Vec<Line<'a>> {
    let said = |leaf: &Leaf<'_>| matches!(leaf.at, At::Text(..) | At::CallArguments(..));
    let mut lines = Vec::new();
    let mut line = |chosen: Vec<Leaf<'a>>| {
        if chosen.len() > 1 {
            lines.push(Line::of(&chosen));
        }
    };
    line(leaves.iter().copied().filter(|leaf| said(leaf)).collect());
    for role in [Role::User, Role::Assistant, Role::System, Role::Tool] {
        let own: Vec<Leaf<'a>> =
            leaves.iter().copied().filter(|leaf| said(leaf) && leaf.role == Some(role)).collect();
        if own.len() < leaves.iter().filter(|leaf| said(leaf)).count() {
            line(own);
        }
    }
    if leaves.iter().any(|leaf| !said(leaf)) {
        line(leaves.to_vec());
        line(
            leaves.iter().copied().filter(|leaf| matches!(leaf.at, At::MetadataValue(_))).collect(),
        );
    }
    lines
}

/// All strings of a prompt in its order, each under the one before; nothing where there is only one.
pub(super) fn column<'a>(leaves: &[Leaf<'a>]) -> Option<Line<'a>> {
    (leaves.len() > 1).then(|| {
        Line::with(leaves, |leaf| match leaf.at {
            At::MetadataValue(_) => ": ",
            _ => "\n",
        })
    })
}

impl<'a> Line<'a> {
    fn of(leaves: &[Leaf<'a>]) -> Self {
        Self::with(leaves, |_| "")
    }

    /// With something before each text but the first.
    fn with(leaves: &[Leaf<'a>], gap: impl Fn(&Leaf<'a>) -> &'static str) -> Self {
        let mut line = Self { text: String::new(), pieces: Vec::new() };
        for leaf in leaves {
            if !line.pieces.is_empty() {
                line.text.push_str(gap(leaf));
            }
            let len = leaf.text.len();
            if len <= 2 * REACH {
                line.push(*leaf, 0..len, true);
            } else {
                line.push(*leaf, 0..boundary(leaf.text, REACH), true);
                line.text.push_str(CUT);
                line.push(*leaf, boundary(leaf.text, len - REACH)..len, false);
            }
        }
        line
    }

    fn push(&mut self, leaf: Leaf<'a>, range: std::ops::Range<usize>, seam: bool) {
        let (start, offset) = (self.text.len(), range.start);
        let cut = (range.start > 0, range.end < leaf.text.len());
        let text = leaf.text.get(range).unwrap_or_default();
        let seam = seam && start > 0;
        self.pieces.push(Piece { start, leaf, offset, len: text.len(), seam, cut });
        self.text.push_str(text);
    }

    /// The pieces that a span touches. They stand in their order, so it is near where one looks first.
    fn touched(&self, span: &std::ops::Range<usize>) -> impl Iterator<Item = &Piece<'a>> {
        let first = self.pieces.partition_point(|piece| piece.start + piece.len <= span.start);
        let near = self.pieces.get(first..).unwrap_or_default().iter();
        let end = span.end;
        near.take_while(move |piece| piece.start < end)
    }

    /// The finding that a spot of this line is, if it lies in one text and does not end where that was cut.
    pub fn within(&self, spot: &Spot) -> Option<Finding> {
        let mut touched = self.touched(&spot.span);
        let piece = touched.next().filter(|_| touched.next().is_none())?;
        let (from, to) = (spot.span.start.checked_sub(piece.start)?, spot.span.end - piece.start);
        let is_cut = piece.cut.0 && from == 0 || piece.cut.1 && to >= piece.len;
        if is_cut || to > piece.len {
            return None;
        }
        let span = piece.offset + from..piece.offset + to;
        let spot = Spot { span, ..*spot };
        Some(Finding { at: piece.leaf.at, label: piece.leaf.label, joined: false, spot })
    }

    /// The finding that a spot of this line is, if it lies in more than one text.
    pub fn across(&self, spot: &Spot) -> Option<Finding> {
        let touched = || self.touched(&spot.span);
        let crosses = touched().any(|piece| piece.seam && piece.start > spot.span.start);
        if !crosses {
            return None;
        }
        let label = touched()
            .try_fold(DataClass::Public, |label, piece| Some(label.max(piece.leaf.label?)));
        let first = touched().next()?;
        let start = first.offset + (spot.span.start - first.start);
        let span = start..first.offset + first.len;
        Some(Finding { at: first.leaf.at, label, joined: true, spot: Spot { span, ..*spot } })
    }
}

/// The character boundary at or before a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
