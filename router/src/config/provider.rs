//! One provider of the configuration: its keys found, its models listed, its client built.

mod keys;
mod models;

pub use keys::how_to_give_a_key;

use super::raw::{RawDialect, RawProvider};
use crate::clouds::Entry;
use crate::executors::cloud::{CloudProvider, Dialect, ProviderConfig};
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
    let keys = keys::find(raw, home, &mut bad);
    let dialect = match raw.dialect {
        RawDialect::OpenAi => Dialect::openai_at(&base_url),
        RawDialect::Anthropic => Dialect::Anthropic,
    };
    let models = models::compile(raw, dialect, &mut bad);
    if !found.is_empty() {
        return Err(found);
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let mut config = ProviderConfig::new(raw.name.clone(), base_url, dialect, keys);
    let headers = raw.headers.iter();
    config.headers = headers.map(|(name, value)| (name.clone(), value.clone().into())).collect();
    config.ca_file = raw.ca_file.as_ref().map(|path| home.join(path));
    config.allow_plain_http = raw.allow_plain_http;
    config.proxy.clone_from(&raw.proxy);
    let [connect, first_byte, gap, total] =
        limits(raw).map(|(_, ms)| ms.map(Duration::from_millis));
    config.connect_timeout = connect.unwrap_or(config.connect_timeout);
    config.first_byte_timeout = first_byte.unwrap_or(config.first_byte_timeout);
    config.gap_timeout = gap.unwrap_or(config.gap_timeout);
    config.total_timeout = total.unwrap_or(config.total_timeout);
    match CloudProvider::new(config) {
        Ok(provider) => Ok(Some(Entry { provider, models })),
        Err(error) => Err(vec![(String::new(), error.to_string())]),
    }
}

fn limits(raw: &RawProvider) -> [(&'static str, Option<u64>); 4] {
    [
        ("connect_ms", raw.connect_ms),
        ("first_byte_ms", raw.first_byte_ms),
        ("gap_ms", raw.gap_ms),
        ("total_ms", raw.total_ms),
    ]
}

#[cfg(test)]
mod tests;
