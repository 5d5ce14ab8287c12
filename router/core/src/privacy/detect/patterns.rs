//! Patterns of many rows in automata, with what is known of each row.

use super::compiled::Unfit;
use super::fences::bit;
use super::shapes::{Member, Shapes, outlines};
use regex_automata::hybrid::dfa::DFA;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, hybrid, nfa::thompson};

/// States of each automaton are kept in so much memory for each scanner, in bytes.
const CACHE_BYTES: usize = 2 << 20;
/// The same for those of outlines, which are asked first.
const SHAPES_CACHE_BYTES: usize = 4 << 20;
/// How often an automaton may throw its states away in one search before it is asked whether it still gains
/// anything, and how many bytes each state must have served to say yes.
const CLEARINGS: usize = 16;
const BYTES_PER_STATE: usize = 8;

/// A pattern of a row, or what a function of a row finds.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub detector: usize,
    pub score: u8,
    /// The score where its check agrees, if that is higher.
    pub best: u8,
    /// The number of its edges.
    pub fence: u8,
}

/// A row with the expression of its pattern.
pub(super) type Form = (Row, &'static str);

/// Patterns of many rows in one automaton.
pub(super) struct Patterns {
    pub dfa: DFA,
    /// The row that each pattern is of.
    pub rows: Vec<Row>,
    /// The kinds of their edges.
    pub fences: u64,
    /// For each byte, whether a match may begin with it.
    begins: Vec<bool>,
}

impl Patterns {
    pub fn new(forms: &[Form]) -> Result<Self, Unfit> {
        let regexes: Vec<&str> = forms.iter().map(|(_, regex)| *regex).collect();
        let dfa = hybrid::dfa::Builder::new()
            .configure(config().cache_capacity(CACHE_BYTES))
            .syntax(syntax::Config::new().utf8(false))
            .thompson(thompson::Config::new().utf8(false).shrink(false))
            .build_many(&regexes)
            .map_err(|error| Unfit::new(&error))?;
        let begins = beginnings(&dfa)?;
        Ok(Self { dfa, rows: rows(forms), fences: fences(forms), begins })
    }

    /// Whether a match may begin with this byte.
    pub fn may_begin(&self, byte: u8) -> bool {
        self.begins.get(usize::from(byte)).copied().unwrap_or(true)
    }
}

/// Patterns in parts. In one automaton of all, each state would be a set of places in any of a thousand patterns,
/// and there are more such sets than any text or any memory has room for; the sets of a part of the patterns
/// are soon all known.
pub(super) struct Group {
    pub parts: Vec<Patterns>,
    /// The outlines of all of them.
    pub shapes: Shapes,
    /// The kinds of their edges.
    pub fences: u64,
    /// No match has more bytes.
    pub longest: usize,
    begins: Vec<bool>,
}

impl Group {
    /// In so many parts of about equal size. Patterns that begin alike are put together: most parts then have
    /// none that begins with a letter.
    pub fn new(mut forms: Vec<Form>, parts: usize) -> Result<Self, Unfit> {
        forms.sort_by_key(|(_, regex)| regex.trim_start_matches("(?i)").trim_start_matches("(?:"));
        let size = forms.len().div_ceil(parts).max(1);
        let parts = forms.chunks(size).map(Patterns::new).collect::<Result<Vec<_>, _>>()?;
        let begins = |byte| parts.iter().any(|part: &Patterns| part.may_begin(byte));
        Ok(Self {
            begins: (0..=u8::MAX).map(begins).collect(),
            shapes: shapes(&forms, size)?,
            fences: fences(&forms),
            longest: forms.iter().map(|(_, regex)| longest(regex)).max().unwrap_or(0),
            parts,
        })
    }

    /// Whether a match may begin with this byte.
    pub fn may_begin(&self, byte: u8) -> bool {
        self.begins.get(usize::from(byte)).copied().unwrap_or(true)
    }
}

fn rows(forms: &[Form]) -> Vec<Row> {
    forms.iter().map(|(row, _)| *row).collect()
}

fn fences(forms: &[Form]) -> u64 {
    forms.iter().fold(0, |kinds, (row, _)| kinds | bit(row.fence))
}

/// Bytes of the longest match.
fn longest(regex: &str) -> usize {
    let parsed = syntax::parse_with(regex, &syntax::Config::new().utf8(false));
    parsed.ok().and_then(|parsed| parsed.properties().maximum_len()).unwrap_or(usize::MAX)
}

/// The outlines of the patterns of parts of a size.
fn shapes(forms: &[Form], size: usize) -> Result<Shapes, Unfit> {
    let regexes: Vec<&str> = forms.iter().map(|(_, regex)| *regex).collect();
    let dfa = hybrid::dfa::Builder::new()
        .configure(config().cache_capacity(SHAPES_CACHE_BYTES))
        .build_from_nfa(outlines(&regexes).map_err(|error| Unfit::new(&error))?)
        .map_err(|error| Unfit::new(&error))?;
    let member = |(number, (row, _)): (usize, &Form)| Member {
        part: number / size,
        pattern: number % size,
        row: *row,
    };
    Ok(Shapes { dfa, members: forms.iter().enumerate().map(member).collect() })
}

fn config() -> hybrid::dfa::Config {
    DFA::config()
        .match_kind(MatchKind::All)
        .starts_for_each_pattern(true)
        .skip_cache_capacity_check(true)
        .minimum_cache_clear_count(Some(CLEARINGS))
        .minimum_bytes_per_state(Some(BYTES_PER_STATE))
}

/// For each byte, whether a match may begin with it.
fn beginnings(dfa: &DFA) -> Result<Vec<bool>, Unfit> {
    let mut cache = dfa.create_cache();
    let mut begins = Vec::with_capacity(256);
    for byte in 0..=u8::MAX {
        let input = Input::new(&[]).anchored(Anchored::Yes);
        let start =
            dfa.start_state_forward(&mut cache, &input).map_err(|error| Unfit::new(&error))?;
        let next = dfa.next_state(&mut cache, start, byte).map_err(|error| Unfit::new(&error))?;
        begins.push(!next.is_dead());
    }
    Ok(begins)
}
