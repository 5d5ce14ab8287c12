//! Which models a worker runs, with which runtime: the flags that `up` and `worker` share.

use crate::failure::Failure;
use clap::{Args, ValueEnum};
use littoral_engine::Accelerator;
use littoral_engine::provision::{self, TerminalProgress};
use littoral_worker::WorkerConfig;
use std::path::{Path, PathBuf};

/// Most threads or slots that make sense on one machine.
const MOST: i64 = 1_024;

/// A worker's flags.
#[derive(Debug, Args)]
pub struct EngineFlags {
    /// Folder of a model in Hugging Face's ONNX layout; may be given again [default: SmolLM2-135M-Instruct and all-MiniLM-L6-v2, fetched]
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
    /// Memory that all models may take together, in megabytes; those that do not fit wait on disk
    #[arg(long, value_name = "MB")]
    model_memory: Option<u64>,
    /// What models shall run on, where this machine has it [default: whatever there is]
    #[arg(long, value_name = "KIND")]
    accelerator: Option<AcceleratorFlag>,
    /// Power beyond idle while models run, where this machine meters none [default: usual for its kind]
    #[arg(long, value_name = "WATTS", value_parser = watts)]
    assumed_watts: Option<f64>,
}

/// `--accelerator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AcceleratorFlag {
    /// The processor
    Cpu,
    /// A graphics processor
    Gpu,
    /// A neural processor
    Npu,
}

impl From<AcceleratorFlag> for Accelerator {
    fn from(flag: AcceleratorFlag) -> Self {
        match flag {
            AcceleratorFlag::Cpu => Self::Cpu,
            AcceleratorFlag::Gpu => Self::Gpu,
            AcceleratorFlag::Npu => Self::Npu,
        }
    }
}

fn watts(given: &str) -> Result<f64, String> {
    let watts: f64 = given.parse().map_err(|_| "write watts as a number".to_owned())?;
    if (0.0..=10_000.0).contains(&watts) { Ok(watts) } else { Err("0 to 10000 watts".into()) }
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
    model_memory: Option<u64>,
    accelerator: Option<AcceleratorFlag>,
    assumed_watts: Option<f64>,
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
                let library = fetched.runtime_library.clone();
                let models = if none { fetched.model_folders() } else { self.model };
                (runtime.unwrap_or(library), models)
            }
        };
        Ok(Engine {
            runtime,
            models,
            slots: self.slots,
            threads: self.threads,
            model_memory: self.model_memory,
            accelerator: self.accelerator,
            assumed_watts: self.assumed_watts,
        })
    }
}

impl Engine {
    /// Puts this into a worker's configuration.
    pub fn configure(self, config: &mut WorkerConfig) {
        config.runtime_library = self.runtime;
        config.models = self.models;
        config.slots = self.slots.into();
        config.threads = self.threads.map(usize::from);
        config.model_memory_budget = self.model_memory.map(|mb| mb.saturating_mul(1_000_000));
        config.accelerator = self.accelerator.map(Accelerator::from);
        config.assumed_watts = self.assumed_watts;
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
