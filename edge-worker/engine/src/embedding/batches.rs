//! Which texts run together.
//!
//! Texts of a batch are padded to the longest of them, so they are taken in order of length: what is
//! alike in length runs together and little is padded. The bounds keep a batch to a fraction of a
//! second, which is how long a cancel waits for and how long another job's batch is delayed.

/// Most texts of a batch.
const MOST_TEXTS: usize = 32;
/// Most tokens of a batch, padding included. A longer text runs alone.
const MOST_TOKENS: usize = 1024;

/// The numbers of the rows of such `lengths`, batch by batch, the longest texts last.
pub fn batches(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&row| lengths[row]);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for row in order {
        // Rows come in order of length, so this one is the batch's longest.
        let fits = |batch: &Vec<usize>| {
            batch.len() < MOST_TEXTS && (batch.len() + 1) * lengths[row] <= MOST_TOKENS
        };
        match batches.last_mut().filter(|batch| fits(batch)) {
            Some(batch) => batch.push(row),
            None => batches.push(vec![row]),
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_text_is_in_one_batch_and_every_batch_within_its_bounds(
            lengths in prop::collection::vec(1_usize..1500, 0..200),
        ) {
            let batches = batches(&lengths);
            let mut seen: Vec<usize> = batches.concat();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
            for batch in batches {
                let longest = batch.iter().map(|&row| lengths[row]).max().unwrap_or(0);
                prop_assert!(batch.len() <= MOST_TEXTS);
                prop_assert!(batch.len() == 1 || batch.len() * longest <= MOST_TOKENS);
            }
        }
    }

    #[test]
    fn texts_of_one_length_share_a_batch() {
        assert_eq!(batches(&[9, 900, 9]), [vec![0, 2], vec![1]]);
    }
}
