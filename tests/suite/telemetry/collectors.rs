//! Collectors that are dead, that refuse and that hang cost nothing but spans.

use super::*;
use littoral_kit::telemetry::RawTelemetry;
use std::time::{Duration, Instant};

/// Requests made while nobody takes spans.
const REQUESTS: usize = 40;
/// What an orderly end may take though the collector says nothing, with room for a busy machine.
const END: Duration = Duration::from_secs(20);

/// Asks again and again with a queue of eight spans; returns the router's metrics after its end.
async fn ask_without_a_collector(telemetry: RawTelemetry) -> String {
    let telemetry = RawTelemetry { queue: 8, batch: 4, timeout_ms: 60_000, ..telemetry };
    let cloud = willing_cloud().await;
    let plan = Plan { cloud: Some(&cloud), telemetry, ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    for _ in 0..REQUESTS {
        let answer = ask(&mut cluster.chat(), prompt("Hello", DataClass::Public)).await;
        assert_eq!(answer.text(), WORDS.concat(), "nothing is said of the collector");
    }
    let begun = Instant::now();
    assert!(cluster.router.stop().await, "a collector that is gone is no fault of this end");
    assert!(begun.elapsed() < END, "the end took {:?}", begun.elapsed());
    cluster.router.pipeline.telemetry.prometheus()
}

fn dropped(text: &str) -> f64 {
    let why = ["queue_full", "not_taken", "at_the_end"];
    let series = why.map(|why| format!("littoral_spans_dropped_total{{reason=\"{why}\"}}"));
    series.iter().map(|series| value(text, series).expect("there from the start")).sum()
}

#[tokio::test]
async fn a_collector_that_hangs_delays_neither_requests_nor_the_end_and_what_it_misses_is_counted()
{
    for speech in [Speech::Grpc, Speech::Http] {
        let collector = Collector::start(speech, Manner::Hangs).await;
        let text = ask_without_a_collector(collector.table()).await;
        // Four with the collector and eight in the queue, of at least five a request.
        assert!(dropped(&text) >= (REQUESTS * 5 - 12) as f64, "{text}");
    }
}

#[tokio::test]
async fn a_collector_that_is_not_there_or_refuses_costs_spans_alone() {
    let refusing = Collector::start(Speech::Grpc, Manner::Refuses).await;
    let gone = {
        let collector = Collector::start(Speech::Http, Manner::Takes).await;
        collector.table()
    };
    for telemetry in [refusing.table(), gone] {
        let text = ask_without_a_collector(telemetry).await;
        assert!(dropped(&text) >= (REQUESTS * 5) as f64, "{text}");
    }
    assert!(refusing.spans().is_empty());
}

#[tokio::test]
async fn without_a_collector_there_is_no_span_to_drop() {
    let text = ask_without_a_collector(RawTelemetry::default()).await;
    assert_eq!(dropped(&text), 0.0);
    assert_eq!(value(&text, "littoral_requests_total{outcome=\"OK\",tier=\"cloud\"}"), Some(40.0));
}
