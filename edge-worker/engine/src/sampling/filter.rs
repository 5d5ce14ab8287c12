//! Temperature, top-k, top-p and min-p.
//!
//! A vocabulary has 50,000 tokens and more, and a token is decoded in about 10 ms, so the whole of
//! it is never sorted. Top-k selects, then sorts what is left. Top-p without top-k selects the best
//! 256, and twice as many again until their share of the total reaches p: the result is that of a
//! full sort, the cost almost always that of the first selection.

use super::Settings;

/// A token that may be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// The token's id.
    pub token: u32,
    /// Relative probability: 1 for the most probable token, not normalised.
    pub probability: f64,
}

const FIRST_SELECTION: usize = 256;

/// The candidates that temperature, top-k, top-p and min-p leave, most probable first whenever one
/// of the filters is on. Never empty unless `logits` is.
pub fn keep(logits: &[f32], settings: &Settings) -> Vec<Candidate> {
    let mut kept = temper(logits, settings.temperature);
    if settings.top_k > 0 {
        select(&mut kept, settings.top_k as usize);
    }
    if settings.top_p < 1.0 {
        nucleus(&mut kept, f64::from(settings.top_p));
    }
    if settings.min_p > 0.0 {
        let best = kept.iter().map(|candidate| candidate.probability).fold(0.0, f64::max);
        kept.retain(|candidate| candidate.probability >= best * f64::from(settings.min_p));
    }
    kept
}

/// `exp((logit - largest) / temperature)` of every logit that is a number and within reach.
fn temper(logits: &[f32], temperature: f32) -> Vec<Candidate> {
    let largest = logits.iter().copied().filter(|logit| !logit.is_nan()).fold(f32::MIN, f32::max);
    let candidate = |(id, &logit): (usize, &f32)| {
        if logit.is_nan() || logit == f32::NEG_INFINITY {
            return None;
        }
        let probability = (f64::from(logit - largest) / f64::from(temperature)).exp();
        u32::try_from(id).ok().map(|token| Candidate { token, probability })
    };
    logits.iter().enumerate().filter_map(candidate).collect()
}

/// Cuts to the `count` most probable candidates, best first.
fn select(candidates: &mut Vec<Candidate>, count: usize) {
    let count = count.min(candidates.len());
    if count == 0 {
        return;
    }
    candidates.select_nth_unstable_by(count - 1, best_first);
    candidates.truncate(count);
    candidates.sort_unstable_by(best_first);
}

/// Cuts to the shortest run of the most probable candidates whose share is at least `share`.
fn nucleus(candidates: &mut Vec<Candidate>, share: f64) {
    let wanted = share * candidates.iter().map(|candidate| candidate.probability).sum::<f64>();
    let mut size = FIRST_SELECTION;
    loop {
        let whole = size >= candidates.len();
        let mut best = candidates.clone();
        select(&mut best, size);
        let mut reached = 0.0;
        let end = best.iter().position(|candidate| {
            reached += candidate.probability;
            reached >= wanted
        });
        if end.is_some() || whole {
            best.truncate(end.map_or(best.len(), |last| last + 1));
            *candidates = best;
            return;
        }
        size *= 2;
    }
}

fn best_first(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    b.probability.total_cmp(&a.probability).then(a.token.cmp(&b.token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Sampling;
    use proptest::prelude::*;

    fn kept(logits: &[f32], request: &Sampling) -> Vec<u32> {
        let settings = Settings::resolve(request, &Sampling::default()).expect("valid settings");
        keep(logits, &settings).iter().map(|candidate| candidate.token).collect()
    }

    proptest! {
        #[test]
        fn the_nucleus_is_the_shortest_that_reaches_its_share(
            logits in prop::collection::vec(-6.0_f32..6.0, 2..900), top_p in 0.05_f32..0.999,
        ) {
            let request = Sampling { top_p: Some(top_p), ..Sampling::default() };
            let nucleus = kept(&logits, &request);
            let probability = |token: &u32| f64::from(logits[*token as usize]).exp();
            let total: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
            let share: f64 = nucleus.iter().map(probability).sum::<f64>() / total;
            let last = nucleus.last().map(probability).expect("never empty") / total;
            prop_assert!(share >= f64::from(top_p) - 1e-6);
            prop_assert!(share - last < f64::from(top_p) + 1e-6);
        }
    }

    #[test]
    fn each_filter_sees_what_the_one_before_left() {
        // Probabilities 0.4, 0.3, 0.2, 0.1: top-k 2 leaves 4/7 and 3/7, so top-p 0.5 keeps one.
        let logits = [0.1_f32.ln(), 0.4_f32.ln(), 0.2_f32.ln(), 0.3_f32.ln()];
        let two = Sampling { top_k: Some(2), ..Sampling::default() };
        assert_eq!(kept(&logits, &two), [1, 3]);
        let one = Sampling { top_p: Some(0.5), ..two };
        assert_eq!(kept(&logits, &one), [1]);
        let three = Sampling { min_p: Some(0.45), top_k: Some(4), ..Sampling::default() };
        assert_eq!(kept(&logits, &three), [1, 3, 2]);
    }

    #[test]
    fn a_high_temperature_flattens_before_min_p_cuts() {
        let logits = [0.0, -2.0];
        let cool = Sampling { min_p: Some(0.3), ..Sampling::default() };
        assert_eq!(kept(&logits, &cool), [0]);
        let hot = Sampling { temperature: Some(2.0), ..cool };
        assert_eq!(kept(&logits, &hot), [0, 1]);
    }
}
