//! Models that are not in memory: the request is answered elsewhere, and the model is loaded meanwhile.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_tests::ask::prompt;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::puppet::{Puppet, hello, offer, said};

/// Tokens a second of the worker that holds the model, and of the one that could load it: for 256 tokens that is
/// about eleven seconds apart.
const SLOW: f64 = 20.0;
const FAST: f64 = 200.0;
/// A load that three such answers pay for, and not two, in milliseconds.
const LOAD_MS: f64 = 20_000.0;

async fn slow_box(cluster: &Cluster) -> Puppet {
    let hello = hello(cluster, &Seat::shared("box"), vec![offer("tiny")]);
    let state = v1::State { models: vec![said("tiny", SLOW)], ..v1::State::default() };
    Puppet::join(&cluster.url(), hello, state).await
}

/// A laptop that has the model on its disk.
async fn laptop(cluster: &Cluster) -> Puppet {
    let loadable = v1::Residency::Loadable.into();
    let offer = v1::ModelOffer { residency: loadable, load_ms: Some(LOAD_MS), ..offer("tiny") };
    let hello = hello(cluster, &Seat::own("laptop"), vec![offer]);
    let model = v1::state::ModelState { residency: loadable, ..said("tiny", FAST) };
    let state = v1::State { models: vec![model], ..v1::State::default() };
    Puppet::join(&cluster.url(), hello, state).await
}

/// Asks, sees that the box is to answer, and gives up, so that nothing is learned of its speed. Returns the text
/// of the decision.
async fn ask_and_give_up(cluster: &Cluster, slow: &mut Puppet) -> String {
    let mut request = prompt("hello", DataClass::Internal);
    request.max_output_tokens = Some(256);
    let stream = cluster.chat().complete(request).await;
    let mut stream = stream.expect("a stream").into_inner();
    let first = stream.message().await.expect("an event").expect("an event").event;
    let Some(v1::chat_event::Event::Routed(routed)) = first else { panic!("{first:?}") };
    let decision = routed.decision.expect("a decision");
    let text = format!("{} {:?}", decision.text, decision.outcome);
    let (id, _) = slow.assignment().await.unwrap_or_else(|| panic!("the box is asked: {text}"));
    drop(stream);
    while !matches!(slow.next().await.expect("a session"), Down::Cancel(_)) {}
    let result = Some(v1::finished::Result::Cancelled(v1::finished::Cancelled {}));
    slow.say(Up::Finished(v1::Finished { assignment_id: id, result })).await;
    text
}

/// Whether the worker is ordered to load the model before it is told of a pin, which is an order too.
async fn is_ordered_to_load(cluster: &Cluster, worker: &mut Puppet, pinned: bool) -> bool {
    let pin = v1::PinRequest { worker_id: "laptop".into(), model: "tiny".into(), pinned };
    cluster.fleet().pin(pin).await.expect("a pin");
    loop {
        match worker.next().await.expect("a session") {
            Down::Load(order) => return order.model == "tiny",
            Down::Pin(_) => return false,
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_edge_answers_now_and_the_device_loads_once_that_is_worth_it() {
    let cluster = Cluster::start(Plan::default()).await;
    let (mut slow, mut laptop) = (slow_box(&cluster).await, laptop(&cluster).await);
    let mut last = String::new();
    for wish in 1..=4 {
        let text = ask_and_give_up(&cluster, &mut slow).await;
        assert!(text.contains("meanwhile tiny may be loaded on laptop"), "{text}");
        if is_ordered_to_load(&cluster, &mut laptop, wish % 2 == 0).await {
            assert!(wish > 2, "two wishes do not pay for the load");
            return;
        }
        last = text;
    }
    panic!("it was wanted often enough: {last}");
}

/// A policy under which the default is three models and a fourth on trial.
const TRIAL: &str = "version = 1\nname = 'trial'\n[[alias]]\nname = 'default'\n\
                     models = ['old', 'large', 'small']\ncanary = { model = 'new', share = 0.1 }\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_policy_names_is_loaded_where_it_fits_beside_what_is_there() {
    let cluster = Cluster::start(Plan { policy: Some(TRIAL), ..Plan::default() }).await;
    let model = |name: &str, megabytes: u64, residency: v1::Residency| {
        let (residency, resident_bytes) = (residency.into(), Some(megabytes << 20));
        let offer = v1::ModelOffer { residency, resident_bytes, ..offer(name) };
        (offer, v1::state::ModelState { residency, ..said(name, FAST) })
    };
    let on_disk = v1::Residency::Loadable;
    let (offers, models) = [
        model("unnamed", 1, on_disk),
        model("old", 60, v1::Residency::Resident),
        model("large", 80, on_disk),
        model("small", 30, on_disk),
        model("new", 5, on_disk),
    ]
    .into_iter()
    .unzip();
    let budget = Some(100 << 20);
    let state = v1::State { models, model_memory_budget_bytes: budget, ..v1::State::default() };
    let hello = hello(&cluster, &Seat::own("laptop"), offers);
    let mut laptop = Puppet::join(&cluster.url(), hello, state).await;
    let mut loaded = Vec::new();
    while loaded.len() < 2 {
        let Down::Load(order) = laptop.next().await.expect("a session") else { continue };
        let (offer, mut now) = model(&order.model, 30, v1::Residency::Resident);
        now.residency = v1::Residency::Resident.into();
        let event = v1::ModelEvent { offer: Some(offer), ..v1::ModelEvent::default() };
        laptop.say(Up::ModelEvent(event)).await;
        let state = v1::State {
            models: vec![now],
            model_memory_budget_bytes: budget,
            ..v1::State::default()
        };
        laptop.say(Up::State(state)).await;
        loaded.push(order.model);
    }
    assert_eq!(loaded, ["small", "new"]);
}
