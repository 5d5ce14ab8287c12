//! ONNX Runtime's shared library, taken out of its Python wheel.

use std::fs;
use std::path::Path;

use super::error::{ProvisionError, io_error};
use super::install::Partial;
use super::layout::{Part, library_name};
use super::manifest::{Manifest, checksum};
use super::pip::{self, Fetch};
use super::progress::{Phase, Progress};
use super::{Provisioner, pins, tools};

/// Licence texts that must travel with the library.
const NOTICES: [&str; 2] = ["LICENSE", "ThirdPartyNotices.txt"];

/// Fetches the wheel, keeps the library and its notices, drops the rest.
pub(super) fn install(
    provisioner: &Provisioner,
    progress: &mut dyn Progress,
) -> Result<(), ProvisionError> {
    let python = tools::ensure(provisioner, progress)?;
    let partial = Partial::beside(&provisioner.layout.folder(Part::Runtime))?;
    progress.phase(&Phase { name: "fetching ONNX Runtime" });
    let wheel = partial.path().join("wheel");
    let fetch = Fetch {
        what: "ONNX Runtime",
        requirements: pins::RUNTIME_REQUIREMENTS,
        target: Some(&wheel),
        pinned_pip: true,
        space_bytes: 90_000_000,
    };
    pip::install(provisioner, &python, partial.path(), &fetch, progress)?;
    let package = wheel.join("onnxruntime");
    let library = partial.path().join(library_name());
    take(&package.join("capi").join(library_name()), &library)?;
    for notice in NOTICES {
        take(&package.join(notice), &partial.path().join(notice))?;
    }
    fs::remove_dir_all(&wheel).map_err(io_error("remove", &wheel))?;
    if let Some(expected) = pins::RUNTIME_SHA256 {
        check(&library, expected)?;
    }
    let manifest = Manifest::of(partial.path(), pins::runtime_identity());
    partial.publish(&manifest.map_err(io_error("read", &library))?)
}

fn take(from: &Path, to: &Path) -> Result<(), ProvisionError> {
    fs::rename(from, to).map_err(io_error("take out of the wheel", from))
}

fn check(library: &Path, expected: &str) -> Result<(), ProvisionError> {
    let (_, found) = checksum(library).map_err(io_error("read", library))?;
    if found == expected {
        return Ok(());
    }
    Err(ProvisionError::Corrupt {
        what: "ONNX Runtime's library".to_owned(),
        place: library.display().to_string(),
        expected: expected.to_owned(),
        found,
    })
}
