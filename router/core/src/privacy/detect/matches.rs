//! Matches of many patterns at one beginning.

use super::fences::{Fences, bit};
use super::judge::Judge;
use super::patterns::Patterns;
use super::{GaveUp, Hit};
use crate::privacy::steps;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::{Anchored, Input};

/// Pattern and end of each match at one beginning, the nearest end first.
pub(super) struct Matches {
    ends: Vec<(usize, usize)>,
    /// For each pattern, whether a match of it holds.
    held: Vec<bool>,
}

impl Matches {
    /// With room for so many patterns.
    pub fn new(patterns: usize) -> Self {
        Self { ends: Vec::new(), held: vec![false; patterns] }
    }

    /// Looks for the matches at a place; of each pattern, the longest that holds is a hit.
    pub fn at(
        &mut self,
        (patterns, cache): (&Patterns, &mut Cache),
        fences: &Fences,
        (text, at): (&str, usize),
        anchored: Anchored,
        judge: &Judge,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let bytes = text.as_bytes();
        let Self { ends, held } = self;
        ends.clear();
        let may_begin = patterns.fences & !fences.begin(bytes, at);
        let reading =
            Reading { kind: |byte: u8| byte, ends: |end| may_begin & !fences.end(bytes, end) };
        walk((&patterns.dfa, cache), (bytes, at), anchored, &reading, |pattern, end, open| {
            let row = patterns.rows.get(pattern);
            if row.is_some_and(|row| open & bit(row.fence) != 0) {
                ends.push((pattern, end));
            }
        })?;
        steps::add(ends.len());
        for (pattern, end) in ends.iter().rev() {
            if let (Some(row), Some(held)) = (patterns.rows.get(*pattern), held.get_mut(*pattern)) {
                *held = *held || judge.holds(text, *row, at..*end, hits);
            }
        }
        for (pattern, _) in ends {
            held.get_mut(*pattern).into_iter().for_each(|held| *held = false);
        }
        Ok(())
    }
}

/// How an automaton reads a text.
pub(super) struct Reading<K, E> {
    /// What it reads for a byte.
    pub kind: K,
    /// The kinds of edges a match of which may end at a place; nothing is told of where there are none.
    pub ends: E,
}

/// Calls `found` with every pattern that matches at a place, each of its ends, and the kinds of edges a match
/// of which may end there.
pub(super) fn walk(
    (dfa, cache): (&DFA, &mut Cache),
    (bytes, at): (&[u8], usize),
    anchored: Anchored,
    reading: &Reading<impl Fn(u8) -> u8, impl Fn(usize) -> u64>,
    mut found: impl FnMut(usize, usize, u64),
) -> Result<(), GaveUp> {
    let input = Input::new(bytes).range(at..).anchored(anchored);
    cache.search_start(at);
    let mut state = dfa.start_state_forward(cache, &input).map_err(|_| GaveUp)?;
    let mut place = at;
    loop {
        // A match shows one byte late.
        state = match bytes.get(place) {
            Some(byte) => dfa.next_state(cache, state, (reading.kind)(*byte)),
            None => dfa.next_eoi_state(cache, state),
        }
        .map_err(|_| GaveUp)?;
        if state.is_tagged() {
            let open = if state.is_match() { (reading.ends)(place) } else { 0 };
            if open != 0 {
                for index in 0..dfa.match_len(cache, state) {
                    found(dfa.match_pattern(cache, state, index).as_usize(), place, open);
                }
            }
            if state.is_quit() {
                return Err(GaveUp);
            }
            if state.is_dead() {
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
    steps::add(place - at);
    Ok(())
}
