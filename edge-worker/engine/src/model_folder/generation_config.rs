//! `generation_config.json`: the model's own sampling and its end tokens.
//!
//! Hugging Face writes many more fields; those that this engine does not honour are ignored, as
//! every reader of that file does.

use serde::Deserialize;

use crate::sampling::Sampling;

/// The fields of `generation_config.json` that are used.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GenerationConfig {
    eos_token_id: Option<OneOrMany>,
    do_sample: Option<bool>,
    temperature: Option<f32>,
    top_k: Option<u32>,
    top_p: Option<f32>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
}

/// Hugging Face writes one id or a list of them.
#[derive(Debug, Clone)]
struct OneOrMany(Vec<u32>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let id = |value: &serde_json::Value| {
            let id = value.as_u64().and_then(|id| u32::try_from(id).ok());
            id.ok_or_else(|| D::Error::custom("a token id is a whole number"))
        };
        let value = serde_json::Value::deserialize(deserializer)?;
        let ids: Result<Vec<u32>, _> = match &value {
            serde_json::Value::Array(values) => values.iter().map(id).collect(),
            one => id(one).map(|id| vec![id]),
        };
        ids.map(Self)
    }
}

impl GenerationConfig {
    /// Ids after which the answer is complete; may be empty.
    pub fn end_tokens(&self) -> &[u32] {
        self.eos_token_id.as_ref().map_or(&[], |ids| &ids.0)
    }

    /// The model's own sampling. `do_sample = false` means arg max, unless a temperature is given.
    pub fn sampling(&self) -> Sampling {
        let greedy = (self.do_sample == Some(false)).then_some(0.0);
        Sampling {
            temperature: self.temperature.or(greedy),
            top_k: self.top_k,
            top_p: self.top_p,
            min_p: self.min_p,
            repetition_penalty: self.repetition_penalty,
            ..Sampling::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GenerationConfig;

    fn parse(text: &str) -> GenerationConfig {
        serde_json::from_str(text).expect("valid")
    }

    #[test]
    fn end_tokens_are_one_id_or_a_list() {
        assert_eq!(parse(r#"{"eos_token_id": 2}"#).end_tokens(), [2]);
        assert_eq!(parse(r#"{"eos_token_id": [2, 7]}"#).end_tokens(), [2, 7]);
        assert!(parse("{}").end_tokens().is_empty());
        assert!(serde_json::from_str::<GenerationConfig>(r#"{"eos_token_id": "x"}"#).is_err());
    }

    #[test]
    fn a_model_that_does_not_sample_is_greedy() {
        assert_eq!(parse(r#"{"do_sample": false}"#).sampling().temperature, Some(0.0));
        assert_eq!(parse(r#"{"top_k": 40, "other": 1}"#).sampling().top_k, Some(40));
        assert_eq!(parse("{}").sampling().temperature, None);
    }
}
