//! Each kind with a published or a computed number, and what must not be taken for it.

mod examples;

use super::TABLES;
use crate::privacy::detect::{Compiled, Detector, Hit, Scanner};
use examples::{FOUND, NOT_FOUND};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What keeps content away from the cloud without context.
const KEEPS: u8 = 40;

fn scanner() -> Scanner {
    Scanner::new(Arc::new(Compiled::new(TABLES).unwrap()))
}

fn scan(scanner: &mut Scanner, text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    scanner.scan(text, &mut hits).unwrap();
    hits
}

fn rows() -> impl Iterator<Item = &'static Detector> {
    TABLES.iter().flat_map(|table| table.iter())
}

#[test]
fn a_number_is_found_whole_wherever_it_stands() {
    let mut scanner = scanner();
    let mut wrong = Vec::new();
    for (kind, number, least) in FOUND {
        for (before, after) in [("", ""), ("x: ", "."), ("(", ") y"), ("是", "。")] {
            let text = format!("{before}{number}{after}");
            let hits = scan(&mut scanner, &text);
            let place = before.len()..before.len() + number.len();
            let score = hits
                .iter()
                .filter(|hit| hit.detector.kind == *kind && hit.span == place)
                .map(|hit| hit.score)
                .max();
            if score < Some(*least) {
                wrong.push(format!("{kind} {text:?} {score:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_not_of_a_kind_is_not_found_as_it() {
    let mut scanner = scanner();
    let mut wrong = Vec::new();
    for (kind, text) in NOT_FOUND {
        let hits = scan(&mut scanner, text);
        let found = hits.iter().filter(|hit| hit.detector.kind == *kind);
        wrong.extend(found.map(|hit| format!("{kind} {text:?} {:?}", hit.span)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_number_in_a_longer_word_is_none() {
    let mut scanner = scanner();
    let mut wrong = Vec::new();
    for (kind, number, _) in FOUND {
        for text in [format!("q{number}"), format!("_{number}"), format!("{number}_")] {
            let hits = scan(&mut scanner, &text);
            let same = hits.iter().find(|hit| {
                hit.detector.kind == *kind && text.get(hit.span.clone()) == Some(*number)
            });
            if same.is_some() && !number.ends_with('<') {
                wrong.push(format!("{kind} {text:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_kind_is_tried_both_ways() {
    let kinds: BTreeSet<&str> = rows().map(|row| row.kind).collect();
    let found: BTreeSet<&str> = FOUND.iter().map(|(kind, ..)| *kind).collect();
    let not: BTreeSet<&str> = NOT_FOUND.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, found);
    assert_eq!(kinds, not);
}

#[test]
fn a_word_of_context_keeps_a_bare_number_at_home() {
    let mut scanner = scanner();
    let mut wrong = Vec::new();
    for row in rows() {
        let of_row = |hits: Vec<Hit>| hits.into_iter().find(|hit| std::ptr::eq(hit.detector, row));
        let mut examples = FOUND.iter().filter(|(kind, ..)| *kind == row.kind);
        let example = examples.find(|(_, number, _)| of_row(scan(&mut scanner, number)).is_some());
        for word in row.context {
            let text = format!("{word}: {}", example.map_or("", |(_, number, _)| number));
            let hit = of_row(scan(&mut scanner, &text));
            if !hit.is_some_and(|hit| hit.in_context && hit.score >= 50) {
                wrong.push(format!("{} ({}) {text:?}", row.kind, row.about));
            }
        }
        if row.context.len() < 6 {
            wrong.push(format!("{} has few words", row.kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_machines_write_keeps_nothing_at_home() {
    let mut scanner = scanner();
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut wrong = BTreeSet::new();
    for _ in 0..20_000 {
        let text = machine_text(&mut seed);
        let hits = scan(&mut scanner, &text);
        let over = hits.iter().filter(|hit| hit.score >= KEEPS);
        wrong.extend(over.map(|hit| (hit.detector.kind, text[hit.span.clone()].to_owned())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Seconds and milliseconds since 1970, days, versions, addresses, hexadecimal numbers, identifiers.
fn machine_text(seed: &mut u64) -> String {
    let mut next = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed
    };
    let (a, b) = (next(), next());
    let seconds = 1_000_000_000 + a % 1_147_483_647;
    let (year, month, day) = (1970 + a % 80, 1 + b % 12, 1 + b % 28);
    let mut text = format!("{seconds} {seconds}{:03} {a:016x} {a:016x}{b:016x} ", b % 1000);
    text +=
        &format!("{year}-{month:02}-{day:02} {day:02}.{month:02}.{year} {year}{month:02}{day:02} ");
    text += &format!("{day:02}/{month:02}/{year} {year}{month:02}{day:02}{:06} ", a % 235_959);
    text += &format!(
        "v{}.{}.{} {}.{}.{}.{} ",
        a % 20,
        b % 50,
        a % 300,
        a % 255,
        b % 255,
        a % 199,
        b % 253
    );
    text += &format!("0x{:08X} {:08x}-{:04x}-4{:03x}-", a >> 32, a >> 32, b & 0xFFFF, a & 0xFFF);
    text +=
        &format!("a{:03x}-{:012x} {:.6} {}", b & 0xFFF, b >> 16, a as f64 / 1e17, a % 1_000_000);
    text
}
