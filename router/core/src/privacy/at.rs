//! Places of strings in a prompt, written as the wire writes them: `messages[0].parts[1].text`.

use std::fmt;

/// Where a string stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// A text that is no part of a prompt.
    Alone,
    /// Text of a part of a message.
    Text(usize, usize),
    /// Address of an image.
    ImageUrl(usize, usize),
    /// Level of detail of an image.
    ImageDetail(usize, usize),
    /// A sound.
    Audio(usize, usize),
    /// Name of a speaker.
    Name(usize),
    /// Id of a tool call.
    CallId(usize, usize),
    /// Name of a called tool.
    CallName(usize, usize),
    /// Arguments of a tool call.
    CallArguments(usize, usize),
    /// Id of the call that a message answers.
    AnsweredCall(usize),
    /// Name of a tool.
    ToolName(usize),
    /// Description of a tool.
    ToolDescription(usize),
    /// Schema of a tool.
    ToolParameters(usize),
    /// The tool that must be called.
    ToolChoice,
    /// Name of the schema of the answer.
    SchemaName,
    /// Schema of the answer.
    Schema,
    /// Text at which generation stops.
    Stop(usize),
    /// The end user's identifier.
    User,
    /// Key of a pair of metadata, in order of the keys.
    MetadataKey(usize),
    /// Value of a pair of metadata, in order of the keys.
    MetadataValue(usize),
    /// Text of the answer that has been generated so far.
    Answer,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alone => Ok(()),
            Self::Text(message, part) => write!(f, "messages[{message}].parts[{part}].text"),
            Self::ImageUrl(message, part) => {
                write!(f, "messages[{message}].parts[{part}].image.url")
            }
            Self::ImageDetail(message, part) => {
                write!(f, "messages[{message}].parts[{part}].image.detail")
            }
            Self::Audio(message, part) => {
                write!(f, "messages[{message}].parts[{part}].audio.data")
            }
            Self::Name(message) => write!(f, "messages[{message}].name"),
            Self::CallId(message, call) => write!(f, "messages[{message}].tool_calls[{call}].id"),
            Self::CallName(message, call) => {
                write!(f, "messages[{message}].tool_calls[{call}].name")
            }
            Self::CallArguments(message, call) => {
                write!(f, "messages[{message}].tool_calls[{call}].arguments_json")
            }
            Self::AnsweredCall(message) => write!(f, "messages[{message}].tool_call_id"),
            Self::ToolName(tool) => write!(f, "tools[{tool}].name"),
            Self::ToolDescription(tool) => write!(f, "tools[{tool}].description"),
            Self::ToolParameters(tool) => write!(f, "tools[{tool}].parameters_json"),
            Self::ToolChoice => f.write_str("tool_choice.function"),
            Self::SchemaName => f.write_str("response_format.name"),
            Self::Schema => f.write_str("response_format.schema_json"),
            Self::Stop(index) => write!(f, "stop[{index}]"),
            Self::User => f.write_str("user"),
            Self::MetadataKey(index) => write!(f, "metadata.keys[{index}]"),
            Self::MetadataValue(index) => write!(f, "metadata.values[{index}]"),
            Self::Answer => f.write_str("answer"),
        }
    }
}
