//! Whose fault a failed call is, and what may be said about it.
//!
//! Blame decides what happens next: a fault of the target or the network lets the flight try
//! another target, a fault of the client ends it. So a refusal is blamed on the client only where
//! no other target would take the request either. A model that is unknown *here*, a prompt too long
//! for *this* context or a parameter that *this* provider lacks is the target's.
//!
//! Providers repeat prompts in their error messages. Nothing of a message is passed on; of `type`
//! and `code` only what looks like a word of a program, and only if the same word is not in the
//! request that was sent.

use super::retry_after::retry_after_ms;
use http::{HeaderMap, StatusCode};
use littoral_core::flight::event::{Blame, Fault};
use serde_json::Value;
use std::error::Error as _;
use std::time::SystemTime;

/// Longest word of a provider that is passed on, in bytes. OpenAI's longest is about 30.
const MAX_WORD_BYTES: usize = 48;

/// Reads errors of one provider about one request.
#[derive(Clone, Copy)]
pub(super) struct ErrorReader<'a> {
    pub(super) provider: &'a str,
    /// The request's body, whose words must not come back.
    pub(super) sent: &'a [u8],
}

impl ErrorReader<'_> {
    /// An answer with a status that is no success. `now` is the router's wall clock.
    pub(super) fn status(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Fault {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = body.get("error").unwrap_or(&body);
        let words = Words::of(error);
        let (blame, kind) = classify(Some(status.as_u16()), &words);
        let retry_after_ms = retry_after_ms(headers, now);
        let said = format!("answered {}{}", status.as_u16(), self.in_brackets(&words));
        Fault { blame, kind, detail: format!("{} {said}", self.provider), retry_after_ms }
    }

    /// An error inside an answer that began as a success.
    pub(super) fn in_answer(&self, error: &Value) -> Fault {
        let words = Words::of(error);
        let (blame, kind) = classify(words.status, &words);
        let said = format!("sent an error{}", self.in_brackets(&words));
        Fault { blame, kind, detail: format!("{} {said}", self.provider), retry_after_ms: None }
    }

    /// The connection failed.
    pub(super) fn transport(&self, error: &reqwest::Error) -> Fault {
        let (kind, what) = if error.is_connect() {
            ("connect", "could not be reached")
        } else if error.is_timeout() {
            ("timeout", "gave no answer in time")
        } else {
            ("cut", "broke the connection")
        };
        let detail = format!("{} {what} ({})", self.provider, innermost(error));
        Fault { blame: Blame::Network, kind, detail, retry_after_ms: None }
    }

    /// The provider was silent for too long.
    pub(super) fn silent(&self, what: &str) -> Fault {
        let detail = format!("{} {what}", self.provider);
        Fault { blame: Blame::Network, kind: "timeout", detail, retry_after_ms: None }
    }

    /// The stream ended before the answer did.
    pub(super) fn cut(&self) -> Fault {
        let detail = format!("{} ended the stream before the answer was finished", self.provider);
        Fault { blame: Blame::Target, kind: "cut", detail, retry_after_ms: None }
    }

    /// The answer is not what the dialect allows.
    pub(super) fn garbage(&self, what: &str) -> Fault {
        let detail = format!("{} {what}", self.provider);
        Fault { blame: Blame::Target, kind: "garbage", detail, retry_after_ms: None }
    }

    fn in_brackets(&self, words: &Words<'_>) -> String {
        let safe = [words.code, words.kind].into_iter().flatten().find(|word| self.may_show(word));
        safe.map(|word| format!(" ({word})")).unwrap_or_default()
    }

    fn may_show(&self, word: &str) -> bool {
        let is_word = (1..=MAX_WORD_BYTES).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        is_word && !self.sent.windows(word.len()).any(|window| window == word.as_bytes())
    }
}

/// The words of an error that programs read.
struct Words<'a> {
    code: Option<&'a str>,
    kind: Option<&'a str>,
    /// Some servers put the HTTP status into `code`.
    status: Option<u16>,
}

impl<'a> Words<'a> {
    fn of(error: &'a Value) -> Self {
        let code = error.get("code");
        Self {
            code: code.and_then(Value::as_str),
            kind: error.get("type").and_then(Value::as_str),
            status: code.and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()),
        }
    }
}

/// Blame and kind. A known word is more exact than the status.
fn classify(status: Option<u16>, words: &Words<'_>) -> (Blame, &'static str) {
    let by_word = [words.code, words.kind].into_iter().flatten().find_map(known_word);
    by_word.unwrap_or_else(|| status.map_or((Blame::Target, "provider_error"), by_status))
}

/// OpenAI's documented codes and types, and those of servers that pass other vendors' through.
fn known_word(word: &str) -> Option<(Blame, &'static str)> {
    Some(match word {
        "context_length_exceeded" | "string_above_max_length" => (Blame::Target, "too_long"),
        "model_not_found" | "not_found_error" => (Blame::Target, "not_found"),
        "unsupported_parameter" | "unsupported_value" => (Blame::Target, "unsupported"),
        "insufficient_quota" | "billing_hard_limit_reached" | "billing_error" => {
            (Blame::Target, "quota")
        }
        "rate_limit_exceeded" | "rate_limit_error" => (Blame::Target, "rate_limited"),
        "invalid_api_key" | "authentication_error" | "permission_error" | "access_terminated" => {
            (Blame::Target, "auth")
        }
        "overloaded_error" | "engine_overloaded" | "server_overloaded" => {
            (Blame::Target, "overloaded")
        }
        "server_error" | "api_error" | "internal_error" => (Blame::Target, "server"),
        // To take a refused prompt to the next provider would be shopping for a milder judge.
        "content_filter" | "content_policy_violation" => (Blame::Client, "content_filter"),
        _ => return None,
    })
}

fn by_status(status: u16) -> (Blame, &'static str) {
    match status {
        // Followed, it would take content to a host that nobody configured.
        300..=399 => (Blame::Target, "redirect"),
        400 | 422 => (Blame::Client, "invalid_request"),
        401 | 403 | 407 => (Blame::Target, "auth"),
        402 => (Blame::Target, "quota"),
        404 | 405 | 410 => (Blame::Target, "not_found"),
        408 | 504 => (Blame::Target, "timeout"),
        413 => (Blame::Target, "too_long"),
        429 => (Blame::Target, "rate_limited"),
        503 | 529 => (Blame::Target, "overloaded"),
        500..=599 => (Blame::Target, "server"),
        _ => (Blame::Target, "provider_error"),
    }
}

/// The last cause of a transport error, which is the system's or the TLS library's own words. The
/// outer layers repeat the address and add nothing.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut last = error.source();
    while let Some(deeper) = last.and_then(std::error::Error::source) {
        last = Some(deeper);
    }
    let text = last.map_or_else(|| "no cause given".to_owned(), ToString::to_string);
    text.chars().filter(|c| !c.is_control()).take(160).collect()
}

#[cfg(test)]
mod tests;
