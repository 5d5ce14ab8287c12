//! Numbers: the patterns that are tried where a word begins.
//!
//! Where a word begins that has a digit near, the automaton of outlines says which patterns may match. Those
//! that are too weak without a word of context, or that may not stand where they would, are put aside, and what
//! is left is tried: a few by themselves, more of them with their part.

use super::byte_table::byte_table;
use super::compiled::Compiled;
use super::fences::{Fences, bit};
use super::judge::Judge;
use super::matches::{Matches, Reading, walk};
use super::patterns::Group;
use super::scanner::MOST_HITS;
use super::shapes::kind;
use super::{DIGIT_WITHIN, GaveUp, Hit};
use crate::privacy::{digit, steps};
use regex_automata::hybrid::dfa::Cache;
use regex_automata::{Anchored, PatternID};

/// So many patterns of a part are tried one after the other.
const FEW: usize = 1;

/// The automata's working memory.
pub(super) struct Tokens {
    strong: Tries,
    weak: Tries,
}

impl Tokens {
    pub fn new(table: &Compiled) -> Self {
        Self { strong: Tries::new(&table.strong), weak: Tries::new(&table.weak) }
    }

    /// Adds what matches in a text.
    pub fn scan(
        &mut self,
        table: &Compiled,
        text: &str,
        judge: &Judge,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let scanned = self.words(table, text, judge, hits);
        self.strong.finish(&table.strong, scanned);
        self.weak.finish(&table.weak, scanned);
        scanned
    }

    fn words(
        &mut self,
        table: &Compiled,
        text: &str,
        judge: &Judge,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let (bytes, fences) = (text.as_bytes(), &table.fences);
        steps::add(bytes.len());
        let mut at = 0;
        while let Some(digit) = digit::next(bytes, at) {
            at = at.max((digit + 1).saturating_sub(DIGIT_WITHIN));
            while at <= digit {
                if hits.len() >= MOST_HITS {
                    return Ok(());
                }
                if begins_word(bytes, at) {
                    self.strong.word((&table.strong, fences), (text, at), judge, hits)?;
                    if judge.may_raise(at, table.weak.longest) {
                        self.weak.word((&table.weak, fences), (text, at), judge, hits)?;
                    }
                }
                at += 1;
            }
        }
        Ok(())
    }
}

/// The working memory for a group of patterns.
struct Tries {
    parts: Vec<Cache>,
    outlines: Cache,
    /// The outlines gave up on the present text, so all patterns are tried.
    blind: bool,
    /// Numbers of the patterns that may match at the present beginning,
    chosen: Vec<usize>,
    /// and for each pattern whether it is one of them.
    known: Vec<bool>,
    matches: Matches,
}

impl Tries {
    fn new(group: &Group) -> Self {
        let most = group.parts.iter().map(|part| part.rows.len()).max();
        Self {
            parts: group.parts.iter().map(|part| part.dfa.create_cache()).collect(),
            outlines: group.shapes.dfa.create_cache(),
            blind: false,
            chosen: Vec::new(),
            known: vec![false; group.shapes.members.len()],
            matches: Matches::new(most.unwrap_or(0)),
        }
    }

    /// Gets ready for another text: an automaton that gave up would give up on every later one too.
    fn finish(&mut self, group: &Group, scanned: Result<(), GaveUp>) {
        if std::mem::take(&mut self.blind) {
            self.outlines.reset(&group.shapes.dfa);
        }
        if scanned.is_err() {
            let parts = group.parts.iter().zip(&mut self.parts);
            parts.for_each(|(part, cache)| cache.reset(&part.dfa));
        }
    }

    /// Tries what may match at a place.
    fn word(
        &mut self,
        (group, fences): (&Group, &Fences),
        (text, at): (&str, usize),
        judge: &Judge,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let bytes = text.as_bytes();
        let first = bytes.get(at).copied().unwrap_or_default();
        let may_begin = group.fences & !fences.begin(bytes, at);
        if !group.may_begin(first) || may_begin == 0 {
            return Ok(());
        }
        self.blind =
            self.blind || self.choose((group, fences), (text, at), may_begin, judge).is_err();
        if self.blind {
            let parts = group.parts.iter().zip(&mut self.parts);
            for both in parts.filter(|(part, _)| part.may_begin(first)) {
                self.matches.at(both, fences, (text, at), Anchored::Yes, judge, hits)?;
            }
            return Ok(());
        }
        let members = &group.shapes.members;
        let part = |row: &usize| members.get(*row).map(|member| member.part);
        for of_part in self.chosen.chunk_by(|one, other| part(one) == part(other)) {
            let Some(number) = of_part.first().and_then(part) else { continue };
            let (Some(patterns), Some(cache)) =
                (group.parts.get(number), self.parts.get_mut(number))
            else {
                continue;
            };
            if of_part.len() > FEW {
                self.matches.at(
                    (patterns, cache),
                    fences,
                    (text, at),
                    Anchored::Yes,
                    judge,
                    hits,
                )?;
                continue;
            }
            for member in of_part.iter().filter_map(|row| members.get(*row)) {
                let only = Anchored::Pattern(PatternID::new_unchecked(member.pattern));
                self.matches.at((patterns, &mut *cache), fences, (text, at), only, judge, hits)?;
            }
        }
        Ok(())
    }

    /// Chooses the patterns whose outline matches at a place, in order of their numbers.
    fn choose(
        &mut self,
        (group, fences): (&Group, &Fences),
        (text, at): (&str, usize),
        may_begin: u64,
        judge: &Judge,
    ) -> Result<(), GaveUp> {
        let bytes = text.as_bytes();
        let Self { outlines, chosen, known, .. } = self;
        chosen.clear();
        let reading = Reading { kind, ends: |end| may_begin & !fences.end(bytes, end) };
        let both = (&group.shapes.dfa, outlines);
        let walked = walk(both, (bytes, at), Anchored::Yes, &reading, |number, _, open| {
            steps::add(1);
            let member = group.shapes.members.get(number);
            let Some(member) = member.filter(|member| open & bit(member.row.fence) != 0) else {
                return;
            };
            let Some(known) = known.get_mut(number).filter(|known| !**known) else { return };
            if judge.may_count(member.row) {
                *known = true;
                chosen.push(number);
            }
        });
        for number in chosen.iter() {
            known.get_mut(*number).into_iter().for_each(|known| *known = false);
        }
        chosen.sort_unstable();
        walked
    }
}

/// Whether a word, or what a phone number may begin with, begins there.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before =
        || at.checked_sub(1).and_then(|at| bytes.get(at)).map_or(OTHER, |byte| role(*byte));
    match bytes.get(at).map_or(OTHER, |byte| role(*byte)) {
        LETTER => !matches!(before(), LETTER | DIGIT),
        OTHER => false,
        DIGIT => before() != DIGIT,
        SIGN => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        // A letter of another script counts where a Latin one, or a digit, follows it.
        _ => true,
    }
}

/// What a byte is to the beginning of a word.
const OTHER: u8 = 0;
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const SIGN: u8 = 3;
const FOREIGN: u8 = 4;

/// Looked up, as it is asked of nearly every byte of a text with numbers.
fn role(byte: u8) -> u8 {
    ROLES.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

static ROLES: [u8; 256] = byte_table!(role_of);

const fn role_of(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' => LETTER,
        b'0'..=b'9' => DIGIT,
        b'+' | b'(' => SIGN,
        0xC0.. => FOREIGN,
        _ => OTHER,
    }
}
