//! What the engine must do whatever the rows are.

use super::*;
use std::sync::Arc;

const NUMBER: Detector = Detector {
    kind: "NUMBER",
    find: Find::Token(&[pattern("[0-9]{4}(?:[ -]?[0-9]{4}){1,3}", 30)]),
    context: &["card", "卡号"],
    ..Detector::EMPTY
};
const KEY: Detector = Detector {
    kind: "KEY",
    find: Find::Literal(&["kx_"], &[pattern("kx_[0-9a-z]{8}", 90)]),
    ..Detector::EMPTY
};
const NAMED: Detector = Detector {
    kind: "NAMED",
    find: Find::Own(&["of the"], |text, found| {
        text.find("!!").into_iter().for_each(|at| found(at..at + 2, 50));
    }),
    ..Detector::EMPTY
};
static TABLE: &[Detector] = &[NUMBER, KEY, NAMED];

fn found(text: &str) -> Vec<(&'static str, &str, u8)> {
    found_with(Scanner::new(Arc::new(Compiled::new(&[TABLE]).unwrap())), text)
}

fn found_with(mut scanner: Scanner, text: &str) -> Vec<(&'static str, &str, u8)> {
    let mut hits = Vec::new();
    scanner.scan(text, &mut hits).unwrap();
    hits.into_iter().map(|hit| (hit.detector.kind, &text[hit.span], hit.score)).collect()
}

#[test]
fn a_match_stands_alone_next_to_letters_of_other_scripts_only() {
    assert_eq!(found("付1234-5678了"), [("NUMBER", "1234-5678", 30)]);
    assert_eq!(found("ы1234-5678"), [("NUMBER", "1234-5678", 30)]);
    assert!(found("12345-67890").is_empty());
    assert!(found("x12345678").is_empty());
    assert_eq!(found("a kx_0123abcd."), [("KEY", "kx_0123abcd", 90)]);
    assert!(found("akx_0123abcd").is_empty());
}

#[test]
fn the_longest_match_counts_and_context_raises_it() {
    assert_eq!(found("1234 5678 1234"), [("NUMBER", "1234 5678 1234", 30)]);
    assert_eq!(found("card 1234 5678"), [("NUMBER", "1234 5678", 65)]);
    assert_eq!(found("卡号12345678"), [("NUMBER", "12345678", 65)]);
    assert_eq!(found("discard 1234 5678"), [("NUMBER", "1234 5678", 30)]);
}

#[test]
fn a_function_is_called_where_one_of_its_words_stands() {
    assert_eq!(found("!! Of The"), [("NAMED", "!!", 50)]);
    assert!(found("!! of a").is_empty());
    let unprompted = Arc::new(Compiled::new(&[TABLE]).unwrap().unprompted());
    assert_eq!(found_with(Scanner::new(unprompted), "!!"), [("NAMED", "!!", 50)]);
}

#[test]
fn a_word_of_the_original_wakes_a_function_for_what_was_derived_from_it() {
    let mut scanner = Scanner::new(Arc::new(Compiled::new(&[TABLE]).unwrap()));
    let mut hits = Vec::new();
    scanner.scan("of the", &mut hits).unwrap();
    scanner.scan_derived("!!", &mut hits).unwrap();
    assert_eq!(hits.len(), 1);
    scanner.scan("!!", &mut hits).unwrap();
    assert_eq!(hits.len(), 1);
}

#[test]
fn what_is_unlikely_is_left_out_unless_a_word_makes_it_likely() {
    let scanner = || Scanner::from(Arc::new(Compiled::new(&[TABLE]).unwrap()), 40);
    assert!(found_with(scanner(), "1234 5678").is_empty());
    assert_eq!(found_with(scanner(), "card 1234 5678"), [("NUMBER", "1234 5678", 65)]);
}

#[test]
fn the_name_of_a_browser_is_no_word_of_context() {
    assert_eq!(found("Card/15E148 1234 5678"), [("NUMBER", "1234 5678", 30)]);
    assert_eq!(found("Card Safari/537.36 1234 5678"), [("NUMBER", "1234 5678", 30)]);
    assert_eq!(found("card/1234 5678"), [("NUMBER", "1234 5678", 65)]);
}

/// Where the letters stand that were read last is a state of its own each time.
const WIDE: Detector = Detector {
    kind: "WIDE",
    find: Find::Literal(&["kw_"], &[pattern("kw_(?:[ab]{0,900}a[ab]{14}){1,2}c", 90)]),
    ..Detector::EMPTY
};
static WIDE_TABLE: &[Detector] = &[WIDE];

#[test]
fn what_is_found_in_a_text_does_not_hang_on_the_texts_before_it() {
    // Marsaglia's xorshift, from a seed of ours.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut letter = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if state & 1 == 0 { 'a' } else { 'b' }
    };
    let mut scanner = Scanner::new(Arc::new(Compiled::new(&[WIDE_TABLE]).unwrap()));
    for number in 0..1_000 {
        let letters: String = (0..400).map(|_| letter()).collect();
        let text = format!("kw_{letters}{}c", "a".repeat(15));
        let mut hits = Vec::new();
        assert_eq!(scanner.scan(&text, &mut hits), Ok(()), "text {number}");
        assert_eq!(hits.len(), 1, "text {number}");
    }
}
