//! The models of a provider: what the configuration says of them, checked, or the shipped catalogue.

use crate::config::raw::{RawDialect, RawModel, RawProvider};
use crate::executors::cloud::Dialect;
use crate::executors::cloud::catalogue::{CloudModel, anthropic_models, openai_models};
use littoral_core::facts::Needs;
use littoral_core::money::{Dated, ModelPrice};

/// The models, or the shipped ones where none are configured.
pub(super) fn compile(
    raw: &RawProvider,
    dialect: Dialect,
    bad: &mut impl FnMut(&str, String),
) -> Vec<CloudModel> {
    if raw.model.is_empty() {
        return match raw.dialect {
            RawDialect::OpenAi => openai_models(),
            RawDialect::Anthropic => anthropic_models(),
        };
    }
    for (index, model) in raw.model.iter().enumerate() {
        let mut require = |holds: bool, field: &str, why: &str| {
            if !holds {
                bad(&format!("model[{index}].{field}"), why.into());
            }
        };
        require(!model.name.is_empty(), "name", "must not be empty");
        let again = raw.model[..index].iter().any(|earlier| earlier.name == model.name);
        require(!again, "name", "is listed twice");
        require(model.context_tokens > 0, "context_tokens", "at least 1");
        let quality = model.quality.is_none_or(|quality| (0.0..=1.0).contains(&quality));
        require(quality, "quality", "a number from 0 to 1");
        let positive =
            |value: Option<f64>| value.is_none_or(|value| value.is_finite() && value > 0.0);
        require(positive(model.first_token_ms), "first_token_ms", "a number above 0");
        require(positive(model.decode_tokens_per_s), "decode_tokens_per_s", "a number above 0");
        let prices = (model.input_usd_micros_per_mtok, model.output_usd_micros_per_mtok);
        let both = prices.0.is_some() == prices.1.is_some();
        require(both, "input_usd_micros_per_mtok", "give both prices or none");
        for (field, is_beyond) in beyond(model, dialect) {
            let why = format!("the dialect {} has no way to ask for it", dialect.name());
            require(!is_beyond, field, &why);
        }
    }
    let mut models = Vec::with_capacity(raw.model.len());
    for (index, one) in raw.model.iter().enumerate() {
        let prices =
            prices(&raw.name, one, |path, why| bad(&format!("model[{index}].{path}"), why));
        models.push(model(one, prices));
    }
    models
}

/// Abilities by field, and whether they are claimed and yet out of the dialect's reach.
fn beyond(model: &RawModel, dialect: Dialect) -> [(&'static str, bool); 7] {
    let carries = dialect.carries();
    [
        ("tools", model.tools && !carries.tools),
        ("json_output", model.json_output && !carries.json_output),
        ("image", model.image && !carries.image),
        ("audio", model.audio && !carries.audio),
        ("logprobs", model.logprobs && !carries.logprobs),
        ("embeddings", model.embeddings && !carries.embeddings),
        ("accepts_prefix", model.accepts_prefix && !dialect.continues()),
    ]
}

/// The prices of a model: those that the configuration states, or else those of the shipped table.
fn prices(provider: &str, model: &RawModel, mut bad: impl FnMut(String, String)) -> Vec<Dated> {
    let flat = model.input_usd_micros_per_mtok.zip(model.output_usd_micros_per_mtok);
    let flat = flat.map(|(input, output)| Dated {
        since_unix_ms: 0,
        source: "the configuration".into(),
        price: ModelPrice::of_tokens(input, output),
    });
    let mut prices: Vec<Dated> = flat.into_iter().collect();
    for (index, price) in model.price.iter().enumerate() {
        match price.compile() {
            Ok(price) => prices.push(price),
            Err(why) => bad(format!("price[{index}].since"), why),
        }
    }
    if prices.is_empty() { crate::prices::shipped(provider, &model.name) } else { prices }
}

fn model(raw: &RawModel, prices: Vec<Dated>) -> CloudModel {
    CloudModel {
        name: raw.name.clone(),
        context_tokens: raw.context_tokens,
        abilities: Needs {
            tools: raw.tools,
            json_output: raw.json_output,
            image: raw.image,
            audio: raw.audio,
            logprobs: raw.logprobs,
            embeddings: raw.embeddings,
        },
        quality: raw.quality,
        prices,
        first_token_ms: raw.first_token_ms,
        decode_tokens_per_s: raw.decode_tokens_per_s,
        accepts_prefix: raw.accepts_prefix,
        region: raw.region.clone(),
        retention_days: raw.retention_days,
    }
}
