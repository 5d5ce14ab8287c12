//! A version that names the weights themselves.
//!
//! Two machines serve the same model only if the bytes agree, whatever the folders are called. The
//! graph and its external data count, in order of file name; the tokenizer does not, as it changes
//! what is asked and not what the weights answer.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::EngineError;

/// Hexadecimal digits of the digest that are shown: 48 bits tell a fleet's models apart.
const DIGITS: usize = 12;
const BLOCK_BYTES: usize = 1 << 20;

/// The version of the graph at `model`.
pub fn of(model: &Path) -> Result<String, EngineError> {
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK_BYTES];
    for path in files(model)? {
        let failed = |cause| EngineError::Io { doing: "read", path: path.clone(), cause };
        let mut file = std::fs::File::open(&path).map_err(failed)?;
        loop {
            let read = file.read(&mut block).map_err(failed)?;
            if read == 0 {
                break;
            }
            hash.update(&block[..read]);
        }
    }
    let mut digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(DIGITS);
    Ok(digits)
}

/// Bytes of the graph at `model` and its external data on disk.
pub fn bytes(model: &Path) -> u64 {
    let sizes = files(model).unwrap_or_default();
    sizes.iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

/// The graph and the files beside it that continue its name: `model.onnx.data`, `model.onnx_data`,
/// `model.onnx_data_1` and so on, which is how exporters call external data.
pub fn files(model: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let folder = model.parent().unwrap_or(Path::new("."));
    let failed = |cause| EngineError::Io { doing: "list", path: folder.to_path_buf(), cause };
    let name = model.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let belongs = entry.file_name().to_string_lossy().starts_with(&name);
        if belongs && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn external_data_is_part_of_the_version_and_other_files_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let model = folder.path().join("model.onnx");
        std::fs::write(&model, "graph").expect("written");
        let alone = of(&model).expect("a version");
        // The first 12 digits of the SHA-256 of "graph".
        assert_eq!(alone, "eef93e1d1448");
        std::fs::write(folder.path().join("tokenizer.json"), "x").expect("written");
        assert_eq!(of(&model).expect("a version"), alone);
        std::fs::write(folder.path().join("model.onnx.data"), "weights").expect("written");
        assert_ne!(of(&model).expect("a version"), alone);
    }
}
