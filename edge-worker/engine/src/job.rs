//! What is asked of a model and what comes back.

mod timings;

use std::fmt;

use crate::conversation::Conversation;
use crate::error::EngineError;
use crate::form::Form;
use crate::sampling::Sampling;
use crate::tools::ToolChoice;

pub use timings::Timings;

/// One generation to run.
#[derive(Clone, Default)]
pub struct Job {
    /// What to answer.
    pub conversation: Conversation,
    /// How to choose tokens; absent values are the model's own.
    pub sampling: Sampling,
    /// Strings that end the answer and are not part of it; at most [`Job::MOST_STOPS`]. They are
    /// looked for in what is generated here, not in an assistant prefix.
    pub stop: Vec<String>,
    /// Most tokens of the answer, at least 1; `None` is as many as the context holds.
    pub max_tokens: Option<u32>,
    /// `None`: no log probabilities. `Some(n)`: those of the chosen tokens and of the `n` most
    /// probable ones at each step, at most [`Job::MOST_TOP_LOGPROBS`].
    pub top_logprobs: Option<u8>,
    /// The number of the conversation this is a turn of. When the turn ends in good order its cache is
    /// held, and the next one with this number reads only this one's answer and what is new, to the same
    /// answer. `None` holds nothing.
    pub session: Option<u64>,
    /// What form the answer must have. A stop string can still end it early.
    pub form: Form,
    /// Which of the conversation's tools the model may or must call.
    pub tool_choice: ToolChoice,
}

impl Job {
    /// Most stop strings of a job.
    pub const MOST_STOPS: usize = 16;
    /// Most bytes of one stop string: that much text may be held back.
    pub const MOST_STOP_BYTES: usize = 512;
    /// Most alternatives a step, as in OpenAI's API.
    pub const MOST_TOP_LOGPROBS: u8 = 20;

    /// Everything outside its range, apart from the sampling values.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.stop.len() > Self::MOST_STOPS {
            faults.push(format!(
                "{} stop strings, the most is {}",
                self.stop.len(),
                Self::MOST_STOPS
            ));
        }
        if self.stop.iter().any(|stop| stop.is_empty() || stop.len() > Self::MOST_STOP_BYTES) {
            faults.push(format!("a stop string must have 1 to {} bytes", Self::MOST_STOP_BYTES));
        }
        if self.max_tokens == Some(0) {
            faults.push("max_tokens is 0, it must be at least 1".into());
        }
        if let Some(top) = self.top_logprobs.filter(|&top| top > Self::MOST_TOP_LOGPROBS) {
            faults.push(format!("top_logprobs is {top}, the most is {}", Self::MOST_TOP_LOGPROBS));
        }
        faults
    }
}

/// The texts are content: their sizes are shown.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("conversation", &self.conversation)
            .field("sampling", &self.sampling)
            .field("stops", &self.stop.len())
            .field("max_tokens", &self.max_tokens)
            .field("top_logprobs", &self.top_logprobs)
            .field("session", &self.session)
            .field("form", &self.form)
            .field("tool_choice", &self.tool_choice)
            .finish()
    }
}

/// What a running generation reports, in order. The last one is `Finished` or `Failed`.
pub enum GenerationEvent {
    /// Part of the prompt has been read.
    Prefill {
        /// Tokens read, those included that a held cache had read before.
        done: u32,
        /// Tokens of the prompt.
        of: u32,
    },
    /// More of the answer: never empty, never half a character, never part of a stop string.
    Text {
        /// The text.
        text: String,
        /// Tokens behind it, those included whose text was held back until now.
        tokens: u32,
        /// One entry a token where log probabilities were asked for, else none.
        logprobs: Vec<TokenLogprob>,
    },
    /// A whole call of a tool, checked.
    ToolCall {
        /// Which call of the answer, from 0.
        index: u32,
        /// The function's name.
        name: String,
        /// Arguments as JSON text.
        arguments: String,
    },
    /// Vectors of some texts, of an embedding model: each text's once, in any order.
    Vectors(Vec<TextVector>),
    /// The answer is complete.
    Finished {
        /// Why it ended.
        finish: Finish,
        /// Tokens.
        usage: Usage,
        /// Durations.
        timings: Timings,
    },
    /// The generation failed; what was reported before stands.
    Failed(EngineError),
}

impl GenerationEvent {
    /// Whether no event follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::Finished { .. } | Self::Failed(_))
    }
}

/// The vector of one text. Much of a text can be made out from its vector, so it is content.
#[derive(Clone, PartialEq)]
pub struct TextVector {
    /// Which text, from 0.
    pub text: usize,
    /// The vector, of length 1.
    pub values: Vec<f32>,
}

impl fmt::Debug for TextVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextVector({}, {} numbers)", self.text, self.values.len())
    }
}

/// The text is content: its length is shown.
impl fmt::Debug for GenerationEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefill { done, of } => write!(f, "Prefill {{ done: {done}, of: {of} }}"),
            Self::Text { text, tokens, .. } => {
                write!(f, "Text {{ text_bytes: {}, tokens: {tokens} }}", text.len())
            }
            Self::ToolCall { index, arguments, .. } => {
                write!(f, "ToolCall {{ index: {index}, arguments_bytes: {} }}", arguments.len())
            }
            Self::Vectors(vectors) => write!(f, "Vectors({})", vectors.len()),
            Self::Finished { finish, usage, timings } => f
                .debug_struct("Finished")
                .field("finish", finish)
                .field("usage", usage)
                .field("timings", timings)
                .finish(),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
        }
    }
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model ended it, or a stop string was complete.
    Stop,
    /// It called tools.
    ToolCalls,
    /// `max_tokens` or the model's context was reached.
    Length,
    /// The caller cancelled.
    Cancelled,
}

/// Tokens of a generation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, an assistant prefix included.
    pub prompt_tokens: u32,
    /// Those of them that were not read because the session's held cache had them.
    pub cached_prompt_tokens: u32,
    /// Tokens generated, without the model's end token; those a stop string cut off count.
    pub completion_tokens: u32,
}

/// A chosen token and what the model thought of it.
#[derive(Clone, PartialEq)]
pub struct TokenLogprob {
    /// The token's bytes; may be part of a character.
    pub bytes: Vec<u8>,
    /// Natural logarithm of its probability before penalties and temperature, among the tokens that the
    /// answer's form allows.
    pub logprob: f32,
    /// The most probable tokens at this step, best first.
    pub top: Vec<Alternative>,
}

/// A token that could have been chosen.
#[derive(Clone, PartialEq)]
pub struct Alternative {
    /// The token's bytes; may be part of a character.
    pub bytes: Vec<u8>,
    /// Natural logarithm of its probability before penalties and temperature.
    pub logprob: f32,
}

impl fmt::Debug for TokenLogprob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenLogprob")
            .field("logprob", &self.logprob)
            .field("top", &self.top)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alternative").field("logprob", &self.logprob).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_out_of_range_is_named_at_once() {
        let job = Job {
            stop: vec![String::new(); 17],
            max_tokens: Some(0),
            top_logprobs: Some(21),
            ..Job::default()
        };
        assert_eq!(
            job.faults(),
            [
                "17 stop strings, the most is 16",
                "a stop string must have 1 to 512 bytes",
                "max_tokens is 0, it must be at least 1",
                "top_logprobs is 21, the most is 20",
            ]
        );
        assert!(Job::default().faults().is_empty());
    }

    #[test]
    fn debug_output_shows_no_text() {
        let logprobs = vec![TokenLogprob { bytes: b"hush".into(), logprob: -0.5, top: Vec::new() }];
        let event = GenerationEvent::Text { text: "hush".into(), tokens: 1, logprobs };
        assert_eq!(format!("{event:?}"), "Text { text_bytes: 4, tokens: 1 }");
        let conversation = Conversation::question("hush");
        let job = Job { conversation, stop: vec!["hush".into()], ..Job::default() };
        assert!(!format!("{job:?}").contains("hush"));
    }
}
