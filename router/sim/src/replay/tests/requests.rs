//! Made-up requests of the past: one asker with a laptop, a shared machine and a cloud, whose truth is known.

use crate::draws::Draws;
use crate::replay::recorded::first;
use crate::replay::{Actual, Answered, Ended, Recorded};
use littoral_core::class::Tier;
use littoral_core::plan::{Attempt, Decision, Outcome};
use littoral_core::policy::Policy;
use littoral_core::policy_case::{Case, Cases, RawCases};

pub(super) use crate::tests::worlds::policy;

const FLEET: &str = r#"
policy = "p"
[worker.laptop]
owner = "alice"
model = "small"
[worker.rack]
model = "medium"
quality = 0.8
[cloud.openai]
model = "mini"
"#;

/// A cloud for long prompts, and machines at hand for shorter ones.
pub fn cloud_above(tokens: u32) -> Policy {
    policy(&format!(
        "[tiers]\norder = ['cloud', 'device', 'edge']\n[[rule]]\nname = 'short'\n\
         when = 'request.prompt_tokens < {tokens}'\nmax_tier = 'edge'"
    ))
}

/// No clouds.
pub fn near() -> Policy {
    policy("[tiers]\norder = ['device', 'edge']")
}

/// A request of this class and length.
pub fn case(class: &str, prompt_tokens: u32) -> Case {
    let text = format!(
        "{FLEET}[[case]]\nname = 'one'\nclass = '{class}'\nprompt_tokens = {prompt_tokens}\n\
         expect.says = ['a']"
    );
    let raw: RawCases = toml::from_str(&text).unwrap();
    Cases::compile(&raw).unwrap().cases.remove(0)
}

/// It, decided under a policy; what happened is not known.
pub fn decided(case: &Case, policy: &Policy, number: u64) -> Recorded {
    let record = case.record(policy);
    Recorded { request_id: format!("r{number}"), at_unix_ms: 1_000 + number, record, actual: None }
}

/// How the world really differs from what is predicted.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// What waits are of what was predicted, on machines at hand and in clouds.
    pub waits: [f64; 2],
    /// What money is of what was predicted.
    pub cost: f64,
    /// What bytes that leave are of bytes of content.
    pub bytes: f64,
    /// Deviation of the logarithm of each request's own factor; their mean is 1.
    pub sigma: f64,
}

impl Truth {
    /// What happens to a request that this decision rules, the first target asked and nobody else.
    pub fn of(&self, decision: &Decision, prompt_bytes: u64, draws: &mut Draws) -> Actual {
        let attempt = match (&decision.outcome, first(decision)) {
            (_, Some(attempt)) => attempt,
            (Outcome::Refused(refusal), _) => return failed(Ended::Failed(refusal.reason)),
            (Outcome::Planned(_), None) => unreachable!("a plan is never empty"),
        };
        let own = draws.log_normal((-self.sigma * self.sigma / 2.0).exp(), self.sigma);
        let is_cloud = attempt.tier == Tier::Cloud;
        let waits = self.waits[usize::from(is_cloud)] * own;
        let predicted = &attempt.predicted;
        let cost = predicted.cost_usd_micros.unwrap_or(0) as f64 * self.cost * own;
        Actual {
            ended: answered(attempt, waits),
            alone: true,
            cost_usd_micros: Some(cost.round() as u64),
            cost_assumed: false,
            joules: predicted.energy_joules,
            egress_bytes: if is_cloud { (prompt_bytes as f64 * self.bytes) as u64 } else { 0 },
        }
    }
}

/// An answer by this target that took so many times what was predicted.
pub fn answered(attempt: &Attempt, factor: f64) -> Ended {
    let predicted = &attempt.predicted;
    Ended::Answered(Answered {
        target: attempt.target.clone(),
        tier: attempt.tier,
        first_token_ms: predicted.first_token_ms.map(|ms| ms * factor),
        total_ms: predicted.total_ms.unwrap_or(0.0) * factor,
    })
}

/// Nobody was asked, or nothing came of it.
pub fn failed(ended: Ended) -> Actual {
    Actual {
        ended,
        alone: true,
        cost_usd_micros: Some(0),
        cost_assumed: false,
        joules: None,
        egress_bytes: 0,
    }
}
