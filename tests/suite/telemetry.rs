//! What the router and its workers tell of themselves: one trace a request through both, metrics, one line.
//! A collector of ours listens on real sockets; what it and the log are told is searched for content.

mod collectors;
mod content;
mod lines;
mod metrics;
mod rules;
mod series;
mod traces;

use littoral_kit::telemetry::Settings;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{Answer as Heard, ask, prompt, read};
use littoral_tests::cloud::{Answer, Behaviour, Gate, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, PATIENCE, Plan, Seat};
use littoral_tests::collector::{Collector, Manner, Seen, Speech};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;

const WORDS: [&str; 3] = ["one ", "two ", "three"];

/// The one span that is as wanted.
fn one(spans: &[Seen], wanted: impl Fn(&Seen) -> bool) -> &Seen {
    let found: Vec<_> = spans.iter().filter(|seen| wanted(seen)).collect();
    match found[..] {
        [one] => one,
        _ => panic!("{} are as wanted, of {spans:#?}", found.len()),
    }
}

/// The router's one span of that name.
fn named<'a>(spans: &'a [Seen], name: &str) -> &'a Seen {
    one(spans, |seen| seen.name() == name && seen.service() == "littoral-router")
}

/// The span of the one request: on the server's side, and the router's.
fn request(spans: &[Seen]) -> &Seen {
    one(spans, |seen| seen.is_of_server() && seen.service() == "littoral-router")
}

/// The calls to targets, in the order in which they began.
fn calls(spans: &[Seen]) -> Vec<&Seen> {
    let mut calls: Vec<_> = spans.iter().filter(|seen| seen.is_of_client()).collect();
    calls.sort_by_key(|seen| seen.span.start_time_unix_nano);
    calls
}

/// A collector has the span of a request, which is the last of its router's.
fn has_request(collector: &Collector) -> bool {
    collector.spans().iter().any(|seen| seen.is_of_server() && seen.service() == "littoral-router")
}

/// A cluster whose one worker tells the same collector of itself.
async fn watched(collector: &Collector, seat: &Seat) -> Cluster {
    let plan = Plan { telemetry: collector.table(), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let mut config = cluster.worker_config(seat, cluster.token(seat));
    config.telemetry = Settings::compile(collector.table()).expect("a table that can be used");
    cluster.join_with(config, Arc::new(ScriptedEngine::new("tiny", &WORDS))).await;
    cluster
}

/// A cloud that always answers, and says that it read 11 tokens and wrote 3: 4 micro-dollars.
async fn willing_cloud() -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::Answer(Answer::new(WORDS).with_usage(11, 3)));
    cloud
}

/// The value of one series in Prometheus' text; nothing where it is not there.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text
        .lines()
        .find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}
