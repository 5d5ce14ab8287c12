//! Prices of models, by the day from which they count: the shipped table, and what a configuration says.

use littoral_core::money::{Dated, ModelPrice};
use serde::Deserialize;
use std::sync::LazyLock;

/// The shipped table.
const TABLE: &str = include_str!("prices/table.toml");

static SHIPPED: LazyLock<Result<Table, String>> = LazyLock::new(|| Table::read(TABLE));

/// A price as people write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPrice {
    /// The day from which it counts, at midnight in UTC: `2026-12-01`. Absent: it always did.
    #[serde(default)]
    pub since: Option<String>,
    /// Where it was read: a page, a contract.
    #[serde(default)]
    pub source: Option<String>,
    /// The price.
    pub rates: ModelPrice,
}

impl RawPrice {
    /// The price with its moment.
    ///
    /// # Errors
    /// The day is none.
    pub fn compile(&self) -> Result<Dated, String> {
        let since_unix_ms = self.since.as_deref().map_or(Ok(0), midnight)?;
        let source = self.source.as_deref().unwrap_or("the configuration").into();
        Ok(Dated { since_unix_ms, source, price: self.rates })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    version: String,
    price: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    provider: String,
    model: String,
    since: String,
    source: String,
    rates: ModelPrice,
}

struct Table {
    version: String,
    rows: Vec<(String, String, Dated)>,
}

impl Table {
    fn read(text: &str) -> Result<Self, String> {
        let raw: RawTable = toml::from_str(text).map_err(|error| error.to_string())?;
        let row = |row: RawRow| {
            let RawRow { provider, model, since, source, rates } = row;
            let dated = RawPrice { since: Some(since), source: Some(source), rates }.compile()?;
            Ok((provider, model, dated))
        };
        let rows = raw.price.into_iter().map(row).collect::<Result<_, String>>()?;
        Ok(Self { version: raw.version, rows })
    }
}

/// The shipped prices of a model, in the table's order; none where the table does not have it.
#[must_use]
pub fn shipped(provider: &str, model: &str) -> Vec<Dated> {
    let Ok(table) = &*SHIPPED else { return Vec::new() };
    let is_it = |row: &&(String, String, Dated)| row.0 == provider && row.1 == model;
    table.rows.iter().filter(is_it).map(|(_, _, dated)| dated.clone()).collect()
}

/// The day of the shipped table.
#[must_use]
pub fn table_version() -> &'static str {
    SHIPPED.as_ref().map_or("", |table| &table.version)
}

fn midnight(day: &str) -> Result<u64, String> {
    let date: jiff::civil::Date =
        day.parse().map_err(|_| format!("{day:?} is no day; write one like 2026-12-01"))?;
    let at = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|error| error.to_string())?;
    Ok(u64::try_from(at.timestamp().as_millisecond()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executors::cloud::catalogue::{anthropic_models, openai_models};
    use littoral_core::money::in_force;

    #[test]
    fn the_shipped_table_can_be_read_and_every_price_of_it_is_whole() {
        let table = SHIPPED.as_ref().unwrap();
        midnight(&table.version).unwrap();
        for (provider, model, dated) in &table.rows {
            let text = dated.price.text().unwrap();
            assert!(text.input_usd_micros_per_mtok > 0, "{model}");
            // A model for vectors writes nothing, and nobody caches what it reads.
            let writes = text.output_usd_micros_per_mtok > 0;
            assert!(writes || model.contains("embedding"), "{model}");
            let dearer = text.input_usd_micros_per_mtok < text.output_usd_micros_per_mtok;
            assert!(dearer == writes, "{model}");
            let cached = dated.price.cached.is_some_and(|cached| Some(cached) < dated.price.prompt);
            assert!(cached == writes, "{model}");
            assert!(!dated.source.is_empty() && !provider.is_empty());
        }
    }

    #[test]
    fn every_shipped_model_has_a_price_today() {
        for model in openai_models().iter().chain(&anthropic_models()) {
            assert!(model.price_at(midnight("2026-11-26").unwrap()).is_some(), "{}", model.name);
        }
    }

    #[test]
    fn a_price_counts_from_its_day_on() {
        let price = |since: &str, input| {
            let rates = ModelPrice::of_tokens(input, 1);
            RawPrice { since: Some(since.into()), source: None, rates }.compile().unwrap()
        };
        let prices = [price("2026-12-01", 2), price("2026-01-01", 1)];
        let at = |day| in_force(&prices, midnight(day).unwrap()).map(|dated| dated.price);
        assert_eq!(at("2025-12-31"), None);
        assert_eq!(at("2026-11-30"), Some(ModelPrice::of_tokens(1, 1)));
        assert_eq!(at("2026-12-01"), Some(ModelPrice::of_tokens(2, 1)));
        assert!(midnight("1st of May").unwrap_err().contains("write one like"));
    }
}
