//! One provider of the configuration: its key found, its models listed, its client built.

use super::raw::{RawModel, RawProvider};
use crate::clouds::Entry;
use crate::executors::cloud::catalogue::{CloudModel, openai_models};
use crate::executors::cloud::{CloudProvider, ProviderConfig};
use littoral_core::facts::Needs;
use littoral_core::fleet::Price;
use secrecy::SecretString;
use std::env;
use std::path::Path;
use std::time::Duration;

/// Longest limit of a provider, one hour in milliseconds.
const LONGEST_MS: u64 = 60 * 60 * 1_000;

/// A path inside the provider's table and what is wrong there.
type Found = (String, String);

/// The provider, ready to be called. `None` where no key is at hand: then its targets do not exist.
///
/// # Errors
/// Every problem of the table.
pub fn compile(raw: &RawProvider, home: &Path) -> Result<Option<Entry>, Vec<Found>> {
    let mut found = Vec::new();
    let mut bad = |path: &str, why: String| found.push((path.to_owned(), why));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if raw.name.is_empty() || raw.name.len() > 64 || !raw.name.chars().all(allowed) {
        bad("name", "1 to 64 characters of A-Z a-z 0-9 . _ -".into());
    }
    let of_env = raw.base_url_env.as_ref().and_then(|name| env::var(name).ok());
    let base_url = of_env.filter(|url| !url.is_empty()).unwrap_or_else(|| raw.base_url.clone());
    if !(base_url.starts_with("https://") || base_url.starts_with("http://")) {
        bad("base_url", "must start with https:// (or http:// for a server of your own)".into());
    }
    for (path, limit) in limits(raw) {
        if limit.is_some_and(|ms| !(1..=LONGEST_MS).contains(&ms)) {
            bad(path, format!("1 to {LONGEST_MS}"));
        }
    }
    let key = key(raw, home).unwrap_or_else(|why| {
        bad("api_key_file", why);
        None
    });
    let models = models(raw, &mut bad);
    let Some(api_key) = key else {
        return if found.is_empty() { Ok(None) } else { Err(found) };
    };
    if !found.is_empty() {
        return Err(found);
    }
    let mut config = ProviderConfig::new(raw.name.clone(), base_url, api_key);
    config.ca_file = raw.ca_file.as_ref().map(|path| home.join(path));
    config.allow_plain_http = raw.allow_plain_http;
    let [connect, first_byte, gap] = limits(raw).map(|(_, ms)| ms.map(Duration::from_millis));
    config.connect_timeout = connect.unwrap_or(config.connect_timeout);
    config.first_byte_timeout = first_byte.unwrap_or(config.first_byte_timeout);
    config.gap_timeout = gap.unwrap_or(config.gap_timeout);
    match CloudProvider::new(config) {
        Ok(provider) => Ok(Some(Entry { provider, models })),
        Err(error) => Err(vec![(String::new(), error.to_string())]),
    }
}

fn limits(raw: &RawProvider) -> [(&'static str, Option<u64>); 3] {
    [("connect_ms", raw.connect_ms), ("first_byte_ms", raw.first_byte_ms), ("gap_ms", raw.gap_ms)]
}

/// One sentence: where this provider looks for its key.
#[must_use]
pub fn how_to_give_a_key(raw: &RawProvider) -> String {
    let places = [
        raw.api_key_env.as_ref().map(|name| format!("set {name}")),
        raw.api_key_file.as_ref().map(|path| format!("write {}", path.display())),
    ];
    let places: Vec<String> = places.into_iter().flatten().collect();
    if places.is_empty() {
        format!("{}: give it api_key_env or api_key_file", raw.name)
    } else {
        format!("{}: {}", raw.name, places.join(" or "))
    }
}

fn key(raw: &RawProvider, home: &Path) -> Result<Option<SecretString>, String> {
    let of_env = raw.api_key_env.as_ref().and_then(|name| env::var(name).ok());
    if let Some(key) = of_env.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()) {
        return Ok(Some(key.into()));
    }
    let Some(file) = &raw.api_key_file else { return Ok(None) };
    let path = home.join(file);
    match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() => Err(format!("{} is empty", path.display())),
        Ok(text) => Ok(Some(text.trim().to_owned().into())),
        Err(error) => Err(format!("failed to read {}: {error}", path.display())),
    }
}

fn models(raw: &RawProvider, bad: &mut impl FnMut(&str, String)) -> Vec<CloudModel> {
    if raw.model.is_empty() {
        return openai_models();
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
    }
    raw.model.iter().map(model).collect()
}

fn model(raw: &RawModel) -> CloudModel {
    let prices = raw.input_usd_micros_per_mtok.zip(raw.output_usd_micros_per_mtok);
    CloudModel {
        name: raw.name.clone(),
        context_tokens: raw.context_tokens,
        abilities: Needs {
            tools: raw.tools,
            json_output: raw.json_output,
            image: raw.image,
            logprobs: raw.logprobs,
        },
        quality: raw.quality,
        price: prices.map(|(input_usd_micros_per_mtok, output_usd_micros_per_mtok)| Price {
            input_usd_micros_per_mtok,
            output_usd_micros_per_mtok,
        }),
        first_token_ms: raw.first_token_ms,
        decode_tokens_per_s: raw.decode_tokens_per_s,
        accepts_prefix: raw.accepts_prefix,
        region: raw.region.clone(),
        retention_days: raw.retention_days,
    }
}
