//! Spans that are carried: each is a value that goes where the work goes, and none is "the current one".
//!
//! What is done for a request is spread over tasks, sessions and streams. A span that hangs on a thread or on
//! the body of one function ends with the function, when the answer has only begun; a span that is held by
//! the answer ends with it. It ends once: at [`Span::end`], or when the last clone is dropped.

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    Link, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;
use std::borrow::Cow;
use std::time::SystemTime;

pub use opentelemetry::trace::{SpanContext as Place, SpanKind as Kind};

/// Begins spans, or none where nobody takes them.
#[derive(Clone, Debug, Default)]
pub struct Spans(Option<SdkTracer>);

/// How a span begins.
#[derive(Debug)]
pub struct Begin {
    /// What is done. Of few values: what varies is an attribute.
    pub name: Cow<'static, str>,
    /// On which side of a call.
    pub kind: Kind,
    /// Its beginning; absent: now.
    pub at: Option<SystemTime>,
    /// What is known at the beginning.
    pub attributes: Vec<KeyValue>,
    /// Spans that it follows from without being a part of them, each with what that is.
    pub links: Vec<(Place, Vec<KeyValue>)>,
}

impl Begin {
    /// A span inside this process, from now on.
    #[must_use]
    pub fn inside(name: &'static str) -> Self {
        Self {
            name: name.into(),
            kind: SpanKind::Internal,
            at: None,
            attributes: Vec::new(),
            links: Vec::new(),
        }
    }
}

impl Spans {
    pub(super) fn new(tracer: Option<SdkTracer>) -> Self {
        Self(tracer)
    }

    /// Whether a span would reach anybody.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Begins a span as a part of `parent`, or of a trace of its own. Where nobody takes spans the result
    /// stands at the parent's place, so that who comes after still finds the trace.
    #[must_use]
    pub fn begin(&self, begin: Begin, parent: &Place) -> Span {
        let Some(tracer) = &self.0 else { return Span::at(parent.clone()) };
        let Begin { name, kind, at, attributes, links } = begin;
        let links = links.into_iter().map(|(to, what)| Link::new(to, what, 0)).collect();
        let mut builder = SpanBuilder::from_name(name)
            .with_kind(kind)
            .with_attributes(attributes)
            .with_links(links);
        if let Some(at) = at {
            builder = builder.with_start_time(at);
        }
        // To the sampler a parent of no trace would be one that decided against it.
        let parent = match parent.is_valid() {
            true => Context::new().with_remote_span_context(parent.clone()),
            false => Context::new(),
        };
        let span = tracer.build_with_context(builder, &parent);
        let place = opentelemetry::trace::Span::span_context(&span).clone();
        let recording = opentelemetry::trace::Span::is_recording(&span);
        Span { place, open: recording.then(|| Context::new().with_span(span)) }
    }
}

/// A span, or only its place in a trace that is not recorded.
#[derive(Clone, Debug)]
pub struct Span {
    place: Place,
    open: Option<Context>,
}

impl Default for Span {
    fn default() -> Self {
        Self::at(SpanContext::empty_context())
    }
}

impl Span {
    /// A place without a span of its own.
    #[must_use]
    pub const fn at(place: Place) -> Self {
        Self { place, open: None }
    }

    /// Somebody will read what is set on it.
    #[must_use]
    pub const fn is_recording(&self) -> bool {
        self.open.is_some()
    }

    /// Where it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The number of its trace, where it is in one.
    #[must_use]
    pub fn trace_id(&self) -> Option<String> {
        self.place.is_valid().then(|| self.place.trace_id().to_string())
    }

    /// Its place as a W3C `traceparent`; empty where it is in no trace.
    #[must_use]
    pub fn traceparent(&self) -> String {
        let place = &self.place;
        if !place.is_valid() {
            return String::new();
        }
        let sampled = u8::from(place.is_sampled());
        format!("00-{}-{}-{sampled:02x}", place.trace_id(), place.span_id())
    }

    /// Gives it another name.
    pub fn rename(&self, name: impl FnOnce() -> Cow<'static, str>) {
        if let Some(open) = &self.open {
            open.span().update_name(name());
        }
    }

    /// Says something of it. What is said is made only where somebody reads it.
    pub fn set<A: IntoIterator<Item = KeyValue>>(&self, attributes: impl FnOnce() -> A) {
        if let Some(open) = &self.open {
            open.span().set_attributes(attributes());
        }
    }

    /// Something happened in it at that moment.
    pub fn event(&self, name: &'static str, at: SystemTime) {
        if let Some(open) = &self.open {
            open.span().add_event_with_timestamp(name, at, Vec::new());
        }
    }

    /// It failed. `why` is one of few words.
    pub fn fail(&self, why: impl Into<Cow<'static, str>>) {
        if let Some(open) = &self.open {
            open.span().set_status(Status::Error { description: why.into() });
        }
    }

    /// It is over, now or at that moment.
    pub fn end(&self, at: Option<SystemTime>) {
        let Some(open) = &self.open else { return };
        match at {
            Some(at) => open.span().end_with_timestamp(at),
            None => open.span().end(),
        }
    }
}

/// The place that a W3C `traceparent`, with its `tracestate` where there is one, tells of; that of no trace
/// where it cannot be read.
#[must_use]
pub fn place(traceparent: Option<&str>, tracestate: Option<&str>) -> Place {
    let told = Told { traceparent, tracestate };
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &told);
    context.span().span_context().clone()
}

struct Told<'a> {
    traceparent: Option<&'a str>,
    tracestate: Option<&'a str>,
}

impl Extractor for Told<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => self.traceparent,
            "tracestate" => self.tracestate,
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}
