//! The interpreter that does the work: none, one that does not work, and ones that lack something.

use super::{leftovers, temporary};
use littoral_engine::provision::{ProvisionError, Provisioner, Silent};
use std::path::PathBuf;
#[cfg(unix)]
use std::{fs, path::Path};

#[test]
fn a_missing_python_is_named_and_nothing_is_installed() {
    let home = temporary();
    let provisioner = Provisioner::new(home.path()).python("/nowhere/python3");
    let error = provisioner.provision(&mut Silent).expect_err("no Python");
    assert!(matches!(error, ProvisionError::NoPython { .. }), "{error:?}");
    let message = error.to_string();
    assert!(
        message.contains("/nowhere/python3") && message.contains("LITTORAL_PYTHON"),
        "{message}"
    );
    #[cfg(unix)]
    assert!(message.contains("No such file"), "{message}");
    assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
    assert!(provisioner.installed().is_none());
}

#[cfg(unix)]
#[test]
fn a_python_that_does_not_work_is_named_with_what_it_said() {
    let home = temporary();
    let python = script(home.path(), "echo 'python3: no such version here' >&2; exit 127");
    let error = Provisioner::new(&home.path().join("home")).python(&python).provision(&mut Silent);
    let error = error.expect_err("no version");
    assert!(matches!(error, ProvisionError::NoPython { .. }), "{error:?}");
    assert!(error.to_string().contains("python3: no such version here"), "{error}");
}

/// Written by another process: were it open for writing in this one, a child that another test
/// starts just then would hold it open too, and a program that is being written cannot be run.
#[cfg(unix)]
fn script(folder: &Path, text: &str) -> PathBuf {
    use std::process::Command;
    let path = folder.join("python3");
    let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 755 \"$0\"";
    let written = Command::new("sh").args(["-c", write]).arg(&path).arg(text).status();
    assert!(written.expect("a shell").success(), "{} cannot be written", path.display());
    path
}

#[cfg(unix)]
#[test]
fn a_python_outside_the_versions_with_wheels_is_refused_with_its_version() {
    let home = temporary();
    let python = script(home.path(), "echo 3.9");
    let error = Provisioner::new(&home.path().join("home")).python(&python).provision(&mut Silent);
    let message = error.expect_err("too old").to_string();
    assert!(message.contains("is Python 3.9") && message.contains("3.11 to 3.14"), "{message}");
}

/// The real interpreter with the step that seeds pip failing, as where `ensurepip` is split off
/// into a package of its own.
#[cfg(unix)]
#[test]
fn a_python_without_ensurepip_is_named_with_the_package_to_install() {
    let home = temporary();
    let without = home.path().join("without.py");
    fs::write(&without, WITHOUT_ENSUREPIP).expect("written");
    let python = script(
        home.path(),
        &format!(
            "if [ \"$2\" = venv ]; then shift 2; exec python3 {} \"$@\"; fi\nexec python3 \"$@\"",
            without.display()
        ),
    );
    let own = home.path().join("home");
    let error = Provisioner::new(&own).python(&python).provision(&mut Silent);
    let error = error.expect_err("no ensurepip");
    assert!(matches!(error, ProvisionError::NoVenv { .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.contains("apt install python3-venv"), "{message}");
    assert!(message.contains("No module named ensurepip"), "{message}");
    assert_eq!(leftovers(&own), Vec::<PathBuf>::new());
}

#[cfg(unix)]
const WITHOUT_ENSUREPIP: &str = "
import sys, venv
def seed(self, context):
    raise ModuleNotFoundError('No module named ensurepip')
venv.EnvBuilder._setup_pip = seed
try:
    venv.main(sys.argv[1:])
except Exception as error:
    sys.exit(f'Error: {error}')
";
