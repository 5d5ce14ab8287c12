//! Runs the cells of a table a few at a time, and names every one that did not end as it should.

use futures_util::{FutureExt as _, StreamExt as _, stream};
use std::panic::AssertUnwindSafe;

/// Runs each named check to its end, `at_once` of them at a time.
///
/// # Panics
/// With the names of those that panicked, after all have run.
pub async fn all_end_as_told<F: Future<Output = ()>>(
    at_once: usize,
    cells: impl Iterator<Item = (String, F)>,
) {
    let run = |(name, check): (String, F)| async move {
        let ended = AssertUnwindSafe(check).catch_unwind().await;
        ended.is_err().then_some(name)
    };
    let names: Vec<Option<String>> =
        stream::iter(cells.map(run)).buffer_unordered(at_once).collect().await;
    assert!(!names.is_empty(), "a table without cells shows nothing");
    let failed: Vec<String> = names.into_iter().flatten().collect();
    assert!(failed.is_empty(), "these did not end as the table says: {failed:#?}");
}
