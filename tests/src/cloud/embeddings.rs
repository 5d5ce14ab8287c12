//! OpenAI's embeddings on the wire. A vector says which text it is of, and nothing else.

use super::answer::Answer;
use super::speech::Asked;
use serde_json::{Value, json};

/// Where they are asked for.
pub(super) const PATH: &str = "/v1/embeddings";

/// One vector of length 1 for each text: the cosine and the sine of its number.
pub(super) fn vectors(answer: &Answer, asked: &Asked) -> Value {
    let row = |index: usize| {
        let angle = f64::from(u32::try_from(index).unwrap_or(u32::MAX));
        json!({ "object": "embedding", "index": index, "embedding": [angle.cos(), angle.sin()] })
    };
    let rows: Vec<Value> = (0..asked.inputs).map(row).collect();
    let tokens = answer.usage.0;
    json!({
        "object": "list",
        "data": rows,
        "model": asked.model,
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    })
}
