//! Embeddings as OpenAI's API has them, and with it vLLM, llama.cpp, Ollama and their like.
//!
//! Numbers are asked for as JSON, which every server knows; some answer in base64 all the same (four
//! bytes a number, little end first), so that is read too. Rows are put in the order of their numbers,
//! and where a server does not number them, in the order they come. Everything else that is not as asked
//! is a fault: a vector that stands for the wrong text is worse than none.

use crate::executors::cloud::dialect::embeddings::{EmbeddingRequest, Embeddings};
use crate::executors::cloud::dialect::{Unfit, body, count, invalid, unsupported};
use crate::executors::cloud::error::ErrorReader;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use littoral_core::flight::event::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// Most texts in one request, by OpenAI's reference.
const MOST_TEXTS: usize = 2_048;

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    input: &'a [String],
    encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
}

/// An answer, or an error in its place. As with chat, any field may be absent.
#[derive(Deserialize)]
struct Answer<'a> {
    object: Option<String>,
    #[serde(borrow)]
    data: Option<Vec<Row<'a>>>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Row<'a> {
    index: Option<usize>,
    /// Numbers, or a text of them.
    #[serde(borrow)]
    embedding: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default, deserialize_with = "count")]
    prompt_tokens: Option<u32>,
}

/// The body of a request.
pub(in crate::executors::cloud) fn encode(request: &EmbeddingRequest) -> Result<Bytes, Unfit> {
    let EmbeddingRequest { model, texts, dimensions, user } = request;
    if texts.is_empty() || texts.iter().any(String::is_empty) {
        return Err(invalid("cannot be sent nothing to make a vector of"));
    }
    if texts.len() > MOST_TEXTS {
        return Err(unsupported("takes no more than 2048 texts at once"));
    }
    if *dimensions == Some(0) {
        return Err(invalid("cannot be asked for vectors without dimensions"));
    }
    body(&Request {
        model,
        input: texts,
        encoding_format: "float",
        dimensions: *dimensions,
        user: user.as_deref(),
    })
}

/// Reads a whole answer.
pub(in crate::executors::cloud) fn read(
    request: &EmbeddingRequest,
    errors: ErrorReader<'_>,
    answer: &[u8],
) -> Result<Embeddings, Fault> {
    let bad = |what: &str| errors.garbage(what);
    let text = str::from_utf8(answer).map_err(|_| bad("answered with bytes that are no text"))?;
    let none = "answered with something that is no list of embeddings";
    let answer: Answer<'_> = serde_json::from_str(text).map_err(|_| bad(none))?;
    if let Some(error) = answer.error.filter(|error| !error.is_null()) {
        return Err(errors.in_answer(&error));
    }
    if answer.object.as_deref() == Some("error") {
        return Err(errors.in_answer(&serde_json::from_str(text).unwrap_or_default()));
    }
    let rows = answer.data.ok_or_else(|| bad(none))?;
    let vectors = ordered(request.texts.len(), &rows).map_err(bad)?;
    let dimensions = request.dimensions.and_then(|dimensions| usize::try_from(dimensions).ok());
    let dimensions = dimensions.or(vectors.first().map(Vec::len)).unwrap_or_default();
    if dimensions == 0 || vectors.iter().any(|vector| vector.len() != dimensions) {
        return Err(bad("sent an embedding of another length"));
    }
    let prompt_tokens = answer.usage.and_then(|usage| usage.prompt_tokens);
    Ok(Embeddings { vectors, prompt_tokens })
}

/// The vectors in the order of the texts, or what is wrong with them.
fn ordered(texts: usize, rows: &[Row<'_>]) -> Result<Vec<Vec<f32>>, &'static str> {
    if rows.len() != texts {
        return Err("sent another number of embeddings than there are texts");
    }
    let is_numbered = rows.iter().any(|row| row.index.is_some());
    let mut places: Vec<Option<Vec<f32>>> = vec![None; texts];
    for (position, row) in rows.iter().enumerate() {
        let index = if is_numbered { row.index } else { Some(position) };
        let place = index.and_then(|index| places.get_mut(index)).filter(|place| place.is_none());
        let place = place.ok_or("numbered its embeddings wrongly")?;
        let vector = row.embedding.and_then(|raw| vector(raw.get()));
        *place = Some(vector.ok_or("sent an embedding that is no list of numbers")?);
    }
    // As many rows as places, and none twice: all are taken.
    Ok(places.into_iter().flatten().collect())
}

/// The numbers of a vector, all of them finite.
fn vector(json: &str) -> Option<Vec<f32>> {
    let numbers: Vec<f32> = if json.starts_with('"') {
        let text: String = serde_json::from_str(json).ok()?;
        let bytes = STANDARD.decode(text).ok()?;
        let (fours, rest) = bytes.as_chunks::<4>();
        let numbers = fours.iter().map(|four| f32::from_le_bytes(*four));
        rest.is_empty().then(|| numbers.collect())?
    } else {
        serde_json::from_str(json).ok()?
    };
    numbers.iter().all(|number| number.is_finite()).then_some(numbers)
}
