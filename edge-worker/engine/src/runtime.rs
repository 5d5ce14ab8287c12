//! The one ONNX Runtime of a process.
//!
//! ONNX Runtime is a shared library loaded at run time, with one environment a process that cannot
//! be made twice (`ort` refuses, even after the first is gone). So the environment lives in a
//! static: the first [`Runtime::load`] makes it, later ones with the same file share it, and one
//! with another file is refused by name instead of silently using the first.
//!
//! A missing file is told apart from one that does not load, because the ways out differ.

mod device;
mod log;

pub(crate) use device::kind;
pub use device::{DeviceInfo, DeviceKind};

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;

use crate::error::EngineError;

/// A handle to ONNX Runtime; cheap to clone.
#[derive(Debug, Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
}

static PROCESS: Mutex<Option<Runtime>> = Mutex::new(None);

impl Runtime {
    /// Loads the library at `library`, or returns the handle to it when it is loaded already.
    ///
    /// # Errors
    /// The file is missing, is no usable ONNX Runtime (1.24 at the least), or another one is loaded.
    pub fn load(library: &Path) -> Result<Self, EngineError> {
        let missing = || EngineError::RuntimeMissing { path: library.to_path_buf() };
        let library = library.canonicalize().map_err(|_| missing())?;
        // A poisoned lock still guards a whole value: it is written in one assignment.
        let mut process = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
        match &*process {
            Some(runtime) if runtime.library == library => Ok(runtime.clone()),
            Some(runtime) => {
                Err(EngineError::RuntimeFixed { loaded: runtime.library.clone(), wanted: library })
            }
            None => {
                let runtime = Self { environment: environment(&library)?, library };
                *process = Some(runtime.clone());
                Ok(runtime)
            }
        }
    }

    /// The library file in use.
    pub fn library(&self) -> &Path {
        &self.library
    }

    /// The environment, for sessions that are no chat models.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }
}

fn environment(library: &Path) -> Result<Environment, EngineError> {
    let unusable = |cause: String| EngineError::RuntimeUnusable { path: library.into(), cause };
    ort::init_from(library)
        .map_err(|error| unusable(error.to_string()))?
        .with_name("littoral")
        .with_telemetry(false)
        .with_logger(log::to_tracing())
        .build()
        .map_err(|error| unusable(error.to_string()))
}
