//! A part without a collector, and places in traces.

use super::span::{Begin, Place, place};
use super::*;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn quiet() -> Telemetry {
    let service = Service { name: "test", instance: None };
    Telemetry::start(&Settings::default(), service).unwrap()
}

#[tokio::test]
async fn without_a_collector_there_are_no_spans_and_the_trace_goes_through() {
    let telemetry = quiet();
    assert!(!telemetry.spans().is_on());
    let parent = place(Some(PARENT), None);
    let span = telemetry.spans().begin(Begin::inside("work"), &parent);
    assert!(!span.is_recording());
    assert_eq!(span.traceparent(), PARENT);
    span.set(|| -> Vec<KeyValue> { panic!("nobody reads it, so it is not made") });
    assert!(telemetry.end(Duration::from_secs(1)).await);
}

#[test]
fn what_is_no_traceparent_is_of_no_trace() {
    for text in ["", "00-zz-1-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
        assert!(!place(Some(text), None).is_valid(), "{text:?}");
    }
    let nowhere = quiet().spans().begin(Begin::inside("work"), &Place::empty_context());
    assert_eq!((nowhere.traceparent().as_str(), nowhere.trace_id()), ("", None));
}

#[test]
fn metrics_are_there_as_text_without_a_collector() {
    let telemetry = quiet();
    let counter = telemetry.meter().u64_counter("test.calls").build();
    counter.add(3, &[KeyValue::new("kind", "a")]);
    let text = telemetry.prometheus();
    assert!(text.contains("test_calls_total{kind=\"a\"} 3"), "{text}");
    assert!(text.contains("service_name=\"test\""), "{text}");
}
