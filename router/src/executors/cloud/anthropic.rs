//! The dialect of Anthropic's messages (API version 2023-06-01).
//!
//! It differs from chat completions in more than names. Instructions stand before the conversation and
//! not in it, results of tools are said by the user, turns alternate, a bound on generated tokens is
//! part of every request, and prompt tokens are counted in three parts that exclude each other. What
//! has no word here at all: log-probabilities, a seed, penalties, "any JSON" without a schema, names of
//! speakers, the level of detail of an image, sounds, metadata besides the end user's identifier.
//!
//! A thought is signed so that its model can be shown it again. A [`littoral_core::prompt::Prompt`] has
//! no place for thoughts, so neither they nor their signatures are sent back.

mod events;
pub(super) mod request;
pub(super) mod stream;
mod turns;
mod wire;

use littoral_core::facts::Needs;

/// The version of the API that is spoken here, sent with every request.
pub(super) const VERSION: &str = "2023-06-01";

/// The abilities that a model reached through this dialect can have.
pub(super) const CARRIES: Needs = Needs {
    tools: true,
    json_output: true,
    image: true,
    audio: false,
    logprobs: false,
    embeddings: false,
};

/// Families, behind `claude-`, that think only where they are asked to. Anthropic's later models think unasked, and with
/// that they refuse every sampling setting but the default and every forced tool call (its migration
/// guides to Opus 4.7 and Sonnet 5).
const THINK_WHERE_ASKED: [&str; 9] = [
    "2",
    "3",
    "haiku-4",
    "sonnet-4",
    // Opus 4 has only its date behind its name.
    "opus-4-2025",
    "opus-4-0",
    "opus-4-1",
    "opus-4-5",
    "opus-4-6",
];

/// Whether a model thinks unasked. Models of other houses, behind servers that imitate the API, do as
/// they are told.
fn thinks_unasked(model: &str) -> bool {
    // Resellers put their own name before Anthropic's.
    let Some((_, version)) = model.split_once("claude-") else { return false };
    !THINK_WHERE_ASKED.iter().any(|family| version.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_that_think_unasked_are_told_from_those_that_do_as_they_are_told() {
        for model in ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-20250514", "qwen3"] {
            assert!(!thinks_unasked(model), "{model}");
        }
        let others =
            ["claude-opus-4-7", "claude-sonnet-5", "us.anthropic.claude-haiku-5-5", "claude-new-1"];
        for model in others {
            assert!(thinks_unasked(model), "{model}");
        }
    }
}
