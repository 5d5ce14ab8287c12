//! The one pass over a text.

use super::compiled::{Aim, Compiled, Patterns, Row};
use super::judge::Judge;
use super::{DIGIT_WITHIN, Hit};
use regex_automata::hybrid::dfa::Cache;
use regex_automata::{Anchored, Input, PatternID};
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

/// The text is such that looking on would take too long. What was found stands; what was not looked at is
/// unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search the text in bounded time")]
pub struct GaveUp;

/// A searcher with its working memory; one for each thread.
pub struct Scanner {
    table: Arc<Compiled>,
    tokens: Vec<Cache>,
    literals: Cache,
    judge: Judge,
    /// Pattern and end of each match at the present beginning, the nearest end first.
    ends: Vec<(usize, usize)>,
    /// For each pattern, whether a match of it holds at the present beginning.
    held: Vec<bool>,
    /// Functions that a word gave reason to call, in the present text or one that it was derived from.
    awake: Vec<bool>,
}

impl Scanner {
    /// A searcher for the rows of a table.
    #[must_use]
    pub fn new(table: Arc<Compiled>) -> Self {
        Self::from(table, 0)
    }

    /// A searcher that leaves out what is less likely than so many percent, with the words around it.
    #[must_use]
    pub fn from(table: Arc<Compiled>, least: u8) -> Self {
        let most = |part: &Patterns| part.rows.len();
        let most = table.tokens.iter().map(most).max().unwrap_or(0).max(table.literals.rows.len());
        Self {
            judge: Judge::new(Arc::clone(&table), least),
            held: vec![false; most],
            awake: vec![false; table.own.len()],
            ends: Vec::new(),
            tokens: table.tokens.iter().map(|part| part.dfa.create_cache()).collect(),
            literals: table.literals.dfa.create_cache(),
            table,
        }
    }

    /// All rows that match, each place once for each row, in no particular order.
    ///
    /// # Errors
    /// [`GaveUp`]; `hits` then holds what was found so far.
    pub fn scan(&mut self, text: &str, hits: &mut Vec<Hit>) -> Result<(), GaveUp> {
        self.judge.begin();
        self.awake.fill(false);
        self.pass(text, hits)
    }

    /// As [`Scanner::scan`], of a text that was derived from the one that was scanned last.
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub fn scan_derived(
        &mut self,
        original: &str,
        text: &str,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        self.judge.derive(original);
        self.pass(text, hits)
    }

    /// The score of a hit in a derived text, with the words that stand around its place in the original.
    #[must_use]
    pub fn at_home(&self, hit: &Hit, origin: &Range<usize>) -> u8 {
        self.judge.at_home(hit, origin)
    }

    fn pass(&mut self, text: &str, hits: &mut Vec<Hit>) -> Result<(), GaveUp> {
        let first = hits.len();
        let table = Arc::clone(&self.table);
        let tokens = self.scan_tokens(&table, text, hits);
        let literals = self.scan_literals(&table, text, hits);
        // An automaton that gave up would give up on every later text too.
        if tokens.is_err() {
            let parts = table.tokens.iter().zip(&mut self.tokens);
            parts.for_each(|(part, cache)| cache.reset(&part.dfa));
        }
        if literals.is_err() {
            self.literals.reset(&table.literals.dfa);
            self.awake.fill(true);
        }
        self.call_own(&table, text, hits);
        drop_inner(hits, first);
        tokens.and(literals)
    }

    fn scan_tokens(
        &mut self,
        table: &Compiled,
        text: &str,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(digit) = next_digit(bytes, at) {
            at = at.max((digit + 1).saturating_sub(DIGIT_WITHIN));
            while at <= digit {
                if begins_word(bytes, at) {
                    self.try_tokens(table, text, at, hits)?;
                }
                at += 1;
            }
        }
        Ok(())
    }

    fn try_tokens(
        &mut self,
        table: &Compiled,
        text: &str,
        at: usize,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let bytes = text.as_bytes();
        let first = bytes.get(at).copied().unwrap_or_default();
        for (index, part) in
            table.tokens.iter().enumerate().filter(|(_, part)| part.may_begin(first))
        {
            let Some(cache) = self.tokens.get_mut(index) else { break };
            self.ends.clear();
            matches_at(part, cache, bytes, at, Anchored::Yes, &mut self.ends)?;
            self.take(part, text, at, hits);
        }
        Ok(())
    }

    fn scan_literals(
        &mut self,
        table: &Compiled,
        text: &str,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let words = &table.literal_words;
        for found in words.finder.find_overlapping_iter(text) {
            for aim in words.of.get(found.pattern().as_usize()).into_iter().flatten() {
                match aim {
                    Aim::Pattern(pattern) => {
                        self.try_literal(table, text, found.start(), *pattern, hits)?;
                    }
                    Aim::Own(own) => {
                        self.awake.get_mut(*own).into_iter().for_each(|awake| *awake = true);
                    }
                }
            }
        }
        Ok(())
    }

    fn try_literal(
        &mut self,
        table: &Compiled,
        text: &str,
        at: usize,
        pattern: usize,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let anchored = Anchored::Pattern(PatternID::new_unchecked(pattern));
        let (cache, ends) = (&mut self.literals, &mut self.ends);
        ends.clear();
        matches_at(&table.literals, cache, text.as_bytes(), at, anchored, ends)?;
        self.take(&table.literals, text, at, hits);
        Ok(())
    }

    fn call_own(&mut self, table: &Compiled, text: &str, hits: &mut Vec<Hit>) {
        for (own, awake) in table.own.iter().zip(&self.awake) {
            if own.always || *awake {
                (own.find)(text, &mut |span, score| {
                    let row = Row { detector: own.detector, score };
                    self.judge.holds(text, row, span, hits);
                });
            }
        }
    }

    /// Of the matches at `at`, for each pattern the longest that holds.
    fn take(&mut self, patterns: &Patterns, text: &str, at: usize, hits: &mut Vec<Hit>) {
        for (pattern, end) in self.ends.iter().rev() {
            let (Some(row), Some(held)) =
                (patterns.rows.get(*pattern), self.held.get_mut(*pattern))
            else {
                continue;
            };
            *held = *held || self.judge.holds(text, *row, at..*end, hits);
        }
        for (pattern, _) in &self.ends {
            self.held.get_mut(*pattern).into_iter().for_each(|held| *held = false);
        }
    }
}

fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.iter().position(u8::is_ascii_digit).map(|at| from + at)
}

/// Whether a word, or what a phone number may begin with, begins there.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
    match bytes.get(at).copied().unwrap_or(b' ') {
        b'0'..=b'9' => !before.is_ascii_digit(),
        b'A'..=b'Z' | b'a'..=b'z' => !before.is_ascii_alphanumeric(),
        b'+' | b'(' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        // A letter of another script counts where a Latin one, or a digit, follows it.
        byte => byte >= 0xC0,
    }
}

/// Every pattern that matches at `at`, and each of its ends.
fn matches_at(
    patterns: &Patterns,
    cache: &mut Cache,
    bytes: &[u8],
    at: usize,
    anchored: Anchored,
    ends: &mut Vec<(usize, usize)>,
) -> Result<(), GaveUp> {
    let dfa = &patterns.dfa;
    let input = Input::new(bytes).range(at..).anchored(anchored);
    cache.search_start(at);
    let mut state = dfa.start_state_forward(cache, &input).map_err(|_| GaveUp)?;
    let mut place = at;
    loop {
        // A match shows one byte late.
        state = match bytes.get(place) {
            Some(byte) => dfa.next_state(cache, state, *byte),
            None => dfa.next_eoi_state(cache, state),
        }
        .map_err(|_| GaveUp)?;
        if state.is_tagged() {
            if state.is_match() {
                for index in 0..dfa.match_len(cache, state) {
                    ends.push((dfa.match_pattern(cache, state, index).as_usize(), place));
                }
            } else if state.is_quit() {
                return Err(GaveUp);
            } else if state.is_dead() {
                break;
            }
        }
        if place >= bytes.len() {
            break;
        }
        place += 1;
    }
    // What was read pays for the states that were made; without this the automaton never earns any.
    cache.search_finish(place);
    Ok(())
}

/// Of two matches of one row, one inside the other, the outer stays; of two at one place the likelier.
fn drop_inner(hits: &mut Vec<Hit>, first: usize) {
    let Some(new) = hits.get_mut(first..) else { return };
    new.sort_unstable_by_key(|hit| {
        (hit.index, hit.span.start, Reverse(hit.span.end), Reverse(hit.score))
    });
    let mut kept: Option<(usize, usize)> = None;
    let mut known = first;
    hits.retain(|hit| {
        if known > 0 {
            known -= 1;
            return true;
        }
        let inside = kept.is_some_and(|(index, end)| index == hit.index && hit.span.end <= end);
        if !inside {
            kept = Some((hit.index, hit.span.end));
        }
        !inside
    });
}
