//! The cloud providers that are configured, as pools for decisions and as places to send to.

use crate::executors::cloud::catalogue::CloudModel;
use crate::executors::cloud::{CloudProvider, PreparedCall};
use littoral_core::fleet::{CloudSite, ModelFacts, Pool, Price, Site};
use littoral_core::flight::event::{Blame, Fault, Usage};
use littoral_core::plan::{Place, Target};
use littoral_core::privacy::gate::Cleared;
use std::collections::BTreeMap;

/// One provider and its models.
pub struct Entry {
    /// Speaks to the provider.
    pub provider: CloudProvider,
    /// What it offers.
    pub models: Vec<CloudModel>,
}

/// All configured providers, by name.
#[derive(Default)]
pub struct Clouds(BTreeMap<String, Entry>);

impl Clouds {
    /// These providers.
    #[must_use]
    pub fn new(entries: BTreeMap<String, Entry>) -> Self {
        Self(entries)
    }

    /// Names of the providers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A pool for each model of each provider. While egress is off they are there, and say so.
    #[must_use]
    pub fn pools(&self, egress_off: bool) -> Vec<Pool> {
        let of = |(name, entry): (&String, &Entry)| {
            let pools = entry.models.iter().map(|model| pool(name, model, egress_off));
            pools.collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    /// Turns cleared content into a call to the provider it is bound to.
    ///
    /// # Errors
    /// The provider is not configured, or it cannot do what the request asks.
    pub fn prepare(&self, cleared: Cleared) -> Result<PreparedCall, Fault> {
        let Place::Cloud { provider } = &cleared.target().at else {
            return Err(fault("cleared content is bound to a worker, not to a cloud".into()));
        };
        let entry = self.0.get(&**provider);
        let entry = entry.ok_or_else(|| fault(format!("provider {provider} is not configured")))?;
        entry.provider.prepare(cleared)
    }

    /// Cost of an answer in millionths of a US dollar, rounded up. On a worker it is 0; unknown
    /// where the price or the usage is.
    #[must_use]
    pub fn cost(&self, target: &Target, usage: Option<Usage>) -> Option<u64> {
        let Place::Cloud { provider } = &target.at else { return Some(0) };
        let models = &self.0.get(&**provider)?.models;
        let price = models.iter().find(|model| *model.name == *target.model)?.price?;
        Some(cost(price, usage?))
    }
}

fn cost(price: Price, usage: Usage) -> u64 {
    let of = |tokens: u32, rate: u64| u128::from(tokens) * u128::from(rate);
    let millionths = of(usage.prompt_tokens, price.input_usd_micros_per_mtok)
        + of(usage.completion_tokens, price.output_usd_micros_per_mtok);
    u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

fn pool(provider: &str, model: &CloudModel, egress_off: bool) -> Pool {
    Pool {
        id: format!("{provider}/{}", model.name).into(),
        model: ModelFacts {
            name: model.name.as_str().into(),
            context_tokens: model.context_tokens,
            abilities: model.abilities,
            quality: model.quality,
            accepts_prefix: model.accepts_prefix,
        },
        site: Site::Cloud(CloudSite {
            provider: provider.into(),
            region: model.region.as_deref().map(Into::into),
            retention_days: model.retention_days,
            configured: true,
            egress_off,
            price: model.price,
            first_token_ms: model.first_token_ms,
            decode_tokens_per_s: model.decode_tokens_per_s,
            learned: None,
        }),
    }
}

fn fault(detail: String) -> Fault {
    Fault { blame: Blame::Target, kind: "not_configured", detail, retry_after_ms: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_micro_dollar_is_charged_as_a_whole_one() {
        let price =
            Price { input_usd_micros_per_mtok: 150_000, output_usd_micros_per_mtok: 600_000 };
        let usage = |prompt_tokens, completion_tokens| Usage {
            prompt_tokens,
            completion_tokens,
            ..Usage::default()
        };
        assert_eq!(cost(price, usage(0, 0)), 0);
        assert_eq!(cost(price, usage(1, 0)), 1);
        assert_eq!(cost(price, usage(1_000_000, 1_000_000)), 750_000);
        assert_eq!(cost(price, usage(u32::MAX, u32::MAX)), 3_221_225_472);
    }
}
