//! The speed of a model that is in memory, measured again by a short job of its own.
//!
//! The engine measures a graph before its model takes jobs. Later the way in is a job, timed by its
//! own steps, so that it tells what a request would see. An embedding model reads the same prompt.

use super::backend::Model;
use crate::engine::Running;
use futures_util::StreamExt as _;
use littoral_engine::{Conversation, GenerationEvent, Job, Speed, StartError, Texts};
use std::time::Duration;

/// Words of the prompt; each is a token at the least.
const PROMPT_WORDS: usize = 32;
/// Tokens to generate.
const ANSWER_TOKENS: u32 = 16;
/// Longest time the job may take: a model slower than this is of no use to anybody.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs the job on a model, which may be one that `embeds`. Blocks.
///
/// # Errors
/// Why there is no measurement.
pub(super) fn run(model: &dyn Model, embeds: bool) -> Result<Speed, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime =
        runtime.map_err(|error| format!("failed to wait for the measurement: {error}"))?;
    let mut running = start(model, embeds).map_err(|error| format!("failed to {error}"))?;
    let job = async {
        while let Some(event) = running.next().await {
            match event {
                GenerationEvent::Finished { usage, timings, .. } => {
                    return Ok(Speed {
                        prefill_tokens_per_s: timings.prefill_tokens_per_s(&usage).unwrap_or(0.0),
                        decode_tokens_per_s: timings.decode_tokens_per_s().unwrap_or(0.0),
                    });
                }
                GenerationEvent::Failed(error) => return Err(format!("failed to {error}")),
                _ => {}
            }
        }
        Err("the engine ended the measurement without a result".to_owned())
    };
    let limited = runtime.block_on(async { tokio::time::timeout(LIMIT, job).await });
    limited
        .unwrap_or_else(|_| Err(format!("the measurement took longer than {} s", LIMIT.as_secs())))
}

fn start(model: &dyn Model, embeds: bool) -> Result<Running, StartError> {
    let prompt = "tide ".repeat(PROMPT_WORDS);
    if embeds {
        return model.embed(Texts { texts: vec![prompt], dimensions: None });
    }
    let conversation = Conversation::question(prompt);
    model.start(Job { conversation, max_tokens: Some(ANSWER_TOKENS), ..Job::default() })
}
