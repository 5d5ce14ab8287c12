//! Whether captured bytes tell a secret, in any of the shapes that it was planted in or that a gate might
//! have turned it into. Strict on purpose: a leak test that does not see a leak is worse than none.
//!
//! Bytes are read as they are and with every usual encoding undone, up to [`DEPTH`] times; what is read is
//! folded to ASCII letters and digits in one case, without anything between, and searched for the core,
//! whole or in up to three pieces in order.
//!
//! Rejected: comparing values as they are written, because a leak without its dashes is a leak.

mod undo;

use super::Secret;
use super::glyphs::fold;
use std::collections::{HashSet, VecDeque};

/// So many encodings, one in the other, are undone.
const DEPTH: usize = 4;
/// Most pieces that a core may be read from.
const PIECES: usize = 3;
/// A shorter piece could be anything.
const SHORTEST_PIECE: usize = 4;

/// Whether the secret, or its core, can be read out of the bytes.
#[must_use]
pub fn readable(haystack: &[u8], secret: &Secret) -> bool {
    let core = squeezed(&secret.core);
    let mut seen = HashSet::new();
    let mut views = VecDeque::from([(0, String::from_utf8_lossy(haystack).into_owned())]);
    while let Some((depth, view)) = views.pop_front() {
        let text = squeezed(&view);
        if text.contains(&core) || in_pieces(&text, &core) {
            return true;
        }
        if depth < DEPTH {
            let undone = undo::each(&view).into_iter().filter(|view| seen.insert(view.clone()));
            views.extend(undone.map(|view| (depth + 1, view)));
        }
    }
    false
}

/// ASCII letters and digits, as a reader takes them, in lower case and with nothing between.
fn squeezed(text: &str) -> String {
    let characters = text.chars().map(fold).filter(char::is_ascii_alphanumeric);
    characters.map(|character| character.to_ascii_lowercase()).collect()
}

/// Whether two or three pieces of the core stand in order, which together are all of it.
fn in_pieces(text: &str, core: &str) -> bool {
    let shortest = SHORTEST_PIECE.max(core.len() / 4);
    let (mut text, mut rest) = (text, core);
    for _ in 0..PIECES {
        let found = (shortest.min(rest.len())..=rest.len())
            .rev()
            .find_map(|length| Some((length, text.find(&rest[..length])?)));
        let Some((length, at)) = found else { return false };
        // The end of a core may not be shorter than a piece, or any digit would do.
        if length < shortest {
            return false;
        }
        (text, rest) = (&text[at + length..], &rest[length..]);
        if rest.is_empty() {
            return true;
        }
    }
    false
}
