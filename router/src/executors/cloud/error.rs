//! Whose fault a failed call is, and what may be said about it.
//!
//! Blame decides what happens next: a fault of the target or the network lets the flight try
//! another target, a fault of the client ends it. So a refusal is blamed on the client only where
//! no other target would take the request either. A model that is unknown *here*, a prompt too long
//! for *this* context or a parameter that *this* provider lacks is the target's.
//!
//! The kinds and their blame are the core's ([`Kind`]); what is decided here is which kind an answer
//! means.
//!
//! Providers repeat prompts in their error messages. Nothing of a message is passed on; of `type`
//! and `code` only what looks like a word of a program, and only if the same word is not in the
//! request that was sent, nor in its key.

use super::retry_after::retry_after_ms;
use http::{HeaderMap, StatusCode};
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::retry::Kind;
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
    /// The key it was sent with. Providers repeat that too.
    pub(super) key: &'a [u8],
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
        let kind = classify(Some(status.as_u16()), &words);
        let retry_after_ms = retry_after_ms(headers, now);
        let said = format!("answered {}{}", status.as_u16(), self.in_brackets(&words));
        Fault { retry_after_ms, ..self.fault(kind.blame(), kind, &said) }
    }

    /// An error inside an answer that began as a success.
    pub(super) fn in_answer(&self, error: &Value) -> Fault {
        let words = Words::of(error);
        let kind = classify(words.status, &words);
        let said = format!("sent an error{}", self.in_brackets(&words));
        self.fault(kind.blame(), kind, &said)
    }

    /// The connection failed.
    pub(super) fn transport(&self, error: &reqwest::Error) -> Fault {
        let (kind, what) = if is_tls(error) {
            (Kind::Tls, "could not agree on a secure connection")
        } else if error.is_connect() {
            (Kind::Connect, "could not be reached")
        } else if error.is_timeout() {
            (Kind::Timeout, "gave no answer in time")
        } else {
            (Kind::Cut, "broke the connection")
        };
        self.fault(Blame::Network, kind, &format!("{what} ({})", innermost(error)))
    }

    /// The provider was silent for too long.
    pub(super) fn silent(&self, what: &str) -> Fault {
        self.fault(Blame::Network, Kind::Timeout, what)
    }

    /// The stream ended before the answer did.
    pub(super) fn cut(&self) -> Fault {
        self.fault(Blame::Target, Kind::Cut, "ended the stream before the answer was finished")
    }

    /// The answer is not what the dialect allows.
    pub(super) fn garbage(&self, what: &str) -> Fault {
        self.fault(Blame::Target, Kind::Garbage, what)
    }

    fn fault(&self, blame: Blame, kind: Kind, what: &str) -> Fault {
        let detail = format!("{} {what}", self.provider);
        Fault { blame, kind: kind.name(), detail, retry_after_ms: None }
    }

    fn in_brackets(&self, words: &Words<'_>) -> String {
        let safe = [words.code, words.kind].into_iter().flatten().find(|word| self.may_show(word));
        safe.map(|word| format!(" ({word})")).unwrap_or_default()
    }

    fn may_show(&self, word: &str) -> bool {
        let is_word = (1..=MAX_WORD_BYTES).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        let is_in = |text: &[u8]| text.windows(word.len()).any(|window| window == word.as_bytes());
        is_word && !is_in(self.sent) && !is_in(self.key)
    }
}

/// The words of an error that programs read.
struct Words<'a> {
    code: Option<&'a str>,
    kind: Option<&'a str>,
    message: Option<&'a str>,
    /// Some servers put the HTTP status into `code`.
    status: Option<u16>,
}

impl<'a> Words<'a> {
    fn of(error: &'a Value) -> Self {
        let code = error.get("code");
        Self {
            code: code.and_then(Value::as_str),
            kind: error.get("type").and_then(Value::as_str),
            message: error.get("message").and_then(Value::as_str),
            status: code.and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()),
        }
    }
}

/// A known word is more exact than a known message, and that more than the status.
fn classify(status: Option<u16>, words: &Words<'_>) -> Kind {
    let by_word = [words.code, words.kind].into_iter().flatten().find_map(known_word);
    let by_message = || words.message.and_then(known_message);
    let by_status = || status.map_or(Kind::ProviderError, Kind::of_status);
    by_word.or_else(by_message).unwrap_or_else(by_status)
}

/// The documented codes and types of `OpenAI` and Anthropic, and those of servers that pass other
/// vendors' through. `invalid_request_error` is none: both give it along with statuses of every kind.
fn known_word(word: &str) -> Option<Kind> {
    Some(match word {
        "context_length_exceeded" | "string_above_max_length" | "request_too_large" => {
            Kind::TooLong
        }
        "model_not_found" | "not_found_error" => Kind::NotFound,
        "unsupported_parameter" | "unsupported_value" => Kind::Unsupported,
        "insufficient_quota" | "billing_hard_limit_reached" | "billing_error" => Kind::Quota,
        "rate_limit_exceeded" | "rate_limit_error" => Kind::RateLimited,
        "invalid_api_key" | "authentication_error" | "permission_error" | "access_terminated" => {
            Kind::Auth
        }
        "overloaded_error" | "engine_overloaded" | "server_overloaded" => Kind::Overloaded,
        "server_error" | "api_error" | "internal_error" | "conflict_error" => Kind::Server,
        "timeout_error" => Kind::Timeout,
        "content_filter" | "content_policy_violation" => Kind::ContentFilter,
        _ => return None,
    })
}

/// What Anthropic tells in its message alone, under the type and status of a malformed request. The
/// words stand at the beginning, where no part of a prompt does.
fn known_message(message: &str) -> Option<Kind> {
    const BEGINNINGS: [(&str, Kind); 6] = [
        ("prompt is too long", Kind::TooLong),
        ("input length and `max_tokens` exceed context limit", Kind::TooLong),
        ("Your credit balance is too low", Kind::Quota),
        ("You have reached your specified API usage limits", Kind::Quota),
        ("This model does not support", Kind::Unsupported),
        ("role 'system' is not supported", Kind::Unsupported),
    ];
    let known = BEGINNINGS.into_iter().find(|(beginning, _)| message.starts_with(beginning));
    known.map(|(_, kind)| kind)
}

/// Whether a transport error is one of TLS: a certificate, a version, an alert.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    // An input/output error hides what it wraps from the chain of causes.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|wrapped| is_tls(wrapped))
        || error.source().is_some_and(is_tls)
}

/// The last cause of a transport error, which is the system's or a library's own words. The outer layers
/// repeat the address and add nothing.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut last = error.source();
    while let Some(deeper) = last.and_then(std::error::Error::source) {
        last = Some(deeper);
    }
    let text = last.map_or_else(|| "no cause given".to_owned(), plain);
    text.chars().filter(|c| !c.is_control()).take(160).collect()
}

/// What an error says, without what the other side of an HTTP/2 connection wrote into its goodbye (GOAWAY's
/// debug data, RFC 9113 section 6.8): that may be anything.
fn plain(error: &(dyn std::error::Error + 'static)) -> String {
    let reason = error.downcast_ref::<h2::Error>().and_then(h2::Error::reason);
    reason.map_or_else(|| error.to_string(), |reason| format!("HTTP/2: {reason}"))
}

#[cfg(test)]
mod tests;
