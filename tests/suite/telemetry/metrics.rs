//! What the text for Prometheus holds, and that a collector is told the same.

use super::*;
use littoral_kit::telemetry::RawTelemetry;

fn of_cloud(name: &str, more: &str) -> String {
    format!(
        "{name}{{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"stand-in\",\
         gen_ai_request_model=\"{CLOUD_MODEL}\",{more}tier=\"cloud\"}}"
    )
}

#[tokio::test]
async fn what_alarms_watch_is_there_at_zero_before_the_first_request() {
    let cluster = Cluster::start(Plan::default()).await;
    let text = cluster.router.pipeline.telemetry.prometheus();
    for class in ["public", "internal", "personal", "restricted"] {
        for tier in ["device", "edge", "cloud"] {
            let series =
                format!("littoral_egress_bytes_total{{class=\"{class}\",tier=\"{tier}\"}}");
            assert_eq!(value(&text, &series), Some(0.0), "{series} in {text}");
        }
    }
    for series in [
        "littoral_store_rows_lost_total",
        "littoral_spans_dropped_total{reason=\"queue_full\"}",
        "littoral_requests_total{outcome=\"OK\",tier=\"cloud\"}",
        "littoral_requests_waiting",
        "littoral_requests_active",
        "littoral_workers{state=\"ready\"}",
        "littoral_worker_slots{state=\"busy\"}",
    ] {
        assert_eq!(value(&text, series), Some(0.0), "{series} in {text}");
    }
    assert_eq!(value(&text, "littoral_egress_allowed"), Some(1.0));
}

#[tokio::test]
async fn an_answer_of_a_cloud_is_counted_with_the_bytes_of_its_receipt_and_its_cost() {
    let cloud = willing_cloud().await;
    let plan = Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| {
            let budget = "name = 'team'\nevery = 'month'\nusd = 1.0\n";
            raw.budget = vec![toml::from_str(budget).expect("a budget")];
        }),
        ..Plan::default()
    };
    let cluster = Cluster::start(plan).await;
    let answer = ask(&mut cluster.chat(), prompt("Hello", DataClass::Public)).await;
    let receipt = answer.done().receipt.as_ref().expect("a receipt");
    let text = cluster.router.pipeline.telemetry.prometheus();
    let is = |series: &str, expected: f64| {
        let found = value(&text, series);
        let close = found.is_some_and(|found| (found - expected).abs() < 1e-9);
        assert!(close, "{series} is {found:?} and not {expected} in {text}");
    };
    is("littoral_egress_bytes_total{class=\"public\",tier=\"cloud\"}", receipt.egress_bytes as f64);
    is("littoral_requests_total{outcome=\"OK\",tier=\"cloud\"}", 1.0);
    is("littoral_attempts_total{outcome=\"ok\",purpose=\"first\",tier=\"cloud\"}", 1.0);
    is(&of_cloud("littoral_cost_usd_total", ""), 4e-6);
    let tokens = |kind: &str| format!("gen_ai_token_type=\"{kind}\",");
    is(&of_cloud("gen_ai_client_token_usage_sum", &tokens("input")), 11.0);
    is(&of_cloud("gen_ai_client_token_usage_sum", &tokens("output")), 3.0);
    is(&of_cloud("gen_ai_client_operation_duration_seconds_count", ""), 1.0);
    is(&of_cloud("gen_ai_server_request_duration_seconds_count", ""), 1.0);
    is(&of_cloud("gen_ai_server_time_to_first_token_seconds_count", ""), 1.0);
    is(&of_cloud("gen_ai_server_time_per_output_token_seconds_count", ""), 1.0);
    for of in ["first_token", "total", "cost"] {
        is(&format!("littoral_prediction_ratio_count{{of=\"{of}\",tier=\"cloud\"}}"), 1.0);
    }
    for step in ["scan_duration", "decision_duration", "wait_duration", "router_overhead"] {
        is(&format!("littoral_{step}_seconds_count"), 1.0);
    }
    let budget = "{budget=\"team\",unit=\"usd\"}";
    is(&format!("littoral_budget_limit{budget}"), 1.0);
    is(&format!("littoral_budget_spent{budget}"), 4e-6);
    is(&format!("littoral_budget_held{budget}"), 0.0);
    is(&format!("littoral_budget_fullest_ratio{budget}"), 4e-6);
    let breaker = format!(
        "littoral_breaker_open{{gen_ai_provider_name=\"stand-in\",gen_ai_request_model=\"{CLOUD_MODEL}\"}}"
    );
    is(&breaker, 0.0);
}

#[tokio::test]
async fn a_worker_is_counted_where_it_stands_and_its_answers_with_their_energy() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    cluster.join(&Seat::own("desk"), engine).await;
    let answer = ask(&mut cluster.chat(), prompt("Hello", DataClass::Restricted)).await;
    assert_eq!(answer.text(), WORDS.concat());
    let text = cluster.router.pipeline.telemetry.prometheus();
    assert_eq!(value(&text, "littoral_workers{state=\"ready\"}"), Some(1.0), "{text}");
    assert_eq!(value(&text, "littoral_worker_slots{state=\"all\"}"), Some(2.0));
    let sent = value(&text, "littoral_egress_bytes_total{class=\"restricted\",tier=\"device\"}");
    assert!(sent.is_some_and(|bytes| bytes > 0.0), "{text}");
    let left = value(&text, "littoral_egress_bytes_total{class=\"restricted\",tier=\"cloud\"}");
    assert_eq!(left, Some(0.0));
    let joules = "littoral_energy_joules_total{gen_ai_operation_name=\"chat\",\
                  gen_ai_provider_name=\"littoral\",gen_ai_request_model=\"tiny\",tier=\"device\"}";
    assert!(value(&text, joules).is_some_and(|joules| joules > 0.0), "{text}");
}

#[tokio::test]
async fn a_collector_is_told_the_same_metrics_over_grpc_and_over_http() {
    for speech in [Speech::Grpc, Speech::Http] {
        let collector = Collector::start(speech, Manner::Takes).await;
        let cloud = willing_cloud().await;
        let telemetry = RawTelemetry { traces: false, ..collector.table() };
        let plan = Plan { cloud: Some(&cloud), telemetry, ..Plan::default() };
        let cluster = Cluster::start(plan).await;
        assert!(
            ask(&mut cluster.chat(), prompt("Hello", DataClass::Public)).await.status.is_none()
        );
        let wanted = "gen_ai.server.time_to_first_token";
        collector.wait_for(|it| names(it).iter().any(|name| name == wanted)).await;
        let told = names(&collector);
        for name in ["littoral.egress", "gen_ai.client.token.usage", "littoral.workers"] {
            assert!(told.iter().any(|told| told == name), "{name} in {told:?}");
        }
        assert!(collector.spans().is_empty(), "the table says no spans");
    }
}

/// The names of the metrics that a collector was told.
pub fn names(collector: &Collector) -> Vec<String> {
    let messages = collector.metrics();
    let resources = messages.iter().flat_map(|message| &message.resource_metrics);
    let scopes = resources.flat_map(|resource| &resource.scope_metrics);
    scopes.flat_map(|scope| &scope.metrics).map(|metric| metric.name.clone()).collect()
}
