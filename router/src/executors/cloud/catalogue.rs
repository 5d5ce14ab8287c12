//! Models at OpenAI and Anthropic that a router knows without being told.
//!
//! A catalogue ages, so it states only what has a source, and leaves the rest unknown; a model in
//! the configuration replaces all of it. Models that reason unasked are not in it: they refuse
//! sampling settings and more, and spend tokens that nobody sees.

use super::{anthropic, openai};
use littoral_core::facts::Needs;
use littoral_core::money::{Dated, ModelPrice, in_force};

/// Time to the first token before anything was measured, in milliseconds. The median of the 999
/// requests to seven hosted endpoints of open models in the LLMPerf leaderboard's raw data (2023).
/// None of them is OpenAI or Anthropic, so it is an order of magnitude and no more.
const FIRST_TOKEN_PRIOR_MS: f64 = 397.0;
/// Generated tokens a second before anything was measured: the median rate of the same requests
/// (one over the time between tokens).
const DECODE_PRIOR_TOKENS_PER_S: f64 = 42.6;

/// A model at a cloud provider, as the catalogue or the configuration states it.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudModel {
    /// Name the provider knows it by.
    pub name: String,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// Abilities.
    pub abilities: Needs,
    /// Prior probability of a good answer, 0 to 1.
    pub quality: Option<f64>,
    /// Prices, by the moment from which they count.
    pub prices: Vec<Dated>,
    /// Expected time to the first token, in milliseconds.
    pub first_token_ms: Option<f64>,
    /// Expected generated tokens a second.
    pub decode_tokens_per_s: Option<f64>,
    /// The provider continues a prefix of the assistant's text exactly.
    pub accepts_prefix: bool,
    /// Region of the provider's machines, where stated.
    pub region: Option<String>,
    /// Days for which the provider keeps what it is sent, where stated.
    pub retention_days: Option<u32>,
}

impl CloudModel {
    /// The price in force at a moment, in milliseconds since 1970; unknown where none is.
    #[must_use]
    pub fn price_at(&self, unix_ms: u64) -> Option<ModelPrice> {
        in_force(&self.prices, unix_ms).map(|dated| dated.price)
    }
}

/// OpenAI's general chat models, and those that turn texts into vectors.
///
/// Context lengths and abilities are those of OpenAI's model pages, prices those of the shipped table
/// ([`crate::prices`]). Quality is unknown until it is measured. OpenAI's chat does not continue a begun
/// assistant turn.
#[must_use]
pub fn openai_models() -> Vec<CloudModel> {
    let model = |name, context_tokens| {
        let abilities = Needs { audio: false, embeddings: false, ..openai::CARRIES };
        model_of("openai", name, context_tokens, abilities)
    };
    let embedder = |name, context_tokens| {
        let abilities = Needs { embeddings: true, ..Needs::default() };
        model_of("openai", name, context_tokens, abilities)
    };
    vec![
        model("gpt-4o-mini", 128_000),
        model("gpt-4o", 128_000),
        model("gpt-4.1-nano", 1_047_576),
        model("gpt-4.1-mini", 1_047_576),
        model("gpt-4.1", 1_047_576),
        embedder("text-embedding-3-small", 8_192),
        embedder("text-embedding-3-large", 8_192),
    ]
}

/// Anthropic's general chat models that think only where asked to.
///
/// Context lengths and abilities are those of Anthropic's model pages (November 2026), prices those of the
/// shipped table. Output is held to JSON by a schema; "any JSON" is refused where the
/// request is built. Haiku 4.5 continues a begun turn exactly, the later ones do not (its page of
/// errors).
#[must_use]
pub fn anthropic_models() -> Vec<CloudModel> {
    let model =
        |name, context_tokens| model_of("anthropic", name, context_tokens, anthropic::CARRIES);
    vec![
        CloudModel { accepts_prefix: true, ..model("claude-haiku-4-5", 200_000) },
        model("claude-sonnet-4-6", 1_000_000),
        model("claude-opus-4-6", 1_000_000),
    ]
}

fn model_of(provider: &str, name: &str, context_tokens: u32, abilities: Needs) -> CloudModel {
    CloudModel {
        name: name.into(),
        context_tokens,
        abilities,
        quality: None,
        prices: crate::prices::shipped(provider, name),
        first_token_ms: Some(FIRST_TOKEN_PRIOR_MS),
        decode_tokens_per_s: Some(DECODE_PRIOR_TOKENS_PER_S),
        accepts_prefix: false,
        region: None,
        retention_days: None,
    }
}
