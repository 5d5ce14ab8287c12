//! What the router tells of itself: traces, metrics, and one line a request.
//!
//! [`names`] owns every name, [`request`] the trace that a request carries, [`steps`] the router's own steps,
//! [`calls`] what is told of each call to a target, [`outcome`] what is told of a request's end, `observed`
//! what is looked at when somebody reads, `later` the thread that tells. The pipeline calls these at a few places and knows nothing of spans
//! and instruments.
//!
//! Never told, in no form: a prompt, an answer, a tool's arguments, the name of a conversation, keys. What is
//! told comes out of decisions, flights and receipts, which hold no content either. Clouds are told nothing of
//! traces: a number that goes to a stranger with each request would tie requests together for him.

pub mod calls;
mod carried;
mod client;
mod labels;
mod later;
mod meters;
pub mod names;
mod observed;
pub mod outcome;
pub mod request;
pub mod steps;

pub use carried::Carried;
pub use names::Operation;
pub use outcome::Flown;
pub use request::RequestTrace;

use crate::clock::Clock;
use http::HeaderMap;
use later::Later;
use littoral_kit::telemetry::span::{Place, Spans, place};
use littoral_kit::telemetry::{Service, Settings, StartError};
use meters::Meters;
use names::Conventions;
use std::sync::Arc;
use std::time::Duration;

/// What the last spans and metrics may take to go out when the router ends.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The router's telemetry. Clones are the same.
#[derive(Clone)]
pub struct Telemetry(Arc<Inner>);

struct Inner {
    kit: littoral_kit::telemetry::Telemetry,
    meters: Meters,
    later: Later,
}

impl Telemetry {
    /// Starts. `instance` tells this router from others of its name.
    ///
    /// # Errors
    /// What the exporters do not take.
    pub fn start(settings: &Settings, instance: &str) -> Result<Self, StartError> {
        let service = Service { name: names::SERVICE, instance: Some(instance) };
        let kit = littoral_kit::telemetry::Telemetry::start(settings, service)?;
        let meters = Meters::new(kit.meter(), Conventions::asked(&settings.opt_in));
        let later = Later::start()?;
        Ok(Self(Arc::new(Inner { kit, meters, later })))
    }

    /// All metrics, as Prometheus reads them.
    #[must_use]
    pub fn prometheus(&self) -> String {
        self.0.later.catch_up();
        self.0.kit.prometheus()
    }

    /// The trace of a request that arrived then, as a part of the one that its headers tell of.
    #[must_use]
    pub fn request(
        &self,
        headers: &HeaderMap,
        operation: Operation,
        arrived: (Duration, Clock),
    ) -> RequestTrace {
        RequestTrace::begin(self, &parent(headers), operation, arrived)
    }

    fn spans(&self) -> &Spans {
        self.0.kit.spans()
    }

    /// Lets something be told that nobody waits for.
    fn later(&self, tale: impl FnOnce(&Meters) + Send + 'static) {
        let telemetry = self.clone();
        self.0.later.add(move || tale(&telemetry.0.meters));
    }

    /// Sends what is left, within a bound; true if everything arrived.
    pub async fn end(&self) -> bool {
        self.0.later.catch_up();
        self.0.kit.end(LAST_WORDS).await
    }
}

/// The place in a trace that a client's headers tell of, over HTTP and over gRPC; that of none where they
/// tell of none.
#[must_use]
pub fn parent(headers: &HeaderMap) -> Place {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text("traceparent") {
        Some(traceparent) => place(Some(traceparent), text("tracestate")),
        None => Place::empty_context(),
    }
}

/// Micro-dollars in dollars.
#[expect(clippy::cast_precision_loss, reason = "a sum that a float cannot hold is nobody's bill")]
fn usd(micros: u64) -> f64 {
    micros as f64 / 1e6
}
