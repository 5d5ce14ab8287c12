//! Who may ask: keys, their rights, and what comes over loopback and is not of the person at this machine.

use littoral_router::clock::unix_ms;
use littoral_router::keys::{Books, Change, Scope};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::process::Home;
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_tests::web::{client, send};
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

/// A key with these rights, made as an operator makes one while the router runs.
fn key(cluster: &Cluster, scopes: &[Scope]) -> String {
    let wanted = Change {
        tenant: "local".into(),
        application: "crm".into(),
        user: "ann".into(),
        scopes: scopes.iter().copied().collect(),
        expires_unix_ms: unix_ms() + 60_000,
    };
    let (_, secret) = Books::of(&cluster.state()).create(wanted, unix_ms()).expect("a key");
    secret.expose_secret().to_owned()
}

/// Asks for a chat as whoever comes through a proxy; the status and the error's code.
async fn ask(cluster: &Cluster, key: Option<&str>) -> (StatusCode, String) {
    let request = client().post(format!("{}/v1/chat/completions", cluster.url()));
    let request = request.header("x-forwarded-for", "192.0.2.7");
    let request = match key {
        Some(key) => request.bearer_auth(key),
        None => request,
    };
    let body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "hi" }] });
    let reply = send(request.json(&body)).await;
    let code = reply.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
    (reply.status, code)
}

/// Asks until the router has read its book of keys again.
async fn until(cluster: &Cluster, key: &str, wanted: StatusCode) -> (StatusCode, String) {
    let asked = async {
        loop {
            let said = ask(cluster, Some(key)).await;
            if said.0 == wanted {
                return said;
            }
            // The router looks once a second; asking again lets it.
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(littoral_tests::cluster::PATIENCE, asked).await.expect("in time")
}

#[tokio::test]
async fn a_key_that_is_made_lets_in_at_once_and_one_that_is_revoked_no_longer() {
    let mut cluster = Cluster::start(Plan::default()).await;
    cluster.join(&Seat::shared("edge"), Arc::new(ScriptedEngine::new("tiny", &["hi"]))).await;
    assert_eq!(ask(&cluster, None).await, (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED".into()));
    let made = key(&cluster, &[Scope::Chat]);
    until(&cluster, &made, StatusCode::OK).await;
    let id = made.get(..15).expect("an id");
    Books::of(&cluster.state()).revoke(id, unix_ms()).expect("revoked");
    let (_, code) = until(&cluster, &made, StatusCode::UNAUTHORIZED).await;
    assert_eq!(code, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_key_opens_the_doors_of_its_scopes_and_no_others() {
    let cluster = Cluster::start(Plan::default()).await;
    let made = key(&cluster, &[Scope::Embeddings]);
    let (_, code) = until(&cluster, &made, StatusCode::FORBIDDEN).await;
    assert_eq!(code, "PERMISSION_DENIED");
    let mut status =
        littoral_proto::v1::policy_service_client::PolicyServiceClient::with_interceptor(
            cluster.channel.clone(),
            move |mut call: tonic::Request<()>| {
                let header = format!("Bearer {made}").parse().expect("a header");
                call.metadata_mut().insert("authorization", header);
                Ok(call)
            },
        );
    let refused = status.list(littoral_proto::v1::ListPoliciesRequest::default()).await;
    let refused = refused.expect_err("no administrator");
    assert_eq!(refused.code(), tonic::Code::PermissionDenied, "{refused}");
    assert!(refused.message().contains("--scope admin"), "{refused}");
}

#[tokio::test]
async fn wrong_keys_in_bulk_are_refused_by_name_and_nobody_else_waits() {
    let mut cluster = Cluster::start(Plan::default()).await;
    cluster.join(&Seat::own("this-device"), Arc::new(ScriptedEngine::new("tiny", &["hi"]))).await;
    let guesser = client();
    let url = format!("{}/v1/chat/completions", cluster.url());
    let guesses = (0..2_000_u32).map(|number| {
        let key = format!("lk_{number:012x}_{}", "x".repeat(43));
        let request = guesser.post(&url).bearer_auth(key).json(&json!({}));
        async move { request.send().await.expect("an answer").status() }
    });
    let guesses =
        futures_util::StreamExt::buffer_unordered(futures_util::stream::iter(guesses), 32);
    let all: Vec<StatusCode> = futures_util::StreamExt::collect(guesses).await;
    assert!(all.iter().all(|status| *status == StatusCode::UNAUTHORIZED));
    let body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "hi" }] });
    assert_eq!(send(client().post(&url).json(&body)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_of_a_stranger_can_neither_ask_nor_read() {
    let cluster = Cluster::start(Plan::default()).await;
    let url = format!("{}/v1/models", cluster.url());
    let from = |origin: &'static str| send(client().get(&url).header("origin", origin));
    let stranger = from("https://evil.example").await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.header("access-control-allow-origin"), "");
    let own = from("http://localhost:5173").await;
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(own.header("access-control-allow-origin"), "http://localhost:5173");
    // What a form of a page may send without asking first is not taken.
    let form = client().post(format!("{}/v1/chat/completions", cluster.url()));
    let form = send(form.header("content-type", "text/plain").body("{}")).await;
    assert_eq!(form.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn off_loopback_it_listens_with_a_key_and_tls_and_says_what_is_missing() {
    let home = Home::empty(BINARY);
    let everywhere = ["serve", "--listen", "0.0.0.0:0"];
    home.run(everywhere).await.must_fail_with(&["API keys", "TLS", "littoral keys create"]);
    let made = home.run(["keys", "create", "--application", "crm", "--json"]).await;
    let made: serde_json::Value = serde_json::from_str(&made.out).expect("JSON");
    assert!(made["key"].as_str().is_some_and(|key| key.starts_with("lk_")), "{made}");
    home.run(everywhere).await.must_fail_with(&["TLS", "--tls"]);
    let running = home.stay(["serve", "--listen", "0.0.0.0:0", "--tls"]).await;
    assert!(running.address.starts_with("https://0.0.0.0:"), "{}", running.address);
    running.signal("TERM").await;
    assert_eq!(running.end().await, Some(0));
}

#[tokio::test]
async fn the_commands_for_keys_make_list_rotate_revoke_and_tidy() {
    let home = Home::empty(BINARY);
    let run = async |arguments: &[&str]| {
        let said = home.run(arguments.iter().chain(&["--json"])).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        serde_json::from_str::<serde_json::Value>(&said.out).expect("JSON")
    };
    let made = run(&["keys", "create", "--application", "crm", "--scope", "chat"]).await;
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!((&made["user"], &made["scopes"]), (&json!("crm"), &json!(["chat"])));
    let secret = made["key"].as_str().expect("a key").to_owned();
    let listed = run(&["keys", "list"]).await;
    assert_eq!(listed["keys"][0]["id"], id);
    let hidden = secret.rsplit_once('_').expect("two parts").1;
    assert!(!listed.to_string().contains(hidden));
    let next = run(&["keys", "rotate", &id, "--grace", "1h"]).await;
    assert_eq!(next["application"], "crm");
    run(&["keys", "revoke", &id]).await;
    assert_eq!(run(&["keys", "list"]).await["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(run(&["keys", "list", "--all"]).await["keys"].as_array().map(Vec::len), Some(2));
    assert_eq!(run(&["keys", "tidy"]).await["removed"], 1);
    let no = home.run(["keys", "revoke", &id]).await;
    no.must_fail_with(&[&id, "keys list"]);
}

#[tokio::test]
async fn no_key_is_in_a_log_however_much_is_logged() {
    let mut home = Home::empty(BINARY);
    home.set("RUST_LOG", "trace");
    let made = home.run(["keys", "create", "--application", "crm", "--json"]).await;
    let made: serde_json::Value = serde_json::from_str(&made.out).expect("JSON");
    let key = made["key"].as_str().expect("a key").to_owned();
    let mut router = home.stay(["serve", "--listen", "127.0.0.1:0"]).await;
    let mut log = router.child.stderr.take().expect("a log");
    let reading = tokio::spawn(async move {
        let mut text = String::new();
        log.read_to_string(&mut text).await.map(|_| text)
    });
    let address = router.address.clone();
    let wrong = format!("{key}x");
    for (header, shown) in
        [("authorization", format!("Bearer {key}")), ("x-api-key", wrong.clone())]
    {
        send(client().get(format!("{address}/v1/models")).header(header, shown)).await;
    }
    // In order, so that all that was logged is told.
    router.signal("TERM").await;
    assert_eq!(router.end().await, Some(0));
    let log = reading.await.expect("a reader").expect("a log");
    let hidden = key.rsplit_once('_').expect("two parts").1;
    assert!(log.len() > 1_000, "{log}");
    assert!(!log.contains(hidden), "a key is in the log");
}
