//! The price of a model, the most that a request can cost at it, and what an answer did cost.
//!
//! The worst case is a true bound: whatever split of its tokens a provider reports, an answer within
//! what was asked costs no more. So each token of the worst case is taken at the dearest rate that it
//! could be billed at, and media are taken at the most tokens that a piece can become.
//!
//! A provider's details may contradict its sums. Then the dearest detail is believed first, up to the
//! sum: a wrong split is not to make an answer cheaper.

use super::usage::{Asked, Used};
use super::{Rate, total_usd_micros};
use crate::fleet;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Price of a model at one provider. Unknown is a value, and never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelPrice {
    /// Of a prompt token.
    #[serde(rename = "input_usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Rate>,
    /// Of a generated token.
    #[serde(rename = "output_usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub completion: Option<Rate>,
    /// Of a prompt token that the provider's cache held; where unknown it costs as any other.
    #[serde(rename = "cached_usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub cached: Option<Rate>,
    /// Of a prompt token that is written to the cache; where unknown it costs as any other.
    #[serde(rename = "cache_write_usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Rate>,
    /// Of a token of reasoning; where unknown it costs as any generated one.
    #[serde(rename = "reasoning_usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Rate>,
    /// Of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Media>,
    /// Of a second of audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Media>,
    /// Prompt tokens that the provider adds itself and bills: instructions for tools, for example.
    #[serde(skip_serializing_if = "is_zero")]
    pub added_tokens: u32,
}

/// Price of a piece of media: for itself, as tokens, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// For each piece.
    #[serde(rename = "usd_micros_per_million", skip_serializing_if = "Rate::is_free")]
    pub each: Rate,
    /// The most prompt tokens that one piece becomes.
    #[serde(skip_serializing_if = "is_zero")]
    pub most_tokens: u32,
    /// Of each such token; where unknown it costs as any of the prompt.
    #[serde(rename = "usd_micros_per_mtok", skip_serializing_if = "Option::is_none")]
    pub token: Option<Rate>,
}

/// The part of a request whose price nobody stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unpriced {
    /// Prompt tokens.
    #[error("the price of a prompt token is unknown; state `prompt` in the model's price")]
    Prompt,
    /// Generated tokens.
    #[error("the price of a generated token is unknown; state `completion` in the model's price")]
    Completion,
    /// Images.
    #[error("the price of an image is unknown; state `image` in the model's price")]
    Image,
    /// Audio.
    #[error("the price of audio is unknown; state `audio` in the model's price")]
    Audio,
}

impl Media {
    /// The most tokens of so many pieces.
    fn tokens(self, pieces: u32) -> u64 {
        u64::from(pieces) * u64::from(self.most_tokens)
    }
}

impl ModelPrice {
    /// A price of tokens alone, in micro-dollars per million of them: read, and generated.
    #[must_use]
    pub const fn of_tokens(prompt: u64, completion: u64) -> Self {
        Self {
            prompt: Some(Rate::usd_micros_per_million(prompt)),
            completion: Some(Rate::usd_micros_per_million(completion)),
            cached: None,
            cache_write: None,
            reasoning: None,
            image: None,
            audio: None,
            added_tokens: 0,
        }
    }

    /// What a request is expected to cost, in micro-dollars: its text as counted, its media at the most
    /// tokens they can become, and nothing of it from a cache.
    ///
    /// # Errors
    /// The price of something that the request uses is unknown.
    #[inline]
    pub fn expected(
        &self,
        prompt_tokens: u32,
        (images, audio_seconds): (u32, u32),
        output_tokens: u32,
    ) -> Result<u64, Unpriced> {
        let (prompt, completion) = self.tokens()?;
        let (image, audio) = self.media(images, audio_seconds)?;
        Ok(total_usd_micros([
            (u64::from(prompt_tokens) + u64::from(self.added_tokens), prompt),
            (image.tokens(images), image.token.unwrap_or(prompt)),
            (images.into(), image.each),
            (audio.tokens(audio_seconds), audio.token.unwrap_or(prompt)),
            (audio_seconds.into(), audio.each),
            (output_tokens.into(), completion),
        ]))
    }

    /// The price of text alone, where it is known.
    #[must_use]
    pub fn text(&self) -> Option<fleet::Price> {
        let (prompt, completion) = self.tokens().ok()?;
        Some(fleet::Price {
            input_usd_micros_per_mtok: prompt.0,
            output_usd_micros_per_mtok: completion.0,
        })
    }

    /// The most that a request can cost, in micro-dollars.
    ///
    /// # Errors
    /// The price of something that the request uses is unknown.
    pub fn worst_case(&self, asked: &Asked) -> Result<u64, Unpriced> {
        let (prompt, completion) = self.tokens()?;
        let text =
            prompt.max(self.cached.unwrap_or(prompt)).max(self.cache_write.unwrap_or(prompt));
        let (image, audio) = self.media(asked.images, asked.audio_seconds)?;
        // A provider may as well bill media as the text's tokens.
        let of_media = |media: Media| media.token.unwrap_or(prompt).max(text);
        Ok(total_usd_micros([
            (self.text_tokens(asked), text),
            (image.tokens(asked.images), of_media(image)),
            (audio.tokens(asked.audio_seconds), of_media(audio)),
            (asked.images.into(), image.each),
            (asked.audio_seconds.into(), audio.each),
            (asked.max_output_tokens.into(), completion.max(self.reasoning.unwrap_or(completion))),
        ]))
    }

    /// The most tokens that a request can take, read and generated. The price of text may be unknown:
    /// it costs as many tokens on a worker.
    ///
    /// # Errors
    /// The request has media, and how many tokens they become is unknown.
    pub fn most_tokens(&self, asked: &Asked) -> Result<u64, Unpriced> {
        let (image, audio) = self.media(asked.images, asked.audio_seconds)?;
        let parts = [
            self.text_tokens(asked),
            image.tokens(asked.images),
            audio.tokens(asked.audio_seconds),
            asked.max_output_tokens.into(),
        ];
        Ok(parts.into_iter().fold(0, u64::saturating_add))
    }

    /// What an answer cost, in micro-dollars.
    ///
    /// # Errors
    /// The price of something that it used is unknown: the provider tells of media that were not sent,
    /// say. Then its worst case is assumed.
    pub fn settled(&self, used: &Used) -> Result<u64, Unpriced> {
        let (prompt, completion) = self.tokens()?;
        let image_pieces = used.images.max(u32::from(used.image_tokens > 0));
        let audio_pieces = used.audio_seconds.max(u32::from(used.audio_tokens > 0));
        let (image, audio) = self.media(image_pieces, audio_pieces)?;
        let details = [
            (used.cached_tokens, self.cached.unwrap_or(prompt)),
            (used.cache_write_tokens, self.cache_write.unwrap_or(prompt)),
            (used.image_tokens, image.token.unwrap_or(prompt)),
            (used.audio_tokens, audio.token.unwrap_or(prompt)),
        ];
        let ([first, second, third, fourth], texts) = believed(details, used.prompt_tokens);
        let thoughts = [(used.reasoning_tokens, self.reasoning.unwrap_or(completion))];
        let ([thoughts], answers) = believed(thoughts, used.completion_tokens);
        Ok(total_usd_micros([
            first,
            second,
            third,
            fourth,
            (texts, prompt),
            (used.images.into(), image.each),
            (used.audio_seconds.into(), audio.each),
            thoughts,
            (answers, completion),
        ]))
    }

    fn tokens(&self) -> Result<(Rate, Rate), Unpriced> {
        let prompt = self.prompt.ok_or(Unpriced::Prompt)?;
        Ok((prompt, self.completion.ok_or(Unpriced::Completion)?))
    }

    fn text_tokens(&self, asked: &Asked) -> u64 {
        asked.body_bytes.saturating_add(self.added_tokens.into())
    }

    /// The prices of images and of audio, where there are any.
    fn media(&self, images: u32, audio_seconds: u32) -> Result<(Media, Media), Unpriced> {
        let of = |price: Option<Media>, pieces: u32, unknown| {
            if pieces == 0 { Ok(price.unwrap_or_default()) } else { price.ok_or(unknown) }
        };
        let image = of(self.image, images, Unpriced::Image)?;
        Ok((image, of(self.audio, audio_seconds, Unpriced::Audio)?))
    }
}

impl From<fleet::Price> for ModelPrice {
    /// Of a target whose tokens alone have a price.
    fn from(price: fleet::Price) -> Self {
        Self::of_tokens(price.input_usd_micros_per_mtok, price.output_usd_micros_per_mtok)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
const fn is_zero(tokens: &u32) -> bool {
    *tokens == 0
}

/// Details as far as they fit into their sum, the dearest first, and what is left of the sum.
fn believed<const DETAILS: usize>(
    mut details: [(u64, Rate); DETAILS],
    sum: u64,
) -> ([(u64, Rate); DETAILS], u64) {
    details.sort_unstable_by_key(|(_, rate)| std::cmp::Reverse(*rate));
    let mut left = sum;
    for (units, _) in &mut details {
        *units = (*units).min(left);
        left -= *units;
    }
    (details, left)
}
