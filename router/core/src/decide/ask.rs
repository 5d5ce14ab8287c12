//! One request, resolved against the policy: what the gates and the score compare with.
//!
//! A hint narrows what the policy allows. A hint that no number can satisfy (NaN, a deadline of zero,
//! a probability of two) is a mistake of the caller and is told as one, before any target is judged.

use super::version::Version;
use super::wishes::Wishes;
use super::{metered, ready};
use crate::class::{DataClass, Tier};
use crate::estimate::Estimate;
use crate::facts::{ClassFact, Facts, Mode};
use crate::fleet::{FleetView, Pool, Ready, Site, WorkerView};
use crate::plan::Refusal;
use crate::policy::rule::View;
use crate::policy::{Alias, Policy, Profile, Stated};
use crate::reason::Reason;

/// Nine of ten answers of unknown length are within this factor of what is assumed.
const VAGUE_ANSWER: f64 = 10.0;

/// A request with its policy.
pub(super) struct Ask<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    /// Chooses between equals and inside a pool.
    pub seed: u64,
    /// Name to look for; the policy's default where the request names none.
    pub alias_name: &'a str,
    /// The policy's alias of that name, if it has one.
    pub alias: Option<&'a Alias>,
    /// Class the request is decided under.
    pub class: DataClass,
    /// The same with where it comes from.
    pub class_fact: ClassFact,
    /// Highest tier its content may reach.
    pub ceiling: Tier,
    /// Time from arrival to the end of the answer, in milliseconds.
    pub deadline_ms: u64,
    /// Expected length of the answer, in tokens; at least 1.
    pub output_tokens: u32,
    /// Whether a second target may be tried.
    pub failover: bool,
    /// For an asker whose device does not wait for clouds: longest wait for one's first token, in
    /// milliseconds.
    pub cloud_first_token_ms: Option<u64>,
    /// What the alias means for this request.
    pub version: Version<'a>,
    /// What the policy would like.
    pub wishes: Wishes<'a>,
    /// Length of the answer with its scatter, where learned.
    answer_tokens: Option<Estimate>,
    /// Kind of assistant that the application is.
    profile: Option<Profile>,
    /// Who is there, where a rule asks.
    ready: Option<Ready>,
    /// The asker's own devices are on a network that costs money.
    pub metered: bool,
}

impl<'a> Ask<'a> {
    /// Resolves a request of this class, or says which hint is a mistake.
    pub fn resolve(
        policy: &'a Policy,
        facts: &'a Facts,
        class: ClassFact,
        fleet: &FleetView,
        seed: u64,
    ) -> Result<Self, Refusal> {
        if let Some(message) = mistake(facts) {
            return Err(Refusal { reason: Reason::InvalidRequest, message, retry_after_ms: None });
        }
        let alias_name =
            if facts.alias.is_empty() { policy.default_alias() } else { facts.alias.as_str() };
        let assumed = policy.assumptions().output_tokens;
        let alias = policy.alias(alias_name);
        let profile = policy.profile_of(&facts.principal.application);
        let view = request_view(facts, class, alias_name, profile, None);
        let mut ask = Self {
            policy,
            facts,
            seed,
            alias_name,
            alias,
            version: Version::of(alias, seed),
            class: class.decided_class(),
            class_fact: class,
            ceiling: policy.ceiling(class),
            deadline_ms: policy.deadline_ms(&facts.hints),
            output_tokens: answer(facts, fleet, assumed),
            answer_tokens: fleet.answer_tokens,
            failover: policy.fallback().failover && facts.hints.allow_failover.unwrap_or(true),
            cloud_first_token_ms: policy.cloud_first_token_ms(facts.principal.device_class),
            wishes: Wishes::of(policy, &view),
            profile,
            ready: fleet.ready,
            metered: false,
        };
        ask.metered = fleet.metered.unwrap_or_else(|| metered::is_metered(&ask, fleet));
        if policy.asks_who_is_there() {
            ask.ready = ask.ready.or_else(|| Some(ready::count(&ask, fleet)));
            ask.wishes = Wishes::of(policy, &ask.request_view());
        }
        Ok(ask)
    }

    /// What the policy states of a pool's model.
    #[inline]
    pub fn stated(&self, pool: &Pool) -> Stated {
        let provider = match &pool.site {
            Site::Cloud(site) => Some(&*site.provider),
            Site::Workers(_) => None,
        };
        self.policy.stated(provider, &pool.model.name)
    }

    /// Length of the answer in tokens with its scatter, learned or the policy's assumption, cut at what will be generated at most.
    pub fn answer_tokens(&self) -> Option<Estimate> {
        let assumed = f64::from(self.policy.assumptions().output_tokens);
        let vague = || Estimate::within_factor(assumed, VAGUE_ANSWER).ok();
        let most = self.facts.max_output_tokens;
        let most = most.unwrap_or(self.policy.limits().default_output_tokens);
        let tokens = self.answer_tokens.or_else(vague);
        tokens.map(|tokens| tokens.at_most(f64::from(most.max(1))))
    }

    /// Somebody waits for the answer: the request says so, or the policy weighs waiting.
    pub fn waits(&self) -> bool {
        let hints = &self.facts.hints;
        let asked = hints.ttft_target_ms.is_some() || hints.deadline_ms.is_some();
        asked || self.wishes.objective.first_token_usd_micros_per_s > 0.0
    }

    /// Who is there, where a rule asks.
    pub fn there(&self) -> Option<Ready> {
        self.ready
    }

    /// What a rule on the request sees.
    pub fn request_view(&self) -> View<'a> {
        request_view(self.facts, self.class_fact, self.alias_name, self.profile, self.ready)
    }

    /// What a rule sees of a target.
    pub fn view(&self, pool: &'a Pool, tier: Tier, worker: Option<&'a WorkerView>) -> View<'a> {
        View {
            facts: self.facts,
            class: self.class_fact,
            model: self.alias_name,
            target: Some((pool, tier)),
            worker,
            stated_quality: self.stated(pool).quality,
            profile: self.profile,
            ready: self.ready,
        }
    }

    /// The tier that the caller would like first.
    pub fn preferred_tier(&self) -> Option<Tier> {
        match self.facts.hints.mode {
            Mode::PreferOnDevice => Some(Tier::Device),
            Mode::PreferEdge => Some(Tier::Edge),
            Mode::PreferInCloud => Some(Tier::Cloud),
            Mode::PolicyDefault
            | Mode::OnlyOnDevice
            | Mode::OnlyLocalNetwork
            | Mode::OnlyInCloud => None,
        }
    }

    /// Whether the caller's mode lets a tier answer.
    pub fn mode_allows(&self, tier: Tier) -> bool {
        match self.facts.hints.mode {
            Mode::OnlyOnDevice => tier == Tier::Device,
            Mode::OnlyLocalNetwork => tier <= Tier::Edge,
            Mode::OnlyInCloud => tier == Tier::Cloud,
            Mode::PolicyDefault | Mode::PreferOnDevice | Mode::PreferEdge | Mode::PreferInCloud => {
                true
            }
        }
    }
}

/// Expected length of the answer, in tokens: learned, else assumed, and never more than the request
/// allows.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and lengths are not negative"
)]
fn answer(facts: &Facts, fleet: &FleetView, assumed: u32) -> u32 {
    let learned = fleet.answer_tokens.map(|tokens| tokens.mid().round() as u32);
    learned.unwrap_or(assumed).min(facts.max_output_tokens.unwrap_or(u32::MAX)).max(1)
}

pub(super) fn request_view<'a>(
    facts: &'a Facts,
    class: ClassFact,
    model: &'a str,
    profile: Option<Profile>,
    ready: Option<Ready>,
) -> View<'a> {
    View { facts, class, model, target: None, worker: None, stated_quality: None, profile, ready }
}

/// A hint that cannot be meant, in a sentence.
fn mistake(facts: &Facts) -> Option<String> {
    let hints = &facts.hints;
    if hints.mode == Mode::OnlyOnDevice && !facts.principal.loopback {
        return Some(
            "mode only_on_device needs a request over loopback, where this device and the asker's \
             are one; use only_local_network, or ask on the device itself"
                .into(),
        );
    }
    if hints.deadline_ms == Some(0) {
        return Some("deadline_ms is 0: leave it out or give the answer some time".into());
    }
    if hints.ttft_target_ms == Some(0) {
        return Some("ttft_target_ms is 0: leave it out or give the first token some time".into());
    }
    if facts.max_output_tokens == Some(0) {
        return Some("max_output_tokens is 0: leave it out or allow at least one token".into());
    }
    if hints.min_quality.is_some_and(|quality| !(0.0..=1.0).contains(&quality)) {
        return Some("min_quality is no probability: give a number from 0 to 1".into());
    }
    if hints.max_energy_joules.is_some_and(|joules| !joules.is_finite() || joules < 0.0) {
        return Some(
            "max_energy_joules is no amount of energy: give a number of at least 0".into(),
        );
    }
    None
}
