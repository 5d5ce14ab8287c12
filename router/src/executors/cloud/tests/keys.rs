//! Keys in calls: how each dialect shows one, and that a refused one rests while the others work.

use super::*;
use crate::executors::cloud::dialect::Dialect;

fn keyed(base_url: &str, keys: &[&str]) -> CloudProvider {
    let api_keys = keys.iter().map(|key| (*key).to_owned().into()).collect();
    CloudProvider::new(ProviderConfig { api_keys, ..config(base_url) }).unwrap()
}

/// The keys of the requests so far.
fn shown(stand: &Stand) -> Vec<String> {
    let key = |(head, _): &(String, Vec<u8>)| {
        let (_, rest) = head.split_once("authorization: bearer ").unwrap();
        rest.split_once("\r\n").unwrap().0.to_owned()
    };
    stand.seen.lock().unwrap().requests.iter().map(key).collect()
}

#[tokio::test]
async fn anthropic_is_shown_its_key_and_version_below_its_own_path() {
    let stop = [
        r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
        r#"{"type":"message_stop"}"#,
    ];
    let stand = Stand::start(vec![vec![events(&stop), end()]]).await;
    let config = ProviderConfig { dialect: Dialect::Anthropic, ..config(&stand.base_url()) };
    let (_, told) = run(&CloudProvider::new(config).unwrap()).await;
    assert_eq!(told, [accepted(), finished(None)]);
    let seen = stand.seen.lock().unwrap();
    let (head, body) = &seen.requests[0];
    assert_eq!(body, BODY.as_bytes());
    for line in [
        "post /v1/messages http/1.1\r\n",
        "\r\nx-api-key: sk-test-key\r\n",
        "\r\nanthropic-version: 2023-06-01\r\n",
    ] {
        assert!(head.contains(line), "{line:?} is not in {head}");
    }
    assert!(!head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn a_key_that_is_refused_rests_alone() {
    for (status, kind) in [
        ("401 Unauthorized", "auth"),
        ("402 Payment Required", "quota"),
        ("403 Forbidden", "auth"),
        ("429 Too Many Requests", "rate_limited"),
    ] {
        let fine = || vec![events(&[STOP, "[DONE]"]), end()];
        let refusal = vec![whole(status, "retry-after: 3600\r\n", "")];
        let stand = Stand::start(vec![refusal, fine(), fine(), fine()]).await;
        let provider = keyed(&stand.base_url(), &["k1", "k2", "k3"]);
        let (_, told) = run(&provider).await;
        assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, kind));
        for _ in 0..3 {
            assert_eq!(run(&provider).await.1, [accepted(), finished(None)], "{status}");
        }
        assert_eq!(shown(&stand), ["k1", "k2", "k3", "k2"], "{status}");
    }
}

#[tokio::test]
async fn a_fault_of_the_provider_is_no_fault_of_the_key() {
    let fine = || vec![events(&[STOP, "[DONE]"]), end()];
    let overloaded = vec![whole("503 Service Unavailable", "retry-after: 3600\r\n", "")];
    let stand = Stand::start(vec![overloaded, fine(), fine()]).await;
    let provider = keyed(&stand.base_url(), &["k1", "k2"]);
    for _ in 0..3 {
        run(&provider).await;
    }
    assert_eq!(shown(&stand), ["k1", "k2", "k1"]);
}

#[tokio::test]
async fn a_fault_names_no_key() {
    let body =
        r#"{"error":{"message":"Incorrect API key provided: sk-test-key","code":"sk-test-key"}}"#;
    let (_, told) = run_against(vec![vec![whole("401 Unauthorized", "", body)]]).await;
    assert_eq!(fault(&told).kind, "auth");
    assert!(!fault(&told).detail.contains(KEY), "{}", fault(&told).detail);
}
