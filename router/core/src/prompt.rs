//! The content of a request, in the semantics of OpenAI chat.
//!
//! These types carry what people wrote, so they are neither `Serialize` nor `Debug` with content:
//! nothing here can slip into a log line, a record or a store by accident.

use crate::class::DataClass;
use std::collections::BTreeMap;
use std::fmt;

/// Everything a target needs in order to answer. Content: never stored, never logged.
#[derive(Clone, PartialEq)]
pub struct Prompt {
    /// The conversation, oldest first. Not empty.
    pub messages: Vec<Message>,
    /// Functions the model may call.
    pub tools: Vec<Tool>,
    /// Which of the tools it may or must call.
    pub tool_choice: ToolChoice,
    /// The form the answer must have.
    pub response_format: ResponseFormat,
    /// How tokens are drawn.
    pub sampling: Sampling,
    /// Text at which generation stops; never part of the answer.
    pub stop: Vec<String>,
    /// Upper bound of generated tokens; absent means the policy's default.
    pub max_output_tokens: Option<u32>,
    /// How many alternatives to report with each token; absent means no log-probabilities.
    pub top_logprobs: Option<u8>,
    /// End-user identifier for a provider's abuse monitoring. Content like any other field.
    pub user: Option<String>,
    /// Caller's own key-value pairs. Content like any other field.
    pub metadata: BTreeMap<String, String>,
    /// Label for every part that has none of its own.
    pub label: Option<DataClass>,
    /// Vectors are asked for and no answer: one for each message, which has one part of text.
    pub embed: Option<Embed>,
}

/// What vectors shall be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embed {
    /// Length of each; absent means the model's own.
    pub dimensions: Option<u32>,
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Prompt({} messages, {} tools)", self.messages.len(), self.tools.len())
    }
}

impl Prompt {
    /// The most seconds that its sounds can last, each begun one counted: eight kilobits a second is the
    /// least that MPEG audio has, and waves have more.
    #[must_use]
    pub fn audio_seconds(&self) -> u32 {
        const LEAST_BYTES_A_SECOND: usize = 1_000;
        let parts = self.messages.iter().flat_map(|message| &message.parts);
        let seconds = parts.map(|part| match &part.content {
            PartContent::Audio { data, .. } => data.len().div_ceil(LEAST_BYTES_A_SECOND),
            PartContent::Text(_) | PartContent::Image { .. } => 0,
        });
        u32::try_from(seconds.sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// How many images there are.
    #[must_use]
    pub fn images(&self) -> u32 {
        let parts = self.messages.iter().flat_map(|message| &message.parts);
        let images = parts.filter(|part| matches!(part.content, PartContent::Image { .. }));
        u32::try_from(images.count()).unwrap_or(u32::MAX)
    }

    /// One part of one message of a user, without a label.
    #[must_use]
    pub fn of_text(text: String) -> Self {
        let part = Part { content: PartContent::Text(text), label: None };
        let message = Message {
            role: Role::User,
            parts: vec![part],
            name: None,
            tool_calls: Vec::new(),
            tool_call_id: None,
            label: None,
        };
        Self {
            messages: vec![message],
            tools: Vec::new(),
            tool_choice: ToolChoice::default(),
            response_format: ResponseFormat::default(),
            sampling: Sampling::default(),
            stop: Vec::new(),
            max_output_tokens: None,
            top_logprobs: None,
            user: None,
            metadata: BTreeMap::new(),
            label: None,
            embed: None,
        }
    }
}

/// What of the answer one dispatch is asked for: all of it, or what another target left undone.
#[derive(Clone, PartialEq)]
pub struct Remainder {
    /// Text of the open assistant turn that the target continues exactly; absent at the beginning.
    /// Content.
    pub assistant_prefix: Option<String>,
    /// Most tokens it may generate, at least 1. Sent with every dispatch, so that nobody's own default
    /// decides how long an answer, and a bill, may get.
    pub max_output_tokens: u32,
}

impl fmt::Debug for Remainder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begun = self.assistant_prefix.as_ref().map_or(0, String::len);
        write!(f, "Remainder({} tokens after {begun} bytes)", self.max_output_tokens)
    }
}

/// Who speaks in a [`Message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions by the application.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

impl Role {
    /// The role's name in OpenAI chat and in chat templates.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One turn of the conversation.
#[derive(Clone, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub parts: Vec<Part>,
    /// Name of the speaker, where several share a role.
    pub name: Option<String>,
    /// Calls the assistant made in this turn.
    pub tool_calls: Vec<ToolCall>,
    /// The call that a tool message answers.
    pub tool_call_id: Option<String>,
    /// Label for all parts of this message that have none of their own.
    pub label: Option<DataClass>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({}, {} parts)", self.role.name(), self.parts.len())
    }
}

/// A piece of a message, with its own label.
#[derive(Clone, PartialEq)]
pub struct Part {
    /// What it holds.
    pub content: PartContent,
    /// The caller's label for this part alone.
    pub label: Option<DataClass>,
}

/// The kinds of content a part can hold.
#[derive(Clone, PartialEq)]
pub enum PartContent {
    /// Plain text.
    Text(String),
    /// An image, by URL (`https:` or `data:`).
    Image {
        /// Where the image is, or the image itself as a `data:` URL.
        url: String,
        /// Level of detail asked of the model (`low`, `high`, `auto`).
        detail: Option<String>,
    },
    /// A sound, within the request.
    Audio {
        /// What kind of file it is.
        format: AudioFormat,
        /// The file.
        data: Vec<u8>,
    },
}

/// The kinds of files that a sound can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioFormat {
    /// RIFF WAVE.
    Wav,
    /// MPEG audio, layer III.
    Mp3,
}

impl AudioFormat {
    /// The format's name in OpenAI chat.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
        }
    }
}

/// A function the model may call.
#[derive(Clone, PartialEq)]
pub struct Tool {
    /// Function name.
    pub name: String,
    /// What it does, for the model to read.
    pub description: Option<String>,
    /// JSON schema of its arguments, as JSON text.
    pub parameters_json: Option<String>,
    /// The provider must hold the arguments to the schema.
    pub strict: Option<bool>,
}

/// A call the model made.
#[derive(Clone, PartialEq)]
pub struct ToolCall {
    /// Identifier that the tool's answer refers to.
    pub id: String,
    /// Function name.
    pub name: String,
    /// Arguments as JSON text.
    pub arguments_json: String,
}

/// Which tools the model may or must call.
#[derive(Clone, PartialEq, Default)]
pub enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// No tool may be called.
    None,
    /// Some tool must be called.
    Required,
    /// This function must be called.
    Function(String),
}

/// The form the answer must have.
#[derive(Clone, PartialEq, Default)]
pub enum ResponseFormat {
    /// Free text.
    #[default]
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that validates against a schema.
    JsonSchema {
        /// Name of the schema.
        name: String,
        /// The schema as JSON text.
        schema_json: String,
        /// The provider must hold the answer to the schema.
        strict: Option<bool>,
    },
}

/// How tokens are drawn. An absent field means the model's own default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    /// Softmax temperature, 0 (always the most likely token) to 2.
    pub temperature: Option<f32>,
    /// Keep the k most likely tokens.
    pub top_k: Option<u32>,
    /// Keep the smallest set of tokens whose probability reaches p.
    pub top_p: Option<f32>,
    /// Drop tokens less likely than this share of the most likely one.
    pub min_p: Option<f32>,
    /// Divide the logits of tokens already seen (1 = off).
    pub repetition_penalty: Option<f32>,
    /// Subtract per earlier occurrence, -2 to 2.
    pub frequency_penalty: Option<f32>,
    /// Subtract once for tokens already seen, -2 to 2.
    pub presence_penalty: Option<f32>,
    /// The same seed, prompt and target give the same text.
    pub seed: Option<u64>,
}
