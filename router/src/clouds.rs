//! The cloud providers that are configured, as pools for decisions and as places to send to.
//!
//! A call is let through by three, in this order: the share of traffic that repeats and hedges may be
//! ([`littoral_core::retry::Shares`]), the network as a whole ([`network`]), and the breaker of its model and key ([`health`]).
//! Decisions see the latter two beforehand; asking again at the call is what keeps a crowd of requests that
//! were decided in one moment from all going to a target that has just failed.

pub mod health;
mod interfaces;
pub mod network;
pub use crate::executors::cloud::catalogue::CloudModel;
use crate::executors::cloud::{CloudProvider, KeyId, PreparedCall};
use health::{Admitted, Health};
use littoral_core::budget::Left;
use littoral_core::fleet::{CloudSite, ModelFacts, Pool, Resting, Site};
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::money::ModelPrice;
use littoral_core::plan::{Place, Target};
use littoral_core::privacy::gate::Cleared;
use littoral_core::retry::Shares;
use network::Network;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One provider and its models.
pub struct Entry {
    /// Speaks to the provider.
    pub provider: CloudProvider,
    /// What it offers.
    pub models: Vec<CloudModel>,
}

struct Known {
    entry: Entry,
    health: Arc<Health>,
}

/// All configured providers, by name, and how they are.
#[derive(Default)]
pub struct Clouds {
    providers: BTreeMap<String, Known>,
    /// Whether any of them can be reached.
    pub network: Network,
    /// How much of the traffic may be repeats and hedges.
    pub shares: Mutex<Shares>,
}

/// How decisions are to see the clouds.
pub struct Sight<'a> {
    /// Nothing may leave.
    pub egress_off: bool,
    /// The router's monotonic clock.
    pub now: Duration,
    /// The wall clock, by which prices change.
    pub unix_ms: u64,
    /// What budgets leave the asker at a model.
    pub left: &'a dyn Fn(&str) -> Left,
}

impl Clouds {
    /// These providers, all well.
    #[must_use]
    pub fn new(entries: BTreeMap<String, Entry>) -> Self {
        let network =
            Network::to(entries.iter().map(|(name, entry)| (name.clone(), entry.provider.clone())));
        let known = |(name, entry): (String, Entry)| {
            let models = entry.models.iter().map(|model| model.name.as_str());
            let health = Arc::new(Health::of(models, entry.provider.keys()));
            (name, Known { entry, health })
        };
        let providers = entries.into_iter().map(known).collect();
        Self { providers, network, shares: Mutex::default() }
    }

    /// Names of the providers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.providers.keys().map(String::as_str)
    }

    /// Every model of every provider, and why it is left alone now, if it is.
    pub fn standing(&self, now: Duration) -> impl Iterator<Item = (&str, &str, Option<Resting>)> {
        let offline = self.network.resting(now);
        self.providers.iter().flat_map(move |(name, known)| {
            known.entry.models.iter().map(move |model| {
                let resting = offline.or_else(|| known.resting(&model.name, now));
                (name.as_str(), model.name.as_str(), resting)
            })
        })
    }

    /// A pool for each model of each provider. Those that cannot be asked now are there, and say why.
    #[must_use]
    pub fn pools(&self, sight: &Sight<'_>) -> Vec<Pool> {
        let offline = self.network.resting(sight.now);
        let of = |(name, known): (&String, &Known)| {
            let pools =
                known.entry.models.iter().map(|model| pool(name, known, model, offline, sight));
            pools.collect::<Vec<_>>()
        };
        self.providers.iter().flat_map(of).collect()
    }

    /// Lets a call through and chooses its key.
    ///
    /// # Errors
    /// Repeats or hedges are beyond their share, no cloud can be reached, or the target is left alone.
    pub fn admit(
        &self,
        call: &mut PreparedCall,
        target: &Target,
        purpose: Purpose,
        now: Duration,
    ) -> Result<Admitted, Fault> {
        let known = self.of(target)?;
        self.shares.lock().allow(purpose, now)?;
        if let Some(resting) = self.network.resting(now) {
            return Err(resting.fault(&target.pool));
        }
        let model = &*target.model;
        // Asked before the keys are locked: decisions lock the breakers first and ask of keys then.
        let may: Vec<bool> = (0..known.entry.provider.keys())
            .map(|key| known.health.admits(model, key, now))
            .collect();
        let key = call.choose_key(|key| may.get(key).copied().unwrap_or(false));
        known.health.admit(model, key.0, now).ok_or_else(|| {
            let resting = known.resting(model, now);
            resting.unwrap_or(Resting::Failing { left_ms: 0 }).fault(&target.pool)
        })
    }

    /// Turns cleared content into a call to the provider it is bound to.
    ///
    /// # Errors
    /// The provider is not configured, or it cannot do what the request asks.
    pub fn prepare(&self, cleared: Cleared) -> Result<PreparedCall, Fault> {
        self.of(cleared.target())?.entry.provider.prepare(cleared)
    }

    /// The price of a target at a moment; nothing where it is unknown, and for a worker.
    #[must_use]
    pub fn price(&self, target: &Target, unix_ms: u64) -> Option<ModelPrice> {
        let models = &self.of(target).ok()?.entry.models;
        models.iter().find(|model| *model.name == *target.model)?.price_at(unix_ms)
    }

    fn of(&self, target: &Target) -> Result<&Known, Fault> {
        let Place::Cloud { provider } = &target.at else {
            return Err(fault("a worker was taken for a cloud".into()));
        };
        let known = self.providers.get(&**provider);
        known.ok_or_else(|| fault(format!("provider {provider} is not configured")))
    }
}

impl Known {
    fn resting(&self, model: &str, now: Duration) -> Option<Resting> {
        self.health.resting(model, |key| self.entry.provider.key_rests(KeyId(key)), now)
    }
}

fn pool(
    provider: &str,
    known: &Known,
    model: &CloudModel,
    offline: Option<Resting>,
    sight: &Sight<'_>,
) -> Pool {
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
            egress_off: sight.egress_off,
            price: model.price_at(sight.unix_ms),
            first_token_ms: model.first_token_ms,
            decode_tokens_per_s: model.decode_tokens_per_s,
            learned: None,
            resting: offline.or_else(|| known.resting(&model.name, sight.now)),
            left: (sight.left)(&model.name),
        }),
    }
}

fn fault(detail: String) -> Fault {
    Fault { blame: Blame::Target, kind: "not_configured", detail, retry_after_ms: None }
}
