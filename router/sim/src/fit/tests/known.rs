//! A known world, and what a router would have recorded of it.

use super::*;
use crate::Run;
use crate::tests::worlds::{patient, world};
use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{
    ClassFact, ClassOrigin, Extent, Hints, LocalTime, Needs, ScanFact, TokenCount,
};
use littoral_core::fleet::{
    CloudSite, DeviceState, FleetView, ModelFacts, Pool, Residency, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use littoral_core::money::{ModelPrice, Rate};
use littoral_core::plan::Place;
use littoral_core::principal::Principal;
use std::time::Duration;

/// The first record's moment: a Monday at 07:00 in UTC and in the router's time zone.
pub(super) const START_MS: u64 = 1_764_572_400_000;
pub(super) const KNOWN: &str = r#"
start = "mon 07:00"
lasts = "4d"
askers = 9
seeds = [1]
[arrivals]
kind = "diurnal"
per_s = 0.02
hours = [1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 12, 9, 12, 14, 14, 12, 9, 6, 4, 3, 2, 1, 1]
[[request]]
share = 3
application = "chat"
class = "internal"
tokens_in = { median = 400, sigma = 0.9 }
tokens_out = { median = 160, sigma = 0.7 }
[[request]]
share = 1
application = "mail"
class = "restricted"
tokens_in = { median = 1_500, sigma = 0.4 }
tokens_out = { median = 60, sigma = 0.3 }
max_output_tokens = 4_000
[[machines]]
name = "m"
model = "m"
prefill_tokens_per_s = 1
decode_tokens_per_s = 1
"#;

pub(super) fn principal(application: &str, person: u32) -> Principal {
    let user = format!("p{person}");
    Principal {
        application: application.into(),
        owner: user.clone(),
        user,
        administrator: false,
        ..Principal::loopback()
    }
}

pub(super) fn worker(name: &str, decode_tokens_per_s: Option<f64>) -> WorkerView {
    WorkerView {
        worker_id: name.into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 2,
        active: 0,
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: decode_tokens_per_s.map(|rate| 20.0 * rate),
        decode_tokens_per_s,
        round_trip_ms: Some(6.0),
        device_class: None,
        accelerator: None,
        learned: None,
        device: DeviceState { metered_network: Some(true), ..DeviceState::default() },
        residency: Residency::Resident,
        held_tokens: 0,
    }
}

pub(super) fn model(name: &str) -> ModelFacts {
    ModelFacts {
        name: name.into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.7),
        accepts_prefix: true,
    }
}

pub(super) fn shared(workers: Vec<WorkerView>) -> Pool {
    let site = WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: Some("rack".into()),
        nearest_tier: Tier::Edge,
        workers,
        rest: None,
        unseen: 0,
    };
    Pool { id: "local/rack/small".into(), model: model("small"), site: Site::Workers(site) }
}

pub(super) fn cloud() -> Pool {
    let rate = |usd_micros| Some(Rate::usd_micros_per_million(usd_micros));
    let price =
        ModelPrice { prompt: rate(900_000), completion: rate(2_500_000), ..ModelPrice::default() };
    let site = CloudSite { price: Some(price), ..CloudSite::of("one") };
    Pool { id: "one/large".into(), model: model("large"), site: Site::Cloud(site) }
}

/// A record of a request under this fleet.
pub(super) fn record(
    principal: Principal,
    class: DataClass,
    at: Duration,
    tokens: u32,
    fleet: Vec<Pool>,
) -> Record {
    let minute = 7 * 60 + at.as_secs() / 60;
    let facts = Facts {
        principal,
        alias: String::new(),
        class: ClassFact { class, origin: ClassOrigin::Labelled },
        scan: ScanFact { extent: Extent::Whole, ..ScanFact::default() },
        session: None,
        prompt_tokens: TokenCount { tokens, estimated: true },
        prompt_bytes: u64::from(tokens) * 4,
        max_output_tokens: (class == DataClass::Restricted).then_some(4_000),
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: Some(LocalTime {
            weekday: (minute / 1_440 % 7) as u8,
            minute: (minute % 1_440) as u16,
        }),
    };
    Record::decide(&patient(), &facts, &FleetView::of(fleet), at, 1)
}

pub(super) fn target(provider: &str) -> Target {
    let at = Place::Cloud { provider: provider.into() };
    Target { pool: "one/large".into(), model: "large".into(), at, accepts_prefix: false }
}

pub(super) fn ended(target: &Target, usage: Usage, waits: (f64, f64)) -> Ended<'_> {
    let gaps = f64::from(usage.completion_tokens.saturating_sub(1));
    Ended {
        target,
        first_token_ms: Some(waits.0),
        total_ms: waits.0 + waits.1 * gaps,
        usage: Some(usage),
        finish: Some(Finish::Stop),
        failovers: 0,
    }
}

/// Everything that the known world asks, as a router would have recorded it.
pub(super) fn observed(seed: u64) -> Fit {
    let known = world(KNOWN);
    let target = target("one");
    let mut draws = crate::draws::Draws::new(seed, 77);
    let mut fit = Fit::default();
    for one in Run::of(&known, &patient(), seed).coming() {
        let kind = &known.requests[one.kind];
        let class = kind.class.unwrap_or(DataClass::Internal);
        let asker = principal(&kind.application, one.person);
        let workers =
            vec![worker("a", Some(20.0)), worker("b", Some(30.0)), worker("c", Some(40.0))];
        let record = record(asker, class, one.at, one.tokens_in, vec![shared(workers), cloud()]);
        let usage = Usage {
            prompt_tokens: one.tokens_in,
            completion_tokens: one.tokens_out,
            ..Usage::default()
        };
        let waits = (draws.log_normal(500.0, 0.5), draws.log_normal(20.0, 0.3));
        let ended = ended(&target, usage, waits);
        fit.add(START_MS + one.at.as_millis() as u64, &record, Some(&ended));
    }
    fit
}
