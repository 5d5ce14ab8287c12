//! Where any of many words stands in a text, in any case of ASCII letters.
//!
//! Three bytes tell nearly always that no word begins with them, so each place costs one look into four
//! kilobytes of bits, and one byte more tells most of the rest. What stays is compared with the few words that
//! begin so. Every word is found at every place, also inside of another one.
//!
//! Rejected: an Aho-Corasick automaton. Its table for these words is larger than the caches of a processor, and
//! it stops at each word that ordinary prose is full of.

use super::buckets::{Bits, Buckets};
use crate::privacy::steps;

/// Three bytes mix to a number of so many bits,
const GRAM_BITS: u32 = 15;
/// and four bytes to one of so many.
const KEY_BITS: u32 = 16;
/// Words of 64 bits for a bit of each.
const GRAM_WORDS: usize = 1 << (GRAM_BITS - 6);
const KEY_WORDS: usize = 1 << (KEY_BITS - 6);

/// Finds words.
pub(super) struct Finder {
    words: Vec<Box<[u8]>>,
    /// Words of one byte.
    single: Vec<(u8, usize)>,
    /// What three bytes mix to that a longer word begins with,
    begins: Bits<GRAM_WORDS>,
    /// and the same of the words that are wanted inside of others too.
    inner: Bits<GRAM_WORDS>,
    /// Words of two and three bytes, by these.
    short: Buckets<usize, GRAM_WORDS>,
    /// Others by what their first four bytes mix to, with these bytes.
    long: Buckets<(u32, usize), KEY_WORDS>,
}

impl Finder {
    /// Of words that are not empty; others are never found. Says of a number whether its word is wanted between
    /// letters too; those that are not may be left out there, if they begin with a letter of ASCII, but for the humps of names.
    pub fn new<W: AsRef<[u8]>>(words: &[W], inside: impl Fn(usize) -> bool) -> Self {
        let lower = |word: &W| word.as_ref().to_ascii_lowercase().into_boxed_slice();
        let words: Vec<Box<[u8]>> = words.iter().map(lower).collect();
        let mut single = Vec::new();
        let (mut begins, mut inner) = (Bits::new(), Bits::new());
        let (mut short, mut long) = (Vec::new(), Vec::new());
        for (number, word) in words.iter().enumerate() {
            match **word {
                [] => {}
                [only] => single.push((only, number)),
                [one, two] => {
                    let any = (0..=u8::MAX).map(|any| (gram(key([one, two, any, 0])), number));
                    short.extend(any);
                }
                [one, two, three] => short.push((gram(key([one, two, three, 0])), number)),
                [one, two, three, four, ..] => {
                    let key = key([one, two, three, four]);
                    long.push((mixed(key, KEY_BITS), (key, number)));
                }
            }
        }
        let grams = long.iter().map(|(_, (key, number))| (gram(*key), *number));
        for (gram, number) in grams.chain(short.iter().copied()) {
            begins.add(gram);
            let lettered = words.get(number).and_then(|word| word.first());
            if inside(number) || !lettered.is_some_and(u8::is_ascii_alphabetic) {
                inner.add(gram);
            }
        }
        let short = Buckets::new(short);
        let long = Buckets::new(long);
        Self { words, single, begins, inner, short, long }
    }

    /// Calls `found` with the beginning and the number of each word that stands in a text.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        steps::add(text.len());
        for (byte, word) in &self.single {
            let all = memchr::memchr2_iter(*byte, byte.to_ascii_uppercase(), text);
            all.for_each(|start| found(start, *word));
        }
        let mut before = 0_u8;
        for (start, four) in text.array_windows().enumerate() {
            let key = key(*four);
            // A capital behind a small letter begins a word of a name, as in `userSsn`.
            let hump = four[0].is_ascii_uppercase() & before.is_ascii_lowercase();
            let inside = before.is_ascii_alphabetic() & !hump;
            let begins = if inside { &self.inner } else { &self.begins };
            [before, ..] = *four;
            if begins.has(gram(key)) && self.may_begin(key) {
                self.compare(text, start, key, &mut found);
            }
        }
        // The last places have fewer bytes, for words that are shorter.
        for start in text.len().saturating_sub(3)..text.len() {
            let mut rest = text.get(start..).unwrap_or_default().iter().copied();
            let four = [(); 4].map(|()| rest.next().unwrap_or_default());
            self.compare(text, start, key(four), &mut found);
        }
    }

    /// Whether a word may begin with a key, as far as four bytes tell.
    fn may_begin(&self, key: u32) -> bool {
        self.long.has(mixed(key, KEY_BITS)) || self.short.has(gram(key))
    }

    /// Calls `found` for the words that stand at a place, with its key. Not a part of the loop that asks for it
    /// seldom, which is the faster for being short.
    fn compare(&self, text: &[u8], start: usize, key: u32, found: &mut impl FnMut(usize, usize)) {
        let rest = text.get(start..).unwrap_or_default();
        let mut try_word = |number: usize| {
            steps::add(1);
            let Some(word) = self.words.get(number) else { return };
            let part = rest.get(..word.len()).unwrap_or_default();
            // Words that begin alike differ at their ends.
            let mut both = part.iter().zip(word).rev();
            if !part.is_empty() && both.all(|(one, other)| one.to_ascii_lowercase() == *other) {
                found(start, number);
            }
        };
        self.short.of(gram(key)).iter().for_each(|number| try_word(*number));
        let alike = self.long.of(mixed(key, KEY_BITS)).iter();
        alike.filter(|(known, _)| *known == key).for_each(|(_, number)| try_word(*number));
    }
}

/// Four bytes, each as any that has the same bits but for the one that tells capitals from small letters.
const fn key(bytes: [u8; 4]) -> u32 {
    u32::from_le_bytes(bytes) | 0x2020_2020
}

/// What the first three bytes of a key mix to.
const fn gram(key: u32) -> usize {
    mixed(key << 8, GRAM_BITS)
}

/// A number mixed to one of so many bits (Knuth, "The Art of Computer Programming", section 6.4: the golden
/// ratio).
const fn mixed(number: u32, bits: u32) -> usize {
    (number.wrapping_mul(0x9E37_79B9) >> (u32::BITS - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(words: &[&str], text: &str) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        let finder = Finder::new(words, |_| true);
        finder.each(text.as_bytes(), |start, word| all.push((start, word)));
        all.sort_unstable();
        all
    }

    /// The same, by trying every word at every place.
    fn tried(words: &[&str], text: &str) -> Vec<(usize, usize)> {
        let bytes = text.as_bytes();
        let stands = |start: usize, word: &str| {
            let part = bytes.get(start..start + word.len());
            !word.is_empty() && part.is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        let places = (0..bytes.len()).flat_map(|start| {
            let here = words.iter().enumerate().filter(move |(_, word)| stands(start, word));
            here.map(move |(number, _)| (start, number))
        });
        places.collect()
    }

    #[test]
    fn words_are_found_in_any_case_inside_of_each_other_and_at_the_end() {
        let words = ["@", "ab", "abc", "ABCD", "卡号", "://", ""];
        assert_eq!(found(&words, "xABCd@"), [(1, 1), (1, 2), (1, 3), (5, 0)]);
        assert_eq!(found(&words, "卡号ab"), [(0, 4), (6, 1)]);
        assert_eq!(found(&words, "x://"), [(1, 5)]);
        assert!(found(&words, "").is_empty() && found(&[], "ab").is_empty());
    }

    proptest! {
        #[test]
        fn every_word_is_found_where_it_stands(
            words in prop::collection::vec("[aAbB@ é一]{0,5}", 0..12),
            text in "[aAbBc@ é一\u{0}]{0,40}",
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&words, &text), tried(&words, &text));
        }
    }
}
