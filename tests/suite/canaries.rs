//! No content in logs, records, receipts, errors or explanations: words that occur nowhere else go through
//! every field and every path of a router process that logs all it can, and then everything that it wrote
//! down or said is searched for them.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use littoral_tests::ask::{Answer, ask, prompt};
use littoral_tests::cloud::{self, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, PATIENCE};
use littoral_tests::process::Home;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tonic::transport::Channel;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
/// What every canary begins with. Split, so that this file does not hold it.
const MARK: &str = concat!("quok", "kazebra");

/// Canaries with numbers, so that a failure says which field it was.
#[derive(Default)]
struct Canaries(usize);

impl Canaries {
    fn next(&mut self) -> String {
        self.0 += 1;
        format!("{MARK}{}", self.0)
    }
}

/// A request with a canary in every field that holds text.
fn everywhere(canaries: &mut Canaries, label: DataClass) -> v1::ChatRequest {
    let mut word = || canaries.next();
    let mut request = prompt(&format!("{} mail {}@example.org", word(), word()), label);
    request.messages[0].name = Some(word());
    let call = v1::ToolCall {
        id: word(),
        name: word(),
        arguments_json: format!("{{\"card\":\"{} 4111 1111 1111 1111\"}}", word()),
    };
    let id = call.id.clone();
    let said = v1::Part { content: Some(v1::part::Content::Text(word())), ..v1::Part::default() };
    request.messages.push(v1::Message {
        role: v1::Role::Assistant.into(),
        tool_calls: vec![call],
        ..v1::Message::default()
    });
    request.messages.push(v1::Message {
        role: v1::Role::Tool.into(),
        parts: vec![said],
        tool_call_id: Some(id),
        ..v1::Message::default()
    });
    request.tools = vec![v1::Tool {
        name: word(),
        description: Some(word()),
        parameters_json: Some(format!("{{\"type\":\"object\",\"title\":\"{}\"}}", word())),
        strict: None,
    }];
    request.stop = vec![word()];
    request.user = Some(word());
    request.metadata = [(word(), word())].into();
    request.hints.get_or_insert_default().session_key = Some(word());
    request
}

/// A router process that writes its log to a file of its home.
async fn router(home: &Home, cloud: &ScriptedCloud) -> (tokio::process::Child, Channel) {
    fs::write(home.path("cloud.key"), format!("key-{:016x}", rand::random::<u64>()))
        .expect("a key");
    let settings = format!(
        "[[provider]]\nname = 'stand-in'\nbase_url = '{}'\napi_key_file = 'cloud.key'\n\
         [[provider.model]]\nname = '{CLOUD_MODEL}'\ncontext_tokens = 8192\ntools = true\n",
        cloud.base_url()
    );
    fs::write(home.path("router.toml"), settings).expect("a configuration");
    let config = home.path("router.toml");
    let config = config.to_str().expect("a path in UTF-8");
    let log = File::create(home.path("log.txt")).expect("a log");
    let mut command =
        home.command(["serve", "--config", config, "--listen", "127.0.0.1:0", "--json"]);
    command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::from(log)).spawn().expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output")).lines();
    let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("in time");
    let ready: serde_json::Value =
        serde_json::from_str(&line.expect("a line").expect("it is ready")).expect("JSON");
    let address = ready["address"].as_str().expect("an address").to_owned();
    let endpoint = Channel::from_shared(address).expect("an address");
    (child, endpoint.connect_timeout(PATIENCE).connect().await.expect("a connection"))
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if let Ok(bytes) = fs::read(&path) {
            all.push((path.display().to_string(), bytes));
        }
    }
    all
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes())
}

/// What a router says of a request beside its answer.
async fn said_of(channel: &Channel, answer: &Answer) -> Vec<u8> {
    let mut said = Vec::new();
    if let Some(status) = &answer.status {
        said.extend(status.message().bytes());
        said.extend_from_slice(status.details());
    }
    for event in &answer.events {
        if let v1::chat_event::Event::Routed(routed) = event {
            said.extend(prost::Message::encode_to_vec(routed));
            let request = v1::ExplainRequest { request_id: routed.request_id.clone() };
            let mut routing = RoutingServiceClient::new(channel.clone());
            let explained = routing.explain(request).await.expect("a record").into_inner();
            said.extend(prost::Message::encode_to_vec(&explained));
        }
        if let v1::chat_event::Event::Done(done) = event {
            said.extend(prost::Message::encode_to_vec(done));
        }
    }
    said
}

#[tokio::test]
async fn no_word_of_anybody_is_in_what_a_router_writes_down_or_says_of_a_request() {
    let home = Home::empty(BINARY);
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (mut process, channel) = router(&home, &cloud).await;
    let mut canaries = Canaries::default();
    let mut chat = ChatServiceClient::new(channel.clone());
    let mut said = Vec::new();

    // Kept back by its findings, by its label; cleared; refused as malformed.
    for label in [DataClass::Unspecified, DataClass::Restricted, DataClass::Public] {
        let answer = ask(&mut chat, everywhere(&mut canaries, label)).await;
        assert!(answer.status.is_some(), "a finding keeps it here");
        said.extend(said_of(&channel, &answer).await);
    }
    for behaviour in [
        Behaviour::Answer(cloud::Answer::new([canaries.next(), canaries.next()])),
        Behaviour::error_after(
            cloud::Answer::new([canaries.next(), canaries.next()]),
            1,
            &canaries.next(),
        ),
        Behaviour::server_error(),
        Behaviour::malformed_stream(),
    ] {
        cloud.script(behaviour);
        let clean = prompt(&canaries.next(), DataClass::Public);
        let answer = ask(&mut chat, clean).await;
        said.extend(said_of(&channel, &answer).await);
    }
    assert!(cloud.requests().len() >= 4, "clean prompts leave");
    let mut bad = everywhere(&mut canaries, DataClass::Unspecified);
    bad.tools[0].parameters_json = Some(format!("{{ {}", canaries.next()));
    bad.messages[0].role = 77;
    bad.request_id = "no spaces allowed".into();
    let answer = ask(&mut chat, bad).await;
    assert_eq!(answer.failure().0, tonic::Code::InvalidArgument);
    said.extend(said_of(&channel, &answer).await);

    let mut privacy = PrivacyServiceClient::new(channel.clone());
    let content =
        v1::analyze_request::Content::Request(everywhere(&mut canaries, DataClass::Public));
    let request = v1::AnalyzeRequest { content: Some(content), kinds: Vec::new() };
    let analysis = privacy.analyze(request).await.expect("an analysis").into_inner();
    assert!(analysis.findings.iter().any(|finding| finding.kind == "CREDIT_CARD"));
    said.extend(prost::Message::encode_to_vec(&analysis));
    let receipts = privacy.list_receipts(v1::ListReceiptsRequest::default()).await;
    let receipts = receipts.expect("receipts").into_inner();
    assert!(receipts.receipts.len() >= 7);
    said.extend(prost::Message::encode_to_vec(&receipts));
    let metrics = home.path("log.txt");

    process.kill().await.expect("an end");
    let written = files(home.path("").as_path());
    let log = fs::read(metrics).expect("a log");
    assert!(log.len() > 10_000, "it logs all it can");
    assert!(written.iter().any(|(name, _)| name.ends_with("littoral.db")), "there is a database");
    for (name, bytes) in &written {
        assert!(!holds(bytes), "{name} holds words of a request");
    }
    assert!(
        !holds(&said),
        "an error, a decision, a receipt or an analysis holds words of a request"
    );
}
