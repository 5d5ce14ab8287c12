//! The field `littoral` of an answer, or of its last piece: who answered, what it took, what left.

use super::answer::{target_name, tier_name};
use littoral_proto::v1;
use serde::Serialize;

/// What is told of an answer beside what its dialect has words for.
#[derive(Serialize)]
pub(super) struct Served<'a> {
    request_id: &'a str,
    target: Option<String>,
    tier: &'static str,
    on_device: bool,
    first_token_ms: Option<f64>,
    total_ms: f64,
    cost_usd_micros: Option<u64>,
    energy_joules: Option<f64>,
    energy_estimated: Option<bool>,
    data_class: String,
    egress_bytes: u64,
    policy_hash: &'a str,
    failovers: Vec<FailedOver<'a>>,
}

/// An answer that went on elsewhere.
#[derive(Serialize)]
struct FailedOver<'a> {
    from: Option<String>,
    to: Option<String>,
    reason: &'a str,
    kind: &'static str,
}

impl<'a> Served<'a> {
    /// What `done` and `failovers` say of a request's answer.
    pub fn of(request_id: &'a str, done: &'a v1::Done, failovers: &'a [v1::Failover]) -> Self {
        let (served, receipt) = (done.served.as_ref(), done.receipt.as_ref());
        let tier = served.map_or(v1::Tier::Unspecified, v1::Served::tier);
        let class = receipt.map_or(v1::DataClass::Unspecified, v1::Receipt::data_class);
        let energy_joules = served.and_then(|served| served.energy_joules);
        Self {
            request_id,
            target: served.and_then(|served| served.target.as_ref()).map(target_name),
            tier: tier_name(tier),
            on_device: tier == v1::Tier::Device,
            first_token_ms: served.and_then(|served| served.first_token_ms),
            total_ms: served.map_or(0.0, |served| served.total_ms),
            cost_usd_micros: served.and_then(|served| served.cost_usd_micros),
            energy_joules,
            energy_estimated: energy_joules
                .and_then(|_| served.map(|served| served.energy_estimated)),
            data_class: class.as_str_name().trim_start_matches("DATA_CLASS_").to_ascii_lowercase(),
            egress_bytes: receipt.map_or(0, |receipt| receipt.egress_bytes),
            policy_hash: receipt.map_or("", |receipt| &receipt.policy_hash),
            failovers: failovers.iter().map(FailedOver::of).collect(),
        }
    }
}

impl<'a> FailedOver<'a> {
    fn of(failover: &'a v1::Failover) -> Self {
        let continued = failover.kind() == v1::failover::Kind::Continued;
        Self {
            from: failover.from.as_ref().map(target_name),
            to: failover.to.as_ref().map(target_name),
            reason: &failover.reason,
            kind: if continued { "continued" } else { "reset" },
        }
    }
}
