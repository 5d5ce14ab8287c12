//! What a caller may ask of the sampler, and what holds when he does not.
//!
//! An absent value is the model's own (`generation_config.json`), then the field's usual default:
//! temperature 1, no top-k, top-p 1, min-p 0, penalties that change nothing. Ranges are those of
//! the OpenAI chat API and Hugging Face's generation; a value outside is refused, never bent.

/// A request's sampling fields; `None` means the caller did not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sampling {
    /// 0 (arg max) to 2; 1 draws from the model's own distribution.
    pub temperature: Option<f32>,
    /// Draw among this many; 0 switches the filter off.
    pub top_k: Option<u32>,
    /// Draw among the fewest tokens that hold this share of the probability, above 0 to 1.
    pub top_p: Option<f32>,
    /// Drop tokens less probable than this share of the best one's probability, 0 to 1.
    pub min_p: Option<f32>,
    /// Above 0 to 10; above 1 discourages tokens of the prompt and the output.
    pub repetition_penalty: Option<f32>,
    /// -2 to 2, per time a token was generated.
    pub frequency_penalty: Option<f32>,
    /// -2 to 2, once for a token that was generated.
    pub presence_penalty: Option<f32>,
    /// The same seed gives the same text on the same machine and model.
    pub seed: Option<u64>,
}

/// Sampling with every gap filled and every value checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub(crate) temperature: f32,
    pub(crate) top_k: u32,
    pub(crate) top_p: f32,
    pub(crate) min_p: f32,
    pub(crate) repetition_penalty: f32,
    /// Nobody asked for it: it is the model's default.
    pub(crate) repetition_is_the_models: bool,
    pub(crate) frequency_penalty: f32,
    pub(crate) presence_penalty: f32,
    pub(crate) seed: Option<u64>,
}

impl Settings {
    /// Fills `request` from `model` and the defaults.
    ///
    /// # Errors
    /// Every value outside its range, in one sentence.
    pub fn resolve(request: &Sampling, model: &Sampling) -> Result<Self, String> {
        let settings = Self {
            temperature: request.temperature.or(model.temperature).unwrap_or(1.0),
            top_k: request.top_k.or(model.top_k).unwrap_or(0),
            top_p: request.top_p.or(model.top_p).unwrap_or(1.0),
            min_p: request.min_p.or(model.min_p).unwrap_or(0.0),
            repetition_penalty: request
                .repetition_penalty
                .or(model.repetition_penalty)
                .unwrap_or(1.0),
            repetition_is_the_models: request.repetition_penalty.is_none(),
            frequency_penalty: request.frequency_penalty.unwrap_or(0.0),
            presence_penalty: request.presence_penalty.unwrap_or(0.0),
            seed: request.seed,
        };
        let wrong = settings.out_of_range();
        if wrong.is_empty() { Ok(settings) } else { Err(wrong.join("; ")) }
    }

    fn out_of_range(&self) -> Vec<String> {
        let open = f32::MIN_POSITIVE;
        [
            ("temperature", self.temperature, 0.0, 2.0, "0 to 2"),
            ("top_p", self.top_p, open, 1.0, "above 0 to 1"),
            ("min_p", self.min_p, 0.0, 1.0, "0 to 1"),
            ("repetition_penalty", self.repetition_penalty, open, 10.0, "above 0 to 10"),
            ("frequency_penalty", self.frequency_penalty, -2.0, 2.0, "-2 to 2"),
            ("presence_penalty", self.presence_penalty, -2.0, 2.0, "-2 to 2"),
        ]
        .into_iter()
        .filter(|(_, value, low, high, _)| !(*low..=*high).contains(value))
        .map(|(name, value, _, _, range)| format!("{name} is {value}, it must be {range}"))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_wins_over_the_model_and_the_model_over_the_default() {
        let model = Sampling { temperature: Some(0.2), top_k: Some(50), ..Sampling::default() };
        let request = Sampling { top_k: Some(0), ..Sampling::default() };
        let settings = Settings::resolve(&request, &model).expect("valid");
        assert_eq!((settings.temperature, settings.top_k, settings.top_p), (0.2, 0, 1.0));
    }

    #[test]
    fn every_value_outside_its_range_is_named_at_once() {
        let request = Sampling {
            temperature: Some(-0.5),
            top_p: Some(0.0),
            presence_penalty: Some(f32::NAN),
            ..Sampling::default()
        };
        let error = Settings::resolve(&request, &Sampling::default()).expect_err("out of range");
        assert_eq!(
            error,
            "temperature is -0.5, it must be 0 to 2; top_p is 0, it must be above 0 to 1; \
             presence_penalty is NaN, it must be -2 to 2"
        );
    }
}
