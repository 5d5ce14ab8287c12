//! From the vectors of a text's tokens to the vector of the text.

/// The mean of the first `tokens` rows of `width` numbers, at length 1. A mean of nothing but zeros stays.
pub fn mean(rows: &[f32], width: usize, tokens: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64; width];
    for row in rows.chunks_exact(width).take(tokens) {
        for (sum, &number) in sums.iter_mut().zip(row) {
            *sum += f64::from(number);
        }
    }
    // The number of tokens is in both the mean and its length, so it need not be divided by.
    let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "numbers of at most 1, to single precision"
    )]
    sums.into_iter().map(|sum| (sum * scale) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn padding_does_not_count_and_the_length_is_one() {
        let rows = [3.0, 0.0, 3.0, 8.0, 99.0, 99.0];
        assert_eq!(mean(&rows, 2, 2), [0.6, 0.8]);
        assert_eq!(mean(&[0.0, 0.0], 2, 1), [0.0, 0.0]);
    }
}
