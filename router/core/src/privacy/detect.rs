//! Detectors: what a secret or a personal fact looks like, and the one pass that looks for all of
//! them.
//!
//! A [`Detector`] is a row of a table: patterns, a validator, words that are written near it, and
//! where all that is published. Rows live in [`super::entities`]; nothing here knows a country.
//!
//! Three ways to find a place to look, each linear in the text ([`Find`]):
//!
//! - *Token*: most numbers. Where a word begins that has a digit near, one automaton says whose outline
//!   stands there, and the patterns of those rows are tried. Prose without digits costs a glance at each byte.
//! - *Literal*: credentials. One look for the fixed parts that all of them begin with, and a row's patterns are
//!   tried where one of its own stands.
//! - *Own*: a function, for what begins in the middle (an `@`, a `://`). The same look finds the words
//!   without which it need not run, so most of them sleep through most texts.
//!
//! Edges are judged by hand and not with `\b`: next to Han, Kana, Hangul or Cyrillic letters there is no
//! edge for `\b`, and `邮箱zhangsan@example.com谢谢` would be missed. Only an ASCII letter, digit or
//! underscore, and what a row names in [`Edges`], continues a word here.
//!
//! A match is as likely as its pattern's score says, and as its row's `valid` says once the check digits
//! agree; words of context nearby raise it. Which score counts is for the policy to say.

mod buckets;
mod byte_table;
pub mod checksum;
mod compiled;
mod context;
mod fences;
mod finder;
mod hit;
mod judge;
mod matches;
mod patterns;
mod scanner;
mod shapes;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

pub use compiled::Compiled;
pub use hit::Hit;
pub use scanner::{GaveUp, MOST_HITS, Scanner};

use std::ops::Range;

/// What a finding is about, for the policy to give it a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Opens something: keys, tokens, passwords, private keys.
    Credential,
    /// A number by which a state knows a person: identity, tax, social security, passport, licence.
    Identity,
    /// A number by which health care knows a person or a professional.
    Health,
    /// Cards, accounts, wallets.
    Payment,
    /// E-mail, phone.
    Contact,
    /// Addresses of machines: IP, MAC.
    Network,
    /// Places: coordinates, post codes.
    Place,
    /// Plates and papers of vehicles.
    Vehicle,
    /// Dates that say something of a person.
    Birth,
    /// Numbers of companies and professions.
    Organisation,
    /// What anybody may know: plain URLs, domain names, dates.
    Public,
    /// An image or a sound, which nothing here can look into.
    Media,
}

/// Result of a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The check digits, or the structure, agree.
    Valid,
    /// They do not: it is something else.
    Invalid,
    /// Nobody can tell from the characters alone.
    Undecided,
}

impl Check {
    /// `Valid` if it holds, `Invalid` if not.
    #[must_use]
    pub const fn from_bool(holds: bool) -> Self {
        if holds { Self::Valid } else { Self::Invalid }
    }
}

/// One form that it is written in.
///
/// The syntax is that of the `regex` crate without look-around, anchors, `\b` and Perl classes: a digit is
/// `[0-9]`, a separator `[ -]?`. Every repetition has a bound. Text is folded before: full-width letters,
/// digits of other scripts and other dashes have become ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The form.
    pub regex: &'static str,
    /// How likely a match is the real thing, in percent, where nothing else is known.
    pub score: u8,
}

/// A pattern.
#[must_use]
pub const fn pattern(regex: &'static str, score: u8) -> Pattern {
    Pattern { regex, score }
}

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub enum Find {
    /// At each beginning of a word (or at a `+` or `(` before a digit) that has a digit among its first
    /// [`DIGIT_WITHIN`] bytes.
    Token(&'static [Pattern]),
    /// Where one of these stands, in any case; every pattern begins with one of them.
    Literal(&'static [&'static str], &'static [Pattern]),
    /// By a function of its own: linear, and silent about edges and check digits. It is called only where
    /// one of these words stands in the text, or in a text that it was derived from, in any case of ASCII;
    /// always, if there are none.
    Own(&'static [&'static str], Own),
}

/// A function that looks for itself.
pub type Own = fn(&str, &mut Found<'_>);

/// Takes what an own function finds: a range of bytes and a score in percent.
pub type Found<'a> = dyn FnMut(Range<usize>, u8) + 'a;

/// A word has a digit among so many bytes, or no [`Find::Token`] looks at it.
pub const DIGIT_WITHIN: usize = 14;

/// What may not stand before or after a match, beside ASCII letters, digits and the underscore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// Bytes that may not stand before it.
    pub before: &'static [u8],
    /// Bytes that may not stand after it.
    pub after: &'static [u8],
    /// Whether ASCII letters, digits and the underscore may not stand before it.
    pub word_before: bool,
    /// Whether they may not stand after it.
    pub word_after: bool,
}

impl Edges {
    /// A whole word.
    pub const WORD: Self = Self { before: b"", after: b"", word_before: true, word_after: true };
    /// A whole word that is no part of a number with dashes, points or slashes.
    pub const NUMBER: Self =
        Self { before: b"-./", after: b"-/", word_before: true, word_after: true };
    /// Whatever stands around it: for what cannot be anything else.
    pub const NONE: Self = Self { before: b"", after: b"", word_before: false, word_after: false };
}

/// One kind of secret or personal fact.
#[derive(Clone, Copy, Debug)]
pub struct Detector {
    /// Its name, in capitals: `US_SSN`. Where Microsoft Presidio has an entity for it, that name.
    pub kind: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// What it is about.
    pub family: Family,
    /// ISO 3166 code of the country that it is of, where it is of one.
    pub country: Option<&'static str>,
    /// Where to look for it.
    pub find: Find,
    /// What else must hold of the text that matched.
    pub check: Option<fn(&str) -> Check>,
    /// Score in percent of a match whose check is [`Check::Valid`], where that is higher.
    pub valid: u8,
    /// What may not stand around it.
    pub edges: Edges,
    /// Words that are written near it, in the languages of its country, in lower case.
    pub context: &'static [&'static str],
    /// Where its form, and its check digits, are published.
    pub source: &'static str,
}

impl Detector {
    /// A row with nothing in it, to be filled in: `Detector { kind: .., ..Detector::EMPTY }`.
    pub const EMPTY: Self = Self {
        kind: "",
        about: "",
        family: Family::Public,
        country: None,
        find: Find::Token(&[]),
        check: None,
        valid: 0,
        edges: Edges::WORD,
        context: &[],
        source: "",
    };
}
