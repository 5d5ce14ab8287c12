//! Metrics on their way to a collector, by a task of ours: the SDK's reader has a thread without an event
//! loop, where the HTTP exporter cannot run, and an end of its own that blocks.

use super::Stages;
use opentelemetry_otlp::MetricExporter;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter as _;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// A reader that the task and the provider share.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<ManualReader>);

impl MetricReader for Shared {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// A reader for the provider, and the task that sends what it reads, to its end.
pub(super) fn to(
    exporter: MetricExporter,
    timeout: Duration,
    every: Duration,
    stages: &Stages,
) -> (Shared, impl Future<Output = ()> + Send + use<>) {
    let temporality = exporter.temporality();
    let reader = Shared(Arc::new(ManualReader::builder().with_temporality(temporality).build()));
    let run = run(exporter, reader.clone(), (timeout, every), stages.clone());
    (reader, run)
}

async fn run(
    exporter: MetricExporter,
    reader: Shared,
    (timeout, every): (Duration, Duration),
    stages: Stages,
) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is due at once, when there is nothing to tell yet.
    ticks.tick().await;
    let mut is_well = true;
    loop {
        let is_last = tokio::select! {
            biased;
            () = stages.last.cancelled() => true,
            _ = ticks.tick() => false,
        };
        let mut metrics = ResourceMetrics::default();
        if let Err(error) = reader.collect(&mut metrics) {
            tracing::warn!(%error, "metrics cannot be read");
            return;
        }
        let sent = tokio::select! {
            biased;
            () = stages.over.cancelled() => return,
            sent = tokio::time::timeout(timeout, exporter.export(&metrics)) => sent,
        };
        let took = matches!(sent, Ok(Ok(())));
        if is_well && !took {
            tracing::warn!(
                "the collector does not take metrics; the next ones hold what these held"
            );
        }
        is_well = took;
        if is_last {
            return;
        }
    }
}
