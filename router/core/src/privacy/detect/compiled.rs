//! A table of detectors, made ready to search: automata of patterns and of words.

use super::words::{Vocabulary, Words};
use super::{Detector, Find, Own, Pattern};
use regex_automata::hybrid::dfa::DFA;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, hybrid, nfa::thompson};

/// States of each automaton are kept in so much memory for each scanner, in bytes.
const CACHE_BYTES: usize = 2 << 20;
/// How often an automaton may throw its states away in one search before it is asked whether it still gains
/// anything, and how many bytes each state must have served to say yes.
const CLEARINGS: usize = 16;
const BYTES_PER_STATE: usize = 8;

/// So many automata share the patterns that are tried where a word begins.
const PARTS: usize = 6;

/// A pattern of a row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub detector: usize,
    pub score: u8,
}

/// Patterns of many rows in one automaton.
pub(super) struct Patterns {
    pub dfa: DFA,
    /// The row that each pattern is of.
    pub rows: Vec<Row>,
    /// For each byte, whether a match may begin with it.
    begins: Vec<bool>,
}

impl Patterns {
    /// Whether a match may begin with this byte.
    pub fn may_begin(&self, byte: u8) -> bool {
        self.begins.get(usize::from(byte)).copied().unwrap_or(true)
    }
}

/// What a word in a text is a reason for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// To try this pattern there.
    Pattern(usize),
    /// To call this function.
    Own(usize),
}

/// A function of a row.
pub(super) struct Called {
    pub detector: usize,
    pub find: Own,
    /// Whether it is called without a word too.
    pub always: bool,
}

/// A table of detectors, ready to search.
pub struct Compiled {
    pub(super) detectors: Vec<&'static Detector>,
    /// Parts of the patterns that are tried where a word begins.
    pub(super) tokens: Vec<Patterns>,
    pub(super) literals: Patterns,
    pub(super) literal_words: Words<Aim>,
    pub(super) context_words: Vocabulary,
    pub(super) own: Vec<Called>,
}

/// A row of a table cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("compile the detectors: {0}")]
pub struct Unfit(pub(super) String);

impl Compiled {
    /// Makes the rows of these tables ready.
    ///
    /// # Errors
    /// A pattern that does not parse, or an automaton that would be too large.
    pub fn new(tables: &[&'static [Detector]]) -> Result<Self, Unfit> {
        Self::of(tables.iter().flat_map(|table| table.iter()).collect())
    }

    /// Makes these rows ready.
    ///
    /// # Errors
    /// As [`Compiled::new`].
    pub fn of(detectors: Vec<&'static Detector>) -> Result<Self, Unfit> {
        let mut tokens = Vec::new();
        let mut literals = Vec::new();
        let mut words = Vec::new();
        let mut own = Vec::new();
        for (index, detector) in detectors.iter().enumerate() {
            match detector.find {
                Find::Token(patterns) => tokens.extend(patterns.iter().map(|one| (index, one))),
                Find::Literal(fixed, patterns) => {
                    for one in patterns {
                        let aim = Aim::Pattern(literals.len());
                        words.extend(fixed.iter().map(|word| (*word, aim)));
                        literals.push((index, one));
                    }
                }
                Find::Own(fixed, find) => {
                    words.extend(fixed.iter().map(|word| (*word, Aim::Own(own.len()))));
                    own.push(Called { detector: index, find, always: fixed.is_empty() });
                }
            }
        }
        let context = detectors
            .iter()
            .enumerate()
            .flat_map(|(index, detector)| detector.context.iter().map(move |word| (*word, index)));
        Ok(Self {
            tokens: parts(tokens)?,
            literals: patterns(&literals)?,
            literal_words: Words::of(words)?,
            context_words: Vocabulary::of(context.collect())?,
            own,
            detectors,
        })
    }

    /// Calls each function in every text, so that a kind can be judged without the words that are a reason
    /// to look for it.
    #[must_use]
    pub fn unprompted(mut self) -> Self {
        self.own.iter_mut().for_each(|own| own.always = true);
        self
    }
}

/// Rows in a few automata of about equal size. In one of all, each state would be a set of places in any of
/// a thousand patterns, and there are more such sets than any text or any memory has room for; the sets of a
/// part of the patterns are soon all known.
///
/// Patterns that begin alike are put together: most parts then have none that begins with a letter.
fn parts(mut rows: Vec<(usize, &Pattern)>) -> Result<Vec<Patterns>, Unfit> {
    rows.sort_by_key(|(_, pattern)| {
        pattern.regex.trim_start_matches("(?i)").trim_start_matches("(?:")
    });
    let each = rows.len().div_ceil(PARTS).max(1);
    rows.chunks(each).map(patterns).collect()
}

fn patterns(rows: &[(usize, &Pattern)]) -> Result<Patterns, Unfit> {
    let regexes: Vec<&str> = rows.iter().map(|(_, pattern)| pattern.regex).collect();
    let config = DFA::config()
        .match_kind(MatchKind::All)
        .starts_for_each_pattern(true)
        .cache_capacity(CACHE_BYTES)
        .skip_cache_capacity_check(true)
        .minimum_cache_clear_count(Some(CLEARINGS))
        .minimum_bytes_per_state(Some(BYTES_PER_STATE));
    let dfa = hybrid::dfa::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(false))
        .thompson(thompson::Config::new().utf8(false).shrink(false))
        .build_many(&regexes)
        .map_err(|error| Unfit(error.to_string()))?;
    let rows =
        rows.iter().map(|(detector, pattern)| Row { detector: *detector, score: pattern.score });
    let begins = beginnings(&dfa).ok_or_else(|| Unfit("begin a search".to_owned()))?;
    Ok(Patterns { dfa, rows: rows.collect(), begins })
}

/// For each byte, whether a match may begin with it.
fn beginnings(dfa: &DFA) -> Option<Vec<bool>> {
    let mut cache = dfa.create_cache();
    let mut begins = Vec::with_capacity(256);
    for byte in 0..=u8::MAX {
        let input = Input::new(&[]).anchored(Anchored::Yes);
        let start = dfa.start_state_forward(&mut cache, &input).ok()?;
        begins.push(!dfa.next_state(&mut cache, start, byte).ok()?.is_dead());
    }
    Some(begins)
}
