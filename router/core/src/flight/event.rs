//! What can happen to a flight.

use serde::{Deserialize, Serialize};

/// One dispatch of one attempt. A plan entry that is dispatched again gets a new number, so a late
/// event of a cancelled dispatch is recognised and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DispatchId(pub u32);

/// Streams of text inside one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// The answer.
    Content,
    /// The model's reasoning, where it shows it.
    Reasoning,
    /// A refusal in the model's own words.
    Refusal,
}

/// A log-probability of a generated token.
#[derive(Clone, PartialEq)]
pub struct TokenLogprob {
    /// The token's text.
    pub token: String,
    /// Natural logarithm of its probability.
    pub logprob: f32,
    /// The most likely alternatives, best first.
    pub top: Vec<(String, f32)>,
}

/// Something that happened, told to [`super::Flight::on`].
#[derive(Clone, PartialEq)]
pub enum Event {
    /// The target took the request.
    Accepted(DispatchId),
    /// The prompt is being read: `done` of `of` tokens. Renews the first-token limit.
    Progress {
        /// Which dispatch.
        dispatch: DispatchId,
        /// Prompt tokens read.
        done: u32,
        /// Prompt tokens in all.
        of: u32,
    },
    /// Text of the answer.
    Delta {
        /// Which dispatch.
        dispatch: DispatchId,
        /// Which stream of text.
        channel: Channel,
        /// Byte offset of `text` in what this dispatch generated on this channel, where the target
        /// states one (workers do). A gap or an overlap is a fault of the target.
        offset: Option<u64>,
        /// The text. Content.
        text: String,
        /// Log-probabilities of the tokens in `text`, if asked for.
        logprobs: Vec<TokenLogprob>,
    },
    /// A fragment of a tool call.
    ToolCallDelta {
        /// Which dispatch.
        dispatch: DispatchId,
        /// The fragment.
        fragment: ToolCallFragment,
    },
    /// The target finished the answer.
    Finished {
        /// Which dispatch.
        dispatch: DispatchId,
        /// Why generation ended.
        finish: Finish,
        /// Tokens read and written, where the target said.
        usage: Option<Usage>,
    },
    /// The dispatch failed; nothing more comes of it.
    Failed {
        /// Which dispatch.
        dispatch: DispatchId,
        /// What went wrong and whose fault it was.
        fault: Fault,
    },
    /// A wake-up asked for by [`super::action::Action::WakeAt`], or any moment to look at the clock.
    /// Sent when no other event waits, so that a token which came in time is taken before silence is
    /// judged.
    Timer,
    /// The client cancelled, or its connection is gone.
    ClientGone,
    /// The router shuts down and the hard bound is reached.
    Shutdown,
    /// The operator cut egress: cloud dispatches end now.
    EgressCut,
}

/// A fragment of a tool call, in the order in which it came.
#[derive(Clone, PartialEq)]
pub struct ToolCallFragment {
    /// Which call of the answer, from 0.
    pub index: u32,
    /// Identifier, in the first fragment of a call.
    pub id: Option<String>,
    /// Function name, in the first fragment of a call.
    pub name: Option<String>,
    /// A piece of the arguments' JSON text.
    pub arguments: String,
}

/// Why a target stopped generating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model ended its turn, or a stop string was reached.
    Stop,
    /// The token limit was reached.
    Length,
    /// The model calls tools.
    ToolCalls,
    /// The provider's filter cut the answer.
    ContentFilter,
}

/// Tokens read and written by a target. A part is contained in its sum, and is 0 where the target says
/// nothing of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Prompt tokens.
    pub prompt_tokens: u32,
    /// Prompt tokens that were read from the provider's cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached_tokens: u32,
    /// Prompt tokens that were written to the provider's cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cache_write_tokens: u32,
    /// Generated tokens.
    pub completion_tokens: u32,
    /// Generated tokens of reasoning.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub reasoning_tokens: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(tokens: &u32) -> bool {
    *tokens == 0
}

/// A failure of a dispatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose fault.
    pub blame: Blame,
    /// Short stable word for metrics and tests: `connect`, `lost`, `garbage`, `rate_limited`, ...
    pub kind: &'static str,
    /// One plain clause without content: "worker alice-laptop went away".
    pub detail: String,
    /// The target asked to be left alone for this long, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// Whose fault a failure is; it decides whether another target can do better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    /// The request itself is bad; no other target will take it either.
    Client,
    /// The target (worker or provider) failed; another may answer.
    Target,
    /// The network between us failed; another may answer.
    Network,
    /// This attempt may not be sent (the gate voided it); another may.
    Gate,
    /// A limit of the router's own is in the way: a budget, a rate, a breaker. Another may answer.
    Limit,
    /// The router failed.
    Router,
}
