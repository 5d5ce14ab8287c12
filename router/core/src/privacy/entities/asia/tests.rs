//! Each kind is found where its standard's example stands, with the exact span, and is silent where it does
//! not. Numbers are published examples, or were computed from orders of digits like 1234567.

mod found;
mod silent;

use super::TABLES;
use crate::privacy::detect::{Compiled, Hit, Scanner};
use std::collections::BTreeSet;
use std::sync::Arc;

/// From this score on, in percent, a finding keeps a text away from the cloud.
const KEEPS: u8 = 40;

fn scanner() -> Scanner {
    Scanner::new(Arc::new(Compiled::new(TABLES).unwrap()))
}

fn hits(scanner: &mut Scanner, text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    scanner.scan(text, &mut hits).unwrap();
    hits
}

#[test]
fn each_kind_is_found_with_its_exact_span() {
    let mut scanner = scanner();
    for (kind, text, span) in found::CASES {
        let hits = hits(&mut scanner, text);
        let spans: BTreeSet<&str> = hits
            .iter()
            .filter(|hit| hit.detector.kind == *kind)
            .map(|hit| &text[hit.span.clone()])
            .collect();
        assert_eq!(spans, BTreeSet::from([*span]), "{kind} in {text}");
    }
}

#[test]
fn what_is_not_of_a_kind_is_not_found_as_it() {
    let mut scanner = scanner();
    for (kind, text) in silent::CASES {
        let hits = hits(&mut scanner, text);
        let hit = hits.iter().find(|hit| hit.detector.kind == *kind);
        assert!(hit.is_none(), "{kind} in {text}: {:?}", hit.map(|hit| &text[hit.span.clone()]));
    }
}

#[test]
fn every_kind_has_an_example_and_a_counterexample() {
    let kinds: BTreeSet<&str> =
        TABLES.iter().flat_map(|table| table.iter()).map(|detector| detector.kind).collect();
    assert_eq!(kinds, found::CASES.iter().map(|(kind, ..)| *kind).collect());
    assert_eq!(kinds, silent::CASES.iter().map(|(kind, _)| *kind).collect());
}

#[test]
fn every_row_has_its_words_and_its_source() {
    for detector in TABLES.iter().flat_map(|table| table.iter()) {
        assert!(detector.context.len() >= 6, "{}", detector.kind);
        assert!(!detector.source.is_empty() && !detector.about.is_empty(), "{}", detector.kind);
    }
}

#[test]
fn an_example_with_words_near_it_keeps_the_text_away_from_the_cloud() {
    let mut scanner = scanner();
    for (kind, text, _) in found::CASES.iter().filter(|(_, text, span)| text.len() > span.len() + 6)
    {
        let best = hits(&mut scanner, text)
            .iter()
            .filter(|hit| hit.detector.kind == *kind)
            .map(|h| h.score)
            .max();
        assert!(best.is_some_and(|best| best >= KEEPS), "{kind} in {text}: {best:?}");
    }
}

#[test]
fn times_versions_addresses_and_hashes_keep_nothing_away() {
    let mut scanner = scanner();
    for text in silent::ORDINARY {
        let kept: Vec<_> = hits(&mut scanner, text)
            .into_iter()
            .filter(|hit| hit.score >= KEEPS)
            .map(|hit| (hit.detector.kind, text[hit.span].to_owned(), hit.score))
            .collect();
        assert!(kept.is_empty(), "{text}: {kept:?}");
    }
}

#[test]
fn times_of_many_days_keep_nothing_away() {
    let mut scanner = scanner();
    for step in 0..2_000_u64 {
        let seconds = 1_000_000_000 + step * 573_823;
        for text in [format!("{seconds}"), format!("{seconds}{:03}", step % 1_000)] {
            let text = format!("at={text} done");
            let kept = hits(&mut scanner, &text).into_iter().find(|hit| hit.score >= KEEPS);
            assert!(kept.is_none(), "{text}: {:?}", kept.map(|hit| hit.detector.kind));
        }
    }
}
