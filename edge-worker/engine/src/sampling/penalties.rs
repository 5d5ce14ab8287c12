//! Penalties on tokens that were already there.
//!
//! Repetition (Keskar et al., "CTRL", 2019, as Hugging Face applies it): the logit of every token
//! of the prompt and of the output is divided by the penalty when positive and multiplied when
//! negative. Frequency and presence (OpenAI's chat API): `logit -= count × frequency + presence`,
//! for tokens of the output alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Settings;

/// What one generation has seen, and what each sight costs.
pub struct Penalties {
    repetition: f32,
    frequency: f32,
    presence: f32,
    seen: BTreeSet<u32>,
    generated: BTreeMap<u32, u32>,
}

impl Penalties {
    /// Penalties as `settings` has them, after `prompt`.
    pub fn new(settings: &Settings, prompt: &[u32]) -> Self {
        let seen = if settings.repetition_penalty == 1.0 {
            BTreeSet::new()
        } else {
            prompt.iter().copied().collect()
        };
        Self {
            repetition: settings.repetition_penalty,
            frequency: settings.frequency_penalty,
            presence: settings.presence_penalty,
            seen,
            generated: BTreeMap::new(),
        }
    }

    /// Lowers (or, for negative penalties, raises) the logits of what was seen.
    pub fn apply(&self, logits: &mut [f32]) {
        if self.repetition != 1.0 {
            for &token in &self.seen {
                if let Some(logit) = logits.get_mut(token as usize) {
                    *logit *= if *logit > 0.0 { 1.0 / self.repetition } else { self.repetition };
                }
            }
        }
        self.apply_asked(logits);
    }

    /// The same without the repetition penalty, which can be the model's own; the others are asked for.
    pub fn apply_asked(&self, logits: &mut [f32]) {
        if self.frequency != 0.0 || self.presence != 0.0 {
            for (&token, &count) in &self.generated {
                if let Some(logit) = logits.get_mut(token as usize) {
                    #[expect(clippy::cast_precision_loss, reason = "a count of output tokens")]
                    let count = count as f32;
                    *logit -= count * self.frequency + self.presence;
                }
            }
        }
    }

    /// Notes a generated token.
    pub fn saw(&mut self, token: u32) {
        *self.generated.entry(token).or_default() += 1;
        if self.repetition != 1.0 {
            self.seen.insert(token);
        }
    }
}

/// Token ids are content: only their number is shown.
impl std::fmt::Debug for Penalties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (seen, generated) = (self.seen.len(), self.generated.len());
        write!(f, "Penalties {{ seen: {seen}, generated: {generated} }}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Sampling;

    fn penalties(request: &Sampling, prompt: &[u32]) -> Penalties {
        let settings = Settings::resolve(request, &Sampling::default()).expect("valid settings");
        Penalties::new(&settings, prompt)
    }

    #[test]
    fn repetition_counts_prompt_and_output_and_always_pushes_down() {
        let request = Sampling { repetition_penalty: Some(2.0), ..Sampling::default() };
        let mut penalties = penalties(&request, &[0, 0, 1]);
        penalties.saw(3);
        let mut logits = [4.0, -4.0, 4.0, 1.0];
        penalties.apply(&mut logits);
        assert_eq!(logits, [2.0, -8.0, 4.0, 0.5]);
    }

    #[test]
    fn frequency_and_presence_count_the_output_alone() {
        let request = Sampling {
            frequency_penalty: Some(0.5),
            presence_penalty: Some(0.25),
            ..Sampling::default()
        };
        let mut penalties = penalties(&request, &[0, 0, 0]);
        penalties.saw(1);
        penalties.saw(1);
        let mut logits = [1.0, 1.0, 1.0];
        penalties.apply(&mut logits);
        assert_eq!(logits, [1.0, -0.25, 1.0]);
    }

    #[test]
    fn a_token_outside_the_vocabulary_is_ignored() {
        let request = Sampling { presence_penalty: Some(1.0), ..Sampling::default() };
        let mut penalties = penalties(&request, &[]);
        penalties.saw(9);
        let mut logits = [1.0];
        penalties.apply(&mut logits);
        assert_eq!(logits, [1.0]);
    }
}
