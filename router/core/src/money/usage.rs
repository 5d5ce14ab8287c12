//! What a request may use at most, and what an answer used.

use crate::flight::event::Usage;

/// What bounds the use of a request before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Bytes of the request's body as it will be sent, media left out. A tokenizer that falls back to
    /// bytes makes no more tokens than there are bytes, and the body's own syntax outweighs the few
    /// tokens that a chat template puts around each message.
    pub body_bytes: u64,
    /// Images.
    pub images: u32,
    /// Audio, in seconds, each begun one counted.
    pub audio_seconds: u32,
    /// The limit of generated tokens that is sent with the request. It has to hold reasoning too.
    pub max_output_tokens: u32,
}

/// What an answer used, in the provider's own numbers. Every part is contained in its whole, as in
/// OpenAI's dialect; who reads a dialect that counts parts apart adds them up first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Prompt tokens, all of them.
    pub prompt_tokens: u64,
    /// Those read from the provider's cache.
    pub cached_tokens: u64,
    /// Those written to it.
    pub cache_write_tokens: u64,
    /// Those that stand for images.
    pub image_tokens: u64,
    /// Those that stand for audio.
    pub audio_tokens: u64,
    /// Generated tokens, all of them.
    pub completion_tokens: u64,
    /// Those of reasoning.
    pub reasoning_tokens: u64,
    /// Images that were sent.
    pub images: u32,
    /// Audio that was sent, in seconds, each begun one counted.
    pub audio_seconds: u32,
}

impl Used {
    /// Tokens in all, saturating.
    #[must_use]
    pub const fn tokens(&self) -> u64 {
        self.prompt_tokens.saturating_add(self.completion_tokens)
    }
}

impl From<Usage> for Used {
    /// Of the text. What was sent of images and audio, the target does not know apart.
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens.into(),
            cached_tokens: usage.cached_tokens.into(),
            cache_write_tokens: usage.cache_write_tokens.into(),
            completion_tokens: usage.completion_tokens.into(),
            reasoning_tokens: usage.reasoning_tokens.into(),
            ..Self::default()
        }
    }
}
