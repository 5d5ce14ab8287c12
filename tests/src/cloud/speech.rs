//! The dialects that the stand-in speaks. Which one, a request says by its path.

use super::answer::{Answer, Framing};
use super::{chat, embeddings, messages};
use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use serde_json::Value;

/// A dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// OpenAI's chat completions.
    Chat,
    /// Anthropic's messages.
    Messages,
    /// OpenAI's embeddings.
    Embeddings,
}

/// What a request asks for, as far as it shapes the answer.
pub(super) struct Asked {
    pub(super) speech: Speech,
    pub(super) model: String,
    pub(super) stream: bool,
    /// The stream shall end with a usage event. Anthropic's always does.
    pub(super) include_usage: bool,
    /// Texts to make vectors of.
    pub(super) inputs: usize,
}

/// The status and message that the service would refuse a request with.
pub(super) type Refused = (StatusCode, String);

pub(super) fn refuse<T>(status: StatusCode, message: &str) -> Result<T, Refused> {
    Err((status, message.to_owned()))
}

impl Speech {
    /// The dialect of a request; that of a path that is unknown is OpenAI's, to complain in.
    pub(super) fn of(head: &Parts) -> Self {
        match head.uri.path() {
            "/v1/messages" => Self::Messages,
            embeddings::PATH => Self::Embeddings,
            _ => Self::Chat,
        }
    }

    /// The body of a whole answer.
    pub(super) fn whole(self, answer: &Answer, asked: &Asked) -> Value {
        match self {
            Self::Chat => chat::completion(answer, asked),
            Self::Messages => messages::message(answer, asked),
            Self::Embeddings => embeddings::vectors(answer, asked),
        }
    }

    /// The JSON of each event of a streamed answer up to its last, and whether it carries a piece.
    pub(super) fn chunks(self, answer: &Answer, asked: &Asked) -> Vec<(Value, bool)> {
        match self {
            Self::Chat | Self::Embeddings => chat::chunks(answer, asked),
            Self::Messages => messages::chunks(answer, asked),
        }
    }

    /// One event of a stream.
    pub(super) fn event(self, chunk: &Value, framing: Framing) -> Bytes {
        match self {
            Self::Chat | Self::Embeddings => chat::event(&chunk.to_string(), framing),
            Self::Messages => messages::event(chunk, framing),
        }
    }

    /// Whether an event says why the answer ends.
    pub(super) fn ends(self, chunk: &Value) -> bool {
        let reason = match self {
            Self::Chat | Self::Embeddings => &chunk["choices"][0]["finish_reason"],
            Self::Messages => &chunk["delta"]["stop_reason"],
        };
        !reason.is_null()
    }

    /// The last event of a stream.
    pub(super) fn last(self, framing: Framing) -> Bytes {
        match self {
            Self::Chat | Self::Embeddings => chat::event("[DONE]", framing),
            Self::Messages => messages::event(&messages::last(), framing),
        }
    }

    /// The JSON of an error, as a body or as an event.
    pub(super) fn error(self, message: &str) -> Value {
        match self {
            Self::Chat | Self::Embeddings => chat::error(message),
            Self::Messages => messages::error(message),
        }
    }
}

impl Asked {
    /// Reads a request as the service would.
    ///
    /// # Errors
    /// The status and message that the service would refuse it with.
    pub(super) fn read(speech: Speech, head: &Parts, body: &[u8]) -> Result<Self, Refused> {
        match speech {
            Speech::Chat | Speech::Embeddings => chat::check(head)?,
            Speech::Messages => messages::check(head)?,
        }
        if head.method != Method::POST {
            return refuse(StatusCode::METHOD_NOT_ALLOWED, "only POST is allowed");
        }
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return refuse(StatusCode::BAD_REQUEST, "the body is not JSON");
        };
        let Some(model) = body["model"].as_str() else {
            return refuse(StatusCode::BAD_REQUEST, "`model` is required");
        };
        let inputs = body["input"].as_array().map_or(0, Vec::len);
        if speech == Speech::Embeddings {
            if inputs == 0 {
                return refuse(StatusCode::BAD_REQUEST, "`input` is required");
            }
            let (model, stream) = (model.into(), false);
            return Ok(Self { speech, model, stream, include_usage: false, inputs });
        }
        if body["messages"].as_array().is_none_or(Vec::is_empty) {
            return refuse(StatusCode::BAD_REQUEST, "`messages` is required");
        }
        let stream = body["stream"].as_bool().unwrap_or(false);
        let include_usage = match speech {
            Speech::Chat | Speech::Embeddings => chat::wants_usage(&body, stream)?,
            Speech::Messages => messages::check_body(&body).map(|()| true)?,
        };
        Ok(Self { speech, model: model.into(), stream, include_usage, inputs })
    }
}
