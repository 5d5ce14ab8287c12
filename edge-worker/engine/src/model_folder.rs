//! A model folder: what is in it, and every fault of it at once.
//!
//! ```text
//! model.onnx                the graph (or onnx/model.onnx), its external data beside it
//! tokenizer.json            Hugging Face's tokenizer
//! tokenizer_config.json     the chat template and the special tokens
//! chat_template.jinja       optional; wins over the template in tokenizer_config.json
//! generation_config.json    optional; the model's own sampling and its end tokens
//! config.json               optional; its max_position_embeddings is the context
//! littoral.toml             optional; what these cannot say
//! ```
//!
//! One of an embedding model says so in `littoral.toml` and needs the graph and the tokenizer alone.
//!
//! A folder exported by Hugging Face's tools works as it is. Only the files that this engine reads
//! are looked at; the folder may hold others.

mod embedding;
mod generation_config;
mod manifest;
mod tokenizer_config;
mod version;

pub use embedding::EmbeddingFolder;
pub use generation_config::GenerationConfig;
pub use manifest::{Kind, Manifest, Pooling};
pub use tokenizer_config::TokenizerConfig;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::EngineError;

/// A context nobody states: two thousand tokens are in every decoder's reach.
const CONTEXT_TOKENS_UNSTATED: u32 = 2048;
/// Tokenizer configurations write 10^30 for "no limit".
const CONTEXT_TOKENS_CREDIBLE: u64 = 1 << 24;

const NO_FOLDER: &str = "there is no such folder; run `littoral provision` or check the path";

/// The files of a model folder, read and checked, without the graph's own contents.
#[derive(Debug)]
pub struct ModelFolder {
    /// The graph.
    pub model: PathBuf,
    /// `tokenizer.json`.
    pub tokenizer: PathBuf,
    /// Chat template and special tokens.
    pub tokenizer_config: TokenizerConfig,
    /// Sampling defaults and end tokens.
    pub generation: GenerationConfig,
    /// Name, context and what else only `littoral.toml` says.
    pub manifest: Manifest,
    /// Tokens the model can attend to.
    pub context_tokens: u32,
}

#[derive(Deserialize)]
struct TokenizerFile {
    decoder: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct ModelConfig {
    max_position_embeddings: Option<u64>,
}

impl ModelFolder {
    /// What the model in `folder` is for.
    ///
    /// # Errors
    /// [`EngineError::Folder`]: there is no such folder, or its `littoral.toml` cannot be read.
    pub fn kind(folder: &Path) -> Result<Kind, EngineError> {
        let mut faults = Vec::new();
        if !folder.is_dir() {
            faults.push(NO_FOLDER.into());
        }
        let manifest = Manifest::read(folder, &mut faults);
        if faults.is_empty() {
            return Ok(manifest.kind);
        }
        Err(EngineError::Folder { folder: folder.into(), faults })
    }

    /// Reads `folder`.
    ///
    /// # Errors
    /// [`EngineError::Folder`] with all faults: files that are missing, that do not parse, that
    /// contradict what is needed.
    pub fn open(folder: &Path) -> Result<Self, EngineError> {
        let mut faults = Vec::new();
        if !folder.is_dir() {
            faults.push(NO_FOLDER.into());
            return Err(EngineError::Folder { folder: folder.into(), faults });
        }
        let model = find_model(folder, &mut faults);
        let tokenizer = require(folder, "tokenizer.json", &mut faults);
        let tokenizer_config = TokenizerConfig::read(folder, &mut faults);
        let generation = read_json(folder, "generation_config.json", &mut faults);
        let config: Option<ModelConfig> = read_json(folder, "config.json", &mut faults);
        let manifest = Manifest::read(folder, &mut faults);
        if manifest.kind != Kind::Chat {
            faults = vec!["littoral.toml calls it an embedding model, which cannot chat".into()];
        }
        if !faults.is_empty() {
            return Err(EngineError::Folder { folder: folder.into(), faults });
        }
        let stated = config.and_then(|config| config.max_position_embeddings).filter(credible);
        let stated = stated.or_else(|| tokenizer_config.model_max_length().filter(credible));
        let stated = stated.and_then(|tokens| u32::try_from(tokens).ok());
        let context_tokens = manifest.context_tokens.or(stated).unwrap_or(CONTEXT_TOKENS_UNSTATED);
        Ok(Self {
            model,
            tokenizer,
            tokenizer_config,
            generation: generation.unwrap_or_default(),
            manifest,
            context_tokens,
        })
    }

    /// The model's version: the first 12 hexadecimal digits of the SHA-256 of the graph and its
    /// external data.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn version(&self) -> Result<String, EngineError> {
        version::of(&self.model)
    }

    /// Whether the tokens are exact bytes of text, as `chat_format`'s vocabulary says when it is loaded:
    /// whether the tokenizer has a decoder.
    pub fn tokens_are_exact(&self) -> bool {
        let text = std::fs::read_to_string(&self.tokenizer).unwrap_or_default();
        let parsed = serde_json::from_str::<TokenizerFile>(&text);
        parsed.is_ok_and(|file| file.decoder.is_some())
    }

    /// Bytes of the graph and its external data on disk.
    pub fn model_bytes(&self) -> u64 {
        version::bytes(&self.model)
    }
}

fn credible(tokens: &u64) -> bool {
    (1..CONTEXT_TOKENS_CREDIBLE).contains(tokens)
}

fn find_model(folder: &Path, faults: &mut Vec<String>) -> PathBuf {
    let places = [folder.join("model.onnx"), folder.join("onnx").join("model.onnx")];
    if let Some(model) = places.iter().find(|place| place.is_file()) {
        return model.clone();
    }
    faults.push("model.onnx is missing (onnx/model.onnx would do as well)".into());
    PathBuf::new()
}

fn require(folder: &Path, name: &str, faults: &mut Vec<String>) -> PathBuf {
    let path = folder.join(name);
    if !path.is_file() {
        faults.push(format!("{name} is missing"));
    }
    path
}

/// Reads an optional JSON file; a file that does not parse is a fault, an absent one is not.
fn read_json<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    faults: &mut Vec<String>,
) -> Option<T> {
    let path = folder.join(name);
    if !path.is_file() {
        return None;
    }
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) => {
            faults.push(format!("{name} cannot be read: {cause}"));
            return None;
        }
    };
    serde_json::from_str(&text)
        .inspect_err(|cause| faults.push(format!("{name} does not parse: {cause}")))
        .ok()
}
