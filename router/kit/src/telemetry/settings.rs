//! What telemetry runs on: the table and the environment, checked and put together.

use super::batch::Terms;
use super::environment::Environment;
use super::raw::RawTelemetry;
use opentelemetry_sdk::trace::{Sampler, ShouldSample};
use std::time::Duration;

/// How a collector is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OTLP over gRPC.
    Grpc,
    /// OTLP in protobuf over HTTP.
    HttpProtobuf,
}

impl Protocol {
    /// The protocol of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "grpc" => Some(Self::Grpc),
            "http/protobuf" => Some(Self::HttpProtobuf),
            _ => None,
        }
    }
}

/// A collector for one kind of telemetry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// Its address; over HTTP with the path of the kind.
    pub endpoint: String,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Longest wait for it to take a message.
    pub timeout: Duration,
}

/// Which traces are recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampling {
    /// As who comes with a trace decided; of those that begin here, this share.
    ParentBased(f64),
    /// This share of all, whoever decided what.
    Share(f64),
}

impl Sampling {
    pub(super) fn sampler(self) -> Box<dyn ShouldSample> {
        match self {
            Self::ParentBased(share) => {
                Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share))).into()
            }
            Self::Share(share) => Sampler::TraceIdRatioBased(share).into(),
        }
    }
}

/// What telemetry runs on. The default sends nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Where spans go.
    pub traces: Option<Collector>,
    /// Where metrics go.
    pub metrics: Option<Collector>,
    /// Which traces are recorded.
    pub sampling: Sampling,
    /// Name of the service; absent: that of the part.
    pub service_name: Option<String>,
    /// What else is said of it.
    pub attributes: Vec<(String, String)>,
    /// Spans that may wait.
    pub queue: usize,
    /// Spans in one message at most.
    pub batch: usize,
    /// Longest time for which a span waits while the collector is well.
    pub delay: Duration,
    /// Time between two messages with metrics.
    pub metrics_every: Duration,
    /// Conventions that are asked for beyond the established ones.
    pub opt_in: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let raw = RawTelemetry::default();
        Self {
            traces: None,
            metrics: None,
            sampling: Sampling::ParentBased(raw.sample),
            service_name: None,
            attributes: Vec::new(),
            queue: raw.queue,
            batch: raw.batch,
            delay: Duration::from_millis(raw.delay_ms),
            metrics_every: Duration::from_millis(raw.metrics_every_ms),
            opt_in: Vec::new(),
        }
    }
}

/// One thing that is wrong: the key of the table or the variable, and why.
pub type Wrong = (String, String);

impl Settings {
    /// The table, with what this process's environment says over it.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn compile(raw: RawTelemetry) -> Result<Self, Vec<Wrong>> {
        Self::compile_with(raw, |name| std::env::var(name).ok())
    }

    /// The same with an environment of the caller's.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn compile_with(
        raw: RawTelemetry,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        check(&raw, &mut wrong);
        let settings = Environment::new(&variable, &mut wrong).over(raw);
        if wrong.is_empty() { Ok(settings) } else { Err(wrong) }
    }

    pub(super) fn batches(&self, to: &Collector) -> Terms {
        let Self { queue, batch, delay, .. } = *self;
        Terms { queue, batch, delay, timeout: to.timeout }
    }
}

/// Notes every setting of the table that cannot work.
fn check(raw: &RawTelemetry, wrong: &mut Vec<Wrong>) {
    let mut require = |holds: bool, key: &str, reason: &str| {
        if !holds {
            wrong.push((key.to_owned(), reason.to_owned()));
        }
    };
    require((0.0..=1.0).contains(&raw.sample), "sample", "0 to 1");
    require((1..=1_000_000).contains(&raw.queue), "queue", "1 to 1000000");
    require((1..=raw.queue.max(1)).contains(&raw.batch), "batch", "1 to `queue`");
    require((1..=600_000).contains(&raw.delay_ms), "delay_ms", "1 to 600000");
    let every = 100..=3_600_000;
    require(every.contains(&raw.metrics_every_ms), "metrics_every_ms", "100 to 3600000");
    require((1..=600_000).contains(&raw.timeout_ms), "timeout_ms", "1 to 600000");
}

#[cfg(test)]
mod tests;
