//! `POST /v1/embeddings`.

use crate::ingress::http::HttpDoor;
use crate::ingress::http::answer::Author;
use crate::ingress::http::body::invalid;
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::hints;
use crate::ingress::http::served::Served;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use littoral_proto::v1;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tonic::Status;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmbeddingBody {
    #[serde(default)]
    model: Option<String>,
    input: Input,
    #[serde(default)]
    encoding_format: Option<String>,
    #[serde(default)]
    dimensions: Option<u32>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    One(String),
    Several(Vec<String>),
    /// Numbers of tokens, whose tokenizer nobody names.
    Tokens(serde::de::IgnoredAny),
}

/// Answers with one vector for each text.
pub(in crate::ingress::http) async fn embed(
    State(door): State<HttpDoor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    error::told(Shape::OpenAi, answer(&door, &parts, body).await)
}

async fn answer(
    door: &HttpDoor,
    parts: &http::request::Parts,
    body: Body,
) -> Result<Response, Status> {
    let mut body: EmbeddingBody = door.json(&parts.headers, body).await?;
    let hinted = hints::read(&parts.headers, body.metadata.get_or_insert_default())?;
    let texts = match body.input {
        Input::One(text) => vec![text],
        Input::Several(texts) => texts,
        Input::Tokens(_) => {
            return Err(invalid(
                "input: must be a text or a list of texts; numbers of tokens differ from model to model \
                 (LangChain: check_embedding_ctx_length=False)",
            ));
        }
    };
    let in_base64 = match body.encoding_format.as_deref() {
        None | Some("float") => false,
        Some("base64") => true,
        Some(_) => return Err(invalid("encoding_format: must be float or base64")),
    };
    let unlabelled = v1::DataClass::Unspecified.into();
    let wire = v1::EmbedRequest {
        request_id: hinted.request_id,
        model: body.model.unwrap_or_default(),
        inputs: texts
            .into_iter()
            .map(|text| v1::EmbedInput { text, data_class: unlabelled })
            .collect(),
        dimensions: body.dimensions,
        user: body.user,
        hints: Some(hinted.hints),
    };
    let answer = door.embedding.embed_one((&parts.headers, &parts.extensions), wire).await?;
    let done = answer.done.clone().unwrap_or_default();
    let mut author = Author::of(&answer.request_id);
    author.was(&done);
    let rows: Vec<Value> = answer
        .embeddings
        .iter()
        .enumerate()
        .map(|(index, row)| {
            json!({ "object": "embedding", "index": index, "embedding": shown(&row.values, in_base64) })
        })
        .collect();
    let tokens = answer.usage.map_or(0, |usage| usage.prompt_tokens);
    let body = json!({
        "object": "list",
        "data": rows,
        "model": author.model,
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
        "littoral": Served::of(&answer.request_id, &done, &[]),
    });
    Ok((author.headers(), Json(body)).into_response())
}

/// A vector as JSON: numbers, or base64 of their little-endian bytes.
fn shown(values: &[f32], in_base64: bool) -> Value {
    if in_base64 {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        return STANDARD.encode(bytes).into();
    }
    values.to_vec().into()
}
