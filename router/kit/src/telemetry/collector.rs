//! Exporters for a collector: OTLP over gRPC or over HTTP with protobuf.
//!
//! Headers (a collector's key among them) come from `OTEL_EXPORTER_OTLP_HEADERS` and its kin, which the
//! exporters read themselves, and stand in no configuration file. HTTPS trusts what the system trusts. A batch
//! that fails is not sent again: the next one is on its way, and a queue behind a dead collector only costs.

use super::settings::{Collector, Protocol};
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use opentelemetry_otlp::{
    ExporterBuildError, MetricExporter, RetryPolicy, SpanExporter, WithExportConfig as _,
    WithHttpConfig as _, WithTonicConfig as _,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanExporter as _;

/// An exporter of spans that are from `resource`.
pub(super) fn spans(
    to: &Collector,
    resource: &Resource,
) -> Result<SpanExporter, ExporterBuildError> {
    let mut exporter = match to.protocol {
        Protocol::Grpc => {
            let mut builder = SpanExporter::builder()
                .with_tonic()
                .with_endpoint(&to.endpoint)
                .with_timeout(to.timeout)
                .with_retry_policy(RetryPolicy::disabled());
            if is_https(to) {
                builder = builder.with_tls_config(ClientTlsConfig::new().with_enabled_roots());
            }
            builder.build()?
        }
        Protocol::HttpProtobuf => SpanExporter::builder()
            .with_http()
            .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
            .with_endpoint(&to.endpoint)
            .with_timeout(to.timeout)
            .with_retry_policy(RetryPolicy::disabled())
            .build()?,
    };
    exporter.set_resource(resource);
    Ok(exporter)
}

/// An exporter of metrics.
pub(super) fn metrics(to: &Collector) -> Result<MetricExporter, ExporterBuildError> {
    match to.protocol {
        Protocol::Grpc => {
            let mut builder = MetricExporter::builder()
                .with_tonic()
                .with_endpoint(&to.endpoint)
                .with_timeout(to.timeout)
                .with_retry_policy(RetryPolicy::disabled());
            if is_https(to) {
                builder = builder.with_tls_config(ClientTlsConfig::new().with_enabled_roots());
            }
            builder.build()
        }
        Protocol::HttpProtobuf => MetricExporter::builder()
            .with_http()
            .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
            .with_endpoint(&to.endpoint)
            .with_timeout(to.timeout)
            .with_retry_policy(RetryPolicy::disabled())
            .build(),
    }
}

fn is_https(to: &Collector) -> bool {
    to.endpoint.starts_with("https://")
}
