//! An assignment on its way into the engine.
//!
//! Parsing and tokenizing can take long for a large prompt and run off the async threads. Between the
//! two a model that is on disk is brought into memory, which can take a minute and can be given up.

use crate::assignment::{self, Task, Work};
use crate::engine::{Engine, Refusal, Running};
use littoral_proto::v1::reject::Cause;
use std::sync::Arc;

/// Parses a serialised `Assignment`.
pub(super) async fn read(payload: Vec<u8>) -> Result<Work, Refusal> {
    tokio::task::spawn_blocking(move || assignment::parse(&payload)).await.unwrap_or_else(|_| {
        Err(Refusal::new(Cause::Unsupported, "the worker failed while it read the request"))
    })
}

/// Returns when the model is in memory.
pub(super) async fn ready(model: &str, engine: &dyn Engine) -> Result<(), Refusal> {
    match engine.residency() {
        Some(residency) => residency.ready(model).await,
        None => Ok(()),
    }
}

/// Hands the job to the engine.
pub(super) async fn start(work: Work, engine: Arc<dyn Engine>) -> Result<Running, Refusal> {
    let start = move || match work.task {
        Task::Chat(job) => engine.start(&work.model, *job),
        Task::Embed(texts) => engine.embed(&work.model, texts),
    };
    tokio::task::spawn_blocking(start).await.unwrap_or_else(|_| {
        Err(Refusal::new(Cause::Unsupported, "the engine failed while it took the request in"))
    })
}
