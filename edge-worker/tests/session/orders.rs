//! Models loaded, let go of and pinned by the router's word, and requests that wait for one.

use crate::router::*;
use crate::{Stage, engine::Orders};
use littoral_engine::Finish;
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::router_message::Message as Down;
use littoral_proto::v1::worker_message::Message as Up;
use littoral_proto::v1::*;
use littoral_worker::engine::{Change, Order, Refusal};

fn load() -> Down {
    Down::Load(LoadOrder { model: "m".to_owned() })
}

fn event(failure: Option<&str>) -> ModelEvent {
    let offer = ModelOffer { name: "m".to_owned(), slots: 2, queue_limit: 1, ..Default::default() };
    ModelEvent { offer: Some(offer), failure: failure.map(str::to_owned), ..Default::default() }
}

async fn stage() -> (Stage, Orders, Peer) {
    let (mut stage, orders) = Stage::start_moving().await;
    let peer = stage.joined().await;
    (stage, orders, peer)
}

#[tokio::test]
async fn every_order_reaches_the_engine_and_its_changes_reach_the_router() {
    let (_stage, mut orders, mut peer) = stage().await;
    let model = || "m".to_owned();
    peer.send(load()).await;
    peer.send(Down::Unload(UnloadOrder { model: model() })).await;
    peer.send(Down::Pin(PinOrder { model: model(), pinned: true })).await;
    peer.send(Down::Benchmark(BenchmarkOrder { model: model() })).await;
    let expected = [
        Order::Load(model()),
        Order::Unload(model()),
        Order::Pin(model(), true),
        Order::Benchmark(model()),
    ];
    for order in expected {
        assert_eq!(orders.given().await, order);
    }
    let loading = ModelEvent { load_fraction: Some(0.5), ..event(None) };
    orders.tell(Change::Model(Box::new(loading.clone())));
    assert_eq!(peer.news().await, Some(Up::ModelEvent(loading)));
    let accelerators = vec![Accelerator { kind: "npu".to_owned(), ..Default::default() }];
    orders.tell(Change::Hardware(accelerators.clone()));
    assert_eq!(peer.news().await, Some(Up::Hardware(Hardware { accelerators })));
}

#[tokio::test]
async fn a_change_is_followed_by_a_state_at_once() {
    let (mut stage, orders) = Stage::start_moving().await;
    let mut peer = stage.router.session().await;
    peer.hello().await;
    // Longer than the bound of any wait here.
    peer.welcome(120_000, 60_000).await;
    peer.state().await;
    orders.tell(Change::State);
    peer.state().await;
}

#[tokio::test]
async fn an_order_that_is_not_taken_is_told_with_its_reason() {
    let (_stage, _orders, mut peer) = stage().await;
    for _ in 0..5 {
        peer.send(load()).await;
    }
    assert_eq!(peer.news().await, Some(Up::ModelEvent(event(Some("4 orders wait already")))));

    let mut fixed = Stage::start().await;
    let mut peer = fixed.joined().await;
    // Nothing can be told of a model that is not here.
    peer.send(Down::Load(LoadOrder { model: "other".to_owned() })).await;
    peer.send(load()).await;
    let told = event(Some("this worker's models always stay"));
    assert_eq!(peer.news().await, Some(Up::ModelEvent(told)));
}

#[tokio::test]
async fn a_session_that_missed_changes_tells_everything_anew() {
    let (_stage, orders, mut peer) = stage().await;
    let accelerators =
        |kind: &str| vec![Accelerator { kind: kind.to_owned(), ..Default::default() }];
    // Three at once, of which the channel holds two: this thread does not give way in between.
    for kind in ["one", "two", "three"] {
        orders.tell(Change::Hardware(accelerators(kind)));
    }
    assert_eq!(peer.news().await, Some(Up::Hardware(Hardware { accelerators: Vec::new() })));
    assert_eq!(peer.news().await, Some(Up::ModelEvent(event(None))));
    let rest = Some(Up::Hardware(Hardware { accelerators: accelerators("two") }));
    assert_eq!(peer.news().await, rest);
}

#[tokio::test]
async fn a_request_waits_for_its_model_and_is_accepted_when_it_is_there() {
    let (mut stage, orders, mut peer) = stage().await;
    let asked = Assignment { session: Some(9), ..question("x") };
    peer.assign(1, &asked).await;
    orders.waited_for().await;
    orders.ready(Ok(()));
    assert_eq!(peer.news().await, accept(1));
    let started = stage.engine.started().await;
    assert_eq!(started.job.session, Some(9));
    started.finish(Finish::Stop).await;
    assert_eq!(completed(peer.news().await).1.cached_prompt_tokens, 1);
}

#[tokio::test]
async fn a_request_whose_model_does_not_come_is_rejected() {
    let (_stage, orders, mut peer) = stage().await;
    peer.assign(1, &question("x")).await;
    orders.waited_for().await;
    orders.ready(Err(Refusal::new(Cause::NoModel, "it does not fit")));
    let expected = (1, Cause::NoModel, "it does not fit".to_owned());
    assert_eq!(rejection(peer.news().await), expected);
}

#[tokio::test]
async fn a_request_that_waits_for_its_model_can_be_cancelled_and_has_a_deadline() {
    let (_stage, orders, mut peer) = stage().await;
    peer.assign(1, &question("x")).await;
    orders.waited_for().await;
    peer.cancel(1).await;
    assert_eq!(peer.news().await, cancelled(1));
    orders.given_up().await;
    peer.assign(2, &Assignment { deadline_ms: 50, ..question("x") }).await;
    assert_eq!(failure(peer.news().await), (2, "deadline".to_owned()));
    orders.given_up().await;
}
