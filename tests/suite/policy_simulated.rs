//! The requests of a live router under another policy: under the same one every decision is made again and
//! what really happened is what is counted; under another one, what would leave is told first.

mod commands;

use littoral_core::record::Record;
use littoral_proto::v1;
use littoral_proto::v1::simulate_event::Event;
use littoral_proto::v1::{DataClass, Mode};
use littoral_router::config::people::UserName;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tonic::Code;

/// A policy with rules, wishes and limits, so that a replay has something to get wrong.
const RULED: &str = "version = 1\nname = 'ruled'\n[[rule]]\nname = 'near'\n\
    when = 'request.max_output_tokens > 9 && request.class >= \"personal\"'\nmax_tier = 'edge'\n\
    [[rule]]\nname = 'shared first'\nwhen = 'request.class == \"internal\"'\nprefer = ['edge']\n";
/// A policy without clouds.
const NEAR: &str = "version = 1\nname = 'near'\n[tiers]\norder = ['device', 'edge']\n";

fn sources(text: &str) -> Vec<v1::PolicySource> {
    vec![v1::PolicySource { name: "policy.toml".into(), text: text.into() }]
}

/// Under this policy, against the one in force.
fn under(text: &str) -> v1::SimulateRequest {
    v1::SimulateRequest { proposed: sources(text), ..v1::SimulateRequest::default() }
}

/// A router with a device, a shared machine and a cloud, that was asked for many kinds of things; and the ids.
async fn asked_for_much(policy: &str, cloud: &ScriptedCloud) -> (Cluster, Vec<String>) {
    let plan = Plan { policy: Some(policy), cloud: Some(cloud), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    for (seat, model) in [(Seat::own("desk"), "tiny"), (Seat::shared("rack"), "large")] {
        let engine = Arc::new(ScriptedEngine::new(model, &["a ", "b"]));
        cluster.join(&seat, engine).await;
    }
    cloud.usually(Behaviour::answer(["from ", "afar"]));
    let mut last = prompt("the cloud is broken by now", DataClass::Public);
    last.hints.get_or_insert_default().set_mode(Mode::OnlyInCloud);
    let kinds = kinds_of_requests();
    let count = kinds.len();
    let mut ids = Vec::new();
    for request in kinds.into_iter().chain([last]) {
        if ids.len() == count {
            cloud.usually(Behaviour::server_error());
        }
        let answer = ask(&mut cluster.chat(), request).await;
        ids.push(answer.routed().request_id.clone());
        cluster.wait_for_outcome(&ids[ids.len() - 1]).await;
    }
    (cluster, ids)
}

/// Each class in each mode, short and long, with ceilings and deadlines on some.
fn kinds_of_requests() -> Vec<v1::ChatRequest> {
    let classes = [DataClass::Public, DataClass::Internal, DataClass::Restricted];
    let classes = classes.into_iter().chain([DataClass::Unspecified]);
    let modes =
        [Mode::PolicyDefault, Mode::PreferEdge, Mode::PreferInCloud, Mode::OnlyInCloud].into_iter();
    let kinds = classes.flat_map(|class| modes.clone().map(move |mode| (class, mode)));
    let request = |(at, (class, mode)): (usize, (DataClass, Mode))| {
        let mut request = prompt(&"a few words ".repeat(1 + at * 7 % 40), class);
        request.max_output_tokens = Some(8 + at as u32);
        let hints = request.hints.get_or_insert_default();
        hints.set_mode(mode);
        hints.deadline_ms = (at % 3 == 0).then_some(30_000);
        hints.max_cost_usd_micros = (at % 5 == 0).then_some(1);
        request
    };
    kinds.enumerate().map(request).collect()
}

/// Everything that a simulation tells: how often progress, the changes, the summary.
async fn simulated(
    cluster: &Cluster,
    request: v1::SimulateRequest,
) -> (Vec<(u64, u64)>, Vec<v1::diff_response::Change>, v1::SimulateSummary) {
    let mut events = cluster.policy().simulate(request).await.expect("a stream").into_inner();
    let (mut progress, mut changes) = (Vec::new(), Vec::new());
    let told = async {
        loop {
            let event = events.message().await.expect("an event").expect("a summary at the end");
            match event.event.expect("something") {
                Event::Progress(step) => {
                    assert!(changes.is_empty(), "progress comes first");
                    progress.push((step.considered, step.of));
                }
                Event::Change(change) => changes.push(change),
                Event::Summary(summary) => break summary,
            }
        }
    };
    let summary = tokio::time::timeout(PATIENCE, told).await.expect("an end in time");
    assert!(events.message().await.expect("an end").is_none(), "the summary is the last event");
    (progress, changes, summary)
}

/// The figures of both sides by name.
fn figures(summary: &v1::SimulateSummary) -> BTreeMap<&str, [Option<f64>; 2]> {
    let pair = |metric: &v1::simulate_summary::Metric| [metric.compared, metric.proposed];
    summary.metrics.iter().map(|metric| (metric.name.as_str(), pair(metric))).collect()
}

#[tokio::test]
async fn under_the_same_policy_every_live_decision_is_made_again_and_what_happened_is_counted() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, ids) = asked_for_much(RULED, &cloud).await;
    let sent = cloud.bytes_received();
    let (progress, changes, summary) = simulated(&cluster, under(RULED)).await;
    let count = ids.len() as u64;
    println!("{count} requests: {:?}", summary.compared);
    assert_eq!(progress, [(0, count), (count, count)]);
    assert_eq!((summary.considered, summary.changed, summary.unreplayable), (count, 0, 0));
    assert_eq!((summary.decided_under_compared, summary.not_reproduced), (count, 0));
    assert_eq!(changes, []);
    assert_eq!(summary.hash_proposed, summary.hash_compared);
    let basis = summary.compared.expect("a basis");
    assert_eq!((basis.kept + basis.refused, basis.predicted), (count, 0));
    assert!(basis.kept > 8 && basis.refused > 1, "{basis:?}");
    assert_eq!(summary.proposed, Some(basis));
    for metric in &summary.metrics {
        assert_eq!(metric.compared, metric.proposed, "{metric:?}");
        assert_eq!(metric.difference_low.unwrap_or(0.0), 0.0, "{metric:?}");
    }
    assert_eq!(cloud.bytes_received(), sent, "a simulation sends nothing");

    // What is counted is what receipts, ends and the ledger have.
    let (mut egress_bytes, mut failed, mut by_tier) = (0, 0, BTreeMap::new());
    for id in &ids {
        let outcome = cluster.wait_for_outcome(id).await;
        egress_bytes += outcome.receipt.expect("a receipt").egress_bytes;
        let planned = cluster.explain(id).await.decision.and_then(|decision| decision.outcome);
        let planned = matches!(planned, Some(v1::decision::Outcome::Plan(_)));
        failed += u64::from(planned && outcome.served.is_none());
        if let Some(served) = outcome.served {
            *by_tier.entry(served.tier()).or_insert(0_u64) += 1;
        }
    }
    let usage = v1::UsageRequest { by: vec!["tier".into()], ..v1::UsageRequest::default() };
    let sums = cluster.ledger().usage(usage).await.expect("sums").into_inner().sums;
    let paid: u64 =
        sums.iter().filter(|sum| sum.key == ["cloud"]).map(|sum| sum.cost_usd_micros).sum();
    let figures = figures(&summary);
    let told = |name: &str| figures[name][0].unwrap_or_else(|| panic!("{name} is known"));
    assert_eq!(told("egress_bytes") as u64, egress_bytes);
    assert_eq!((told("cost_usd") * 1e6).round() as u64, paid);
    assert!(egress_bytes > 0 && paid > 0 && failed > 0, "{egress_bytes} {paid} {failed}");
    assert_eq!(told("failed") as u64, failed);
    for (tier, name) in
        [(v1::Tier::Device, "device"), (v1::Tier::Edge, "edge"), (v1::Tier::Cloud, "cloud")]
    {
        let answered = by_tier.get(&tier).copied().unwrap_or_default();
        assert_eq!(told(&format!("answered.{name}")) as u64, answered, "{name}");
        assert!(answered > 0, "{name} answered something");
    }
}

#[tokio::test]
async fn live_facts_and_fleets_lead_the_call_that_the_simulator_makes_to_the_live_decision() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, ids) = asked_for_much(RULED, &cloud).await;
    let policy = cluster.router.pipeline.policy.load_full();
    for id in ids {
        let kept = cluster.router.pipeline.store.find(&id, None).await.expect("a store");
        let record = kept.expect("a request").decided.expect("a decision").record;
        // The fleet of a record is what was looked at and mattered; that is all there is to look at now.
        let now = Duration::from_millis(record.now_ms);
        let fleet = |_| record.fleet.clone();
        let again = Record::decide_over(&policy, &record.facts, fleet, now, record.decision.seed);
        assert_eq!(again, *record, "{id}");
    }
}

#[tokio::test]
async fn what_would_newly_reach_a_cloud_comes_first_and_the_counts_are_of_all() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, ids) = asked_for_much(NEAR, &cloud).await;
    assert_eq!(cloud.bytes_received(), 0);
    let (_, changes, summary) = simulated(&cluster, under(RULED)).await;
    assert_eq!(summary.considered, ids.len() as u64);
    assert!(summary.newly_cloud > 2 && summary.changed >= summary.newly_cloud, "{summary:?}");
    let appears = |change: &v1::diff_response::Change| change.cloud() == v1::CloudChange::Appears;
    let newly = changes.iter().take_while(|change| appears(change)).count();
    assert_eq!(newly as u64, summary.newly_cloud);
    assert_eq!(changes.len() as u64, summary.changed);
    assert!(changes.iter().all(|change| ids.contains(&change.request_id)));
    let figures = figures(&summary);
    assert_eq!(figures["egress_bytes"][0], Some(0.0));
    assert!(figures["egress_bytes"][1] > Some(0.0) && figures["cost_usd"][1] > Some(0.0));
    assert_eq!(figures["egress_bytes.restricted"], [Some(0.0); 2]);

    // Diff says the same of the same records, newest first.
    let diff = v1::DiffRequest { a: sources(RULED), ..v1::DiffRequest::default() };
    let diff = cluster.policy().diff(diff).await.expect("a difference").into_inner();
    assert_eq!(u64::from(diff.changed), summary.changed);
    assert_eq!(u64::from(diff.newly_cloud), summary.newly_cloud);
    let order =
        |change: &v1::diff_response::Change| ids.iter().position(|id| *id == change.request_id);
    assert!(diff.changes.is_sorted_by(|one, next| order(one) > order(next)), "newest first");

    // A bound on what is told, a time, and another policy to compare with.
    let few = v1::SimulateRequest { change_limit: 2, ..under(RULED) };
    let (_, changes, again) = simulated(&cluster, few).await;
    assert_eq!((changes.len(), again.changed), (2, summary.changed));
    let before = v1::SimulateRequest { until_unix_ms: summary.last_unix_ms, ..under(RULED) };
    let (_, _, before) = simulated(&cluster, before).await;
    assert!(before.considered < summary.considered, "{before:?}");
    let since = v1::SimulateRequest { since_unix_ms: summary.last_unix_ms, ..under(RULED) };
    let (_, _, since) = simulated(&cluster, since).await;
    assert_eq!(before.considered + since.considered, summary.considered);
    let compared = Some(v1::PolicySources { sources: sources(RULED) });
    let (_, _, same) = simulated(&cluster, v1::SimulateRequest { compared, ..under(RULED) }).await;
    assert_eq!((same.changed, same.decided_under_compared), (0, 0));
}

#[tokio::test]
async fn nobody_but_an_administrator_simulates_and_mistakes_are_told() {
    let cluster = Cluster::start(Plan { policy: Some(RULED), ..Plan::default() }).await;
    let bad = cluster.policy().simulate(under("version = 1\nnmae = 'x'")).await;
    assert_eq!(bad.expect_err("no policy").code(), Code::FailedPrecondition);
    let (progress, changes, summary) = simulated(&cluster, under(NEAR)).await;
    assert_eq!((progress.as_slice(), changes.len(), summary.considered), (&[(0, 0)][..], 0, 0));
    assert_eq!((summary.first_unix_ms, summary.cut_short), (None, false));
    let plan = Plan {
        adjust: Some(|_, raw| raw.administrators = Some(vec![UserName("alice".into())])),
        ..Plan::default()
    };
    let cluster = Cluster::start(plan).await;
    let refused = cluster.policy().simulate(under(NEAR)).await.expect_err("refused");
    assert_eq!(refused.code(), Code::PermissionDenied);
}
