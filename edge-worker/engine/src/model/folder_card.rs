//! What a model folder tells of its model before it is loaded.

use std::path::Path;

use crate::error::EngineError;
use crate::model_folder::{EmbeddingFolder, Kind, ModelFolder};

/// Everything was read from the folder; nothing was run.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderCard {
    /// Its name in policies and requests.
    pub name: String,
    /// The first digits of the SHA-256 of the graph and its data, as the loaded model's.
    pub version: String,
    /// It turns texts into vectors and does nothing else.
    pub embeddings: bool,
    /// Length of such a vector, where the folder says.
    pub dimensions: Option<u32>,
    /// Tokens of prompt and answer together; of an embedding model, those of a text.
    pub context_tokens: u32,
    /// Number of parameters, where the folder says.
    pub parameters: Option<u64>,
    /// Prior probability of a good answer, 0 to 1, where the folder says.
    pub quality: Option<f64>,
    /// Whether an answer begun elsewhere can be continued.
    pub assistant_prefix: bool,
    /// Whether an answer can be held to a form.
    pub json_output: bool,
    /// Bytes of the graph and its data on disk.
    pub model_bytes: u64,
}

impl FolderCard {
    /// Reads `folder`. Blocks: the version reads every byte of the weights.
    ///
    /// # Errors
    /// The folder is incomplete; every fault of it is listed at once.
    pub fn read(folder: &Path) -> Result<Self, EngineError> {
        if Self::embeds(folder)? {
            return Self::of_embedding(EmbeddingFolder::open(folder)?);
        }
        let files = ModelFolder::open(folder)?;
        Ok(Self {
            version: files.version()?,
            embeddings: false,
            dimensions: None,
            context_tokens: files.context_tokens,
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            assistant_prefix: files.manifest.assistant_prefix.unwrap_or(true),
            json_output: files.tokens_are_exact(),
            model_bytes: files.model_bytes(),
            name: files.manifest.name,
        })
    }

    /// Whether `folder` is that of an embedding model. Reads its `littoral.toml` alone.
    ///
    /// # Errors
    /// There is no such folder, or the file does not parse.
    pub fn embeds(folder: &Path) -> Result<bool, EngineError> {
        Ok(ModelFolder::kind(folder)? == Kind::Embedding)
    }

    fn of_embedding(files: EmbeddingFolder) -> Result<Self, EngineError> {
        Ok(Self {
            version: files.version()?,
            embeddings: true,
            dimensions: files.manifest.dimensions,
            context_tokens: files.context_tokens,
            parameters: files.manifest.parameters,
            quality: files.manifest.quality,
            assistant_prefix: false,
            json_output: false,
            model_bytes: files.model_bytes(),
            name: files.manifest.name,
        })
    }
}
