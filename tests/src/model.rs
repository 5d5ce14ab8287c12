//! The real model, provisioned once and loaded once for all tests of a process.

use littoral_engine::provision::{self, Provisioned, Silent};
use littoral_worker::{LocalModels, WorkerConfig};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Name of the provisioned model.
pub const MODEL: &str = "smollm2-135m-instruct";

/// The runtime library and the model folder, provisioned if needed.
///
/// # Panics
/// If they cannot be had, with the provisioner's own sentence.
pub fn provisioned() -> &'static Provisioned {
    static PARTS: OnceLock<Provisioned> = OnceLock::new();
    PARTS.get_or_init(|| {
        let home = littoral_kit::home::home();
        match provision::provision(&home, &mut Silent) {
            Ok(parts) => parts,
            Err(error) => panic!("failed to provision the model for the tests: {error}"),
        }
    })
}

/// The home folder that these parts are installed in.
///
/// # Panics
/// If the model is not two folders below one.
#[must_use]
pub fn home_of(parts: &Provisioned) -> PathBuf {
    let models = parts.model_folder.parent().and_then(std::path::Path::parent);
    models.expect("home/models/name").to_path_buf()
}

/// The model folder.
#[must_use]
pub fn folder() -> PathBuf {
    provisioned().model_folder.clone()
}

/// The model in ONNX Runtime, loaded as a worker loads it; all who ask share it.
///
/// # Panics
/// If it does not load.
pub fn real(config: &WorkerConfig) -> Arc<LocalModels> {
    static LOADED: OnceLock<Arc<LocalModels>> = OnceLock::new();
    Arc::clone(LOADED.get_or_init(|| Arc::new(another(config))))
}

/// The same for a worker of its own.
///
/// # Panics
/// If it does not load.
pub fn another(config: &WorkerConfig) -> LocalModels {
    let parts = provisioned();
    let config = WorkerConfig {
        models: vec![parts.model_folder.clone()],
        runtime_library: parts.runtime_library.clone(),
        ..config.clone()
    };
    LocalModels::load(&config).expect("the provisioned model")
}
