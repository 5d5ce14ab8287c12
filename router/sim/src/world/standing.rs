//! A cloud as the decision sees it. All that the simulator makes of the core's view of a cloud is made in
//! this file.

use super::World;
use super::account::payer;
use super::asking::Asked;
use super::view::Asker;
use crate::scenario::Cloud;
use littoral_core::facts::Needs;
use littoral_core::fleet::{CloudSite, ModelFacts, Pool, Resting, Site};
use std::sync::Arc;

/// The pool of a cloud before anything is known.
pub(super) fn pool_of(cloud: &Cloud) -> Pool {
    let model = ModelFacts {
        name: Arc::clone(&cloud.model),
        context_tokens: cloud.context_tokens,
        abilities: Needs::default(),
        quality: cloud.quality,
        accepts_prefix: false,
    };
    let (first_token_ms, gap_ms) = cloud.latency.medians();
    let site = CloudSite {
        configured: false,
        price: Some(cloud.price.into()),
        first_token_ms: Some(first_token_ms),
        decode_tokens_per_s: Some(1e3 / gap_ms),
        ..CloudSite::of(Arc::clone(&cloud.provider))
    };
    Pool {
        id: format!("{}/{}", cloud.provider, cloud.model).into(),
        model,
        site: Site::Cloud(site),
    }
}

impl World<'_> {
    /// Brings a cloud's place in the view up to date for one asker.
    pub(super) fn fill_cloud(&mut self, place: usize, cloud: u16, asker: &Asker) {
        let now = self.now();
        let (at, tokens) = (cloud as usize, asker.prompt_tokens);
        let learned = self.learned.of_cloud(at, tokens, now);
        // Who is out of reach has no way to any cloud, whatever the router knows of them.
        let unreachable = asker.alone.then_some(Resting::Offline { left_ms: 0 });
        if let Site::Cloud(site) = &mut self.view.fleet.pools[place].site {
            site.configured = self.clouds.is_offered(at);
            site.resting = unreachable.or_else(|| self.clouds.resting(at, now));
            site.price = Some(self.clouds.price(at).into());
            site.learned = learned;
        }
    }

    /// What budgets leave this person at each cloud.
    pub(super) fn keep_budgets_in_view(&mut self, asked: &Asked) {
        if !self.ledger.has_budgets() {
            return;
        }
        let unix_ms = self.unix_ms();
        let payer = payer(&self.people, self.scenario, asked);
        for (place, stands) in self.view.stands.iter().enumerate() {
            let super::view::Stands::Cloud(cloud) = stands else { continue };
            let Site::Cloud(site) = &mut self.view.fleet.pools[place].site else { continue };
            let model = &self.scenario.clouds[*cloud as usize].model;
            site.left = self.ledger.left(payer, model, unix_ms);
        }
    }
}
