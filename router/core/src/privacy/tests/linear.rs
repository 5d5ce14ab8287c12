//! That no text makes a search slower than linear: told by counted steps, not by the clock.

use super::Searcher;
use crate::privacy::steps;
use crate::privacy::views;

/// Texts are of so many bytes, each twice the one before.
const SIZES: std::ops::RangeInclusive<u32> = 14..=20;

fn steps(searcher: &mut Searcher, text: &str) -> usize {
    steps::taken();
    searcher.text(text);
    steps::taken()
}

/// The steps for each size, if twice the text takes more than about twice the steps somewhere.
fn steeper(searcher: &mut Searcher, text: impl Fn(usize) -> String) -> Option<Vec<usize>> {
    let all: Vec<usize> = SIZES.map(|size| steps(searcher, &text(1 << size))).collect();
    let steep = |pair: &[usize]| pair[1] * 10 > pair[0] * 22;
    let least = all.iter().zip(SIZES).all(|(steps, size)| *steps >= 1 << (size - 1));
    (!least || all.windows(2).any(steep)).then_some(all)
}

fn assert_all_linear(units: &[&str]) {
    let mut searcher = Searcher::shipped().unwrap();
    let steep: Vec<_> = units
        .iter()
        // Whole ones: what is cut off at the end may make of a text something else.
        .filter_map(|unit| {
            Some((unit, steeper(&mut searcher, |size| unit.repeat(size / unit.len()))?))
        })
        .collect();
    assert!(steep.is_empty(), "{steep:?}");
}

#[test]
fn digits_with_and_without_gaps_take_steps_in_proportion() {
    assert_all_linear(&["4111 1111-2222 ", "1 2 3 ", "1234567890", "1234 5678\n", "1.2.1980, "]);
}

#[test]
fn names_and_addresses_take_steps_in_proportion() {
    assert_all_linear(&["a@b.c@", "@", "a.b.c.1.", "http://a.b/c1?d=", "::1:", "+1 (2) "]);
}

#[test]
fn words_of_secrets_take_steps_in_proportion() {
    assert_all_linear(&["password=", "password: 'x1' ", "pwd   ", "-----BEGIN ", "sk-ab12 AKIA "]);
}

#[test]
fn brackets_tokens_and_lines_take_steps_in_proportion() {
    assert_all_linear(&["[({", "a1b2c3", "ab12 ", "a b", "ab12\n", "=\n", "\\"]);
}

#[test]
fn encodings_take_steps_in_proportion() {
    let units =
        ["%2525", "&amp;amp;", "QUJDREVGR0hJSktM", "QUJDREVGR0hJSktM ", "41:42:43:44:45:46 "];
    assert_all_linear(&units);
    assert_all_linear(&["4142434445464748\n", "a=1&b+c=2 ", "=41", "一二", "１２３４ "]);
}

#[test]
fn encodings_of_encodings_take_steps_in_proportion() {
    let percent = |text: String| text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let nested = |size: usize| -> String {
        let deep =
            (0..=views::DEPTH).fold("41 harbour ".repeat(size / 20), |text, _| percent(text));
        deep.chars().take(size).collect()
    };
    assert_eq!(steeper(&mut Searcher::shipped().unwrap(), nested), None);
}

#[test]
fn the_same_text_takes_the_same_steps() {
    let mut searcher = Searcher::shipped().unwrap();
    let text = "card 4111 1111 1111 1111, ann@example.com ".repeat(50);
    let first = steps(&mut searcher, &text);
    assert_eq!(steps(&mut searcher, &text), first);
}
