//! Finds an interpreter that can do the work.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{ProvisionError, io_error};
use super::process::{self, Ended};
use super::{Provisioner, pins};

const CANDIDATES: [&str; 2] = ["python3", "python"];
const VERSION: &str = "import sys; print('%d.%d' % sys.version_info[:2])";

/// The configured interpreter, or the first candidate that starts and has a fitting version.
pub(super) fn find(provisioner: &Provisioner) -> Result<PathBuf, ProvisionError> {
    let candidates: Vec<PathBuf> = match &provisioner.python {
        Some(python) => vec![python.clone()],
        None => CANDIDATES.iter().map(PathBuf::from).collect(),
    };
    let mut unfit = None;
    let mut tried = Vec::new();
    for python in &candidates {
        match version(provisioner, python)? {
            Ok(found) if fits(&found) => return Ok(python.clone()),
            Ok(found) => {
                unfit
                    .get_or_insert(ProvisionError::PythonVersion { python: python.clone(), found });
            }
            Err(why) => tried.push(format!("{}: {why}", python.display())),
        }
    }
    Err(unfit.unwrap_or(ProvisionError::NoPython { tried: tried.join("; ") }))
}

/// A command that runs `python` undisturbed by the user's Python settings; pip's own settings
/// (index, proxy, certificates) stay, they are how the machine reaches the packages.
pub(super) fn command(provisioner: &Provisioner, python: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONHOME")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_PREFIX")
        .envs([("PYTHONNOUSERSITE", "1"), ("PYTHONUNBUFFERED", "1"), ("PYTHONUTF8", "1")])
        .env("LC_ALL", "C")
        .envs([("PIP_USER", "0"), ("PIP_NO_INPUT", "1"), ("PIP_DISABLE_PIP_VERSION_CHECK", "1")])
        .envs(provisioner.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(provisioner.layout.home());
    command
}

// The inner error says why there is no version: it cannot be started, or is no Python.
fn version(
    provisioner: &Provisioner,
    python: &Path,
) -> Result<Result<String, String>, ProvisionError> {
    let log = provisioner.layout.log();
    let mut found = None;
    let mut command = command(provisioner, python);
    let outcome =
        process::run(command.args(["-c", VERSION]), &log, pins::VERSION_LIMIT, &mut |line| {
            found = Some(line.to_owned());
            false
        });
    Ok(match outcome.map_err(io_error("write", &log))? {
        Ended::Well => found.ok_or_else(|| "it names no version".to_owned()),
        Ended::Badly(status) => Err(found.unwrap_or(status)),
        Ended::Late => Err(format!("no answer in {} s", pins::VERSION_LIMIT.as_secs())),
        Ended::NotStarted(error) => Err(error.to_string()),
    })
}

fn fits(version: &str) -> bool {
    let minor = version.strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some_and(|minor| pins::PYTHON_MINORS.contains(&minor))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn versions_without_wheels_do_not_fit() {
        assert!(fits("3.11") && fits("3.14"));
        for unfit in ["3.10", "3.15", "2.7", "4.11", "3.x", ""] {
            assert!(!fits(unfit), "{unfit}");
        }
    }
}
