//! Folding: each character to the plain one that it looks like.
//!
//! Three passes, each of which the next one needs finished: [`super::compat`] (NFKC, digits, spaces,
//! dashes, what cannot be seen), [`super::confusable`] (letters of other scripts, by words), and
//! [`super::numerals`] (Han numerals, by runs). The first one says whether the others have anything to do.
//! ASCII folds to itself and costs one look at its bytes.

use super::compat::{self, Seen};
use super::rewrite::Rewrite;
use super::{View, ViewKind, confusable, numerals};
use crate::privacy::steps;

/// A folded text has at most so many times the bytes of its source,
const TIMES: usize = 4;
/// and so many more. Only a flood of ligatures comes near; the view then ends there.
const SPARE: usize = 1024;

/// No text that was not made for it needs more.
const ROUNDS: usize = 3;

/// A later pass: the text folded in at most so many bytes, unless it is the same.
type Pass = fn(&str, usize) -> Option<Rewrite<'_>>;

/// The text with every character as the ASCII one that it looks like, or `None` if that is the same text.
///
/// The second value says that the folded text was too long and has been cut.
#[must_use]
pub fn folded(view: &View<'_>) -> Option<(View<'static>, bool)> {
    // A sum and no search: it looks at every byte of every text, and goes eight and more at a time.
    let others = view.text().bytes().map(|byte| usize::from(!compat::is_plain_byte(byte)));
    if others.sum::<usize>() == 0 {
        return None;
    }
    let limit = view.text().len().saturating_mul(TIMES).saturating_add(SPARE);
    steps::add(view.text().len());
    let (first, seen) = compat::fold(view.text(), limit);
    let mut full = false;
    let mut last = step(first, view, &mut full);
    let Seen { letters, numerals } = seen;
    // Each may make digits that concern the other; more rounds would need a text made for that.
    for _ in 0..ROUNDS {
        let passes = [(numerals, numerals::fold as Pass), (letters, confusable::fold as Pass)];
        let mut changed = false;
        for (_, pass) in passes.into_iter().filter(|(needed, _)| *needed) {
            let from = last.as_ref().unwrap_or(view);
            steps::add(from.text().len());
            let next = step(pass(from.text(), limit), from, &mut full);
            changed |= next.is_some();
            last = next.or(last);
        }
        if !(changed && letters && numerals) {
            break;
        }
    }
    last.map(|folded| (folded, full))
}

fn step(text: Option<Rewrite<'_>>, from: &View<'_>, full: &mut bool) -> Option<View<'static>> {
    let text = text?;
    *full |= text.full();
    Some(text.view(ViewKind::Folded, &from.chain))
}
