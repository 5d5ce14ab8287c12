//! ONNX Runtime's log as `tracing` events.
//!
//! Left alone the library writes to standard error, in its own format and whatever the level. Its
//! messages speak of nodes and shapes, never of what a tensor holds. Whatever fails is returned as an
//! error as well, and some of it is meant to fail (a graph is asked what it supports by trying), so
//! the library's error level is for debugging here.

use ort::logging::{LogLevel, LoggerFunction};
use std::sync::Arc;

const TARGET: &str = "onnxruntime";

/// A log function for the environment.
pub fn to_tracing() -> LoggerFunction {
    Arc::new(|level, _category, _id, place, message| match level {
        LogLevel::Fatal => tracing::error!(target: TARGET, place, "{message}"),
        LogLevel::Error | LogLevel::Warning => {
            tracing::debug!(target: TARGET, place, "{message}");
        }
        LogLevel::Info | LogLevel::Verbose => {
            tracing::trace!(target: TARGET, place, "{message}");
        }
    })
}
