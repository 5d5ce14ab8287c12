//! Log probabilities of the raw logits.
//!
//! `log p(i) = logit(i) - log Σ exp(logit)`, summed in `f64` after taking out the maximum, so that
//! no logit overflows and 50,000 small terms do not vanish.

/// A token with its log probability in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The token's id.
    pub token: u32,
    /// Natural logarithm of its probability; at most 0.
    pub logprob: f32,
}

/// The log probability of `token` in nats, or `None` when it is outside the vocabulary.
pub fn log_softmax_at(logits: &[f32], token: u32) -> Option<f32> {
    let logit = *logits.get(token as usize)?;
    Some(shift(logit, log_sum_exp(logits)))
}

/// The `count` most probable tokens, best first, the lower id first among equals. Tokens out of reach
/// are not among them.
pub fn top(logits: &[f32], count: usize) -> Vec<Ranked> {
    let total = log_sum_exp(logits);
    let within_reach = |id: &usize| logits[*id] > f32::NEG_INFINITY;
    let mut ids: Vec<usize> = (0..logits.len()).filter(within_reach).collect();
    let by_logit = |a: &usize, b: &usize| logits[*b].total_cmp(&logits[*a]).then(a.cmp(b));
    let count = count.min(ids.len());
    if count == 0 {
        return Vec::new();
    }
    ids.select_nth_unstable_by(count - 1, by_logit);
    ids.truncate(count);
    ids.sort_unstable_by(by_logit);
    let rank = |id: usize| {
        let token = u32::try_from(id).ok()?;
        Some(Ranked { token, logprob: shift(logits[id], total) })
    };
    ids.into_iter().filter_map(rank).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a log probability needs no more than f32")]
fn shift(logit: f32, total: f64) -> f32 {
    (f64::from(logit) - total) as f32
}

fn log_sum_exp(logits: &[f32]) -> f64 {
    let largest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|&logit| (f64::from(logit) - largest).exp()).sum();
    largest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn probabilities_sum_to_one_and_come_best_first(
            logits in prop::collection::vec(-80.0_f32..80.0, 1..200),
        ) {
            let all = top(&logits, logits.len());
            let sum: f64 = all.iter().map(|ranked| f64::from(ranked.logprob).exp()).sum();
            prop_assert!((sum - 1.0).abs() < 1e-5, "sum {sum}");
            prop_assert!(all.windows(2).all(|pair| pair[0].logprob >= pair[1].logprob));
            prop_assert_eq!(top(&logits, 3), all[..3.min(all.len())].to_vec());
            let best = all[0];
            prop_assert_eq!(log_softmax_at(&logits, best.token), Some(best.logprob));
        }
    }

    #[test]
    fn two_equal_logits_are_half_each() {
        let half = 0.5_f32.ln();
        assert!((log_softmax_at(&[1000.0, 1000.0], 1).expect("in range") - half).abs() < 1e-6);
        assert_eq!(log_softmax_at(&[0.0], 1), None);
        assert!(top(&[], 5).is_empty());
    }
}
