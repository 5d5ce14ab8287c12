//! From logits to the next token.
//!
//! The order is the one Hugging Face's generation documents: penalties, temperature, top-k, top-p,
//! min-p, draw. Each filter sees what the one before it left over, renormalised. Temperature 0 is
//! arg max, ties to the lower id, and draws nothing from the random stream, so it needs no seed.
//!
//! Log probabilities are those of the raw logits, before any penalty or temperature: they say what
//! the model believed, not what the caller asked for.

mod filter;
mod logprobs;
mod penalties;
mod random;
mod settings;

pub use logprobs::{Ranked, log_softmax_at, top};
pub use random::Random;
pub use settings::{Sampling, Settings};

use filter::Candidate;
use penalties::Penalties;

/// The sampler of one generation.
#[derive(Debug)]
pub struct Sampler {
    settings: Settings,
    penalties: Penalties,
    random: Random,
}

impl Sampler {
    /// A sampler that has seen `prompt`: the repetition penalty counts it, as Hugging Face does;
    /// frequency and presence count what was generated, as OpenAI documents.
    pub fn new(settings: Settings, prompt: &[u32]) -> Self {
        let random = settings.seed.map_or_else(Random::from_entropy, Random::from_seed);
        let penalties = Penalties::new(&settings, prompt);
        Self { settings, penalties, random }
    }

    /// Chooses the next token. `logits` is scratch afterwards: penalties are written into it.
    /// Returns `None` only for an empty slice.
    ///
    /// In a `form`, the model's own repetition penalty does not hold: JSON repeats its quotes and brackets.
    pub fn choose(&mut self, logits: &mut [f32], form: bool) -> Option<u32> {
        if form && self.settings.repetition_is_the_models {
            self.penalties.apply_asked(logits);
        } else {
            self.penalties.apply(logits);
        }
        let token = if self.settings.temperature == 0.0 {
            arg_max(logits)
        } else {
            let kept = filter::keep(logits, &self.settings);
            draw(&kept, self.random.unit())
        }?;
        self.penalties.saw(token);
        Some(token)
    }
}

/// The id of the largest logit; the lowest id among equals. A NaN never wins.
pub fn arg_max(logits: &[f32]) -> Option<u32> {
    let mut best: Option<(usize, f32)> = None;
    for (id, &logit) in logits.iter().enumerate() {
        if best.is_none_or(|(_, top)| logit > top || (top.is_nan() && !logit.is_nan())) {
            best = Some((id, logit));
        }
    }
    best.and_then(|(id, _)| u32::try_from(id).ok())
}

/// Walks the candidates, most probable first, until `unit` in [0, 1) of their mass is passed.
fn draw(kept: &[Candidate], unit: f64) -> Option<u32> {
    let mass: f64 = kept.iter().map(|candidate| candidate.probability).sum();
    let mut left = unit * mass;
    for candidate in kept {
        left -= candidate.probability;
        if left < 0.0 {
            return Some(candidate.token);
        }
    }
    kept.last().map(|candidate| candidate.token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sampler(request: &Sampling) -> Sampler {
        let settings = Settings::resolve(request, &Sampling::default()).expect("valid settings");
        Sampler::new(settings, &[])
    }

    fn logits() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec(-12.0_f32..12.0, 2..300)
    }

    proptest! {
        #[test]
        fn temperature_zero_is_arg_max(mut logits in logits()) {
            let greedy = Sampling { temperature: Some(0.0), ..Sampling::default() };
            let expected = arg_max(&logits);
            prop_assert_eq!(sampler(&greedy).choose(&mut logits.clone(), false), expected);
            let k1 = Sampling { top_k: Some(1), ..Sampling::default() };
            prop_assert_eq!(sampler(&k1).choose(&mut logits, false), expected);
        }

        #[test]
        fn the_same_seed_draws_the_same_tokens(logits in logits(), seed in any::<u64>()) {
            let request = Sampling { temperature: Some(1.3), seed: Some(seed), ..Sampling::default() };
            let (mut one, mut two) = (sampler(&request), sampler(&request));
            for _ in 0..20 {
                prop_assert_eq!(one.choose(&mut logits.clone(), false), two.choose(&mut logits.clone(), false));
            }
        }

        #[test]
        fn a_draw_stays_inside_top_k_and_min_p(
            logits in logits(), k in 1_u32..20, min_p in 0.0_f32..0.9, seed in any::<u64>(),
        ) {
            let request = Sampling {
                top_k: Some(k), min_p: Some(min_p), seed: Some(seed), ..Sampling::default()
            };
            let token = sampler(&request).choose(&mut logits.clone(), false).expect("a token") as usize;
            let above = logits.iter().filter(|&&logit| logit > logits[token]).count();
            prop_assert!(above < k as usize);
            let best = logits.iter().copied().fold(f32::MIN, f32::max);
            prop_assert!((logits[token] - best).exp() >= min_p * 0.999);
        }
    }

    #[test]
    fn draws_follow_the_probabilities() {
        // Half, three tenths, one fifth; 20,000 draws keep each within three standard deviations.
        let logits = [0.5_f32.ln(), 0.3_f32.ln(), 0.2_f32.ln()];
        let mut sampler = sampler(&Sampling { seed: Some(7), ..Sampling::default() });
        let mut counts = [0_f64; 3];
        for _ in 0..20_000 {
            counts[sampler.choose(&mut logits.clone(), false).expect("a token") as usize] += 1.0;
        }
        for (count, probability) in counts.iter().zip([0.5, 0.3, 0.2]) {
            let deviation = (20_000.0 * probability * (1.0_f64 - probability)).sqrt();
            assert!((count - 20_000.0 * probability).abs() < 3.0 * deviation, "{counts:?}");
        }
    }

    #[test]
    fn arg_max_takes_the_lower_id_of_equals_and_never_a_nan() {
        assert_eq!(arg_max(&[1.0, 3.0, 3.0]), Some(1));
        assert_eq!(arg_max(&[f32::NAN, -2.0, -1.0]), Some(2));
        assert_eq!(arg_max(&[]), None);
    }
}
