//! Which fault is whose, and that no word of a prompt comes back in one.

use super::*;
use proptest::prelude::*;

const SENT: &[u8] = b"{\"content\":\"my password is hunter2\"}";

fn reader() -> ErrorReader<'static> {
    ErrorReader { provider: "openai", sent: SENT, key: b"Bearer sk-1" }
}

fn answered(status: u16, body: &str) -> Fault {
    let status = StatusCode::from_u16(status).unwrap();
    reader().status(status, &HeaderMap::new(), body.as_bytes(), SystemTime::UNIX_EPOCH)
}

fn verdict(status: u16, code: &str) -> (Blame, &'static str) {
    let fault = answered(status, &format!(r#"{{"error":{{"message":"m","code":"{code}"}}}}"#));
    (fault.blame, fault.kind)
}

#[test]
fn statuses_are_blamed_as_documented() {
    let table = [
        (301, Blame::Target, "redirect"),
        (307, Blame::Target, "redirect"),
        (400, Blame::Client, "invalid_request"),
        (401, Blame::Target, "auth"),
        (402, Blame::Target, "quota"),
        (407, Blame::Network, "proxy_auth"),
        (501, Blame::Target, "not_implemented"),
        (403, Blame::Target, "auth"),
        (404, Blame::Target, "not_found"),
        (408, Blame::Target, "timeout"),
        (413, Blame::Target, "too_long"),
        (418, Blame::Target, "provider_error"),
        (422, Blame::Client, "invalid_request"),
        (429, Blame::Target, "rate_limited"),
        (500, Blame::Target, "server"),
        (502, Blame::Target, "server"),
        (503, Blame::Target, "overloaded"),
        (504, Blame::Target, "timeout"),
        (529, Blame::Target, "overloaded"),
        (204, Blame::Target, "provider_error"),
    ];
    for (status, blame, kind) in table {
        let fault = answered(status, "");
        assert_eq!((fault.blame, fault.kind), (blame, kind), "{status}");
        assert_eq!(fault.detail, format!("openai answered {status}"));
    }
}

#[test]
fn a_known_code_is_more_exact_than_the_status() {
    assert_eq!(verdict(400, "context_length_exceeded"), (Blame::Target, "too_long"));
    assert_eq!(verdict(400, "unsupported_parameter"), (Blame::Target, "unsupported"));
    assert_eq!(verdict(400, "model_not_found"), (Blame::Target, "not_found"));
    assert_eq!(verdict(400, "content_filter"), (Blame::Client, "content_filter"));
    assert_eq!(verdict(429, "insufficient_quota"), (Blame::Target, "quota"));
    assert_eq!(verdict(400, "something_new"), (Blame::Client, "invalid_request"));
}

#[test]
fn the_wait_asked_for_is_passed_on() {
    let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, "7".parse().unwrap())]);
    let fault = reader().status(
        StatusCode::TOO_MANY_REQUESTS,
        &headers,
        br#"{"error":{"type":"requests","code":"rate_limit_exceeded"}}"#,
        SystemTime::UNIX_EPOCH,
    );
    assert_eq!(fault.retry_after_ms, Some(7_000));
    assert_eq!(fault.detail, "openai answered 429 (rate_limit_exceeded)");
}

#[test]
fn a_message_that_repeats_the_prompt_is_not_passed_on() {
    let body = r#"{"error":{"message":"'my password is hunter2' is not allowed","type":"invalid_request_error","param":"my password is hunter2","code":"hunter2"}}"#;
    let fault = answered(400, body);
    assert_eq!(fault.detail, "openai answered 400 (invalid_request_error)");
}

#[test]
fn a_code_that_is_no_word_is_not_passed_on() {
    for code in ["two words", "a\\nline", "ß", "", &"x".repeat(49)] {
        let fault = answered(500, &format!(r#"{{"error":{{"code":"{code}"}}}}"#));
        assert_eq!(fault.detail, "openai answered 500", "{code}");
    }
}

#[test]
fn anthropics_types_and_the_messages_that_say_more_than_their_type_have_names() {
    let table = [
        (400, "invalid_request_error", "max_tokens: required", Blame::Client, "invalid_request"),
        (400, "invalid_request_error", "prompt is too long: 9 > 8", Blame::Target, "too_long"),
        (400, "invalid_request_error", "Your credit balance is too low", Blame::Target, "quota"),
        (401, "authentication_error", "", Blame::Target, "auth"),
        (402, "billing_error", "", Blame::Target, "quota"),
        (403, "permission_error", "", Blame::Target, "auth"),
        (404, "not_found_error", "", Blame::Target, "not_found"),
        (409, "conflict_error", "", Blame::Target, "server"),
        (413, "request_too_large", "", Blame::Target, "too_long"),
        (429, "rate_limit_error", "", Blame::Target, "rate_limited"),
        (500, "api_error", "", Blame::Target, "server"),
        (504, "timeout_error", "", Blame::Target, "timeout"),
        (529, "overloaded_error", "", Blame::Target, "overloaded"),
    ];
    for (status, kind, message, blame, name) in table {
        let error = serde_json::json!({ "type": kind, "message": message });
        let body = serde_json::json!({ "type": "error", "error": error, "request_id": "req_1" });
        let fault = answered(status, &body.to_string());
        assert_eq!((fault.blame, fault.kind), (blame, name), "{status} {kind} {message}");
        assert_eq!(fault.detail, format!("openai answered {status} ({kind})"));
    }
}

#[test]
fn a_code_that_is_the_key_or_a_part_of_it_is_not_passed_on() {
    for code in ["sk-1", "Bearer", "k-1"] {
        let fault = answered(401, &format!(r#"{{"error":{{"code":"{code}"}}}}"#));
        assert_eq!(fault.detail, "openai answered 401", "{code}");
    }
}

proptest! {
    /// Whatever the provider answers, no stretch of the prompt of five bytes or more is in the fault.
    #[test]
    fn no_answer_carries_the_prompt_into_a_fault(
        status in 300_u16..600,
        field in prop::sample::select(vec!["message", "type", "code", "param"]),
        from in 0_usize..20,
        length in 5_usize..12,
        wrapped in any::<bool>(),
    ) {
        let secret = &"my password is hunter2"[from.min(17)..];
        let secret = &secret[..length.min(secret.len())];
        let inner = serde_json::json!({ field: secret });
        let body = if wrapped { serde_json::json!({ "error": inner }) } else { inner };
        let fault = answered(status, &body.to_string());
        prop_assert!(!fault.detail.contains(secret), "{}", fault.detail);
        let in_answer = reader().in_answer(&body["error"]);
        prop_assert!(!in_answer.detail.contains(secret), "{}", in_answer.detail);
    }
}

#[tokio::test]
async fn what_a_provider_writes_into_its_goodbye_is_not_told() {
    use tokio::io::AsyncWriteExt as _;
    let (ours, mut theirs) = tokio::io::duplex(4_096);
    let said = b"hunter2";
    let mut frames = vec![0, 0, 0, 4, 0, 0, 0, 0, 0];
    frames.extend([0, 0, 8 + said.len() as u8, 7, 0, 0, 0, 0, 0]);
    frames.extend([0, 0, 0, 0, 0, 0, 0, 11]);
    frames.extend(said);
    theirs.write_all(&frames).await.unwrap();
    let (_requests, connection) = h2::client::handshake(ours).await.unwrap();
    let error = connection.await.unwrap_err();
    assert!(error.to_string().contains("hunter2"), "{error}");
    let told = plain(&error);
    assert!(told.contains("detected excessive load") && !told.contains("hunter2"), "{told}");
}
