//! Outlines of patterns: which of them a text may match, as far as the kinds of its characters tell.
//!
//! For an outline all digits of ASCII are one, all capitals, all small letters, and all signs that no number is
//! written with. A text has few outlines, so one automaton for those of all patterns soon knows all that it
//! meets, where one of the patterns themselves would need a state for each number; and what stands next to a
//! number in prose ends it after a few characters. Whatever matches a pattern matches its outline. So a pattern
//! is tried only where its outline matches, and most are tried nowhere.

use super::byte_table::byte_table;
use super::patterns::Row;
use regex_automata::hybrid::dfa::DFA;
use regex_automata::nfa::thompson::{
    BuildError, Builder, Compiler, Config, NFA, State, Transition, WhichCaptures,
};
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use std::collections::BTreeMap;

/// A pattern, as one of those of a part.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub part: usize,
    pub pattern: usize,
    pub row: Row,
}

/// The outlines of all patterns in one automaton.
pub(super) struct Shapes {
    pub dfa: DFA,
    /// The pattern that each outline is of.
    pub members: Vec<Member>,
}

/// The byte that stands for all bytes of its kind.
pub(super) fn kind(byte: u8) -> u8 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(byte)
}

static KINDS: [u8; 256] = byte_table!(kind_of);

const fn kind_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'0',
        b'A'..=b'Z' => b'A',
        b'a'..=b'z' => b'a',
        b' ' | b'-' | b'.' | b'/' | b',' | b':' | b'(' | b')' | b'+' | b'_' => byte,
        b'!'..=b'~' => b'!',
        0..=0x7F => b'\n',
        _ => byte,
    }
}

/// The outlines of some patterns, in their order.
pub(super) fn outlines(regexes: &[&str]) -> Result<NFA, Box<BuildError>> {
    let mut builder = Builder::new();
    builder.set_utf8(false);
    let mut starts = Vec::with_capacity(regexes.len());
    for regex in regexes {
        let config = Config::new().utf8(false).shrink(false).which_captures(WhichCaptures::None);
        let nfa = Compiler::new()
            .syntax(syntax::Config::new().utf8(false))
            .configure(config)
            .build(regex)?;
        starts.push(outline(&mut builder, &nfa)?);
    }
    let start = builder.add_union(starts)?;
    Ok(builder.build(start, start)?)
}

/// Adds the states of a pattern, in their order behind the one that is its beginning.
fn outline(builder: &mut Builder, nfa: &NFA) -> Result<StateID, Box<BuildError>> {
    builder.start_pattern()?;
    let start = builder.add_empty()?;
    let moved = |state: StateID| {
        StateID::new(start.as_usize() + 1 + state.as_usize()).unwrap_or(StateID::MAX)
    };
    for state in nfa.states() {
        match state {
            State::Union { alternates } => {
                builder.add_union(alternates.iter().copied().map(moved).collect())?
            }
            State::BinaryUnion { alt1, alt2 } => {
                builder.add_union(vec![moved(*alt1), moved(*alt2)])?
            }
            State::Look { next, .. } | State::Capture { next, .. } => {
                builder.add_union(vec![moved(*next)])?
            }
            State::Fail => builder.add_fail()?,
            State::Match { .. } => builder.add_match()?,
            State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) => {
                builder.add_union(Vec::new())?
            }
        };
    }
    for (index, state) in nfa.states().iter().enumerate() {
        for (next, kinds) in by_kind(state) {
            let next = moved(next);
            let transition = |kind: u8| Transition { start: kind, end: kind, next };
            let step = builder.add_sparse(kinds.into_iter().map(transition).collect())?;
            builder.patch(moved(StateID::new(index).unwrap_or(StateID::MAX)), step)?;
        }
    }
    builder.patch(start, moved(nfa.start_anchored()))?;
    builder.finish_pattern(start)?;
    Ok(start)
}

/// Where a state leads, and by which kinds of bytes, in their order.
fn by_kind(state: &State) -> BTreeMap<StateID, Vec<u8>> {
    let mut steps: BTreeMap<StateID, Vec<u8>> = BTreeMap::new();
    let mut add = |start: u8, end: u8, next: StateID| {
        steps.entry(next).or_default().extend((start..=end).map(kind));
    };
    match state {
        State::ByteRange { trans } => add(trans.start, trans.end, trans.next),
        State::Sparse(sparse) => {
            sparse.transitions.iter().for_each(|one| add(one.start, one.end, one.next));
        }
        State::Dense(dense) => {
            (0..=u8::MAX).zip(&dense.transitions).for_each(|(byte, next)| add(byte, byte, *next));
        }
        _ => {}
    }
    for kinds in steps.values_mut() {
        kinds.sort_unstable();
        kinds.dedup();
    }
    steps
}
