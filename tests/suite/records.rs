//! Records: an explanation is the decision that was made, a dry run on facts is the live plan, and
//! receipts add up with what the cloud saw, byte for byte.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::policy_files::load_texts;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, RefusingCloud, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;

#[tokio::test]
async fn explain_of_a_finished_request_is_the_decision_that_was_made() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &["a ", "b"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    for class in [DataClass::Public, DataClass::Restricted, DataClass::Unspecified] {
        let answer = ask(&mut cluster.chat(), prompt("hello", class)).await;
        let explained = cluster.explain(&answer.routed().request_id).await;
        assert_eq!(explained.decision.as_ref(), Some(answer.decision()));
        let outcome = explained.outcome.expect("an outcome");
        assert_eq!(outcome.served, answer.done().served);
        assert_eq!(outcome.receipt, answer.done().receipt);
        assert!(explained.decided_at_unix_ms > 0);
    }
}

#[tokio::test]
async fn every_recorded_decision_is_made_again_from_what_is_kept_of_it_and_of_its_policy() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let first = "version = 1\nname = 'first'\n[[rule]]\nname = 'near'\n\
        when = 'request.max_output_tokens > 9 || device.battery_fraction < 0.5'\nmax_tier = 'edge'\n";
    let plan = Plan { policy: Some(first), cloud: Some(&cloud), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    for worker in ["this-device", "other-device"] {
        let engine = Arc::new(ScriptedEngine::new("tiny", &["a ", "b"]));
        cluster.join(&Seat::own(worker), engine).await;
    }
    let classes = [DataClass::Public, DataClass::Restricted, DataClass::Unspecified];
    let mut ids = Vec::new();
    for class in classes.into_iter().cycle().take(12) {
        let answer = ask(&mut cluster.chat(), prompt("hello", class)).await;
        ids.push(answer.routed().request_id.clone());
        cluster.wait_for_outcome(&ids[ids.len() - 1]).await;
    }
    std::fs::write(cluster.home().join("policy.toml"), "version = 1\nname = 'second'\n")
        .expect("a written policy");
    cluster.restart().await;
    let (pipeline, keeper) = (&cluster.router.pipeline, &cluster.router.policy);
    for id in ids {
        let kept = pipeline.store.find(&id, None).await.expect("a store").expect("a request");
        let record = kept.decided.expect("a decision").record;
        assert_ne!(record.decision.policy_hash, *pipeline.policy.load().hash());
        let sources = keeper.sources(&record.decision.policy_hash).await;
        let sources = sources.expect("a history").expect("the policy that ruled");
        let policy = load_texts(&sources).expect("it was in force").policy;
        assert_eq!(record.replay(&policy), Ok(()), "{id}");
        assert!(record.decision.plan().is_some_and(|plan| plan.attempts[0].bounds.is_some()));
    }
}

#[tokio::test]
async fn explain_of_a_refused_request_is_the_refusal() {
    let cluster = Cluster::start(Plan::default()).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(answer.failure().1, "NO_READY_TARGET");
    let explained = cluster.explain(&answer.routed().request_id).await;
    assert_eq!(explained.decision.as_ref(), Some(answer.decision()));
    assert_eq!(explained.outcome.expect("an outcome").reason, "NO_READY_TARGET");
}

#[tokio::test]
async fn a_dry_run_on_content_free_facts_is_the_live_plan() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &["a ", "b"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    for class in [DataClass::Public, DataClass::Personal, DataClass::Restricted] {
        let answer = ask(&mut cluster.chat(), prompt("hello", class)).await;
        let facts = cluster.facts_of(&answer.routed().request_id).await;
        let seed = Some(answer.decision().seed);
        let subject = Some(v1::decide_request::Subject::Facts(facts));
        let dry = cluster.routing().decide(v1::DecideRequest { subject, seed }).await;
        let dry = dry.expect("a decision").into_inner().decision.expect("a decision");
        let live = answer.decision();
        // A worker's measured round trip moves between the two, and its predictions with it; who, in
        // which order, and why the others lost, do not.
        assert_eq!(targets(&dry), targets(live));
        assert_eq!(cloud_attempts(&dry), cloud_attempts(live), "to the last digit");
        assert_eq!(cloud_attempts(live).len(), usize::from(class == DataClass::Public));
        assert_eq!(dry.rejected, live.rejected);
        assert_eq!(dry.policy_hash, live.policy_hash);
    }
    assert_eq!(cloud.bytes_received(), 0, "a dry run sends nothing");
}

fn attempts(decision: &v1::Decision) -> &[v1::Attempt] {
    match &decision.outcome {
        Some(v1::decision::Outcome::Plan(plan)) => &plan.attempts,
        other => panic!("a plan is expected, not {other:?}"),
    }
}

fn targets(decision: &v1::Decision) -> Vec<v1::Target> {
    attempts(decision).iter().filter_map(|attempt| attempt.target.clone()).collect()
}

fn cloud_attempts(decision: &v1::Decision) -> Vec<&v1::Attempt> {
    attempts(decision).iter().filter(|attempt| attempt.tier() == v1::Tier::Cloud).collect()
}

#[tokio::test]
async fn receipts_add_up_with_what_the_cloud_saw_byte_for_byte() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let mut receipted = 0;
    for text in ["short", "längere Frage mit Umlauten, 和汉字", "quote \" and \\ and\nline"] {
        cloud.script(Behaviour::Answer(Answer::new(["ok"])));
        let answer = ask(&mut cluster.chat(), prompt(text, DataClass::Public)).await;
        let receipt = answer.done().receipt.clone().expect("a receipt");
        let seen = cloud.requests().last().expect("a request").body.len() as u64;
        assert_eq!(receipt.egress_bytes, seen);
        let held = receipt.holdings.iter().find(|held| held.tier() == v1::Tier::Cloud);
        let held = held.expect("the cloud held content");
        assert_eq!(
            (held.machine.as_str(), held.bytes),
            (&*format!("stand-in/{CLOUD_MODEL}"), seen)
        );
        assert!(receipt.holdings.iter().any(|held| held.machine == "router"));
        receipted += receipt.egress_bytes;
    }
    let seen: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!(receipted, seen as u64);
}

#[tokio::test]
async fn a_cloud_that_refuses_the_connection_was_sent_nothing_and_the_receipt_says_so() {
    let cloud = RefusingCloud::start().expect("a refusing stand-in");
    let plan = Plan { dead_cloud: Some(cloud.base_url()), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(answer.failure().1, "ATTEMPTS_FAILED");
    let outcome = cluster.explain(&answer.routed().request_id).await.outcome.expect("an outcome");
    assert_eq!(outcome.receipt.expect("a receipt").egress_bytes, 0);
}

#[tokio::test]
async fn every_bad_field_of_a_request_is_named_at_once() {
    let cluster = Cluster::start(Plan::default()).await;
    let mut request = prompt("hello", DataClass::Public);
    request.request_id = "no spaces".into();
    request.messages[0].role = 77;
    request.max_output_tokens = Some(0);
    request.stop = vec![String::new()];
    request.sampling = Some(v1::Sampling { temperature: Some(-1.0), ..v1::Sampling::default() });
    let hints = request.hints.get_or_insert_default();
    hints.mode = 99;
    hints.min_quality = Some(f64::NAN);
    let status = ask(&mut cluster.chat(), request).await.status.expect("a refusal");
    assert_eq!(status.code(), tonic::Code::InvalidArgument);
    for path in [
        "request_id",
        "messages[0].role",
        "max_output_tokens",
        "stop[0]",
        "sampling.temperature",
        "hints.mode",
        "hints.min_quality",
    ] {
        assert!(status.message().contains(path), "{path} in {}", status.message());
    }
}
