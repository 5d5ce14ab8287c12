//! What the table and the environment come to together.

use super::*;

fn compiled(raw: RawTelemetry, variables: &[(&str, &str)]) -> Result<Settings, Vec<Wrong>> {
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Settings::compile_with(raw, move |name| {
        variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    })
}

fn table() -> RawTelemetry {
    RawTelemetry { endpoint: Some("http://collector:4317".into()), ..RawTelemetry::default() }
}

#[test]
fn nothing_is_sent_where_nobody_names_a_collector() {
    let settings = compiled(RawTelemetry::default(), &[]).unwrap();
    assert_eq!(settings, Settings::default());
    assert_eq!((settings.traces, settings.metrics), (None, None));
}

#[test]
fn over_http_the_kinds_have_paths_of_their_own_beneath_the_address() {
    let raw = RawTelemetry { protocol: Some("http/protobuf".into()), ..table() };
    let settings = compiled(raw, &[]).unwrap();
    assert_eq!(settings.traces.unwrap().endpoint, "http://collector:4317/v1/traces");
    assert_eq!(settings.metrics.unwrap().endpoint, "http://collector:4317/v1/metrics");
}

#[test]
fn the_environment_outweighs_the_table() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://other:4318/"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://third/spans"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ("OTEL_SERVICE_NAME", "edge"),
        ("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_latest_experimental"),
    ];
    let settings = compiled(table(), &variables).unwrap();
    let (traces, metrics) = (settings.traces.unwrap(), settings.metrics.unwrap());
    assert_eq!(traces.endpoint, "http://third/spans", "an address for one kind is whole");
    assert_eq!(metrics.endpoint, "http://other:4318/v1/metrics");
    assert_eq!(traces.timeout, Duration::from_millis(1500));
    assert_eq!(settings.sampling, Sampling::ParentBased(0.25));
    assert_eq!(settings.service_name.as_deref(), Some("edge"));
    assert_eq!(settings.opt_in, ["http", "gen_ai_latest_experimental"]);
}

#[test]
fn a_kind_is_left_out_by_the_table_or_the_environment() {
    let raw = RawTelemetry { metrics: false, ..table() };
    let settings = compiled(raw, &[]).unwrap();
    assert!(settings.traces.is_some() && settings.metrics.is_none());
    let settings = compiled(table(), &[("OTEL_TRACES_EXPORTER", "none")]).unwrap();
    assert!(settings.traces.is_none() && settings.metrics.is_some());
    let settings = compiled(table(), &[("OTEL_SDK_DISABLED", "true")]).unwrap();
    assert_eq!((settings.traces, settings.metrics), (None, None));
    let settings = compiled(RawTelemetry::default(), &[("OTEL_TRACES_EXPORTER", "otlp")]).unwrap();
    assert_eq!(settings.traces.unwrap().endpoint, "http://localhost:4317");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let raw = RawTelemetry {
        endpoint: Some("collector:4317".into()),
        protocol: Some("http/json".into()),
        sample: 1.5,
        queue: 0,
        timeout_ms: 0,
        ..RawTelemetry::default()
    };
    let wrong = compiled(raw, &[("OTEL_BSP_MAX_QUEUE_SIZE", "many")]).unwrap_err();
    let places: Vec<&str> = wrong.iter().map(|(place, _)| place.as_str()).collect();
    for place in
        ["sample", "queue", "timeout_ms", "protocol", "endpoint", "OTEL_BSP_MAX_QUEUE_SIZE"]
    {
        assert!(places.contains(&place), "{place} is missing in {wrong:?}");
    }
}
