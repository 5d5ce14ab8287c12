//! How a model wants to be spoken to: its chat template and its tokenizer.
//!
//! Needs no ONNX Runtime, so that a router can count a prompt's tokens for a model it does not run.
//!
//! Three things are more than plain rendering:
//!
//! - *Special tokens in content.* A user who types `<|im_end|>` types text. Left alone the tokenizer
//!   would read it as the end of his turn and the rest as a turn of his making. Such strings are
//!   tokenized as the characters they are (`fence.rs`).
//! - *An answer already begun.* The template renders the open assistant turn with a stand-in, the
//!   text is cut there and the prefix put in as it is: trimming templates cannot change it, and
//!   prefix plus continuation is exactly one text.
//! - *Text that is surely too long* is refused by its length, before it is tokenized: no token
//!   stands for more bytes than the longest of the vocabulary.

mod fence;
mod json_values;
mod template;
mod tojson;
mod vocabulary;

pub use vocabulary::Vocabulary;

use std::path::Path;

use tokenizers::Tokenizer;

use crate::conversation::{Conversation, Turn};
use crate::error::EngineError;
use crate::model_folder::ModelFolder;
use crate::tools::{Call, Convention};
use fence::Fence;
use template::Template;

/// The tokenizer, chat template and special tokens of one model folder.
#[derive(Debug)]
pub struct ChatFormat {
    template: Template,
    vocabulary: Vocabulary,
    end_tokens: Vec<u32>,
    convention: Convention,
}

impl ChatFormat {
    /// Reads the format of the model in `folder`.
    ///
    /// # Errors
    /// [`EngineError::Folder`] with all faults of the folder.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        Self::of(folder, &ModelFolder::open(folder)?)
    }

    pub(crate) fn of(folder: &Path, files: &ModelFolder) -> Result<Self, EngineError> {
        let fault = |fault| EngineError::Folder { folder: folder.into(), faults: vec![fault] };
        let tokenizer = Tokenizer::from_file(&files.tokenizer)
            .map_err(|cause| fault(format!("tokenizer.json does not parse: {cause}")))?;
        let vocabulary = Vocabulary::new(tokenizer).map_err(fault)?;
        let template = Template::new(&files.tokenizer_config)
            .map_err(|cause| fault(format!("the chat template does not parse: {cause}")))?;
        let mut end_tokens = files.generation.end_tokens().to_vec();
        let named = files.tokenizer_config.token("eos_token");
        end_tokens.extend(named.and_then(|text| vocabulary.id(text)));
        if end_tokens.is_empty() {
            return Err(fault(
                "no end token: give `eos_token_id` in generation_config.json or `eos_token` in \
                 tokenizer_config.json"
                    .into(),
            ));
        }
        end_tokens.sort_unstable();
        end_tokens.dedup();
        let convention = Convention::of(|probe| {
            let tools: Vec<_> = probe.tools.iter().map(crate::tools::Tool::value).collect();
            template.render_with(&probe.messages, &tools, true).ok()
        });
        Ok(Self { template, vocabulary, end_tokens, convention })
    }

    /// A format of a test's own vocabulary, whose template renders nothing.
    #[cfg(test)]
    pub(crate) fn for_test(vocabulary: Vocabulary, end_tokens: Vec<u32>) -> Self {
        use crate::model_folder::TokenizerConfig;
        let config = TokenizerConfig::of("", serde_json::Value::Null);
        let template = Template::new(&config).expect("an empty template");
        let convention = Convention { native: false, system: true };
        Self { template, vocabulary, end_tokens, convention }
    }

    /// The prompt as text, up to where the answer begins or, with a prefix, continues.
    ///
    /// # Errors
    /// The template refuses the conversation, or it has no messages.
    pub fn render(&self, conversation: &Conversation) -> Result<String, EngineError> {
        let (text, fence) = self.fenced(conversation)?;
        Ok(fence.remove(&text))
    }

    /// The prompt as token ids.
    ///
    /// # Errors
    /// As [`Self::render`], or the tokenizer fails.
    pub fn encode(&self, conversation: &Conversation) -> Result<Vec<u32>, EngineError> {
        let (text, fence) = self.fenced(conversation)?;
        let mut ids = Vec::new();
        for piece in fence.pieces(&text) {
            ids.extend(self.vocabulary.encode(piece)?);
        }
        Ok(ids)
    }

    /// Tokens of the prompt.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn count(&self, conversation: &Conversation) -> Result<usize, EngineError> {
        self.encode(conversation).map(|ids| ids.len())
    }

    /// The least number of tokens the conversation can have, from its length alone.
    pub fn fewest_tokens(&self, conversation: &Conversation) -> usize {
        conversation.content_bytes() / self.vocabulary.longest_token_bytes()
    }

    /// Ids that end an answer, sorted.
    pub fn end_tokens(&self) -> &[u32] {
        &self.end_tokens
    }

    /// The tokens themselves.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How it tells tools.
    pub(crate) fn convention(&self) -> Convention {
        self.convention
    }

    /// Renders with every special token of the content fenced off.
    fn fenced(&self, conversation: &Conversation) -> Result<(String, Fence), EngineError> {
        if conversation.messages.is_empty() {
            return Err(EngineError::Template("the conversation has no messages".into()));
        }
        let plain = (!self.convention.native && conversation.is_of_tools())
            .then(|| self.convention.spelled_out(conversation));
        let conversation = plain.as_ref().unwrap_or(conversation);
        let prefix = conversation.assistant_prefix.as_deref();
        let tools: Vec<String> =
            conversation.tools.iter().map(|tool| tool.value().to_string()).collect();
        let mut contents: Vec<&str> = prefix.into_iter().collect();
        contents.extend(tools.iter().map(String::as_str));
        for turn in &conversation.messages {
            contents.push(&turn.content);
            contents.extend(turn.calls.iter().flat_map(|call| [&*call.name, &*call.arguments]));
        }
        let fence = Fence::new(self.vocabulary.specials(), &contents);
        let mut turns: Vec<Turn> =
            conversation.messages.iter().map(|turn| fenced(turn, &fence)).collect();
        // A mark inside a string of JSON is a character like any other.
        let tools: Vec<serde_json::Value> = tools
            .iter()
            .filter_map(|tool| serde_json::from_str(&fence.around(tool)).ok())
            .collect();
        let text = match prefix {
            None => self.template.render_with(&turns, &tools, true)?,
            Some(prefix) => {
                turns.push(Turn::new("assistant", fence.stand_in()));
                let closed = self.template.render_with(&turns, &tools, false)?;
                let Some((open, _)) = closed.split_once(&fence.stand_in()) else {
                    return Err(EngineError::Template(
                        "it leaves out the assistant's turn, so an answer begun elsewhere cannot \
                         be continued; send the conversation without `assistant_prefix`"
                            .into(),
                    ));
                };
                format!("{open}{}", fence.around(prefix))
            }
        };
        Ok((text, fence))
    }
}

/// A turn with every special token that it spells fenced off.
fn fenced(turn: &Turn, fence: &Fence) -> Turn {
    let call = |call: &Call| Call {
        id: call.id.clone(),
        name: fence.around(&call.name),
        arguments: fence.around(&call.arguments),
    };
    Turn {
        role: turn.role.clone(),
        content: fence.around(&turn.content),
        calls: turn.calls.iter().map(call).collect(),
        answers: turn.answers.clone(),
    }
}

#[cfg(test)]
mod tests;
