//! Where each part of a provisioned home lies.
//!
//! ```text
//! HOME/provision.lock           held while a process provisions
//! HOME/provision.log            what Python and pip said
//! HOME/tools/venv-IDENTITY/     a virtual environment with numpy, onnx, gguf
//! HOME/downloads/               the GGUF, until it is converted
//! HOME/runtime/onnxruntime-1.31.1/
//! HOME/models/smollm2-135m-instruct/
//! HOME/models/all-minilm-l6-v2/
//! ```

use std::fmt;
use std::path::{Path, PathBuf};

use super::pins;

/// A part that is installed as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// ONNX Runtime's shared library.
    Runtime,
    /// The model folder.
    Model,
    /// The embedding model's folder.
    Embedding,
    /// The Python that converts models; needed only while a model is missing, and by tests.
    Tools,
}

impl Part {
    /// Every part, the needed ones first.
    pub const ALL: [Self; 4] = [Self::Runtime, Self::Model, Self::Embedding, Self::Tools];
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Runtime => "ONNX Runtime",
            Self::Model => "model",
            Self::Embedding => "embedding model",
            Self::Tools => "Python tools",
        })
    }
}

/// The paths under one home.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    home: PathBuf,
}

impl Layout {
    pub(super) fn new(home: &Path) -> Self {
        // Child processes run elsewhere, so every path handed out must be absolute.
        let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
        Self { home }
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn folder(&self, part: Part) -> PathBuf {
        match part {
            Part::Runtime => {
                self.home.join("runtime").join(format!("onnxruntime-{}", pins::RUNTIME_VERSION))
            }
            Part::Model => self.home.join("models").join(pins::MODEL_NAME),
            Part::Embedding => self.home.join("models").join(pins::EMBEDDING_NAME),
            Part::Tools => self.home.join("tools").join(format!("venv-{}", pins::tools_identity())),
        }
    }

    pub(super) fn downloads(&self) -> PathBuf {
        self.home.join("downloads")
    }

    pub(super) fn gguf(&self) -> PathBuf {
        self.downloads().join(file_name(pins::GGUF_PATH))
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.join("provision.log")
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.home.join("provision.lock")
    }

    pub(super) fn runtime_library(&self) -> PathBuf {
        self.folder(Part::Runtime).join(library_name())
    }

    pub(super) fn tools_python(&self) -> PathBuf {
        venv_python(&self.folder(Part::Tools))
    }
}

/// The interpreter inside a virtual environment.
pub(super) fn venv_python(venv: &Path) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts").join("python.exe") } else { venv.join("bin/python") }
}

/// The shared library's file name in the wheel of this platform.
pub(super) fn library_name() -> String {
    let version = pins::RUNTIME_VERSION;
    if cfg!(windows) {
        "onnxruntime.dll".to_owned()
    } else if cfg!(target_os = "macos") {
        format!("libonnxruntime.{version}.dylib")
    } else {
        format!("libonnxruntime.so.{version}")
    }
}

/// The last part of a path that is written with slashes.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
