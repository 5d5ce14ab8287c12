//! One line a request at info, in a process whose standard error is no terminal, and the environment's own
//! variables, which a process alone can be given.

use super::metrics::names;
use super::*;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_tests::process::Home;
use littoral_tests::serving;
use serde_json::Value;
use std::fs::{self, File};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tonic::transport::Channel;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

/// A router process that logs to a file of its home.
async fn router(home: &Home, adjust: impl FnOnce(&mut Command)) -> (Child, Channel) {
    let config = home.path("router.toml");
    let config = config.to_str().expect("a path in UTF-8");
    let mut command =
        home.command(["serve", "--config", config, "--listen", "127.0.0.1:0", "--json"]);
    let log = File::create(home.path("log.txt")).expect("a log");
    adjust(command.stdout(Stdio::piped()).stderr(Stdio::from(log)));
    let mut child = command.spawn().expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output")).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("in time");
    let ready: Value =
        serde_json::from_str(&line.expect("a line").expect("it is ready")).expect("JSON");
    let address = ready["address"].as_str().expect("an address").to_owned();
    let endpoint = Channel::from_shared(address).expect("an address");
    (child, endpoint.connect_timeout(PATIENCE).connect().await.expect("a connection"))
}

/// Asks the router to end, and waits until it has.
async fn end(mut child: Child) -> Option<i32> {
    let id = child.id().expect("a running process").to_string();
    let told = Command::new("kill").args(["-s", "TERM", &id]).status().await;
    assert!(told.expect("kill").success());
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await.expect("an end in time");
    ended.expect("a status").code()
}

/// The lines of the log that tell of a request's end. Beside the log there are words to people.
fn lines(home: &Home) -> Vec<Value> {
    let log = fs::read_to_string(home.path("log.txt")).expect("a log");
    let lines = log.lines().filter(|line| line.starts_with('{'));
    let parsed = lines.map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    parsed.filter(|line| line["message"] == "request").collect()
}

#[tokio::test]
async fn each_request_is_one_line_with_the_id_that_traces_and_receipts_carry() {
    let cloud = willing_cloud().await;
    let prices = "input_usd_micros_per_mtok = 150000\noutput_usd_micros_per_mtok = 600000\n";
    let mut home = serving::home(BINARY, &cloud, "", prices);
    home.set("OTEL_SDK_DISABLED", "true");
    let (child, channel) = router(&home, |_| ()).await;
    let mut chat = ChatServiceClient::new(channel);
    let word = format!("canary{:016x}", rand::random::<u64>());
    println!("the word of this run is {word}");
    let mut asked = tonic::Request::new(prompt(&word, DataClass::Public));
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    asked.metadata_mut().insert("traceparent", traceparent.parse().expect("a value"));
    let answered = read(chat.complete(asked).await.expect("a stream").into_inner()).await;
    let refused = ask(&mut chat, prompt(&word, DataClass::Restricted)).await;
    let mut bad = prompt(&word, DataClass::Public);
    bad.messages.clear();
    assert!(ask(&mut chat, bad).await.status.is_some());
    assert_eq!(end(child).await, Some(0));

    let lines = lines(&home);
    let [first, second, third] = &lines[..] else { panic!("three requests: {lines:#?}") };
    let receipt = answered.done().receipt.as_ref().expect("a receipt");
    assert_eq!(first["level"], "INFO");
    assert_eq!(first["request_id"], answered.routed().request_id.as_str());
    assert_eq!(first["trace_id"], "0af7651916cd43dd8448eb211c80319c", "though nobody takes spans");
    assert_eq!((&first["outcome"], &first["tier"]), (&"OK".into(), &"cloud".into()));
    assert_eq!(first["pool"], format!("stand-in/{CLOUD_MODEL}").as_str());
    assert_eq!((&first["prompt_tokens"], &first["completion_tokens"]), (&11.into(), &3.into()));
    assert_eq!((&first["cost_usd_micros"], &first["class"]), (&4.into(), &"public".into()));
    assert_eq!(first["egress_bytes"], receipt.egress_bytes);
    assert!(first["ms"].is_u64());
    assert_eq!(second["request_id"], refused.routed().request_id.as_str());
    assert_eq!(
        (&second["outcome"], &second["class"]),
        (&"EGRESS_DENIED".into(), &"restricted".into())
    );
    assert_eq!(second.get("tier"), None, "nobody answered");
    assert_eq!(third["outcome"], "INVALID_REQUEST");
    let log = fs::read_to_string(home.path("log.txt")).expect("a log");
    assert!(!log.contains(&word), "a line holds words of a request");
}

#[tokio::test]
async fn the_environment_names_collector_service_and_conventions() {
    let collector = Collector::start(Speech::Http, Manner::Takes).await;
    let cloud = willing_cloud().await;
    let home = serving::home(BINARY, &cloud, "", "");
    let (child, channel) = router(&home, |command| {
        command
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .env("OTEL_SERVICE_NAME", "harbour")
            .env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=lab")
            .env("OTEL_SEMCONV_STABILITY_OPT_IN", "gen_ai_latest_experimental");
    })
    .await;
    let mut chat = ChatServiceClient::new(channel);
    assert!(ask(&mut chat, prompt("Hello", DataClass::Public)).await.status.is_none());
    assert_eq!(end(child).await, Some(0));
    // Nothing is waited for: what was left went out before the end.
    let spans = collector.spans();
    let request = one(&spans, |seen| seen.is_of_server());
    assert_eq!(request.service(), "harbour");
    assert_eq!(request.resource["deployment.environment.name"], "lab");
    let told = names(&collector);
    for name in [
        "gen_ai.client.inference.duration",
        "gen_ai.client.inference.usage.input_tokens",
        "gen_ai.client.inference.operation.output_tokens",
        "gen_ai.server.request.duration",
    ] {
        assert!(told.iter().any(|told| told == name), "{name} in {told:?}");
    }
    assert!(!told.iter().any(|told| told == "gen_ai.client.token.usage"), "{told:?}");
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_ends_the_start_with_its_name() {
    let cloud = willing_cloud().await;
    let table = "[telemetry]\nendpoint = 'collector:4317'\nsample = 2.0\n";
    let mut home = serving::home(BINARY, &cloud, table, "");
    home.set("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon");
    let config = home.path("router.toml");
    let said = home.run(["serve", "--config", config.to_str().expect("a path in UTF-8")]).await;
    said.must_fail_with(&[
        "telemetry.sample: 0 to 1",
        "telemetry.endpoint",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "carrier-pigeon",
    ]);
}
