//! The folder of an embedding model: the graph of an encoder, its tokenizer, and what it says of itself.

use std::path::{Path, PathBuf};

use super::{
    CONTEXT_TOKENS_UNSTATED, Kind, Manifest, ModelConfig, NO_FOLDER, credible, find_model,
    read_json, require, version,
};
use crate::error::EngineError;

/// The files of an embedding model's folder, checked, without the graph's own contents.
#[derive(Debug)]
pub struct EmbeddingFolder {
    /// The graph.
    pub model: PathBuf,
    /// `tokenizer.json`.
    pub tokenizer: PathBuf,
    /// Name, context and what else only `littoral.toml` says.
    pub manifest: Manifest,
    /// Most tokens of a text.
    pub context_tokens: u32,
}

impl EmbeddingFolder {
    /// Reads `folder`.
    ///
    /// # Errors
    /// [`EngineError::Folder`] with all faults.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        let mut faults = Vec::new();
        if !folder.is_dir() {
            faults.push(NO_FOLDER.into());
            return Err(EngineError::Folder { folder: folder.into(), faults });
        }
        let model = find_model(folder, &mut faults);
        let tokenizer = require(folder, "tokenizer.json", &mut faults);
        let config: Option<ModelConfig> = read_json(folder, "config.json", &mut faults);
        let manifest = Manifest::read(folder, &mut faults);
        if manifest.kind != Kind::Embedding {
            faults.push("littoral.toml does not say `kind = \"embedding\"`".into());
        }
        if !faults.is_empty() {
            return Err(EngineError::Folder { folder: folder.into(), faults });
        }
        let stated = config.and_then(|config| config.max_position_embeddings).filter(credible);
        let stated = stated.and_then(|tokens| u32::try_from(tokens).ok());
        let context_tokens = manifest.context_tokens.or(stated).unwrap_or(CONTEXT_TOKENS_UNSTATED);
        Ok(Self { model, tokenizer, manifest, context_tokens })
    }

    /// The model's version, as a chat model's.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn version(&self) -> Result<String, EngineError> {
        version::of(&self.model)
    }

    /// Bytes of the graph and its external data on disk.
    pub fn model_bytes(&self) -> u64 {
        version::bytes(&self.model)
    }
}
