//! Why a worker ended that nobody asked to end.
//!
//! Only what a new attempt cannot mend is an error: a lost connection is not, it is dialled again.

use littoral_engine::EngineError;
use std::path::PathBuf;

/// A worker's end by fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The configuration cannot work. All faults are listed.
    #[error("start the worker: {}", faults.join("; "))]
    Config {
        /// One sentence a fault.
        faults: Vec<String>,
    },
    /// Nothing could be told.
    #[error("tell of its work: {0}; see the variables OTEL_EXPORTER_OTLP_*")]
    Telemetry(littoral_kit::telemetry::StartError),
    /// A model or the runtime did not load.
    #[error("load the models: {0}")]
    Engine(#[from] EngineError),
    /// Two folders hold models of one name.
    #[error(
        "load the models: {} and {} both hold a model named `{name}`; leave one out",
        first.display(), second.display()
    )]
    SameName {
        /// The shared name.
        name: String,
        /// The folder loaded first.
        first: PathBuf,
        /// The folder in conflict.
        second: PathBuf,
    },
    /// The router did not take the join token.
    #[error(
        "join the router at {router} as `{worker_id}`: {reason}; \
         make a new join token on that router with `littoral token`"
    )]
    Unauthenticated {
        /// The router's address.
        router: String,
        /// The worker's name.
        worker_id: String,
        /// The router's own words.
        reason: String,
    },
    /// The router understands the worker and refuses it for good.
    #[error("join the router at {router}: it refuses this worker: {reason}")]
    Refused {
        /// The router's address.
        router: String,
        /// The router's own words.
        reason: String,
    },
    /// Something answers gRPC at the address that is no router.
    #[error(
        "join the router at {router}: what answers there has no worker service; check the address"
    )]
    NoRouter {
        /// The address.
        router: String,
    },
    /// The recording of a device cannot be replayed.
    #[error("replay the device recording {}: {fault}; mend the file", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// The system has no thread left for the models.
    #[error("start the thread that loads models: {cause}; end other programs and try again")]
    NoThread {
        /// What the operating system said.
        cause: std::io::Error,
    },
    /// The first look at the device ended without a result.
    #[error("look at the device: the probe broke; its log says where")]
    Probing,
    /// The blocking part of loading ended without a result.
    #[error("load the models: the loading thread died")]
    Loading,
}
