//! What a known world would have left in a router's records gives that world back.

use super::*;
use crate::Run;
use crate::scenario::{Arrivals, Latency, Length, RawScenario, Scenario, compile};
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
const START_MS: u64 = 1_764_572_400_000;
const NAMES: Names<'static> = Names { name: "Fitted", policy: "p.toml", latency: "l.csv" };
/// Standard errors within which an estimate has to lie.
const ERRORS: f64 = 5.0;

const KNOWN: &str = r#"
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

fn principal(application: &str, person: u32) -> Principal {
    let user = format!("p{person}");
    Principal {
        application: application.into(),
        owner: user.clone(),
        user,
        administrator: false,
        ..Principal::loopback()
    }
}

fn worker(name: &str, decode_tokens_per_s: Option<f64>) -> WorkerView {
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

fn model(name: &str) -> ModelFacts {
    ModelFacts {
        name: name.into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.7),
        accepts_prefix: true,
    }
}

fn shared(workers: Vec<WorkerView>) -> Pool {
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

fn cloud() -> Pool {
    let rate = |usd_micros| Some(Rate::usd_micros_per_million(usd_micros));
    let price =
        ModelPrice { prompt: rate(900_000), completion: rate(2_500_000), ..ModelPrice::default() };
    let site = CloudSite { price: Some(price), ..CloudSite::of("one") };
    Pool { id: "one/large".into(), model: model("large"), site: Site::Cloud(site) }
}

/// A record of a request under this fleet.
fn record(
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

fn target(provider: &str) -> Target {
    let at = Place::Cloud { provider: provider.into() };
    Target { pool: "one/large".into(), model: "large".into(), at, accepts_prefix: false }
}

fn ended(target: &Target, usage: Usage, waits: (f64, f64)) -> Ended<'_> {
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
fn observed(seed: u64) -> Fit {
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

fn read_back(written: &Written) -> Scenario {
    println!("{}", written.scenario);
    let raw: RawScenario = toml::from_str(&written.scenario).unwrap();
    let latency = written.latency.clone();
    compile(&raw, false, &|_| latency.clone().ok_or_else(|| "no such file".into())).unwrap()
}

#[test]
fn a_known_world_comes_back_from_its_records_within_the_error_of_so_many() {
    for seed in [3, 11] {
        println!("seed {seed}");
        let known = world(KNOWN);
        let fit = observed(seed);
        let found = read_back(&fit.written(&NAMES).unwrap());
        let count = fit.requests() as f64;
        let (Arrivals::Diurnal { per_s: was, hours: wanted }, Arrivals::Diurnal { per_s, hours }) =
            (&known.arrivals, &found.arrivals)
        else {
            panic!("{:?}", found.arrivals);
        };
        assert!((per_s / was - 1.0).abs() < ERRORS / count.sqrt(), "{per_s} of {was}");
        let all: f64 = wanted.iter().sum();
        for hour in 0..24 {
            // Requests an hour on four days, each hour a Poisson count.
            let mean = wanted[hour] / all * was * 86_400.0;
            let off = (hours[hour] - mean).abs();
            assert!(
                off < ERRORS * (mean / 4.0).sqrt() + 0.3,
                "hour {hour}: {} of {mean}",
                hours[hour]
            );
        }
        assert!((7 * 60..8 * 60).contains(&found.start_minute), "{}", found.start_minute);
        assert_eq!(found.askers, 9);
        for (wanted, found) in known.requests.iter().zip(&found.requests) {
            assert_eq!((&wanted.application, wanted.class), (&found.application, found.class));
            assert_eq!(wanted.max_output_tokens, found.max_output_tokens);
            let off = (wanted.share - found.share).abs();
            assert!(off < ERRORS * (wanted.share * (1.0 - wanted.share) / count).sqrt());
            let of_kind = count * wanted.share;
            near(wanted.tokens_in, found.tokens_in, of_kind);
            near(wanted.tokens_out, found.tokens_out, of_kind);
        }
    }
}

fn near(wanted: Length, found: Length, count: f64) {
    let (Length::LogNormal { median, sigma }, Length::LogNormal { median: m, sigma: s }) =
        (wanted, found)
    else {
        panic!("{found:?}");
    };
    // Lengths are whole tokens, and four digits are written.
    let off = (m / median).ln().abs();
    assert!(off < ERRORS * sigma / count.sqrt() + 2e-3, "{found:?} of {wanted:?}");
    let off = (s - sigma).abs();
    assert!(off < ERRORS * sigma / (2.0 * count).sqrt() + 2e-3, "{found:?} of {wanted:?}");
}

#[test]
fn machines_have_the_speeds_that_workers_reported_and_clouds_the_waits_and_prices_that_were_seen() {
    let fit = observed(5);
    let written = fit.written(&NAMES).unwrap();
    let found = read_back(&written);
    let group = &found.machines[0];
    assert_eq!((group.count, group.slots, group.queue_limit), (3, 2, 8));
    assert_eq!((group.prefill_tokens_per_s, group.decode_tokens_per_s), (600.0, 30.0));
    assert!((group.spread - 0.348).abs() < 0.01, "{}", group.spread);
    assert_eq!((group.network.round_trip_ms, group.network.metered), (6.0, true));
    assert_eq!(found.clouds[0].price.input_usd_micros_per_mtok, 900_000);
    assert_eq!(found.clouds[0].price.output_usd_micros_per_mtok, 2_500_000);
    let Latency::Measured(rows) = &found.clouds[0].latency else { panic!("no rows") };
    let firsts: Vec<f64> = rows.rows.iter().map(|row| row.0).collect();
    let first = numbers::LogNormal::of(&firsts).unwrap();
    assert!((first.median / 500.0).ln().abs() < ERRORS * first.median_error(), "{first:?}");
    assert!((first.sigma - 0.5).abs() < ERRORS * first.sigma_error(), "{first:?}");
}

/// So many requests a minute apart, without a known end.
fn few(count: u64, workers: &[WorkerView]) -> Fit {
    let mut fit = Fit::default();
    for at in 0..count {
        let at = Duration::from_secs(60 * at);
        let pools = vec![shared(workers.to_vec())];
        let record = record(principal("chat", 1), DataClass::Internal, at, 100, pools);
        fit.add(START_MS + at.as_millis() as u64, &record, None);
    }
    fit
}

#[test]
fn too_few_requests_are_said_and_not_guessed_from() {
    let told = few(19, &[]).written(&NAMES);
    assert_eq!(told, Err(TooFew { observed: 19, needed: FEWEST }));
    assert_eq!(Fit::default().written(&NAMES), Err(TooFew { observed: 0, needed: FEWEST }));
}

#[test]
fn what_was_not_observed_is_left_out_with_a_comment_that_says_so() {
    let workers = [worker("a", Some(20.0))];
    let written = few(30, &workers).written(&NAMES).unwrap();
    let found = read_back(&written);
    assert!(
        matches!(found.arrivals, Arrivals::Poisson { per_s } if (per_s - 1.0 / 60.0).abs() < 1e-4)
    );
    for said in [
        "Less than a day was observed",
        "tokens_in: 0 prompts whose tokens were counted, and 20 are the fewest",
        "tokens_out: 0 answers",
        "only bytes are known",
        "assumption: one worker says nothing of others",
    ] {
        assert!(written.scenario.contains(said), "{said} is missing");
    }
    assert_eq!(written.latency, None);
}

#[test]
fn workers_that_never_told_their_speed_are_no_machines() {
    let workers = [worker("a", None)];
    let written = few(30, &workers).written(&NAMES).unwrap();
    assert!(written.scenario.contains("which never reported their speed"), "{}", written.scenario);
    assert!(!written.scenario.contains("[[machines]]"));
}

#[test]
fn names_cannot_write_into_the_file() {
    let mut fit = Fit::default();
    let evil = "chat\"\nlasts = \"9d";
    for at in 0..40 {
        let at = Duration::from_secs(60 * at);
        let pools = vec![shared(vec![worker("a", Some(20.0))])];
        let record = record(principal(evil, 1), DataClass::Internal, at, 100, pools);
        fit.add(START_MS + at.as_millis() as u64, &record, None);
    }
    let found = read_back(&fit.written(&NAMES).unwrap());
    assert_eq!(found.requests[0].application, evil);
}
