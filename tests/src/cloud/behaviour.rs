//! What the stand-in can be told to do with one request.

use super::answer::Answer;
use super::gate::Gate;
use axum::body::Bytes;

/// An event that breaks off in its JSON, and the end of the stream.
const MALFORMED: &str = "data: {\"choices\": [{\"delta\": \n\ndata: [DONE]\n\n";

/// How one request is treated.
#[derive(Clone)]
pub enum Behaviour {
    /// A well-formed answer, streamed or whole as the request asks.
    Answer(Answer),
    /// Takes the request and never says anything.
    HangBeforeHeaders,
    /// Takes the request and answers when the gate lets it through, head and all.
    SlowHeaders {
        /// What it says then.
        answer: Answer,
        /// What it waits for.
        gate: Gate,
    },
    /// Sends the client elsewhere, with status 307.
    Redirect {
        /// Where to.
        location: String,
    },
    /// Answers in bytes that claim to be compressed, which nobody asked for.
    Compressed(Answer),
    /// Streams the first `chunks` pieces of text and falls silent.
    HangAfter {
        /// What it begins to say.
        answer: Answer,
        /// Pieces it gets out.
        chunks: usize,
    },
    /// Streams the first `chunks` pieces of text, then half an event, and resets the connection.
    CutAfter {
        /// What it begins to say.
        answer: Answer,
        /// Pieces it gets out whole.
        chunks: usize,
    },
    /// Streams the first `chunks` pieces of text, then `tail` as it is, and ends the body in order.
    TailAfter {
        /// What it begins to say.
        answer: Answer,
        /// Pieces it gets out.
        chunks: usize,
        /// What comes instead of the rest; nothing if empty.
        tail: Bytes,
    },
    /// Streams the first `chunks` pieces of text, then an event that is an error, and ends the body.
    ErrorAfter {
        /// What it begins to say.
        answer: Answer,
        /// Pieces it gets out.
        chunks: usize,
        /// The provider's words.
        message: String,
    },
    /// Refuses with an HTTP error.
    Refuse(Refusal),
    /// Starts a stream with status 200 whose only event is an error.
    ErrorInStream {
        /// The provider's words.
        message: String,
    },
    /// Answers status 200 with a JSON error as the body, streamed or not.
    ErrorWith200 {
        /// The provider's words.
        message: String,
    },
    /// Sends these bytes with status 200: malformed events, or anything else.
    Raw {
        /// The response's `content-type`.
        content_type: &'static str,
        /// The body, as it is.
        body: Bytes,
    },
}

/// An HTTP error.
#[derive(Clone)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Value of `retry-after`, in seconds.
    pub retry_after_s: Option<u64>,
    /// The provider's words.
    pub message: String,
}

impl Behaviour {
    /// A well-formed answer in these pieces.
    pub fn answer<T: Into<String>>(pieces: impl IntoIterator<Item = T>) -> Self {
        Self::Answer(Answer::new(pieces))
    }

    /// Status 429, optionally with `retry-after` in seconds.
    #[must_use]
    pub fn rate_limited(retry_after_s: Option<u64>) -> Self {
        Self::Refuse(Refusal { retry_after_s, ..Refusal::new(429, "rate limit reached") })
    }

    /// Status 500.
    #[must_use]
    pub fn server_error() -> Self {
        Self::Refuse(Refusal::new(500, "the server had an error"))
    }

    /// Status 529, which some providers send under load.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::Refuse(Refusal::new(529, "overloaded"))
    }

    /// Status 401.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::Refuse(Refusal::new(401, "incorrect key provided"))
    }

    /// An event stream whose one event is not JSON.
    #[must_use]
    pub fn malformed_stream() -> Self {
        Self::raw("text/event-stream", MALFORMED)
    }

    /// The first `chunks` pieces of `answer`, then an event that is not JSON.
    #[must_use]
    pub const fn malformed_after(answer: Answer, chunks: usize) -> Self {
        Self::TailAfter { answer, chunks, tail: Bytes::from_static(MALFORMED.as_bytes()) }
    }

    /// The first `chunks` pieces of `answer`, then an event that is an error with these words.
    #[must_use]
    pub fn error_after(answer: Answer, chunks: usize, message: &str) -> Self {
        Self::ErrorAfter { answer, chunks, message: message.into() }
    }

    /// The first `chunks` pieces of `answer`, then an event of two million bytes that does not end.
    #[must_use]
    pub fn giant_event_after(answer: Answer, chunks: usize) -> Self {
        let tail = Bytes::from(format!("data: {}", "x".repeat(2_000_000)));
        Self::TailAfter { answer, chunks, tail }
    }

    /// The first `chunks` pieces of `answer`, then an event of bytes that are no text.
    #[must_use]
    pub const fn no_text_after(answer: Answer, chunks: usize) -> Self {
        Self::TailAfter { answer, chunks, tail: Bytes::from_static(b"data: \xf0\x9f\x8c\n\n") }
    }

    /// The first `chunks` pieces of `answer`, then an orderly end of the body: no finish reason, no
    /// `[DONE]`.
    #[must_use]
    pub const fn ends_after(answer: Answer, chunks: usize) -> Self {
        Self::TailAfter { answer, chunks, tail: Bytes::new() }
    }

    /// An event stream that ends without a finish reason and without `[DONE]`.
    #[must_use]
    pub fn empty_stream() -> Self {
        Self::raw("text/event-stream", "")
    }

    /// What a request beyond the script gets.
    pub(super) fn unscripted() -> Self {
        Self::Refuse(Refusal::new(500, "nothing is scripted for this request"))
    }

    /// A body sent as it is, with status 200.
    #[must_use]
    pub fn raw(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::Raw { content_type, body: body.into() }
    }
}

impl Refusal {
    /// An HTTP error without `retry-after`.
    #[must_use]
    pub fn new(status: u16, message: &str) -> Self {
        Self { status, retry_after_s: None, message: message.into() }
    }
}
