//! The known word that an unknown one was most likely meant to be.

use super::vocabulary::TABLE;

/// Longest word that is compared, in characters: no known one comes near it.
const LONGEST_CHARS: usize = 64;

/// The fact whose name, or whose last part, is nearest.
pub(super) fn fact(written: &str) -> &'static str {
    let distance = |known: &'static str| {
        let last = known.rsplit('.').next().unwrap_or(known);
        edits(written, known).min(edits(written, last).saturating_add(1))
    };
    TABLE.iter().map(|entry| entry.name).min_by_key(|known| distance(known)).unwrap_or_default()
}

/// The nearest of some words; one that was only cut short comes before any other.
pub(in crate::policy) fn of<'a>(written: &str, known: &[&'a str]) -> &'a str {
    let distance = |known: &&&str| (!known.starts_with(written), edits(written, known));
    known.iter().min_by_key(distance).copied().unwrap_or_default()
}

/// Letters to insert, remove or replace (Levenshtein's distance).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST_CHARS).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().take(LONGEST_CHARS).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = replaced.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
