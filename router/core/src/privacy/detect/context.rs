//! Words that make a number more likely to be what it looks like.

use super::words::Vocabulary;
use std::ops::Range;

/// So many bytes before a match are read for words.
const BEFORE: usize = 96;
/// So many bytes behind it.
const AFTER: usize = 32;

/// The words of context in a text; looked for once, when somebody first asks.
#[derive(Default)]
pub(super) struct Context {
    /// Beginning of each word that was found, and its number, in order of the text.
    words: Vec<(usize, usize)>,
    /// A bit for each detector that one of them is a word of: nearly all are ruled out by a look at it.
    concerned: Vec<u64>,
    ready: bool,
}

impl Context {
    pub fn clear(&mut self) {
        self.words.clear();
        self.concerned.clear();
        self.ready = false;
    }

    /// Looks for the words, unless that was done.
    pub fn look(&mut self, words: &Vocabulary, text: &str) {
        if self.ready {
            return;
        }
        self.ready = true;
        let bytes = text.as_bytes();
        words.each(bytes, |start, end, word| {
            if is_word(bytes, start, end) && !is_product(bytes, end) {
                self.words.push((start, word));
                words.concerned(word).iter().for_each(|one| self.concern(*one));
            }
        });
        self.words.sort_unstable();
    }

    fn concern(&mut self, detector: usize) {
        let slot = detector / 64;
        if self.concerned.len() <= slot {
            self.concerned.resize(slot + 1, 0);
        }
        if let Some(bits) = self.concerned.get_mut(slot) {
            *bits |= 1 << (detector % 64);
        }
    }

    /// Whether a word of this detector stands anywhere.
    pub fn has(&self, detector: usize) -> bool {
        self.concerned.get(detector / 64).is_some_and(|bits| bits >> (detector % 64) & 1 == 1)
    }

    /// Whether a word of this detector stands near.
    pub fn near(&self, words: &Vocabulary, detector: usize, span: &Range<usize>) -> bool {
        if !self.has(detector) {
            return false;
        }
        let from = self.words.partition_point(|(at, _)| *at + BEFORE < span.start);
        let near = self.words.iter().skip(from).take_while(|(at, _)| *at < span.end + AFTER);
        near.map(|(_, word)| words.concerned(*word))
            .any(|concerned| concerned.binary_search(&detector).is_ok())
    }
}

/// Whether no ASCII letter continues the word on either side: `tin` is none in `testing`. A plural is.
fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let letter =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let plural = text.get(end).is_some_and(|byte| byte.eq_ignore_ascii_case(&b's'));
    let led = letter(Some(start)) && letter(start.checked_sub(1));
    let followed = letter(end.checked_sub(1)) && letter(Some(end + usize::from(plural)));
    !(led || followed)
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
