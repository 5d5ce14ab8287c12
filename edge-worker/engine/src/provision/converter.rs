//! The converters' Python modules, carried inside the binary and written out when they are run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{ProvisionError, io_error};
use super::process::{self, Ended};
use super::{Provisioner, pins, pip};

/// File name and text of a module.
pub(super) type Module = (&'static str, &'static str);

/// The converter of decoders; the first module is the one to run.
pub(super) const DECODER: [Module; 7] = [
    ("gguf_to_onnx.py", include_str!("../../convert/gguf_to_onnx.py")),
    ("llama_file.py", include_str!("../../convert/llama_file.py")),
    ("block_weights.py", include_str!("../../convert/block_weights.py")),
    ("external_data.py", include_str!("../../convert/external_data.py")),
    ("graph_builder.py", include_str!("../../convert/graph_builder.py")),
    ("decoder_graph.py", include_str!("../../convert/decoder_graph.py")),
    ("byte_bpe_tokenizer.py", include_str!("../../convert/byte_bpe_tokenizer.py")),
];

/// The converter of encoders; the first module is the one to run.
pub(super) const ENCODER: [Module; 7] = [
    ("bert_to_onnx.py", include_str!("../../convert/bert_to_onnx.py")),
    ("bert_graph.py", include_str!("../../convert/bert_graph.py")),
    ("bert_model.py", include_str!("../../convert/bert_model.py")),
    ("safetensors_file.py", include_str!("../../convert/safetensors_file.py")),
    ("block_weights.py", include_str!("../../convert/block_weights.py")),
    ("external_data.py", include_str!("../../convert/external_data.py")),
    ("graph_builder.py", include_str!("../../convert/graph_builder.py")),
];

/// Writes `modules` into `folder` and returns the one to run.
pub(super) fn write(folder: &Path, modules: &[Module]) -> Result<PathBuf, ProvisionError> {
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    for (name, text) in modules {
        let path = folder.join(name);
        fs::write(&path, text).map_err(io_error("write", &path))?;
    }
    Ok(modules.first().map_or_else(|| folder.to_owned(), |(name, _)| folder.join(name)))
}

/// Runs a converter that writes into `folder`; `what` is it in words.
pub(super) fn run(
    provisioner: &Provisioner,
    command: &mut Command,
    folder: &Path,
    what: &str,
) -> Result<(), ProvisionError> {
    let log = provisioner.layout.log();
    let ended = process::run(command, &log, pins::CONVERT_LIMIT, &mut |_| true);
    match ended.map_err(io_error("write", &log))? {
        Ended::Well => Ok(()),
        Ended::Badly(output) if pip::disk_is_full(&output) => {
            Err(ProvisionError::DiskFull { place: folder.to_owned() })
        }
        other => Err(other.unnamed(what.to_owned(), pins::CONVERT_LIMIT, &log)),
    }
}
