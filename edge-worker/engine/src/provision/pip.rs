//! One pip call: packages pinned by hash into a folder, failures sorted into their causes.
//!
//! pip says in words what went wrong and has one exit code for all of it, so the words decide.
//! They are pip's own (English in every locale) or the system's, and `LC_ALL=C` is set.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::error::{ProvisionError, io_error};
use super::process::{self, Ended};
use super::progress::Progress;
use super::{Provisioner, pins, python};

/// What to install and where.
pub(super) struct Fetch<'a> {
    /// What it is, for a reader.
    pub(super) what: &'a str,
    /// A requirements file's text, every line with hashes.
    pub(super) requirements: &'a str,
    /// The folder to unpack into; `None` is the virtual environment itself.
    pub(super) target: Option<&'a Path>,
    /// Whether the pip at work is the pinned one: the seed may be too old for some options.
    pub(super) pinned_pip: bool,
    /// What the download and the unpacked files take together.
    pub(super) space_bytes: u64,
}

/// Runs pip in the environment of `interpreter`; its scratch files lie in `place` while it runs.
pub(super) fn install(
    provisioner: &Provisioner,
    interpreter: &Path,
    place: &Path,
    fetch: &Fetch<'_>,
    progress: &mut dyn Progress,
) -> Result<(), ProvisionError> {
    // pip unpacks in a temporary folder first: here it is on the right disk, and swept if need be.
    let scratch = place.join("pip-scratch");
    fs::create_dir_all(&scratch).map_err(io_error("create", &scratch))?;
    let list = scratch.join("requirements.txt");
    fs::write(&list, fetch.requirements).map_err(io_error("write", &list))?;
    let mut command = python::command(provisioner, interpreter);
    command.args(["-m", "pip", "install", "--no-deps", "--no-compile", "--only-binary", ":all:"]);
    command.args(["--require-hashes", "--requirement"]).arg(&list);
    if fetch.pinned_pip {
        command.args(["--progress-bar", "raw", "--resume-retries", "8"]);
    }
    if let Some(target) = fetch.target {
        command.arg("--target").arg(target);
    }
    command.envs(["TMPDIR", "TEMP", "TMP"].map(|name| (name, &scratch)));
    let log = provisioner.layout.log();
    let ended = process::run(&mut command, &log, pins::PIP_LIMIT, &mut |line| match bytes(line) {
        Some((done, total)) => {
            progress.bytes(done, total);
            false
        }
        None => true,
    });
    let removed = fs::remove_dir_all(&scratch).map_err(io_error("remove", &scratch));
    match ended.map_err(io_error("write", &log))? {
        Ended::Well => removed,
        // pip takes a full disk under a download for a broken connection.
        Ended::Badly(output)
            if output.contains("ncomplete") && !has_room(place, fetch.space_bytes) =>
        {
            Err(ProvisionError::DiskFull { place: place.to_owned() })
        }
        Ended::Badly(output) => Err(cause(fetch.what, &output, &log, place)),
        other => Err(other.unnamed(format!("fetching {}", fetch.what), pins::PIP_LIMIT, &log)),
    }
}

/// Sorts a failed run of pip by what it said.
pub(super) fn cause(what: &str, output: &str, log: &Path, place: &Path) -> ProvisionError {
    if disk_is_full(output) {
        return ProvisionError::DiskFull { place: place.to_owned() };
    }
    if output.contains("DO NOT MATCH THE HASHES") {
        let after = |key: &str| {
            let line = output.lines().find_map(|line| line.trim().strip_prefix(key));
            line.map_or("unknown", str::trim).to_owned()
        };
        return ProvisionError::Corrupt {
            what: what.to_owned(),
            place: "the package index".to_owned(),
            expected: after("Expected sha256"),
            found: after("Got"),
        };
    }
    let (what, tail, log) = (what.to_owned(), process::tail(output), log.to_owned());
    let unreachable = [
        "No matching distribution found",
        "Could not find a version",
        "Could not install packages due to an OSError: HTTP",
        "Connection",
        "connection",
        "Network is unreachable",
        "ReadTimeout",
        "Temporary failure in name resolution",
        "ProxyError",
        "SSLError",
        "HTTP error",
        "ncomplete download",
    ];
    if unreachable.iter().any(|word| output.contains(word)) {
        ProvisionError::Unreachable { what, tail, log }
    } else {
        ProvisionError::Command { what: format!("pip, fetching {what},"), tail, log }
    }
}

/// Whether a program's output says that the disk is full.
pub(super) fn disk_is_full(output: &str) -> bool {
    output.contains("No space left on device") || output.contains("Disk quota exceeded")
}

// Whether so many bytes can be written in `place`: written and removed, as there is no portable way
// to ask. Anything but a full disk counts as room.
fn has_room(place: &Path, bytes: u64) -> bool {
    let probe = place.join("space-probe");
    let written = fs::File::create(&probe)
        .and_then(|mut file| io::copy(&mut io::repeat(0).take(bytes), &mut file));
    let full = matches!(&written, Err(error) if error.kind() == io::ErrorKind::StorageFull);
    // It lies in a folder that is about to be removed.
    let _ = fs::remove_file(&probe);
    !full
}

// pip's raw progress: "Progress 1024 of 4096"; the total is missing while it is unknown.
fn bytes(line: &str) -> Option<(u64, u64)> {
    let (done, total) = line.strip_prefix("Progress ")?.split_once(" of ")?;
    Some((done.parse().ok()?, total.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(output: &str) -> ProvisionError {
        cause("the weights", output, Path::new("home/log"), Path::new("home/models"))
    }

    #[test]
    fn a_wheel_of_another_hash_is_named_corrupt_with_both_hashes() {
        let output = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n\
            x==1 from file:///x.whl:\n  Expected sha256 aaa\n  Expected     or bbb\n       Got        ccc\n";
        match sorted(output) {
            ProvisionError::Corrupt { expected, found, .. } => {
                assert_eq!((expected.as_str(), found.as_str()), ("aaa", "ccc"));
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_full_disk_is_named_whatever_else_pip_says() {
        let output = "Connection pool is full\nERROR: [Errno 28] No space left on device";
        assert!(matches!(sorted(output), ProvisionError::DiskFull { .. }));
    }

    #[test]
    fn an_unknown_failure_keeps_the_end_of_what_pip_said() {
        let message = sorted("a\nb\nc\nd\nsegfault\n").to_string();
        assert!(
            message.contains("b | c | d | segfault") && message.contains("home/log"),
            "{message}"
        );
    }

    #[test]
    fn of_a_long_output_the_error_lines_are_told() {
        let output = "WARNING: retrying\nERROR: no such package\nhint: try again\n";
        let message = sorted(output).to_string();
        assert!(message.contains("failed: ERROR: no such package;"), "{message}");
    }

    #[test]
    fn progress_lines_are_read_and_others_are_not() {
        assert_eq!(bytes("Progress 12 of 30"), Some((12, 30)));
        assert_eq!(bytes("Progress 12"), None);
        assert_eq!(bytes("Collecting numpy"), None);
    }
}
