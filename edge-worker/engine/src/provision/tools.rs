//! The private virtual environment: a recent pip, and what the converter imports.

use std::path::{Path, PathBuf};

use super::error::{ProvisionError, io_error};
use super::install::Partial;
use super::layout::{Part, venv_python};
use super::manifest::Manifest;
use super::pip::{self, Fetch};
use super::process::{self, Ended};
use super::progress::{Phase, Progress};
use super::status::{self, PartState};
use super::{Provisioner, pins, python};

/// Returns the environment's interpreter, making the environment if it is not there.
///
/// It is made under another name and moved: what is called inside it is always `bin/python -m`,
/// which works wherever the folder lies.
pub(super) fn ensure(
    provisioner: &Provisioner,
    progress: &mut dyn Progress,
) -> Result<PathBuf, ProvisionError> {
    let layout = &provisioner.layout;
    if status::quick(layout, Part::Tools).state == PartState::Installed {
        return Ok(layout.tools_python());
    }
    let partial = Partial::beside(&layout.folder(Part::Tools))?;
    progress.phase(&Phase { name: "making a private Python environment" });
    create(provisioner, partial.path())?;
    let interpreter = venv_python(partial.path());
    progress.phase(&Phase { name: "fetching the model converter's Python packages" });
    for (what, requirements, pinned_pip, space_bytes) in [
        ("pip", pins::PIP_REQUIREMENTS, false, 20_000_000),
        ("numpy, onnx and gguf", pins::TOOLS_REQUIREMENTS, true, 150_000_000),
    ] {
        let fetch = Fetch { what, requirements, target: None, pinned_pip, space_bytes };
        pip::install(provisioner, &interpreter, partial.path(), &fetch, progress)?;
    }
    partial.publish(&Manifest::unlisted(pins::tools_identity()))?;
    Ok(layout.tools_python())
}

fn create(provisioner: &Provisioner, folder: &Path) -> Result<(), ProvisionError> {
    let base = python::find(provisioner)?;
    let log = provisioner.layout.log();
    let mut command = python::command(provisioner, &base);
    command.args(["-m", "venv", "--clear"]).arg(folder);
    let ended = process::run(&mut command, &log, pins::VENV_LIMIT, &mut |_| true);
    match ended.map_err(io_error("write", &log))? {
        Ended::Well => Ok(()),
        Ended::Badly(output) if pip::disk_is_full(&output) => {
            Err(ProvisionError::DiskFull { place: folder.to_owned() })
        }
        Ended::Badly(output) => {
            Err(ProvisionError::NoVenv { python: base, tail: process::tail(&output) })
        }
        other => {
            let what = "making a virtual environment".to_owned();
            Err(other.unnamed(what, pins::VENV_LIMIT, &log))
        }
    }
}
