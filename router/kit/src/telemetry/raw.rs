//! The `[telemetry]` table as people write it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Where spans and metrics go. What the environment says in OpenTelemetry's own variables outweighs it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTelemetry {
    /// Address of an OTLP collector, `http://host:4317`; absent: none, and nothing is sent.
    pub endpoint: Option<String>,
    /// `grpc` or `http/protobuf`.
    pub protocol: Option<String>,
    /// Spans are sent.
    pub traces: bool,
    /// Metrics are sent.
    pub metrics: bool,
    /// Share of the traces that begin here that is recorded, 0 to 1; who comes with a trace decided for
    /// itself.
    pub sample: f64,
    /// Name of the service.
    pub service_name: Option<String>,
    /// What else is said of it.
    pub attributes: BTreeMap<String, String>,
    /// Spans that may wait for the collector.
    pub queue: usize,
    /// Spans in one message at most.
    pub batch: usize,
    /// Longest time for which a span waits, in milliseconds.
    pub delay_ms: u64,
    /// Time between two messages with metrics, in milliseconds.
    pub metrics_every_ms: u64,
    /// Longest wait for the collector to take a message, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for RawTelemetry {
    fn default() -> Self {
        Self {
            endpoint: None,
            protocol: None,
            traces: true,
            metrics: true,
            sample: 1.0,
            service_name: None,
            attributes: BTreeMap::new(),
            queue: 4_096,
            batch: 512,
            delay_ms: 2_000,
            metrics_every_ms: 15_000,
            timeout_ms: 5_000,
        }
    }
}
