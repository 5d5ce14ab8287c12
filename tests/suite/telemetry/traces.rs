//! One trace a request: who is whose part, what is said of each, and what is linked.

use super::*;
use crate::failures::table::Failure;
use crate::failures::worker;
use crate::money::hedges::two_clouds_that_tell;
use crate::tables::Moment;
use tonic::Request;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a_request_is_one_trace_through_router_and_worker_over_grpc_and_over_http() {
    for speech in [Speech::Grpc, Speech::Http] {
        let collector = Collector::start(speech, Manner::Takes).await;
        let cluster = watched(&collector, &Seat::own("desk")).await;
        let answer = ask(&mut cluster.chat(), prompt("Hello", DataClass::Personal)).await;
        assert_eq!(answer.text(), WORDS.concat());
        // request, scan, decide, admit, stream, call; at the worker: assignment, queue, prefill.
        collector.wait_for(|it| it.spans().len() >= 9).await;
        let spans = collector.spans();

        let request = request(&spans);
        assert_eq!(request.name(), "chat tiny");
        assert!(request.span.parent_span_id.is_empty(), "it begins the trace");
        for step in ["scan", "decide", "admit", "stream"] {
            let step = named(&spans, step);
            assert!(step.is_in(request), "{step:#?}");
            assert!(step.span.end_time_unix_nano <= request.span.end_time_unix_nano);
        }
        let [call] = calls(&spans)[..] else { panic!("one call is made: {spans:#?}") };
        assert!(call.is_in(request));
        assert!(call.has_event("first_token"), "{call:#?}");
        let assignment = one(&spans, |seen| seen.is_of_server() && seen.is_in(call));
        assert_eq!((assignment.service(), assignment.name()), ("littoral-worker", "chat tiny"));
        assert_eq!(assignment.resource["service.instance.id"], "desk");
        for step in ["queue", "prefill"] {
            assert!(one(&spans, |seen| seen.name() == step).is_in(assignment), "{step}");
        }
        what_is_said_of_it(&answer, request, call, named(&spans, "decide"));
    }
}

fn what_is_said_of_it(answer: &Heard, request: &Seen, call: &Seen, decide: &Seen) {
    let said = |seen: &Seen, key: &str| {
        seen.attribute(key).unwrap_or_else(|| panic!("{key} is missing in {seen:#?}"))
    };
    let routed = answer.routed();
    assert_eq!(said(request, "littoral.request.id"), routed.request_id);
    assert_eq!(said(request, "littoral.policy.hash"), answer.decision().policy_hash);
    assert_eq!(said(decide, "littoral.policy.hash"), answer.decision().policy_hash);
    for seen in [request, call] {
        assert_eq!(said(seen, "gen_ai.operation.name"), "chat");
        assert_eq!(said(seen, "gen_ai.provider.name"), "littoral");
        assert_eq!(said(seen, "gen_ai.request.model"), "tiny");
        assert_eq!(said(seen, "littoral.tier"), "device");
        for key in ["littoral.predicted.first_token_ms", "littoral.first_token_ms"] {
            assert!(said(seen, key).parse::<f64>().is_ok_and(|ms| ms >= 0.0), "{key}");
        }
        assert!(!seen.has_failed());
    }
    assert_eq!(said(request, "littoral.class"), "personal");
    assert_eq!(said(request, "littoral.outcome"), "OK");
    assert_eq!(said(request, "littoral.egress.bytes"), "0");
    assert_eq!(said(request, "gen_ai.response.finish_reasons"), "stop");
    assert_eq!(said(call, "littoral.worker.id"), "desk");
    assert_eq!(said(call, "gen_ai.usage.output_tokens"), "3");
    assert_eq!(said(request, "littoral.tokens.output"), "3");
    assert_eq!(request.attribute("gen_ai.usage.output_tokens"), None, "usage is told once");
    assert_eq!(said(call, "littoral.purpose"), "first");
}

#[tokio::test]
async fn a_request_is_a_part_of_the_trace_that_its_client_tells_of() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let cluster = watched(&collector, &Seat::own("desk")).await;
    let mut asked = Request::new(prompt("Hello", DataClass::Public));
    asked.metadata_mut().insert("traceparent", PARENT.parse().expect("a value"));
    let stream = cluster.chat().complete(asked).await.expect("a stream").into_inner();
    assert_eq!(read(stream).await.text(), WORDS.concat());
    collector.wait_for(|it| it.spans().len() >= 9).await;
    let trace_id = "0af7651916cd43dd8448eb211c80319c";
    let spans = collector.spans();
    assert!(spans.iter().all(|seen| seen.trace_id() == trace_id), "all of one trace: {spans:#?}");
    assert_eq!(request(&spans).parent_id(), "b7ad6b7169203331");
}

#[tokio::test]
async fn the_span_of_a_request_lives_until_its_stream_ends() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let gate = Gate::closed();
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = Answer::new(WORDS).with_usage(11, 3).with_gate(&gate);
    cloud.script(Behaviour::Answer(answer));
    let plan = Plan { cloud: Some(&cloud), telemetry: collector.table(), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let asked = prompt("Hello", DataClass::Public);
    let mut stream = cluster.chat().complete(asked).await.expect("a stream").into_inner();
    stream.message().await.expect("a stream").expect("who was chosen");
    collector.wait_for(|it| it.spans().iter().any(|seen| seen.name() == "decide")).await;
    cloud.wait_for_requests(1).await.expect("a call");
    let names: Vec<_> = collector.spans().iter().map(|seen| seen.name().to_owned()).collect();
    assert!(!has_request(&collector), "the answer has not come yet: {names:?}");
    gate.open();
    assert_eq!(read(stream).await.text(), WORDS.concat());
    collector.wait_for(has_request).await;
    let spans = collector.spans();
    assert_eq!(request(&spans).attribute("littoral.cost.usd"), Some("0.000004".into()));
    assert_eq!(named(&spans, "stream").attribute("littoral.abandoned"), None);
}

#[tokio::test]
async fn who_goes_on_after_a_failure_is_linked_to_who_failed() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let cloud = willing_cloud().await;
    let plan = Plan { cloud: Some(&cloud), telemetry: collector.table(), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let broken =
        worker::join(&cluster, Failure::OutOfMemory, Moment::Before, &["x", "y", "z"]).await;
    let answer = ask(&mut cluster.chat(), prompt("Hello", DataClass::Public)).await;
    assert_eq!(answer.served().0, v1::Tier::Cloud);
    collector.wait_for(has_request).await;
    broken.abort();
    let spans = collector.spans();
    let [failed, next] = calls(&spans)[..] else { panic!("two calls are made: {spans:#?}") };
    assert!(failed.has_failed());
    assert_eq!(failed.attribute("error.type").as_deref(), Some("out_of_memory"));
    assert_eq!(next.link_to(failed).as_deref(), Some("failover"));
    assert_eq!(next.attribute("littoral.tier").as_deref(), Some("cloud"));
    let request = request(&spans);
    assert!(failed.is_in(request) && next.is_in(request) && !request.has_failed());
    assert_eq!(request.attribute("littoral.failovers").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_hedge_is_linked_to_who_is_late() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let (late, quick) = (willing_cloud().await, willing_cloud().await);
    late.usually(Behaviour::HangBeforeHeaders);
    let cluster = two_clouds_that_tell(&late, &quick, |_| (), collector.table()).await;
    let mut asked = prompt("Hello", DataClass::Public);
    asked.max_output_tokens = Some(2_000);
    let answer = ask(&mut cluster.chat(), asked).await;
    assert_eq!(answer.served().1, format!("spare/{CLOUD_MODEL}"));
    collector.wait_for(has_request).await;
    let spans = collector.spans();
    let [first, rival] = calls(&spans)[..] else { panic!("two calls are made: {spans:#?}") };
    assert_eq!(rival.link_to(first).as_deref(), Some("hedge"));
    assert_eq!(first.attribute("littoral.outcome").as_deref(), Some("cancelled"));
    assert!(!first.has_failed(), "to be beaten is no failure");
    assert!(rival.has_event("first_token") && !first.has_event("first_token"));
}

#[tokio::test]
async fn a_refusal_says_why_and_that_the_request_failed() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let cloud = willing_cloud().await;
    let plan = Plan { cloud: Some(&cloud), telemetry: collector.table(), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let answer = ask(&mut cluster.chat(), prompt("my diagnosis", DataClass::Restricted)).await;
    assert_eq!(answer.failure().1, "EGRESS_DENIED");
    collector.wait_for(has_request).await;
    let spans = collector.spans();
    let request = request(&spans);
    assert_eq!(request.name(), "chat", "nobody answered to a model's name");
    assert_eq!(request.attribute("littoral.outcome").as_deref(), Some("EGRESS_DENIED"));
    assert!(request.has_failed() && calls(&spans).is_empty());
    let rejected = named(&spans, "decide").attribute("littoral.rejected").unwrap_or_default();
    assert!(rejected.contains("class:1"), "{rejected}");
}

#[tokio::test]
async fn what_is_recorded_is_decided_where_the_trace_begins_and_else_by_the_share() {
    let collector = Collector::start(Speech::Grpc, Manner::Takes).await;
    let telemetry = littoral_kit::telemetry::RawTelemetry { sample: 0.0, ..collector.table() };
    let cloud = willing_cloud().await;
    let plan = Plan { cloud: Some(&cloud), telemetry, ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let ask_in = async |traceparent: Option<&str>| {
        let mut asked = Request::new(prompt("Hello", DataClass::Public));
        if let Some(traceparent) = traceparent {
            let value = traceparent.parse().expect("a value");
            asked.metadata_mut().insert("traceparent", value);
        }
        let stream = cluster.chat().complete(asked).await.expect("a stream").into_inner();
        assert_eq!(read(stream).await.text(), WORDS.concat());
    };
    ask_in(None).await;
    ask_in(Some("00-11111111111111111111111111111111-b7ad6b7169203331-00")).await;
    ask_in(Some(PARENT)).await;
    collector.wait_for(has_request).await;
    assert!(cluster.router.pipeline.telemetry.end().await, "all that was recorded arrived");
    let traces: std::collections::BTreeSet<_> =
        collector.spans().iter().map(Seen::trace_id).collect();
    assert_eq!(traces.into_iter().collect::<Vec<_>>(), ["0af7651916cd43dd8448eb211c80319c"]);
}
