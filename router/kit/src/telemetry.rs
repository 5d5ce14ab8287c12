//! Telemetry of one part of a process: spans and metrics, pushed by OTLP where a collector is named, and
//! metrics as Prometheus text in any case.
//!
//! - Nothing is global. A process may hold two parts (a router, and a worker beside it), each with a name
//!   of its own, and a test holds many.
//! - Without a collector for spans there is no span: [`span::Spans`] begins nothing then, and what is set on
//!   it is not even computed. Metrics are always counted, for who asks for the text.
//! - A collector that is slow or dead costs memory up to a bound and nothing else (`batch`): whoever ends
//!   a span never waits, what does not fit is dropped and counted in [`Losses`].
//! - The end is bounded ([`Telemetry::end`]): what is left goes out within it, or is counted and forgotten.
//!
//! The SDK's own batch processor was not taken: it runs on a thread without an event loop, where the HTTP
//! exporter cannot run, and tells nobody how many spans it dropped.

mod batch;
mod collector;
mod environment;
mod losses;
mod push;
mod raw;
mod sending;
pub mod settings;
pub mod span;

pub use losses::{Losses, Lost};
pub use opentelemetry::metrics;
pub use opentelemetry::{Array, Key, KeyValue, StringValue, Value};
pub use raw::RawTelemetry;
pub use settings::{Collector, Protocol, Sampling, Settings};

use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use sending::Sending;
use span::Spans;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Who speaks.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Name where the settings give none, and name of the instrumentation.
    pub name: &'static str,
    /// Which one of that name: two of them do not share series.
    pub instance: Option<&'a str>,
}

/// Why telemetry did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A collector's address or protocol cannot be used.
    #[error("failed to make an exporter for the collector: {0}")]
    Exporter(#[from] ExporterBuildError),
    /// The system gives no thread, or no event loop to send from.
    #[error("failed to start a thread of telemetry: {0}")]
    Thread(#[from] std::io::Error),
    /// The text of metrics cannot be set up.
    #[error("failed to set metrics up: {0}")]
    Metrics(#[from] opentelemetry_sdk::error::OTelSdkError),
}

/// A part's telemetry. Clones are the same.
#[derive(Clone)]
pub struct Telemetry(Arc<Inner>);

struct Inner {
    spans: Spans,
    tracers: SdkTracerProvider,
    #[expect(dead_code, reason = "it is held here because its readers hold it weakly")]
    meters: SdkMeterProvider,
    meter: Meter,
    registry: prometheus::Registry,
    losses: Arc<Losses>,
    stages: Stages,
    tasks: TaskTracker,
}

/// Nobody waits for the end any more.
impl Drop for Inner {
    fn drop(&mut self) {
        self.stages.last.cancel();
        self.stages.over.cancel();
    }
}

/// The two stages of an end: send what is left, and leave it.
#[derive(Clone, Default)]
struct Stages {
    last: CancellationToken,
    over: CancellationToken,
}

impl Telemetry {
    /// Starts, with a thread of its own where a collector is named.
    ///
    /// # Errors
    /// What the exporters do not take.
    pub fn start(settings: &Settings, service: Service<'_>) -> Result<Self, StartError> {
        let (tasks, stages, losses) = (TaskTracker::new(), Stages::default(), Arc::default());
        let resource = resource(settings, service);
        let sends = settings.traces.is_some() || settings.metrics.is_some();
        let mut sending = sends.then(Sending::new).transpose()?;
        let mut tracers = SdkTracerProvider::builder()
            .with_resource(resource.clone())
            .with_sampler(settings.sampling.sampler());
        if let (Some(to), Some(sending)) = (&settings.traces, &mut sending) {
            let exporter = sending.inside(|| collector::spans(to, &resource))?;
            let (processor, run) =
                batch::to(exporter, settings.batches(to), &stages, Arc::clone(&losses));
            tracers = tracers.with_span_processor(processor);
            sending.add(run, &tasks);
        }
        let tracers = tracers.build();
        let tracer = settings.traces.is_some().then(|| tracers.tracer(service.name));
        let registry = prometheus::Registry::new();
        let text = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()?;
        let mut meters = SdkMeterProvider::builder().with_resource(resource).with_reader(text);
        if let (Some(to), Some(sending)) = (&settings.metrics, &mut sending) {
            let exporter = sending.inside(|| collector::metrics(to))?;
            let (reader, run) = push::to(exporter, to.timeout, settings.metrics_every, &stages);
            meters = meters.with_reader(reader);
            sending.add(run, &tasks);
        }
        sending.map(Sending::begin).transpose()?;
        let meters = meters.build();
        let meter = meters.meter(service.name);
        let spans = Spans::new(tracer);
        Ok(Self(Arc::new(Inner { spans, tracers, meters, meter, registry, losses, stages, tasks })))
    }

    /// Begins spans.
    #[must_use]
    pub fn spans(&self) -> &Spans {
        &self.0.spans
    }

    /// Makes instruments.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.0.meter
    }

    /// Spans that no collector got.
    #[must_use]
    pub fn losses(&self) -> &Arc<Losses> {
        &self.0.losses
    }

    /// All metrics as Prometheus reads them.
    #[must_use]
    pub fn prometheus(&self) -> String {
        let families = self.0.registry.gather();
        let text = prometheus::TextEncoder::new().encode_to_string(&families);
        text.unwrap_or_else(|error| {
            tracing::warn!(%error, "metrics cannot be written as text");
            String::new()
        })
    }

    /// Sends what is left, within the bound; true if everything arrived. Spans that end later are lost.
    pub async fn end(&self, bound: Duration) -> bool {
        let Inner { tasks, stages, losses, .. } = &*self.0;
        let lost = losses.count();
        tasks.close();
        stages.last.cancel();
        let in_time = tokio::time::timeout(bound, tasks.wait()).await.is_ok();
        stages.over.cancel();
        // Told to leave everything, they do at their next look: nothing is waited for in between.
        tasks.wait().await;
        // Metrics can still be read as text. What else the SDK has to say of its end is said in the count.
        let _ = self.0.tracers.shutdown();
        in_time && losses.count() == lost
    }
}

/// What every span and every metric says of who it is from.
fn resource(settings: &Settings, service: Service<'_>) -> Resource {
    let name = settings.service_name.clone().unwrap_or_else(|| service.name.to_owned());
    let attributes = settings.attributes.iter();
    let attributes = attributes.map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let mut resource = Resource::builder()
        .with_attributes(attributes)
        .with_service_name(name)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    if let Some(instance) = service.instance {
        resource =
            resource.with_attribute(KeyValue::new("service.instance.id", instance.to_owned()));
    }
    resource.build()
}

#[cfg(test)]
mod tests;
