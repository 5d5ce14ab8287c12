//! Reading what one choice of an answer says, be it a chunk of a stream or all of it at once.

use super::wire::{AnswerToolCall, AnswerUsage, Logprob, Logprobs, Said};
use crate::executors::cloud::dialect::Piece;
use littoral_core::flight::event::{Channel, TokenLogprob, ToolCallFragment, Usage};

/// The pieces of one delta or message, in the order in which a model produces them: it reasons,
/// then answers or refuses, then calls tools.
pub(super) fn pieces(said: Said, logprobs: Option<Logprobs>) -> Vec<Piece> {
    let logprobs = logprobs.unwrap_or_default();
    let reasoning = said.reasoning_content.or(said.reasoning);
    let texts = [
        (Channel::Reasoning, reasoning, None),
        (Channel::Content, said.content, logprobs.content),
        (Channel::Refusal, said.refusal, logprobs.refusal),
    ];
    let texts = texts.into_iter().filter_map(|(channel, text, logprobs)| {
        let text = text.unwrap_or_default();
        let logprobs: Vec<_> = logprobs.unwrap_or_default().into_iter().map(logprob).collect();
        // A token may end in the middle of a character: it has a probability and no text yet.
        let is_empty = text.is_empty() && logprobs.is_empty();
        (!is_empty).then_some(Piece::Text(channel, text, logprobs))
    });
    let calls = said.tool_calls.unwrap_or_default();
    let calls = (0..).zip(calls).map(|(position, call)| tool_call(position, call));
    texts.chain(calls).collect()
}

/// `position` numbers the calls of servers that do not number them.
fn tool_call(position: u32, call: AnswerToolCall) -> Piece {
    let function = call.function.unwrap_or_default();
    let non_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
    Piece::ToolCall(ToolCallFragment {
        index: call.index.unwrap_or(position),
        id: non_empty(call.id),
        name: non_empty(function.name),
        arguments: function.arguments.unwrap_or_default(),
    })
}

fn logprob(logprob: Logprob) -> TokenLogprob {
    let top = logprob.top_logprobs.unwrap_or_default();
    TokenLogprob {
        token: logprob.token,
        logprob: logprob.logprob,
        top: top.into_iter().map(|top| (top.token, top.logprob)).collect(),
    }
}

/// Half a usage is none: a bill cannot be made of it.
pub(super) fn usage(usage: &AnswerUsage) -> Option<Usage> {
    let (prompt_tokens, completion_tokens) = usage.prompt_tokens.zip(usage.completion_tokens)?;
    let of_prompt = usage.prompt_tokens_details.as_ref();
    let of_answer = usage.completion_tokens_details.as_ref();
    Some(Usage {
        prompt_tokens,
        cached_tokens: of_prompt.and_then(|details| details.cached_tokens).unwrap_or(0),
        cache_write_tokens: 0,
        completion_tokens,
        reasoning_tokens: of_answer.and_then(|details| details.reasoning_tokens).unwrap_or(0),
    })
}
