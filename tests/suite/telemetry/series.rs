//! However many people, tenants, ids and invented models come: the series stay few.

use super::*;
use littoral_core::facts::Hints;
use littoral_core::fair::Priority;
use littoral_core::principal::Principal;
use littoral_core::prompt::Prompt;
use littoral_router::pipeline::drive::Holds;
use littoral_router::pipeline::flights::Entered;
use littoral_router::pipeline::request::{Delivery, Request, fresh_id};
use littoral_router::telemetry::RequestTrace;

/// Tenants that come by.
const TENANTS: usize = 10_000;
/// Of so many tenants one is answered; nobody may answer the others.
const ANSWERED: usize = 50;

/// A request of a tenant of its own, for a model of its own where nobody is to answer.
fn request(number: usize) -> Request {
    let mut prompt = Prompt::of_text("Hello".into());
    prompt.label = Some(littoral_core::class::DataClass::Public);
    let is_answered = number.is_multiple_of(ANSWERED);
    Request {
        id: fresh_id(),
        id_is_fresh: true,
        principal: Principal {
            tenant: format!("tenant-{number}"),
            application: format!("application-{number}"),
            user: format!("user-{number}"),
            owner: format!("user-{number}"),
            ..Principal::loopback()
        },
        alias: if is_answered { String::new() } else { format!("model-{number}") },
        prompt: Arc::new(prompt),
        hints: Hints::default(),
        session: None,
        priority: Priority::Normal,
        arrived: std::time::Duration::ZERO,
        digest: [0; 32],
        resume_window: std::time::Duration::ZERO,
        delivery: Delivery::InPieces,
        vectors: None,
        trace: RequestTrace::default(),
    }
}

/// Lets a request fly to its end.
async fn fly(cluster: &Cluster, number: usize) {
    let pipeline = &cluster.router.pipeline;
    let request = Request { arrived: pipeline.clock.now(), ..request(number) };
    let (key, id) = (request.principal_key(), request.id.clone());
    let entered = pipeline.requests.enter(&key, &id, request.digest, pipeline.clock);
    let Entered::New(place) = entered else { panic!("the id is new") };
    let permit = Arc::clone(&pipeline.in_flight).acquire_owned().await.expect("a place");
    let prepared = pipeline.prepare(&request).await;
    let _reader = place.log.read_all().expect("a reader");
    pipeline.fly(request, prepared, Holds { permit: Arc::new(permit), place }).await;
}

fn series(text: &str) -> usize {
    text.lines().filter(|line| !line.starts_with('#')).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_tenants_make_not_one_series_more() {
    let cloud = willing_cloud().await;
    let plan = Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| {
            let budget = "name = 'each'\nevery = 'month'\nusd = 1.0\nof = { tenant = 'each' }\n";
            raw.budget = vec![toml::from_str(budget).expect("a budget")];
        }),
        ..Plan::default()
    };
    let cluster = Cluster::start(plan).await;
    for number in 0..=ANSWERED {
        fly(&cluster, number).await;
    }
    let few = cluster.router.pipeline.telemetry.prometheus();
    for number in ANSWERED + 1..TENANTS {
        fly(&cluster, number).await;
    }
    let many = cluster.router.pipeline.telemetry.prometheus();
    let answered = value(&many, "littoral_requests_total{outcome=\"OK\",tier=\"cloud\"}");
    assert_eq!(answered, Some((TENANTS / ANSWERED) as f64), "{many}");
    println!("{} series after {TENANTS} tenants", series(&many));
    assert_eq!(series(&many), series(&few), "{many}");
    assert!(series(&many) < 1_000);
    for word in ["tenant-", "user-", "model-9", "application-"] {
        assert!(!many.contains(word), "{word} is in a label");
    }
}
