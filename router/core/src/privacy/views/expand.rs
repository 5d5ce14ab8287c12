//! All views of a text.
//!
//! Folding comes first, at every depth, since all else knows ASCII only; collapsing and decoding then
//! start from the folded text. What was collapsed is decoded but not collapsed again.

use super::{Out, Segment, View, ViewKind, collapsed, decoded, folded, raw, still_encoded};

/// So many encodings are undone, one in the other.
pub const DEPTH: u8 = 2;
/// Maps count bytes in 32 bits, and no prompt is near that.
const LONGEST: usize = 1 << 30;

/// The text and everything that is to be scanned beside it.
#[must_use]
pub fn expand(text: &str) -> Out<'_> {
    let mut out = Out::new(text.len());
    out.views.push(raw(text));
    if text.len() > LONGEST {
        out.truncated = true;
        return out;
    }
    let mut todo = vec![Todo { depth: 0, collapse: true }];
    let mut at = 0;
    while let (Some(next), Some(slot)) = (todo.get(at).copied(), out.views.get_mut(at)) {
        let view = std::mem::replace(slot, raw(""));
        next.derive(&view, &mut out, &mut todo);
        if let Some(slot) = out.views.get_mut(at) {
            *slot = view;
        }
        at += 1;
    }
    out.opaque.sort_unstable_by_key(|span| (span.start, span.end));
    out.opaque.dedup();
    out
}

/// What is to be done with a view.
#[derive(Clone, Copy)]
struct Todo {
    depth: u8,
    collapse: bool,
}

impl Todo {
    /// Adds the views of a view, and what is to be done with each.
    fn derive(self, view: &View<'_>, out: &mut Out<'_>, todo: &mut Vec<Self>) {
        if view.kind() == ViewKind::Collapsed(Segment::Digits) {
            return;
        }
        if self.depth == DEPTH && !out.still_encoded {
            out.still_encoded = still_encoded(view);
        }
        if view.kind() != ViewKind::Folded
            && let Some((text, cut)) = folded(view)
        {
            out.truncated |= cut;
            out.push(text);
            todo.resize(out.views.len(), self);
            return;
        }
        if self.collapse {
            collapsed(view, out);
            todo.resize(out.views.len(), Self { collapse: false, ..self });
        }
        if self.depth < DEPTH {
            decoded(view, out);
            todo.resize(out.views.len(), Self { depth: self.depth + 1, ..self });
        }
    }
}
