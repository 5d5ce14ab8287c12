//! What a hundred thousand workers cost a router that has them in its registry: memory of each, and how long
//! a decision takes with all of them eligible.
//!
//! Nobody is connected: sessions and their first state are put in directly. `LITTORAL_FLEET` asks for another
//! number. Prints one line; resident memory is what Linux says of this process.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark measures, and says what it found"
)]

use littoral_core::class::Tier;
use littoral_core::facts::Facts;
use littoral_core::lease::LeaseTerms;
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::record::{Record, Seen};
use littoral_proto::v1;
use littoral_router::clock::Clock;
use littoral_router::join_token::Claims;
use littoral_router::pipeline::learned::Learning;
use littoral_router::registry::Registry;
use littoral_router::registry::session::{Outgoing, Session};
use littoral_router::registry::view::Asker;
use littoral_router::wire::facts;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const WORKERS: usize = 100_000;
const DECISIONS: usize = 2_000;
const TENANT: &str = "local";

/// The router's ends of the queues of a session that nobody reads.
type Ends = (mpsc::Receiver<v1::router_message::Message>, mpsc::Receiver<Outgoing>);

fn claims(at: usize) -> Claims {
    Claims {
        worker_id: format!("w{at}"),
        tenant: TENANT.into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        expires_unix_ms: u64::MAX,
        router_id: String::new(),
    }
}

fn join(registry: &Registry, at: usize, now: Duration) -> Ends {
    let offer = v1::ModelOffer {
        name: "tiny".into(),
        version: "1".into(),
        context_tokens: 2_048,
        slots: 2,
        queue_limit: 2,
        quality: Some(0.5),
        accepts_prefix: true,
        ..v1::ModelOffer::default()
    };
    let hello = v1::Hello {
        worker_id: format!("w{at}"),
        incarnation: 1,
        device_class: "phone".into(),
        models: vec![offer],
        version: "0".into(),
        ..v1::Hello::default()
    };
    let ((control, told), (outgoing, assigned)) = (mpsc::channel(256), mpsc::channel(256));
    let ends = now + Duration::from_secs(3_600);
    let session = Arc::new(Session::new(claims(at), hello, (now, ends), control, outgoing));
    registry.join(&session).unwrap();
    let decode = 20.0 + (at % 10) as f64 * 20.0;
    session.models.hear(vec![v1::state::ModelState {
        name: "tiny".into(),
        prefill_tokens_per_s: Some(10.0 * decode),
        decode_tokens_per_s: Some(decode),
        ..v1::state::ModelState::default()
    }]);
    let device = v1::state::Device { battery_fraction: Some(0.8), ..v1::state::Device::default() };
    let state = v1::State { device: Some(device), ..v1::State::default() };
    session.heard(|heard| heard.state(&state, registry.terms(), now));
    (told, assigned)
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

fn asked() -> Facts {
    let wire = v1::RequestFacts {
        data_class: v1::DataClass::Internal.into(),
        labelled: true,
        prompt_tokens: 100,
        ..v1::RequestFacts::default()
    };
    facts::facts(&wire, Principal::loopback()).unwrap()
}

fn main() {
    let count = std::env::var("LITTORAL_FLEET").map_or(WORKERS, |asked| asked.parse().unwrap());
    let clock = Clock::start();
    let terms =
        LeaseTerms { heartbeat: Duration::from_secs(600), lease: Duration::from_secs(3_600) };
    let registry = Registry::new(terms, clock);
    let (learning, policy, facts) = (Learning::default(), Policy::shipped(), asked());
    let before = resident_bytes();
    let ends: Vec<Ends> = (0..count).map(|at| join(&registry, at, clock.now())).collect();
    let each = (resident_bytes() - before) / count as u64;

    let mut times: Vec<f64> = (0..DECISIONS as u64)
        .map(|lot| {
            let begin = Instant::now();
            let now = clock.now();
            let fleet = |seen: Seen| {
                let asker = Asker { tenant: TENANT, owner: "local", session: None, lot, seen };
                learning.fleet(registry.pools(&asker, now), &facts, "default", now)
            };
            let record = Record::decide_over(&policy, &facts, fleet, now, lot);
            assert!(black_box(record).decision.plan().is_some());
            begin.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((share * (times.len() - 1) as f64) as usize).unwrap();
    let (p50, p99) = (at(0.5), at(0.99));
    println!("{count} workers: {each} bytes each; decisions p50 {p50:.0} us, p99 {p99:.0} us");
    drop(ends);
}
