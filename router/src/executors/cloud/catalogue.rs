//! Models at OpenAI and Anthropic that a router knows without being told.
//!
//! A catalogue ages, so it states only what has a source, and leaves the rest unknown; a model in
//! the configuration replaces all of it. Models that reason unasked are not in it: they refuse
//! sampling settings and more, and spend tokens that nobody sees.

use littoral_core::facts::Needs;
use littoral_core::fleet::Price;

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
    /// Price, in millionths of a US dollar per million tokens.
    pub price: Option<Price>,
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

/// OpenAI's general chat models.
///
/// Context lengths and abilities are those of OpenAI's model pages. Prices are of `RouterArena`'s
/// price table (2025), in dollars per million tokens; cached and batch prices are lower and not
/// modelled, so a predicted cost is rather too high. Quality is unknown until it is measured.
/// OpenAI's chat does not continue a begun assistant turn.
#[must_use]
pub fn openai_models() -> Vec<CloudModel> {
    let model = |name, context_tokens, input, output| {
        let abilities = Needs { tools: true, json_output: true, image: true, logprobs: true };
        model(name, context_tokens, abilities, [input, output])
    };
    vec![
        model("gpt-4o-mini", 128_000, 15, 60),
        model("gpt-4o", 128_000, 250, 1_000),
        model("gpt-4.1-nano", 1_047_576, 10, 40),
        model("gpt-4.1-mini", 1_047_576, 40, 160),
        model("gpt-4.1", 1_047_576, 200, 800),
    ]
}

/// Anthropic's general chat models that think only where asked to.
///
/// Context lengths, abilities and prices are those of Anthropic's model pages (November 2026), in
/// dollars per million tokens. Output is held to JSON by a schema; "any JSON" is refused where the
/// request is built. Haiku 4.5 continues a begun turn exactly, the later ones do not (its page of
/// errors).
#[must_use]
pub fn anthropic_models() -> Vec<CloudModel> {
    let model = |name, context_tokens, input, output| {
        let abilities = Needs { tools: true, json_output: true, image: true, logprobs: false };
        model(name, context_tokens, abilities, [input, output])
    };
    vec![
        CloudModel { accepts_prefix: true, ..model("claude-haiku-4-5", 200_000, 100, 500) },
        model("claude-sonnet-4-6", 1_000_000, 300, 1_500),
        model("claude-opus-4-6", 1_000_000, 500, 2_500),
    ]
}

/// `cents` are the prices of a million prompt tokens and of a million generated ones.
fn model(name: &str, context_tokens: u32, abilities: Needs, cents: [u64; 2]) -> CloudModel {
    const CENT: u64 = 10_000;
    let [input_usd_micros_per_mtok, output_usd_micros_per_mtok] = cents.map(|cents| cents * CENT);
    CloudModel {
        name: name.into(),
        context_tokens,
        abilities,
        quality: None,
        price: Some(Price { input_usd_micros_per_mtok, output_usd_micros_per_mtok }),
        first_token_ms: Some(FIRST_TOKEN_PRIOR_MS),
        decode_tokens_per_s: Some(DECODE_PRIOR_TOKENS_PER_S),
        accepts_prefix: false,
        region: None,
        retention_days: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_those_of_the_table() {
        let dollars = |micros: u64| micros as f64 / 1e6;
        let table: Vec<_> = [openai_models(), anthropic_models()]
            .into_iter()
            .flatten()
            .map(|model| {
                let price = model.price.unwrap();
                let input = dollars(price.input_usd_micros_per_mtok);
                (model.name, input, dollars(price.output_usd_micros_per_mtok))
            })
            .collect();
        let expected = [
            ("gpt-4o-mini", 0.15, 0.6),
            ("gpt-4o", 2.5, 10.0),
            ("gpt-4.1-nano", 0.1, 0.4),
            ("gpt-4.1-mini", 0.4, 1.6),
            ("gpt-4.1", 2.0, 8.0),
            ("claude-haiku-4-5", 1.0, 5.0),
            ("claude-sonnet-4-6", 3.0, 15.0),
            ("claude-opus-4-6", 5.0, 25.0),
        ];
        assert_eq!(table, expected.map(|(name, input, output)| (name.to_owned(), input, output)));
    }
}
