//! The one pass over a text.

use super::Hit;
use super::compiled::Compiled;
use super::judge::Judge;
use super::matches::Matches;
use super::patterns::Row;
use super::tokens::Tokens;
use super::words::Aim;
use crate::privacy::steps;
use regex_automata::hybrid::dfa::Cache;
use regex_automata::{Anchored, PatternID};
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

/// What has so many matches is looked at no further: no content that holds so much may go anywhere, and a
/// hostile one would cost the more, the more there is to find.
pub const MOST_HITS: usize = 20_000;

/// The text is such that looking on would take too long. What was found stands; what was not looked at is
/// unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search the text in bounded time")]
pub struct GaveUp;

/// A searcher with its working memory; one for each thread.
pub struct Scanner {
    table: Arc<Compiled>,
    tokens: Tokens,
    literals: Cache,
    matches: Matches,
    judge: Judge,
    /// Where a word gives reason to try a pattern, and which.
    places: Vec<(usize, usize)>,
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
        Self {
            judge: Judge::new(Arc::clone(&table), least),
            tokens: Tokens::new(&table),
            literals: table.literals.dfa.create_cache(),
            matches: Matches::new(table.literals.rows.len()),
            places: Vec::new(),
            awake: vec![false; table.own.len()],
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
    pub fn scan_derived(&mut self, text: &str, hits: &mut Vec<Hit>) -> Result<(), GaveUp> {
        self.judge.derive();
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
        self.find_words(&table, text);
        let mut scanned = self.try_patterns(&table, text, hits);
        if scanned.is_err() && hits.len() < MOST_HITS {
            // Memory that has served many texts gives up sooner than fresh memory, and what is found in a text
            // must not hang on the texts before it.
            hits.truncate(first);
            scanned = self.try_patterns(&table, text, hits);
        }
        if scanned.is_err() {
            self.awake.fill(true);
        }
        self.call_own(&table, text, hits);
        let full = hits.len() >= MOST_HITS;
        drop_inner(hits, first);
        if full { Err(GaveUp) } else { scanned }
    }

    /// Tries all patterns; after an error the memory of what gave up is fresh.
    fn try_patterns(
        &mut self,
        table: &Compiled,
        text: &str,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        let tokens = self.tokens.scan(table, text, &self.judge, hits);
        let literals = self.try_literals(table, text, hits);
        if literals.is_err() {
            self.literals.reset(&table.literals.dfa);
        }
        tokens.and(literals)
    }

    /// Takes all words of a text.
    fn find_words(&mut self, table: &Compiled, text: &str) {
        let Self { judge, awake, places, .. } = self;
        let context = judge.words_mut();
        places.clear();
        table.words.each(text.as_bytes(), |found| {
            context.take(text.as_bytes(), &found);
            for aim in found.aims {
                match aim {
                    Aim::Pattern(pattern) => places.push((found.start, *pattern)),
                    Aim::Own(own) => {
                        awake.get_mut(*own).into_iter().for_each(|awake| *awake = true);
                    }
                    Aim::Context(_) => {}
                }
            }
        });
        context.finish();
    }

    fn try_literals(
        &mut self,
        table: &Compiled,
        text: &str,
        hits: &mut Vec<Hit>,
    ) -> Result<(), GaveUp> {
        for (start, pattern) in &self.places {
            if hits.len() >= MOST_HITS {
                break;
            }
            let only = Anchored::Pattern(PatternID::new_unchecked(*pattern));
            let both = (&table.literals, &mut self.literals);
            self.matches.at(both, &table.fences, (text, *start), only, &self.judge, hits)?;
        }
        Ok(())
    }

    fn call_own(&mut self, table: &Compiled, text: &str, hits: &mut Vec<Hit>) {
        let bytes = text.as_bytes();
        for (own, awake) in table.own.iter().zip(&self.awake) {
            if own.always || *awake {
                steps::add(text.len());
                (own.find)(text, &mut |span, score| {
                    let row = Row { score, best: score.max(own.row.best), ..own.row };
                    if table.fences.stands(bytes, &span, row.fence) {
                        self.judge.holds(text, row, span, hits);
                    }
                });
            }
        }
    }
}

/// Of two matches of one row, one inside the other, the outer stays; of two at one place the likelier.
fn drop_inner(hits: &mut Vec<Hit>, first: usize) {
    let Some(new) = hits.get_mut(first..) else { return };
    steps::add(new.len());
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
