//! The cases of Microsoft Presidio's recognizers, each entity by itself and at any likelihood.

use super::Searcher;
use crate::privacy::detect::Check;
use crate::privacy::entities;
use serde::Deserialize;
use std::collections::BTreeMap;

const CASES: &str = include_str!("../testdata/recognizers.jsonl");

#[derive(Deserialize)]
struct Case {
    id: String,
    entity: String,
    text: String,
    n: usize,
    spans: Vec<[usize; 2]>,
}

impl Case {
    fn bytes(&self, chars: usize) -> usize {
        self.text.char_indices().nth(chars).map_or(self.text.len(), |(at, _)| at)
    }
}

/// Whether some row of the entity says that the check digits of a text are right.
fn is_right(entity: &str, text: &str) -> bool {
    let rows = entities::all().filter(|row| row.kind == entity);
    rows.filter_map(|row| row.check).any(|check| check(text) == Check::Valid)
}

#[derive(Default)]
struct Tally {
    wanted: usize,
    missed: Vec<String>,
    right_and_missed: Vec<String>,
    silent: usize,
    flagged: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &Case, searcher: &mut Searcher) {
        let spots = searcher.text(&case.text).spots;
        if case.n == 0 {
            self.silent += 1;
            // The same two texts are cases that must be found in the other mode of that recognizer.
            if !spots.is_empty() && case.entity != "DE_VAT_ID" {
                self.flagged.push(format!("{} {}", case.id, case.entity));
            }
        }
        for [start, end] in &case.spans {
            let (start, end) = (case.bytes(*start), case.bytes(*end));
            self.wanted += 1;
            if !spots.iter().any(|spot| spot.span == (start..end)) {
                let name = format!("{} {}", case.id, case.entity);
                let text = case.text.get(start..end).unwrap_or_default();
                if is_right(&case.entity, text) {
                    self.right_and_missed.push(name.clone());
                }
                self.missed.push(name);
            }
        }
    }
}

#[test]
fn cases_of_others_are_found_and_their_counterexamples_are_not() {
    let mut by_entity: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for line in CASES.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        by_entity.entry(case.entity.clone()).or_default().push(case);
    }
    assert_eq!(by_entity.len(), 76);
    let mut tally = Tally::default();
    for (entity, cases) in &by_entity {
        let mut searcher = Searcher::of_kinds(&[entity]).unwrap_or_else(|| panic!("no {entity}"));
        cases.iter().for_each(|case| tally.add(case, &mut searcher));
    }
    let found = tally.wanted - tally.missed.len();
    println!("found {found} of {}", tally.wanted);
    println!("flagged {} of {}, DE_VAT_ID aside", tally.flagged.len(), tally.silent);
    assert!(tally.wanted > 450 && tally.silent > 280);
    assert!(tally.missed.len() * 100 <= 3 * tally.wanted, "{:#?}", tally.missed);
    assert!(tally.right_and_missed.is_empty(), "{:#?}", tally.right_and_missed);
    assert!(tally.flagged.len() * 100 <= 2 * tally.silent, "{:#?}", tally.flagged);
}
