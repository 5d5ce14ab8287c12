//! Words that make a number more likely to be what it looks like.

use super::words::{Found, Words, has};
use crate::privacy::steps;
use std::ops::Range;

/// So many bytes before a match are read for words.
const BEFORE: usize = 96;
/// So many bytes behind it.
const AFTER: usize = 32;

/// The words of context in a text.
#[derive(Default)]
pub(super) struct Context {
    /// Beginning of each word that was found, and its number, in order of the text.
    words: Vec<(usize, usize)>,
    /// A bit for each detector that one of them is a word of: nearly all are ruled out by a look at it.
    concerned: Vec<u64>,
}

impl Context {
    pub fn clear(&mut self) {
        self.words.clear();
        self.concerned.clear();
    }

    /// Takes a word, if it stands by itself.
    pub fn take(&mut self, text: &[u8], found: &Found<'_>) {
        if found.concerned.is_empty()
            || !is_word(text, found.start, found.end)
            || is_product(text, found.end)
        {
            return;
        }
        self.words.push((found.start, found.number));
        if self.concerned.len() < found.concerned.len() {
            self.concerned.resize(found.concerned.len(), 0);
        }
        for (all, one) in self.concerned.iter_mut().zip(found.concerned) {
            *all |= one;
        }
    }

    /// Puts the words in order, when all are taken.
    pub fn finish(&mut self) {
        self.words.sort_unstable();
    }

    /// Whether a word of this detector stands anywhere.
    pub fn has(&self, detector: usize) -> bool {
        has(&self.concerned, detector)
    }

    /// Whether there is any word.
    pub const fn any(&self) -> bool {
        !self.words.is_empty()
    }

    /// Whether any word stands near.
    pub fn any_near(&self, span: &Range<usize>) -> bool {
        self.any() && self.words_near(span).next().is_some()
    }

    /// Whether a word of this detector stands near.
    pub fn near(&self, words: &Words, detector: usize, span: &Range<usize>) -> bool {
        if !self.has(detector) {
            return false;
        }
        self.words_near(span).any(|word| words.concerns(word, detector))
    }

    fn words_near(&self, span: &Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let from = self.words.partition_point(|(at, _)| *at + BEFORE < span.start);
        let end = span.end.saturating_add(AFTER);
        let near = self.words.get(from..).unwrap_or_default().iter();
        near.take_while(move |(at, _)| *at < end).map(|(_, word)| {
            steps::add(1);
            *word
        })
    }
}

/// Whether no ASCII letter continues the word on either side: `tin` is none in `testing`. A plural is, and so
/// is a part of `userSsn` and `SSNField`.
fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let letter =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let plural = text.get(end).is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'));
    let end = end + usize::from(plural && !begins_a_hump(text, end));
    let led = letter(Some(start)) && letter(start.checked_sub(1)) && !begins_a_hump(text, start);
    let followed = letter(end.checked_sub(1)) && letter(Some(end)) && !begins_a_hump(text, end);
    !(led || followed)
}

/// Whether a word begins here in the middle of letters: a capital behind a small one, or before one.
fn begins_a_hump(text: &[u8], at: usize) -> bool {
    let is =
        |at: Option<usize>, what: fn(&u8) -> bool| at.and_then(|at| text.get(at)).is_some_and(what);
    let small = |at| is(at, u8::is_ascii_lowercase);
    is(Some(at), u8::is_ascii_uppercase) && (small(at.checked_sub(1)) || small(at.checked_add(1)))
}

/// Whether a version follows, as in `Mobile/15E148` and `Mobile Safari/537.36`: browsers call themselves so
/// (RFC 9110, section 10.1.5).
fn is_product(text: &[u8], end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let name = match rest {
        [b' ', name @ ..] => {
            1 + name.iter().take(16).take_while(|byte| byte.is_ascii_alphabetic()).count()
        }
        _ => 0,
    };
    let version = rest.get(name..).and_then(|rest| rest.strip_prefix(b"/")).unwrap_or_default();
    let digits = version.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let goes_on = |byte: &u8| if name > 0 { *byte == b'.' } else { byte.is_ascii_alphabetic() };
    digits > 0 && version.get(digits).is_some_and(goes_on)
}
