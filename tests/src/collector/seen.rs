//! A span as a collector sees it.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use std::collections::BTreeMap;

/// A span, and who sent it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was said of who sent it.
    pub resource: BTreeMap<String, String>,
    /// The span.
    pub span: Span,
}

/// The spans of a message.
pub(super) fn all(message: ExportTraceServiceRequest) -> Vec<Seen> {
    let mut all = Vec::new();
    for of_resource in message.resource_spans {
        let attributes = of_resource.resource.map(|resource| resource.attributes);
        let resource = texts(&attributes.unwrap_or_default());
        for span in of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            all.push(Seen { resource: resource.clone(), span });
        }
    }
    all
}

impl Seen {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.span.name
    }

    /// The service that sent it.
    #[must_use]
    pub fn service(&self) -> &str {
        self.resource.get("service.name").map_or("", String::as_str)
    }

    /// An attribute, as text.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<String> {
        texts(&self.span.attributes).remove(key)
    }

    /// Whether it is a part of another.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        self.span.trace_id == other.span.trace_id && self.span.parent_span_id == other.span.span_id
    }

    /// The number of its trace, in hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        hex(&self.span.trace_id)
    }

    /// The number of what it is a part of, in hexadecimal digits; empty where it is the whole.
    #[must_use]
    pub fn parent_id(&self) -> String {
        hex(&self.span.parent_span_id)
    }

    /// Whether it is what a server did for a client.
    #[must_use]
    pub fn is_of_server(&self) -> bool {
        self.span.kind() == SpanKind::Server
    }

    /// Whether it is a call to somebody else.
    #[must_use]
    pub fn is_of_client(&self) -> bool {
        self.span.kind() == SpanKind::Client
    }

    /// Whether it is linked to another, and as what.
    #[must_use]
    pub fn link_to(&self, other: &Self) -> Option<String> {
        let link = self.span.links.iter().find(|link| link.span_id == other.span.span_id)?;
        texts(&link.attributes).remove("littoral.link")
    }

    /// Whether something of that name happened in it, between its beginning and its end.
    #[must_use]
    pub fn has_event(&self, name: &str) -> bool {
        let within = self.span.start_time_unix_nano..=self.span.end_time_unix_nano;
        let is = |event: &Event| event.name == name && within.contains(&event.time_unix_nano);
        self.span.events.iter().any(is)
    }

    /// Whether it says that it failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error)
    }
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| (attribute.key.clone(), text(attribute.value.as_ref()));
    attributes.iter().map(text).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::BoolValue(value)) => value.to_string(),
        Some(Value::IntValue(value)) => value.to_string(),
        Some(Value::DoubleValue(value)) => value.to_string(),
        Some(Value::ArrayValue(array)) => {
            let texts = array.values.iter().map(|value| text(Some(value)));
            texts.collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
