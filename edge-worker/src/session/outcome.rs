//! How an assignment's end reads on the wire.

use crate::energy::Spent;
use littoral_engine::{EngineError, Finish};
use littoral_proto::v1::{self as wire, FinishReason, finished};

/// A generation that came to its own end.
pub(super) fn completed(
    finish: Finish,
    usage: littoral_engine::Usage,
    timings: littoral_engine::Timings,
    spent: Option<Spent>,
) -> finished::Result {
    let finish_reason = match finish {
        Finish::Stop => FinishReason::Stop,
        Finish::ToolCalls => FinishReason::ToolCalls,
        Finish::Length => FinishReason::Length,
        // Nobody here asked for it, so the engine itself gave up.
        Finish::Cancelled => return failed("engine", "the engine cancelled the generation"),
    };
    finished::Result::Completed(finished::Completed {
        finish_reason: finish_reason.into(),
        usage: Some(wire::Usage {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
        }),
        timings: Some(wire::Timings {
            queue_ms: timings.queue_ms,
            prefill_ms: timings.prefill_ms,
            first_token_ms: timings.first_token_ms,
            decode_ms: timings.decode_ms,
        }),
        cached_prompt_tokens: usage.cached_prompt_tokens,
        energy: spent.map(|spent| wire::Energy {
            prefill_joules: Some(spent.prefill_joules),
            decode_joules: Some(spent.decode_joules),
            estimated: spent.estimated,
        }),
    })
}

/// ONNX Runtime tells an exhausted memory only in words; it says "Failed to allocate memory" and
/// the C++ library "bad allocation" or `std::bad_alloc`.
pub(super) fn engine_failure(error: &EngineError) -> finished::Result {
    let detail = error.to_string();
    if matches!(error, EngineError::ToolCall) {
        return failed("tool_call", &detail);
    }
    let no_memory = ["Failed to allocate memory", "bad allocation", "bad_alloc"]
        .iter()
        .any(|words| detail.contains(words));
    failed(if no_memory { "out_of_memory" } else { "engine" }, &detail)
}

/// A failure of this kind; `detail` is without content.
pub(super) fn failed(kind: &str, detail: &str) -> finished::Result {
    finished::Result::Failed(finished::Failed { kind: kind.to_owned(), detail: detail.to_owned() })
}
