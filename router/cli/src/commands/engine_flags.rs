//! Which models a worker runs, with which runtime: the flags that `up` and `worker` share.

use crate::failure::Failure;
use clap::Args;
use littoral_engine::provision::{self, TerminalProgress};
use littoral_worker::WorkerConfig;
use std::path::{Path, PathBuf};

/// Most threads or slots that make sense on one machine.
const MOST: i64 = 1_024;

/// A worker's flags.
#[derive(Debug, Args)]
pub struct EngineFlags {
    /// Folder of a model in Hugging Face's ONNX layout; may be given again [default: SmolLM2-135M-Instruct, fetched]
    #[arg(long, value_name = "FOLDER")]
    model: Vec<PathBuf>,
    /// ONNX Runtime's shared library [default: fetched]
    #[arg(long, value_name = "PATH")]
    runtime: Option<PathBuf>,
    /// Requests that each model runs at once
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u16).range(1..=MOST))]
    slots: u16,
    /// Threads of each model [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST))]
    threads: Option<u16>,
}

/// What a worker runs on.
#[derive(Debug)]
pub struct Engine {
    /// ONNX Runtime's shared library.
    pub runtime: PathBuf,
    /// Model folders.
    pub models: Vec<PathBuf>,
    slots: u16,
    threads: Option<u16>,
}

impl EngineFlags {
    /// What the flags name; what they do not name is fetched into the home folder first. Blocks.
    ///
    /// # Errors
    /// What could not be fetched, and why.
    pub fn resolve(self, home: &Path) -> Result<Engine, Failure> {
        let (runtime, models) = match (self.runtime, self.model.is_empty()) {
            (Some(runtime), false) => (runtime, self.model),
            (runtime, none) => {
                let fetched = fetch(home)?;
                let models = if none { vec![fetched.model_folder] } else { self.model };
                (runtime.unwrap_or(fetched.runtime_library), models)
            }
        };
        Ok(Engine { runtime, models, slots: self.slots, threads: self.threads })
    }
}

impl Engine {
    /// Puts this into a worker's configuration.
    pub fn configure(self, config: &mut WorkerConfig) {
        config.runtime_library = self.runtime;
        config.models = self.models;
        config.slots = self.slots.into();
        config.threads = self.threads.map(usize::from);
    }
}

/// Fetches what the home folder lacks, showing progress on standard error.
///
/// # Errors
/// What could not be fetched, and why.
pub fn fetch(home: &Path) -> Result<provision::Provisioned, Failure> {
    // A progress bar for nothing would still be drawn.
    if let Some(there) = provision::installed(home) {
        return Ok(there);
    }
    let mut progress = TerminalProgress::new();
    provision::provision(home, &mut progress).map_err(|error| not_fetched(&error))
}

/// A failed provisioning, for a person.
pub fn not_fetched(error: &provision::ProvisionError) -> Failure {
    Failure::new(format!("failed to provision: {error}"))
}
