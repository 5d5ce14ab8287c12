//! An assignment that asks for vectors: the text of each message is one text.

use super::{malformed, texts_of, unsupported};
use crate::engine::Refusal;
use littoral_engine::Texts;
use littoral_proto::v1 as wire;

/// The texts of `assignment`. What only an answer can have is refused by name.
pub(super) fn texts(
    assignment: wire::Assignment,
    embed: wire::assignment::Embed,
) -> Result<Texts, Refusal> {
    let answers = [
        ("tools", !assignment.tools.is_empty()),
        ("response_format", assignment.response_format.is_some()),
        ("assistant_prefix", assignment.assistant_prefix.is_some()),
        ("top_logprobs", assignment.top_logprobs.is_some()),
    ];
    if let Some((field, _)) = answers.iter().find(|(_, there)| *there) {
        return Err(unsupported(format!("{field}: only an answer can have it, not a vector")));
    }
    if assignment.messages.is_empty() {
        return Err(malformed("messages is empty"));
    }
    let texts = assignment.messages.into_iter().enumerate().map(|(at, message)| {
        let texts = texts_of(at, message.parts)?;
        Ok(texts.join("\n"))
    });
    Ok(Texts { texts: texts.collect::<Result<_, _>>()?, dimensions: embed.dimensions })
}
