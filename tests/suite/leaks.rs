//! Nothing that must stay leaves: secrets of many kinds in many shapes, against a cloud that records every
//! byte, under a policy that would send clean prompts there.
//!
//! Every pair of kind and shape goes through the gate itself, with labels and without. A part of the pairs
//! goes through a running router, on each way that a byte could leave: the first try, a retry, a failover,
//! a worker that dies, detectors that fail, a policy that changes in mid-request. Values are made from a
//! seed, which a failure prints; `LITTORAL_LEAK_SEED` chooses another.

mod kinds;
mod router;
mod shapes;

use kinds::{Secret, secrets};
use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{Facts, Hints, TokenCount};
use littoral_core::plan::{Attempt, Limits, Place, Prediction, Target};
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::privacy::{Scanned, Searcher, gate, needs};
use littoral_core::prompt::Remainder;
use littoral_proto::v1;
use littoral_router::wire::prompt;
use shapes::{Shape, shapes};
use std::sync::Arc;

fn seed() -> u64 {
    let chosen = std::env::var("LITTORAL_LEAK_SEED").ok();
    chosen.map_or(20_261_126, |seed| seed.parse().expect("LITTORAL_LEAK_SEED is a number"))
}

/// A secret in a shape.
struct Planted {
    name: String,
    secret: Secret,
    request: v1::ChatRequest,
}

/// Every pair of kind and shape that makes sense.
fn planted(seed: u64, label: v1::DataClass) -> Vec<Planted> {
    let secrets = secrets(seed);
    let pair = |shape: &'static Shape, secret: &Secret| {
        let request = shape.plant(secret, label)?;
        let name = format!("{} {}", secret.kind, shape.name);
        Some(Planted { name, secret: secret.clone(), request })
    };
    shapes()
        .filter(|shape| !shape.hard)
        .flat_map(|shape| secrets.iter().filter_map(move |secret| pair(shape, secret)))
        .collect()
}

fn facts_of(content: &Scanned) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: content.labels(),
        scan: content.fact().clone(),
        session: None,
        prompt_tokens: TokenCount { tokens: 9, estimated: false },
        prompt_bytes: 100,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: needs(content.prompt()),
        hints: Hints::default(),
        time: None,
    }
}

/// The class under which the gate clears a request for a cloud, or why it does not.
fn cleared(searcher: &mut Searcher, request: v1::ChatRequest) -> Result<DataClass, String> {
    let content = searcher.scan(Arc::new(prompt::prompt(request).expect("a good request")));
    let facts = facts_of(&content);
    let at = Place::Cloud { provider: "stand-in".into() };
    let target = Target { pool: "p".into(), model: "m".into(), at, accepts_prefix: false };
    let attempt = Attempt {
        target,
        tier: Tier::Cloud,
        predicted: Prediction::default(),
        limits: Limits { first_token_ms: 1, stall_ms: 1, output_tokens: 9 },
        score: 0.0,
        because: None,
        bounds: None,
    };
    let policy = Policy::shipped();
    let asked = gate::Asked {
        content: &content,
        facts: &facts,
        attempt: &attempt,
        policy: &policy,
        request_id: "r",
    };
    let rest = Remainder { assistant_prefix: None, max_output_tokens: 9 };
    gate::clear(asked, rest, None).map(|cleared| cleared.class()).map_err(|denied| denied.message)
}

/// All pairs, in as many threads as there are cores, and those that are cleared.
fn leaks(label: v1::DataClass) -> (usize, Vec<String>) {
    let all = planted(seed(), label);
    let count = all.len();
    let share = count.div_ceil(std::thread::available_parallelism().map_or(1, usize::from));
    let leaks: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = all
            .chunks(share)
            .map(|pairs| {
                scope.spawn(move || {
                    let mut searcher = Searcher::shipped().expect("detectors");
                    let through =
                        |pair: &&Planted| cleared(&mut searcher, pair.request.clone()).is_ok();
                    pairs.iter().filter(through).map(|pair| pair.name.clone()).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    (count, leaks)
}

#[test]
fn no_secret_without_a_label_is_cleared_in_any_shape() {
    let (count, leaks) = leaks(v1::DataClass::Unspecified);
    assert!(count >= 28 * 28, "{count} pairs");
    println!("seed {}: {} of {count} pairs leak", seed(), leaks.len());
    assert!(leaks.is_empty(), "seed {}: {} of {count}: {leaks:#?}", seed(), leaks.len());
}

#[test]
fn no_secret_that_somebody_labelled_public_is_cleared_in_any_shape() {
    let (count, leaks) = leaks(v1::DataClass::Public);
    println!("seed {}: {} of {count} pairs leak", seed(), leaks.len());
    assert!(leaks.is_empty(), "seed {}: {} of {count}: {leaks:#?}", seed(), leaks.len());
}

#[test]
fn the_same_shapes_without_a_secret_are_cleared() {
    let mut searcher = Searcher::shipped().expect("detectors");
    let harmless = Secret {
        kind: "WORD",
        value: "harbour".into(),
        core: "harbour".into(),
        carrier: "place",
        need: kinds::Carrier::Optional,
        form: kinds::Form::Token,
    };
    let plant =
        |shape: &'static Shape| Some((shape, shape.plant(&harmless, v1::DataClass::Public)?));
    let unseen = ["image_url_query", "audio_tag"];
    for (shape, request) in shapes().filter_map(plant) {
        let verdict = cleared(&mut searcher, request);
        assert_eq!(verdict.is_ok(), !unseen.contains(&shape.name), "{}: {verdict:?}", shape.name);
    }
}
