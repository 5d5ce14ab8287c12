//! The converter's Python modules, carried inside the binary and written out when they are run.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{ProvisionError, io_error};

/// File name and text of each module.
pub(super) const MODULES: [(&str, &str); 7] = [
    ("gguf_to_onnx.py", include_str!("../../convert/gguf_to_onnx.py")),
    ("llama_file.py", include_str!("../../convert/llama_file.py")),
    ("block_weights.py", include_str!("../../convert/block_weights.py")),
    ("external_data.py", include_str!("../../convert/external_data.py")),
    ("graph_builder.py", include_str!("../../convert/graph_builder.py")),
    ("decoder_graph.py", include_str!("../../convert/decoder_graph.py")),
    ("byte_bpe_tokenizer.py", include_str!("../../convert/byte_bpe_tokenizer.py")),
];

/// Writes the modules into `folder` and returns the one to run.
pub(super) fn write(folder: &Path) -> Result<PathBuf, ProvisionError> {
    fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    for (name, text) in MODULES {
        let path = folder.join(name);
        fs::write(&path, text).map_err(io_error("write", &path))?;
    }
    Ok(folder.join(MODULES[0].0))
}
