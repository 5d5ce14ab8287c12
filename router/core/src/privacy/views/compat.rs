//! The first pass of folding: compatibility forms (Unicode Standard Annex 15, NFKC), digits of all scripts,
//! spaces, dashes, dots and slashes, and what cannot be seen at all.
//!
//! Most characters of most texts are their own NFKC and have no rule: they are told by their block and
//! copied in runs. The others are normalised with the marks and the invisible characters that follow
//! them, and with the character before them if they would melt into it; what comes of such a group maps to
//! the whole group.
//!
//! Marks that stand after an ASCII letter, a digit or a Han numeral when all is composed are noise (struck-out digits), and go;
//! `é` is a letter and stays.

use super::digits;
use super::lookalikes::{letter, sign};
use super::numerals::is_numeral;
use super::rewrite::Rewrite;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{
    canonical_combining_class, decompose_compatible, is_combining_mark,
};
use unicode_normalization::{IsNormalized, is_nfc_quick};

/// What the later passes would find.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Letters that look like ASCII ones.
    pub(super) letters: bool,
    /// Han numerals.
    pub(super) numerals: bool,
}

/// What its block says of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Its own folding.
    Plain,
    /// The same, but perhaps a look-alike letter.
    Letter,
    /// The same, but a Han numeral.
    Numeral,
    /// To be looked at.
    Other,
}

/// The folded text, unless it is the same.
pub(super) fn fold(text: &str, limit: usize) -> (Option<Rewrite<'_>>, Seen) {
    let mut fold = Fold {
        text,
        out: Rewrite::new(text, limit),
        copied: 0,
        changed: false,
        seen: Seen::default(),
        group: String::new(),
        folded: String::new(),
    };
    fold.run();
    (fold.changed.then_some(fold.out), fold.seen)
}

struct Fold<'s> {
    text: &'s str,
    out: Rewrite<'s>,
    /// Up to here the source is in `out`.
    copied: usize,
    changed: bool,
    seen: Seen,
    group: String,
    folded: String,
}

impl Fold<'_> {
    fn run(&mut self) {
        let (mut at, mut before) = (0, 0);
        let mut rest = self.text.chars();
        while let Some(c) = rest.next() {
            if is_plain_ascii(c) {
                // Their own folding, all of them up to the next one of another kind.
                let tail = self.text.as_bytes().get(at..).unwrap_or_default();
                let run = tail.iter().position(|byte| !is_plain_byte(*byte)).unwrap_or(tail.len());
                (before, at) = (at + run - 1, at + run);
                rest = self.text.get(at..).unwrap_or_default().chars();
                continue;
            }
            let mut end = at + c.len_utf8();
            match class(c) {
                Class::Plain => {}
                Class::Letter => self.seen.letters = true,
                Class::Numeral => self.seen.numerals = true,
                Class::Other if self.direct(c, at, end) => {}
                Class::Other => {
                    end = self.group(at, before);
                    rest = self.text.get(end..).unwrap_or_default().chars();
                }
            }
            (before, at) = (at, end);
        }
        if self.changed {
            self.out.copy(self.copied..self.text.len());
        }
    }

    /// Folds a character of the frequent kind that needs no tables, if nothing can melt into it.
    fn direct(&mut self, c: char, at: usize, end: usize) -> bool {
        let next = self.text.get(end..).and_then(|rest| rest.chars().next());
        let apart = next.is_none_or(|next| class(next) != Class::Other || frequent(next).is_some());
        let Some(plain) = frequent(c).filter(|_| apart) else {
            return false;
        };
        self.changed = true;
        self.out.copy(self.copied..at);
        self.out.put_char(plain, &(at..end));
        self.copied = end;
        true
    }

    /// Folds the group around the character at `at`; says where it ends.
    fn group(&mut self, at: usize, before: usize) -> usize {
        let tail = self.text.get(at..).unwrap_or_default();
        let mut end = at;
        let mut melts = false;
        for (index, c) in tail.char_indices() {
            let joins = class(c) == Class::Other && (is_unseen(c) || joins_previous(c));
            if index > 0 && !joins {
                break;
            }
            melts |= joins && !is_unseen(c);
            end = at + index + c.len_utf8();
        }
        let first_joins = tail.chars().next().is_some_and(|c| is_unseen(c) || joins_previous(c));
        let start = if melts && first_joins && before >= self.copied { before } else { at };
        self.rewrite(start, end);
        end
    }

    fn rewrite(&mut self, start: usize, end: usize) {
        let source = self.text.get(start..end).unwrap_or_default();
        self.group.clear();
        source.chars().for_each(|c| see_through(c, &mut self.group));
        self.folded.clear();
        for c in self.group.nfkc() {
            if let Some(c) = plain(c, self.folded.chars().next_back()) {
                self.seen.numerals |= is_numeral(c);
                self.seen.letters |= !c.is_ascii() && letter(c).is_some();
                self.folded.push(c);
            }
        }
        if self.folded == source {
            return;
        }
        self.changed = true;
        self.out.copy(self.copied..start);
        self.out.put(&self.folded, &(start..end));
        self.copied = end;
    }
}

fn class(c: char) -> Class {
    match u32::from(c) {
        0..=0x7F if is_plain_ascii(c) => Class::Plain,
        0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF if is_numeral(c) => Class::Numeral,
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 => Class::Plain,
        0xB7
        | 0x2018..=0x201D
        | 0x2022
        | 0x3001
        | 0x3008..=0x3011
        | 0x3041..=0x3096
        | 0x30A1..=0x30FA
        | 0x30FC => Class::Plain,
        0xC0..=0x131 | 0x134..=0x13E | 0x141..=0x148 | 0x14A..=0x17E => Class::Letter,
        0x388..=0x3CE | 0x400..=0x481 | 0x48A..=0x52F => Class::Letter,
        0x5D0..=0x5EA | 0x621..=0x64A | 0xE01..=0xE32 => Class::Plain,
        _ => Class::Other,
    }
}

/// Full-width forms, and the signs and spaces that stand in every Chinese text.
fn frequent(c: char) -> Option<char> {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFF01 + 0x21),
        0xA0 | 0x3000 => Some(' '),
        0x3002 => Some('.'),
        0x2010..=0x2015 => Some('-'),
        _ => None,
    }
}

/// ASCII that stands for itself: all but the control characters that are no tab and no line end.
#[inline]
pub(super) const fn is_plain_byte(byte: u8) -> bool {
    (byte >= b' ' && byte < 0x7F) || matches!(byte, b'\t' | b'\n' | b'\r')
}

fn is_plain_ascii(c: char) -> bool {
    u8::try_from(c).is_ok_and(is_plain_byte)
}

/// Whether nobody sees it, or nobody reads it: control characters (text in UTF-16 has one after each letter),
/// zero-width characters, direction marks, variation selectors, fillers, tags, the marks that draw a frame,
/// what stands for a character that could not be read, and what has no meaning of its own (private use,
/// noncharacters).
fn is_unseen(c: char) -> bool {
    let code = u32::from(c);
    is_frame_or_filler(code) || is_meaningless(code)
}

/// Control and format characters, private use, noncharacters, replacements (Unicode Standard, general
/// categories Cc, Cf and Co, and section 23.7).
const fn is_meaningless(code: u32) -> bool {
    matches!(code,
        0..=8 | 0xB | 0xC | 0xE..=0x1F | 0x7F..=0x84 | 0x86..=0x9F
        | 0x600..=0x605 | 0x6DD | 0x70F | 0x890 | 0x891 | 0x8E2 | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF
        | 0xFFF0..=0xFFFD | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A | 0xE0080..=0xE00FF | 0xE01F0..=0xE0FFF | 0xF0000..=0x0010_FFFF)
        || code & 0xFFFE == 0xFFFE
}

const fn is_frame_or_filler(code: u32) -> bool {
    matches!(code,
        0xAD | 0x34F | 0x488 | 0x489 | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x1ABE | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x20DD..=0x20E0
        | 0x20E2..=0x20E4 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xE0000..=0xE001F
        | 0xE007F | 0xE0100..=0xE01EF)
}

/// Whether normalisation may melt it into the character before it.
fn joins_previous(c: char) -> bool {
    let mut first = None;
    decompose_compatible(c, |part| first = first.or(Some(part)));
    let first = first.unwrap_or(c);
    canonical_combining_class(first) != 0
        || is_nfc_quick(std::iter::once(first)) == IsNormalized::Maybe
}

/// Appends a character as it is to be normalised: the unseen ones not at all, tags as the letters that they
/// smuggle, numbers in a circle or in parentheses without them.
fn see_through(c: char, group: &mut String) {
    match u32::from(c) {
        _ if is_unseen(c) => {}
        tag @ 0xE0020..=0xE007E => group.extend(char::from_u32(tag - 0xE0000)),
        0x2474..=0x24B5 | 0x3220..=0x3229 | 0x1F100..=0x1F10A | 0x1F110..=0x1F129 => {
            let bare = std::iter::once(c).nfkc().filter(|c| !matches!(c, '(' | ')' | '.' | ','));
            group.extend(bare);
        }
        letter @ 0x1F150..=0x1F169 => group.extend(char::from_u32(letter - 0x1F150 + 0x41)),
        letter @ 0x1F170..=0x1F189 => group.extend(char::from_u32(letter - 0x1F170 + 0x41)),
        _ => match digits::circled(c) {
            Some(number) => group.push_str(&number.to_string()),
            None => group.push(c),
        },
    }
}

/// A normalised character as it is to be read, given the one before it.
fn plain(c: char, before: Option<char>) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    let bare = |before: char| before.is_ascii_alphanumeric() || is_numeral(before);
    let noise = is_combining_mark(c) && before.is_some_and(bare);
    if noise || is_unseen(c) {
        return None;
    }
    Some(digits::decimal(c).or_else(|| sign(c)).unwrap_or(c))
}
