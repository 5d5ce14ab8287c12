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

/// Letters to insert, remove or replace, of the first letters of each.
fn edits(a: &str, b: &str) -> usize {
    let start = |text: &str| text.chars().take(LONGEST_CHARS).collect::<String>();
    strsim::levenshtein(&start(a), &start(b))
}
