//! What a model folder tells of its model before it is loaded.

use std::path::Path;

use crate::error::EngineError;
use crate::model_folder::ModelFolder;

/// Everything was read from the folder; nothing was run.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderCard {
    /// Its name in policies and requests.
    pub name: String,
    /// The first digits of the SHA-256 of the graph and its data, as the loaded model's.
    pub version: String,
    /// Tokens of prompt and answer together.
    pub context_tokens: u32,
    /// Number of parameters, where the folder says.
    pub parameters: Option<u64>,
    /// Prior probability of a good answer, 0 to 1, where the folder says.
    pub quality: Option<f64>,
    /// Whether an answer begun elsewhere can be continued.
    pub assistant_prefix: bool,
    /// Bytes of the graph and its data on disk.
    pub model_bytes: u64,
}

impl FolderCard {
    /// Reads `folder`. Blocks: the version reads every byte of the weights.
    ///
    /// # Errors
    /// The folder is incomplete; every fault of it is listed at once.
    pub fn read(folder: &Path) -> Result<Self, EngineError> {
        let files = ModelFolder::open(folder)?;
        Ok(Self {
            version: files.version()?,
            context_tokens: files.context_tokens,
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            assistant_prefix: files.manifest.assistant_prefix.unwrap_or(true),
            model_bytes: files.model_bytes(),
            name: files.manifest.name,
        })
    }
}
