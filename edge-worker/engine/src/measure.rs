//! A model's real speed on this machine.
//!
//! Measured at load, since nothing else tells: the same file decodes ten times faster on one machine
//! than on another. Prefill and decode are apart because they differ by accelerator (prefill is
//! bound by arithmetic, decode by reading the weights). Rates are medians of a few steps, so one
//! interruption does not count.

use std::time::{Duration, Instant};

use crate::decoder::Decoder;
use crate::error::EngineError;

/// Tokens per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Prompt tokens read per second, in chunks of up to 128.
    pub prefill_tokens_per_s: f64,
    /// Tokens generated per second by one sequence, right after that chunk.
    pub decode_tokens_per_s: f64,
}

/// How much is run to find out.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    chunk_tokens: usize,
    chunks: usize,
    decoded: usize,
}

impl Effort {
    /// Steady rates: three chunks of 128 tokens, then 24 tokens. About half a second for a model of
    /// a hundred million parameters.
    pub const STEADY: Self = Self { chunk_tokens: 128, chunks: 3, decoded: 24 };
    /// Rough rates from the least that says something.
    pub const ROUGH: Self = Self { chunk_tokens: 16, chunks: 1, decoded: 4 };
}

/// Runs `decoder`.
///
/// # Errors
/// It fails to run.
pub fn measure(decoder: &mut Decoder, effort: Effort) -> Result<Speed, EngineError> {
    let chunk = effort.chunk_tokens.min((decoder.limit() / 2).max(1));
    let decoded = effort.decoded.min(decoder.limit() - chunk).max(1);
    let vocabulary = decoder.vocabulary().max(1);
    // Different tokens, so that no row of the embedding is read from cache again and again.
    let prompt = (0..chunk).map(|index| u32::try_from(index * 131 % vocabulary).unwrap_or(0));
    let prompt: Vec<u32> = prompt.collect();
    let mut logits = Vec::new();
    let mut cache = decoder.cache(chunk + decoded)?;
    let mut prefills = Vec::new();
    for _ in 0..effort.chunks {
        cache = decoder.cache(chunk + decoded)?;
        let start = Instant::now();
        decoder.step(&mut cache, &prompt, &mut logits)?;
        prefills.push(start.elapsed());
    }
    let mut steps = Vec::new();
    for token in prompt.iter().cycle().take(decoded) {
        let start = Instant::now();
        decoder.step(&mut cache, &[*token], &mut logits)?;
        steps.push(start.elapsed());
        if cache.positions() == decoder.limit() {
            break;
        }
    }
    Ok(Speed {
        prefill_tokens_per_s: rate(prompt.len(), prefills),
        decode_tokens_per_s: rate(1, steps),
    })
}

/// Tokens a second, of the median of `times` for `tokens` each.
pub fn rate(tokens: usize, mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    // A step too short for the clock counts as one nanosecond.
    #[expect(clippy::cast_precision_loss, reason = "at most a chunk of tokens")]
    let tokens = tokens as f64;
    tokens / median.as_secs_f64().max(1e-9)
}
