//! The second pass of folding: letters of other scripts that look like ASCII ones, word by word.
//!
//! Folding all of them would spoil every Russian or Greek text, and with it the words that detectors look for
//! near a number: `КАРТА` has look-alikes only. So a word is folded where a disguise is likely: it mixes
//! them with ASCII letters, or it is nothing but them and ASCII digits, or it is part of an address with `@`.
//! A token with signs in it that could be all ASCII is one word. Two to four capitals next to
//! digits, `ЕН 57 05 84 D`, are a part of a number; so is one behind digits.
//! Marks that stand on a folded letter go with the disguise.

use super::lookalikes::letter;
use super::rewrite::Rewrite;
use std::ops::Range;
use unicode_normalization::char::is_combining_mark;

/// So many capitals are a part of a number, in so many bytes.
const CAPITALS_MOST: usize = 4;
const CAPITALS_BYTES: usize = 4 * CAPITALS_MOST;

/// What a word is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Made {
    letters: bool,
    digits: bool,
    likes: bool,
    others: bool,
}

impl Made {
    const fn is_disguise(self, address: bool) -> bool {
        self.likes && (self.letters || (!self.others && (self.digits || address)))
    }
}

/// The text with the disguised words in ASCII, unless there are none.
pub(super) fn fold(text: &str, limit: usize) -> Option<Rewrite<'_>> {
    let mut out = Rewrite::new(text, limit);
    let mut copied = 0;
    let mut at = 0;
    while let Some((chain, address)) = next_chain(text, at) {
        at = chain.end;
        let made = made_of(text.get(chain.clone()).unwrap_or_default());
        if address || !made.others {
            let forced = address || !made.digits;
            fold_word(text, chain, forced, &mut out, &mut copied);
            continue;
        }
        let mut start = chain.start;
        for part in text.get(chain).unwrap_or_default().split(['.', '-', '@', '+', '/']) {
            fold_word(text, start..start + part.len(), false, &mut out, &mut copied);
            start += part.len() + 1;
        }
    }
    if copied == 0 {
        return None;
    }
    out.copy(copied..text.len());
    Some(out)
}

/// Whether it is few capitals and the next word is of digits: before it, or behind it.
fn beside_digits(text: &str, word: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let led = matches!(bytes.get(..word.start), Some([.., b'0'..=b'9', b' ']));
    let followed = matches!(bytes.get(word.end..), Some([b' ', b'0'..=b'9', ..]));
    if word.len() > CAPITALS_BYTES || !(led || followed) {
        return false;
    }
    let part = text.get(word.clone()).unwrap_or_default();
    let count = part.chars().count();
    (led || count > 1)
        && count <= CAPITALS_MOST
        && part.chars().all(|c| letter(c).is_some_and(|plain| plain.is_ascii_uppercase()))
}

/// The next row of letters, digits and `_.-@+/` that has characters of ASCII and others, or few others alone, and
/// whether there is an `@` in it.
fn next_chain(text: &str, from: usize) -> Option<(Range<usize>, bool)> {
    let (mut start, mut address, mut foreign, mut mixed) = (from, false, false, false);
    for (index, c) in text.get(from..)?.char_indices() {
        let at = from + index;
        if is_part(c) {
            address |= c == '@';
            foreign |= !c.is_ascii();
            mixed |= c == '@' || c.is_ascii_alphanumeric();
            continue;
        }
        if foreign && (mixed || beside_digits(text, &(start..at))) {
            return Some((start..at, address));
        }
        (start, address, foreign, mixed) = (at + c.len_utf8(), false, false, false);
    }
    (foreign && (mixed || beside_digits(text, &(start..text.len()))))
        .then_some((start..text.len(), address))
}

/// Han, Kana and Hangul have no spaces around them, so they end a word.
fn is_part(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '+' | '/');
    }
    // Of the alphabets that are written most, without the table.
    if matches!(c, '\u{C0}'..='\u{24F}' | '\u{388}'..='\u{481}' | '\u{48A}'..='\u{52F}') {
        return true;
    }
    let own =
        matches!(u32::from(c), 0x2E80..=0xA4CF | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0x20000..);
    let mark = matches!(c, '\u{302A}'..='\u{302F}' | '\u{3099}' | '\u{309A}');
    mark || (!own && (c.is_alphanumeric() || is_combining_mark(c)))
}

fn fold_word(
    text: &str,
    word: Range<usize>,
    address: bool,
    out: &mut Rewrite<'_>,
    copied: &mut usize,
) {
    let part = text.get(word.clone()).unwrap_or_default();
    if !made_of(part).is_disguise(address) {
        return;
    }
    let mut bare = false;
    for (index, c) in part.char_indices() {
        let plain = letter(c);
        let noise = bare && is_combining_mark(c);
        bare = noise || plain.is_some() || c.is_ascii_alphanumeric();
        if plain.is_none() && !noise {
            continue;
        }
        let start = word.start + index;
        let end = start + c.len_utf8();
        out.copy(*copied..start);
        if let Some(plain) = plain {
            out.put_char(plain, &(start..end));
        }
        *copied = end;
    }
}

fn made_of(word: &str) -> Made {
    let mut made = Made::default();
    for c in word.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => made.letters = true,
            '0'..='9' => made.digits = true,
            _ if c.is_ascii() => {}
            _ if letter(c).is_some() => made.likes = true,
            _ if is_combining_mark(c) => {}
            _ => made.others = true,
        }
    }
    made
}
