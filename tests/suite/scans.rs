//! What a scan says to people, and what sticks to a conversation.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan};
use littoral_tests::process::Home;
use tonic::Code;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

fn in_session(text: &str, label: DataClass, key: &str) -> v1::ChatRequest {
    let mut request = prompt(text, label);
    request.hints.get_or_insert_default().session_key = Some(key.into());
    request
}

#[tokio::test]
async fn a_conversation_that_once_held_a_secret_stays_here_even_after_a_restart() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let secret = in_session("my ticket is done", DataClass::Restricted, "mine");
    assert_eq!(ask(&mut cluster.chat(), secret).await.failure().1, "EGRESS_DENIED");
    for turn in 0..2 {
        let clean = in_session("And what is a tide?", DataClass::Public, "mine");
        let answer = ask(&mut cluster.chat(), clean).await;
        assert_eq!(answer.failure().1, "EGRESS_DENIED", "turn {turn}");
        let facts = cluster.facts_of(&answer.routed().request_id).await;
        assert_eq!(facts.session_class(), DataClass::Restricted);
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));
        cluster.restart().await;
    }
    cloud.script(Behaviour::Answer(Answer::new(["fine"])));
    let other = in_session("And what is a tide?", DataClass::Public, "another");
    assert_eq!(ask(&mut cluster.chat(), other).await.served().0, v1::Tier::Cloud);
}

#[tokio::test]
async fn an_analysis_says_what_where_how_likely_and_how_far_it_may_go() {
    let cluster = Cluster::start(Plan::default()).await;
    let analyze = |content: v1::analyze_request::Content, kinds: &[&str]| {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let request = v1::AnalyzeRequest { content: Some(content), kinds };
        let mut door = cluster.privacy();
        async move { door.analyze(request).await }
    };
    let text = |text: &str| v1::analyze_request::Content::Text(text.into());
    let found = analyze(text("a tide"), &[]).await.expect("an analysis").into_inner();
    assert!(found.findings.is_empty() && found.reason.is_empty());
    assert_eq!((found.data_class(), found.ceiling()), (DataClass::Internal, v1::Tier::Cloud));
    assert_eq!(found.extent(), v1::ScanExtent::Whole);

    let found = analyze(text("card 4111 1111 1111 1111"), &[]).await.expect("one").into_inner();
    let card = found.findings.iter().find(|finding| finding.kind == "CREDIT_CARD").expect("a card");
    assert_eq!(card.family, "payment");
    assert_eq!((card.start_byte, card.end_byte, card.checked), (5, 24, true));
    assert_eq!((found.data_class(), found.ceiling()), (DataClass::Personal, v1::Tier::Edge));
    assert_eq!(found.reason, "CREDIT_CARD makes it personal, and personal stays on device or edge");

    let request = prompt("mail jo@example.org", DataClass::Public);
    let request = v1::analyze_request::Content::Request(request);
    let found = analyze(request, &["EMAIL_ADDRESS"]).await.expect("one").into_inner();
    assert_eq!(found.findings[0].path, "messages[0].parts[0].text");
    let unknown = analyze(text("a tide"), &["NO_SUCH_KIND"]).await.expect_err("no kind");
    assert_eq!(unknown.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn the_scan_command_reads_texts_and_requests_and_fails_where_a_class_is_too_high() {
    let home = Home::empty(BINARY);
    let letter = home.path("letter.txt");
    std::fs::write(&letter, "Dear all,\nwrite to jo@example.org or pay 4111-1111-1111-1111.\n")
        .expect("a file");
    let letter = letter.to_str().expect("a path");
    let said = home.run(["scan", letter]).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    for part in ["EMAIL_ADDRESS", "CREDIT_CARD", "line 2, column 10", "device and edge", "personal"]
    {
        assert!(said.out.contains(part), "{part:?} is missing in\n{}", said.out);
    }
    assert!(!said.out.contains("jo@example.org"), "a finding is never shown itself");
    let said = home.run(["scan", letter, "--max-class", "internal"]).await;
    said.must_fail_with(&["the content is personal"]);

    let request = home.path("request.json");
    let body = r#"{"messages":[{"role":"user","content":"hi"},
        {"role":"assistant","tool_calls":[{"id":"1","type":"function",
          "function":{"name":"f","arguments":"{\"to\":\"jo@example.org\"}"}}]}]}"#;
    std::fs::write(&request, body).expect("a file");
    let said = home.run(["scan", "--json", request.to_str().expect("a path")]).await;
    let page: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let path = &page["findings"][0]["path"];
    assert_eq!(path, "messages[1].tool_calls[0].arguments_json", "{page}");
    let said = home.run(["scan", "--kind", "NO_SUCH", letter]).await;
    said.must_fail_with(&["\"NO_SUCH\" is no kind", "littoral scan --list"]);
    let said = home.run(["scan", "--list"]).await;
    assert!(said.out.contains("US_SSN") && said.out.contains("GITHUB_TOKEN"));
}
