//! Each kind is found where it stands, with its exact span, and is not found in what cannot be one.
//!
//! The numbers are published examples, or were made for these tests by the check of their standard.

use super::TABLES;
use crate::privacy::detect::{Compiled, Hit, Scanner};
use std::sync::Arc;

mod africa_oceania;
mod north;
mod south;

/// From this score on a finding keeps a text from the cloud.
const KEEPS: u8 = 40;

/// A kind, a text, and what of it is to be found.
type Case = (&'static str, &'static str, &'static str);

fn scan(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    Scanner::new(Arc::new(Compiled::new(TABLES).unwrap())).scan(text, &mut hits).unwrap();
    hits
}

fn assert_found(cases: &[Case]) {
    let mut scanner = Scanner::new(Arc::new(Compiled::new(TABLES).unwrap()));
    for (kind, text, wanted) in cases {
        let mut hits = Vec::new();
        scanner.scan(text, &mut hits).unwrap();
        let start = text.find(wanted).unwrap();
        let found = hits.iter().any(|hit| {
            hit.detector.kind == *kind
                && hit.span == (start..start + wanted.len())
                && hit.score >= KEEPS
        });
        assert!(found, "{kind} in {text:?}: {hits:#?}");
    }
}

fn assert_not_found(cases: &[(&str, &str)]) {
    let mut scanner = Scanner::new(Arc::new(Compiled::new(TABLES).unwrap()));
    for (kind, text) in cases {
        let mut hits = Vec::new();
        scanner.scan(text, &mut hits).unwrap();
        hits.retain(|hit| hit.detector.kind == *kind);
        assert!(hits.is_empty(), "{kind} in {text:?}: {hits:#?}");
    }
}

#[test]
fn every_kind_is_tried_both_ways() {
    let all = TABLES.iter().flat_map(|table| table.iter());
    for kind in all.map(|detector| detector.kind) {
        let found = [north::FOUND, south::FOUND, africa_oceania::FOUND];
        let not = [north::NOT_FOUND, south::NOT_FOUND, africa_oceania::NOT_FOUND];
        assert!(found.iter().flat_map(|cases| cases.iter()).any(|case| case.0 == kind), "{kind}");
        assert!(not.iter().flat_map(|cases| cases.iter()).any(|case| case.0 == kind), "not {kind}");
    }
}

#[test]
fn every_row_says_where_it_is_from_and_what_stands_near_it() {
    for detector in TABLES.iter().flat_map(|table| table.iter()) {
        assert!(detector.context.len() >= 6, "{}", detector.kind);
        assert!(!detector.source.is_empty() && !detector.about.is_empty(), "{}", detector.kind);
        assert!(detector.country.is_some(), "{}", detector.kind);
    }
}

#[test]
fn clocks_dates_versions_and_identifiers_are_not_kept() {
    let harmless = [
        "started at 1712345678 and at 1712345678901, took 1712345678901234 ns",
        "seq 1710125009089 of 2147483647 and 34359738368",
        "backup-20240115-3 20240115103000 201011011230 2024-01-15 15.01.2024",
        "v178.375.333 and 10.20.30.40:5432, 12.345.678 rows",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479 d670460b4b4aece5915caf5c68d12f560a9fe3e4",
        "0x9e3779b97f4a7c15 0xec95d6055066246 #78051120 1_000_000_007",
        "le pays compte 66 140 000 habitants; 3.14159265358",
    ];
    for text in harmless {
        let mut hits = scan(text);
        hits.retain(|hit| hit.score >= KEEPS);
        assert!(hits.is_empty(), "{text:?}: {hits:#?}");
    }
}
