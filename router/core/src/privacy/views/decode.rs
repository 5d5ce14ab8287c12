//! Decoding, by one step.
//!
//! What is encoded in place makes one view of the whole text. A block makes a view of its own, so that it is
//! read without its neighbours, and all blocks together one more with the text around them: half of a
//! secret may be encoded.
//!
//! A text that came of decoding still has what another encoding was undone for in a view beside it. So
//! only what is new in it counts ([`map::is_new`]): it would be found twice, and be told as not undone.

use super::blocks::{Blocks, Finding};
use super::rewrite::Rewrite;
use super::{Encoding, Out, Segment, View, ViewKind, escapes, forms, map, quoted};
use crate::privacy::steps;
use std::ops::Range;

/// Undoes an encoding in place, in at most so many bytes, if there is any of what is wanted.
type Undo = for<'t> fn(&'t str, usize, &dyn Fn(Range<usize>) -> bool) -> Option<Rewrite<'t>>;

/// Adds a view for each encoding that the text has, and notes its opaque blocks.
pub fn decoded(view: &View<'_>, out: &mut Out<'_>) {
    let text = view.text();
    let whole: [(Encoding, Undo); 3] = [
        (Encoding::Escapes, escapes::undo),
        (Encoding::Escapes, forms::undo),
        (Encoding::QuotedPrintable, quoted::undo),
    ];
    steps::add(text.len() * (whole.len() + 1));
    let before = map::undone(&view.chain);
    for (encoding, undo) in whole {
        // Quoted-printable joins its own lines; joined otherwise, an identifier and a word become an escape.
        if encoding == Encoding::QuotedPrintable
            && view.kind() == ViewKind::Collapsed(Segment::Broken)
        {
            continue;
        }
        let mixed = (encoding, before) == (Encoding::QuotedPrintable, Some(Encoding::Escapes));
        let wanted = |range| mixed || map::is_new(&view.chain, range);
        if let Some(undone) = undo(text, out.left(), &wanted) {
            push(undone, view, encoding, out);
        }
    }
    let mut inline = Rewrite::new(text, out.left());
    let (mut copied, mut alone) = (0, false);
    for finding in Blocks::new(text) {
        let (range, encoding, block, map) = match finding {
            Finding::Text { range, encoding, text, map } => (range, encoding, text, map),
            Finding::Opaque(range) => {
                // Collapsing may tear a block from the label that says what it is.
                if !matches!(view.kind(), ViewKind::Collapsed(_)) {
                    out.note_opaque(view.origin(range));
                }
                continue;
            }
        };
        alone |= range.len() == text.trim_ascii().len();
        inline.copy(copied..range.start);
        inline.put_mapped(&block, &map);
        copied = range.end;
        if map::is_new(&view.chain, range) {
            out.push(View::derived(block, map, ViewKind::Decoded(encoding), &view.chain));
        }
    }
    if copied > 0 && !alone {
        inline.copy(copied..text.len());
        push(inline, view, Encoding::Inline, out);
    }
}

fn push(text: Rewrite<'_>, view: &View<'_>, encoding: Encoding, out: &mut Out<'_>) {
    out.truncated |= text.full();
    out.push(text.view(ViewKind::Decoded(encoding), &view.chain));
}

/// Whether something new in it is still encoded: a block that decodes to another text (`3333` is `33` in
/// hexadecimal digits, and says nothing new), or an escape that nobody needs.
#[must_use]
pub fn still_encoded(view: &View<'_>) -> bool {
    steps::add(view.text().len());
    let new = |range| map::is_new(&view.chain, range);
    escapes::hides(view.text(), &new)
        || Blocks::new(view.text()).any(|finding| match finding {
            Finding::Text { range, text, .. } => {
                let same =
                    view.text().get(range.clone()).is_some_and(|block| block.contains(&text));
                !same && new(range)
            }
            Finding::Opaque(_) => false,
        })
}
