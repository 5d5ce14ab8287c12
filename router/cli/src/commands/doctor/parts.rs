//! ONNX Runtime and the model: there, whole, and loadable.

use super::check::Check;
use crate::arguments::Globals;
use littoral_engine::Runtime;
use littoral_engine::provision::{Part, PartState, PartStatus, Provisioner, installed};
use std::path::Path;

/// The state of every part, by the checksums of all files.
pub fn statuses(home: &Path) -> Vec<PartStatus> {
    Provisioner::new(home).verify()
}

/// Nothing needs to be fetched.
pub fn complete(statuses: &[PartStatus]) -> bool {
    let needed = statuses.iter().filter(|status| status.part != Part::Tools);
    needed.into_iter().all(|status| status.state == PartState::Installed)
}

/// A line for each part that a worker needs, and one for loading the runtime.
pub fn checks(statuses: &[PartStatus], globals: &Globals) -> Vec<Check> {
    let needed = statuses.iter().filter(|status| status.part != Part::Tools);
    let mut checks: Vec<Check> = needed.map(|status| check(status, globals)).collect();
    if let Some(provisioned) = installed(&globals.home()) {
        checks.push(load(&provisioned.runtime_library, globals));
    }
    checks
}

fn check(status: &PartStatus, globals: &Globals) -> Check {
    let name = match status.part {
        Part::Runtime => "runtime",
        Part::Model => "model",
        Part::Embedding => "embeddings",
        Part::Tools => "tools",
    };
    let folder = status.folder.display();
    let fetch = || format!("`{}` fetches it", globals.suggest_here("provision"));
    match &status.state {
        PartState::Installed => Check::ok(name, format!("{folder}: every checksum fits")),
        PartState::Missing => Check::fail(name, "not here yet", fetch()),
        PartState::Outdated => {
            Check::fail(name, format!("{folder} is of another version"), fetch())
        }
        PartState::Damaged { what } => {
            let fix = format!("`{}` fetches it anew", globals.suggest_here("provision --repair"));
            Check::fail(name, format!("{folder} is damaged: {what}"), fix)
        }
    }
}

/// Whether the library loads, and what it can run on.
fn load(library: &Path, globals: &Globals) -> Check {
    match Runtime::load(library) {
        Ok(runtime) => {
            let mut found: Vec<String> = runtime
                .devices()
                .iter()
                .map(|device| {
                    crate::words::execution_provider(&device.execution_provider).to_owned()
                })
                .collect();
            found.sort();
            found.dedup();
            Check::ok("runtime loads", format!("it can use: {}", found.join(", ")))
        }
        Err(error) => {
            let fix = format!("`{}` fetches it anew", globals.suggest_here("provision --repair"));
            Check::fail("runtime loads", error.to_string(), fix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Verdict;
    use super::*;
    use clap::Parser as _;

    #[test]
    fn an_empty_home_fails_at_runtime_and_models_and_says_what_fetches_them() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().display().to_string();
        let line = ["littoral", "--home", &folder, "doctor"];
        let globals = crate::arguments::Arguments::parse_from(line).globals;
        let statuses = statuses(home.path());
        assert!(!complete(&statuses));
        let checks = checks(&statuses, &globals);
        assert_eq!(checks.len(), 3, "{checks:?}");
        for check in checks {
            assert_eq!(check.verdict, Verdict::Fail);
            assert!(check.fix.unwrap().contains("provision"));
        }
    }
}
