//! Errors over HTTP: one mapping of reasons to status codes, in the shape that a client knows.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// Whose clients read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `{"error": {...}}`.
    OpenAi,
    /// `{"type": "error", "error": {...}}`.
    Anthropic,
}

impl Shape {
    /// The shape that callers of a path expect.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path.starts_with("/v1/messages") { Self::Anthropic } else { Self::OpenAi }
    }
}

/// An error in parts.
struct Parts {
    reason: String,
    message: String,
    /// The first field that is wrong.
    field: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    code: StatusCode,
}

/// A status without details of ours.
#[must_use]
pub fn plain(code: Code, message: &str) -> Status {
    Status::new(code, message)
}

/// An answer, or its error as one.
#[must_use]
pub fn told(shape: Shape, answered: Result<Response, Status>) -> Response {
    answered.unwrap_or_else(|status| response(shape, &status))
}

/// An error for a client of gRPC: in headers alone, of the kind of content that it speaks.
#[must_use]
pub fn grpc(status: Status, spoken: &HeaderValue) -> Response {
    let (parts, ()) = status.into_http::<()>().into_parts();
    let mut response = Response::from_parts(parts, Body::empty());
    response.headers_mut().insert(CONTENT_TYPE, spoken.clone());
    response
}

/// What a request speaks, if that is gRPC.
#[must_use]
pub fn spoken_grpc(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(CONTENT_TYPE).filter(|kind| kind.as_bytes().starts_with(b"application/grpc"))
}

/// An error as an answer.
#[must_use]
pub fn response(shape: Shape, status: &Status) -> Response {
    let parts = parts(status);
    let mut response = (parts.code, Json(shaped(shape, &parts))).into_response();
    let headers = response.headers_mut();
    if let Some(after) = parts.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs_f64().ceil() as u64));
        let exact = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
        headers.insert("retry-after-ms", HeaderValue::from(exact));
    }
    // OpenAI's and Anthropic's own clients ask for this before they try again by themselves.
    let again = if parts.retry_after.is_some() { "true" } else { "false" };
    headers.insert("x-should-retry", HeaderValue::from_static(again));
    if let Some(Ok(id)) = parts.request_id.as_deref().map(HeaderValue::from_str) {
        headers.insert("x-littoral-request-id", id.clone());
        headers.insert("request-id", id.clone());
        headers.insert("x-request-id", id);
    }
    response
}

/// An error that ends a stream.
#[must_use]
pub fn event(shape: Shape, status: &Status) -> Value {
    shaped(shape, &parts(status))
}

fn parts(status: &Status) -> Parts {
    let details = status.get_error_details();
    let info = details.error_info().filter(|info| info.domain == crate::wire::status::DOMAIN);
    let reason = info.map_or_else(|| word(status.code()).to_owned(), |info| info.reason.clone());
    let id = info.and_then(|info| info.metadata.get("request_id")).filter(|id| !id.is_empty());
    let violations = details.bad_request().map(|bad| bad.field_violations.as_slice());
    let field = violations.and_then(<[_]>::first).map(|first| renamed(&first.field));
    let message = if field.is_some() { renamed(status.message()) } else { status.message().into() };
    let message = if reason == "CONTEXT_TOO_LONG" { too_long(&message) } else { message };
    Parts {
        code: http_status(&reason),
        reason,
        message,
        field,
        request_id: id.cloned(),
        retry_after: details.retry_info().and_then(|retry| retry.retry_delay),
    }
}

fn shaped(shape: Shape, parts: &Parts) -> Value {
    let Parts { reason, message, field, request_id, retry_after, code } = parts;
    let kind = kind(shape, *code);
    match shape {
        Shape::OpenAi => json!({ "error": {
            "message": message,
            "type": kind,
            "param": field,
            "code": reason,
            "littoral": {
                "request_id": request_id,
                "retry_after_ms": retry_after.map(|after| after.as_secs_f64() * 1e3),
            },
        }}),
        Shape::Anthropic => json!({
            "type": "error",
            "error": { "type": kind, "message": message, "code": reason },
            "request_id": request_id,
        }),
    }
}

/// In the words of both vendors, by which agents know that a conversation is to be shortened.
fn too_long(message: &str) -> String {
    format!("prompt is too long: {message} (context_length_exceeded)")
}

/// The status code of a reason.
fn http_status(reason: &str) -> StatusCode {
    match reason {
        "INVALID_REQUEST" | "CONTEXT_TOO_LONG" => StatusCode::BAD_REQUEST,
        "UNAUTHENTICATED" => StatusCode::UNAUTHORIZED,
        "BUDGET_EXCEEDED" => StatusCode::PAYMENT_REQUIRED,
        "EGRESS_DENIED" | "PERMISSION_DENIED" => StatusCode::FORBIDDEN,
        "NOT_FOUND" => StatusCode::NOT_FOUND,
        "ALREADY_EXISTS" => StatusCode::CONFLICT,
        "REQUEST_LOST" => StatusCode::GONE,
        "TOO_LARGE" => StatusCode::PAYLOAD_TOO_LARGE,
        "NO_CAPABLE_TARGET" | "POLICY_INVALID" => StatusCode::UNPROCESSABLE_ENTITY,
        "RATE_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
        "ATTEMPTS_FAILED" => StatusCode::BAD_GATEWAY,
        "NO_READY_TARGET" | "SHED" | "MODEL_LOADING" | "DETECTOR_UNAVAILABLE" | "SHUTTING_DOWN" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        "DEADLINE_EXCEEDED" => StatusCode::GATEWAY_TIMEOUT,
        // As web servers note a client that went away.
        "CANCELLED" => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A reason for what has none of ours.
const fn word(code: Code) -> &'static str {
    match code {
        Code::NotFound | Code::Unimplemented => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::OutOfRange => "TOO_LARGE",
        Code::InvalidArgument => "INVALID_REQUEST",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::Cancelled => "CANCELLED",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        _ => "INTERNAL",
    }
}

/// The `type` of an error in the vendors' own words.
fn kind(shape: Shape, code: StatusCode) -> &'static str {
    match (shape, code.as_u16()) {
        (_, 401) => "authentication_error",
        (_, 403) => "permission_error",
        (_, 404) => "not_found_error",
        (_, 429) => "rate_limit_error",
        (Shape::OpenAi, 402) => "insufficient_quota",
        (Shape::Anthropic, 402) => "billing_error",
        (Shape::Anthropic, 413) => "request_too_large",
        (Shape::Anthropic, 503) => "overloaded_error",
        (Shape::Anthropic, 504) => "timeout_error",
        (Shape::OpenAi, 500..) => "server_error",
        (Shape::Anthropic, 500..) => "api_error",
        _ => "invalid_request_error",
    }
}

/// Paths of fields in the words of HTTP clients, where ours are others.
fn renamed(text: &str) -> String {
    const WORDS: [(&str, &str); 7] = [
        ("].parts[", "].content["),
        ("].parts", "].content"),
        ("max_output_tokens", "max_tokens"),
        ("sampling.", ""),
        (".schema_json", ".schema"),
        (".parameters_json", ".parameters"),
        ("hints.", "x-littoral-"),
    ];
    WORDS.iter().fold(text.to_owned(), |text, (ours, theirs)| text.replace(ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::status;
    use crate::wire::violation::Violation;
    use littoral_core::reason::Reason;

    async fn read(shape: Shape, status: &Status) -> (StatusCode, http::HeaderMap, Value) {
        let response = response(shape, status);
        let (code, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (code, headers, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_reason_keeps_its_name_and_says_whether_to_come_again() {
        let shed = status::status(Reason::Shed, "full", Some(1_500), "r-1");
        let (code, headers, body) = read(Shape::OpenAi, &shed).await;
        assert_eq!(code, StatusCode::SERVICE_UNAVAILABLE);
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!((header("retry-after"), header("retry-after-ms")), ("2".into(), "1500".into()));
        assert_eq!(
            (header("x-should-retry"), header("x-request-id")),
            ("true".into(), "r-1".into())
        );
        assert_eq!(
            (&body["error"]["code"], &body["error"]["type"]),
            (&json!("SHED"), &json!("server_error"))
        );
        let denied = status::status(Reason::EgressDenied, "it stays here", None, "r-2");
        let (code, headers, body) = read(Shape::Anthropic, &denied).await;
        assert_eq!(
            (code, &headers["x-should-retry"]),
            (StatusCode::FORBIDDEN, &HeaderValue::from_static("false"))
        );
        assert_eq!(body["error"]["code"], "EGRESS_DENIED");
        assert_eq!(
            (&body["type"], &body["error"]["type"]),
            (&json!("error"), &json!("permission_error"))
        );
    }

    #[tokio::test]
    async fn a_prompt_that_is_too_long_is_told_in_the_words_that_agents_look_for() {
        let long = status::status(Reason::ContextTooLong, "9 of 8 tokens", None, "r-3");
        for shape in [Shape::OpenAi, Shape::Anthropic] {
            let (code, headers, body) = read(shape, &long).await;
            assert_eq!(
                (code, &headers["request-id"]),
                (StatusCode::BAD_REQUEST, &"r-3".parse().unwrap())
            );
            let said = "prompt is too long: 9 of 8 tokens (context_length_exceeded)";
            assert_eq!(
                (&body["error"]["message"], &body["error"]["code"]),
                (&json!(said), &json!("CONTEXT_TOO_LONG"))
            );
        }
    }

    #[tokio::test]
    async fn a_field_is_named_as_its_client_knows_it() {
        let bad =
            [Violation { path: "messages[0].parts[1].image.url".into(), reason: "no".into() }];
        let (code, _, body) = read(Shape::OpenAi, &status::invalid(&bad)).await;
        assert_eq!(code, StatusCode::BAD_REQUEST);
        assert_eq!(body["error"]["param"], "messages[0].content[1].image.url");
        assert_eq!(body["error"]["message"], "messages[0].content[1].image.url: no");
    }

    #[test]
    fn every_reason_has_a_status_code_of_its_own_kind() {
        for reason in Reason::ALL {
            let code = http_status(reason.name());
            let server = matches!(reason, Reason::Internal);
            assert_eq!(code == StatusCode::INTERNAL_SERVER_ERROR, server, "{reason}");
        }
    }
}
