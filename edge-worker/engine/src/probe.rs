//! What only running a graph tells: how its caches can be carried, and how wide its logits are.
//!
//! Two graphs with the same inputs and outputs can treat their caches differently, and the answer
//! is inside. So the graph is asked. It runs two tokens with caches moved from step to step, which
//! every decoder supports; then the same two with one buffer as past and present, longer than the
//! text. A graph that concatenates either fails there (its mask does not match the buffer) or
//! computes something else. Only if the logits of both steps agree is the buffer shared.

use crate::decoder::Decoder;
use crate::error::EngineError;
use crate::kv::KvMode;

/// What the probe found.
#[derive(Debug)]
pub struct Found {
    /// How caches are to be carried.
    pub mode: KvMode,
    /// Width of the logits.
    pub vocabulary: usize,
}

/// Any two tokens every vocabulary has; their logits after one another differ in any real model.
const TOKENS: [u32; 2] = [0, 1];
/// Both ways do the same arithmetic. Differences come from the order of sums alone, far below this
/// share of the largest logit, even in float16.
const TOLERANCE: f32 = 1e-2;

/// Runs `decoder`.
///
/// # Errors
/// It does not run even with moved caches.
pub fn run(decoder: &mut Decoder) -> Result<Found, EngineError> {
    let moved = logits(decoder, KvMode::Moved)?;
    let vocabulary = moved.first().map_or(0, Vec::len);
    let shared = logits(decoder, KvMode::Shared);
    let agrees = shared.is_ok_and(|shared| close(&moved, &shared));
    let mode = if agrees { KvMode::Shared } else { KvMode::Moved };
    Ok(Found { mode, vocabulary })
}

fn logits(decoder: &mut Decoder, mode: KvMode) -> Result<Vec<Vec<f32>>, EngineError> {
    let mut cache = decoder.cache_in(mode)?;
    let mut steps = Vec::new();
    for token in TOKENS {
        let mut logits = Vec::new();
        decoder.step(&mut cache, &[token], &mut logits)?;
        steps.push(logits);
    }
    Ok(steps)
}

fn close(one: &[Vec<f32>], two: &[Vec<f32>]) -> bool {
    let (one, two) = (one.concat(), two.concat());
    let largest = one.iter().fold(0.0_f32, |largest, logit| largest.max(logit.abs()));
    let near = |(a, b): (&f32, &f32)| (a - b).abs() <= TOLERANCE * largest;
    one.len() == two.len() && one.iter().zip(&two).all(near)
}
