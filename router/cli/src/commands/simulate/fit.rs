//! `simulate fit`: a scenario of what a router recorded. The database is read and never written, whether its router
//! runs or not; what is written are the scenario, the policy that was in force, and measured waits of clouds.

use crate::arguments::Globals;
use crate::commands::policy::shown;
use crate::failure::Failure;
use crate::since::{self, Since};
use crate::{json, roles, screen};
use clap::Args;
use littoral_router::clock::unix_ms;
use littoral_router::policy_files::{self, SourceText};
use littoral_router::simulation::{self, Fitted};
use littoral_sim::fit::{Names, TooFew};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  littoral simulate fit mine.toml
  littoral simulate fit mine.toml --since 14d
  littoral simulate fit mine.toml --database copy/littoral.db --force
  littoral simulate mine.toml --policy stricter.toml

Each number of the scenario has a comment that says from how many observations
it came; what nobody observed is marked as an assumption. Read it before you
believe it.";

/// Writes a scenario of a router's own records
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FitRecords {
    /// The scenario to write
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// The router's database [default: littoral.db in its state folder]
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The router's configuration file, if it has one: it may name another state folder
    #[arg(long, value_name = "FILE", conflicts_with = "database")]
    config: Option<PathBuf>,
    /// Only what was recorded since then
    #[arg(long, value_name = "WHEN", value_parser = since::parse)]
    since: Option<Since>,
    /// The policy that the scenario names [default: the one in force last, written beside it]
    #[arg(long, value_name = "PATH")]
    policy: Option<PathBuf>,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

impl FitRecords {
    /// Reads, fits, writes.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let database = match &self.database {
            Some(database) => database.clone(),
            None => {
                let config = roles::load(self.config.as_deref(), &globals.home())?;
                config.state.join("littoral.db")
            }
        };
        let since = self.since.map_or(0, |since| since.unix_ms(unix_ms()));
        let fitted = simulation::observe(&database, since).map_err(|error| {
            let text = error.to_string();
            match text.split_once(": ") {
                Some((what, fix)) if fix.starts_with("name ") || fix.starts_with("start ") => {
                    Failure::new(what).fix(fix)
                }
                _ => Failure::new(format!("failed to {text}")),
            }
        })?;
        let beside = Beside::of(&self.scenario)?;
        let policy = match (&self.policy, &fitted.policy) {
            (Some(path), _) => std::path::absolute(path)
                .map_err(|error| Failure::new(format!("--policy: {error}")))?
                .display()
                .to_string(),
            (None, _) => beside.policy.clone(),
        };
        let names = Names { name: &beside.name, policy: &policy, latency: &beside.latency };
        let written = fitted.fit.written(&names).map_err(|few| too_few(few, &database))?;
        let mut files = vec![(beside.path(&beside.scenario), written.scenario)];
        files.extend(written.latency.map(|text| (beside.path(&beside.latency), text)));
        if self.policy.is_none() {
            files.extend(policy_of(&beside, &fitted)?);
        }
        for (path, text) in &files {
            write(path, text, self.force)?;
        }
        tell(&fitted, &files, globals)
    }
}

/// Names of the files, beside each other.
struct Beside {
    folder: PathBuf,
    /// The scenario's file name, and without its ending.
    scenario: String,
    name: String,
    policy: String,
    latency: String,
}

impl Beside {
    fn of(scenario: &Path) -> Result<Self, Failure> {
        let named =
            |part: Option<&std::ffi::OsStr>| part.and_then(|it| it.to_str()).map(str::to_owned);
        let (Some(file), Some(name)) = (named(scenario.file_name()), named(scenario.file_stem()))
        else {
            let message = format!("{} is no name of a file", scenario.display());
            return Err(Failure::usage(message).fix("write something like mine.toml"));
        };
        Ok(Self {
            folder: scenario.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            policy: format!("{name}.policy.toml"),
            latency: format!("{name}.latency.csv"),
            scenario: file,
            name,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The policy in force last as one file; several are its parts in a folder of that name.
fn policy_of(beside: &Beside, fitted: &Fitted) -> Result<Vec<(PathBuf, String)>, Failure> {
    let sources: Vec<SourceText> = match &fitted.policy {
        Some(sources) => sources.clone(),
        None => {
            let shipped = policy_files::load(None);
            shipped.map_err(|problems| super::refused("there is no policy", &problems))?.sources
        }
    };
    let path = beside.path(&beside.policy);
    Ok(match sources.as_slice() {
        [one] => vec![(path, one.text.clone())],
        several => several
            .iter()
            .enumerate()
            .map(|(at, source)| (path.join(format!("{at:03}.toml")), source.text.clone()))
            .collect(),
    })
}

fn too_few(few: TooFew, database: &Path) -> Failure {
    let TooFew { observed, needed } = few;
    let observed = shown::count(observed, "request");
    let message = format!("{observed} in {} are too few: {needed} are needed", database.display());
    Failure::new(message).fix("let the router answer more first, or look further back with --since")
}

fn write(path: &Path, text: &str, over: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true);
    if over {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let open = || -> io::Result<()> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        options.open(path)?.write_all(text.as_bytes())
    };
    open().map_err(|error| {
        let failure = Failure::new(format!("failed to write {}: {error}", path.display()));
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                failure.fix("give another name, or --force to write over it")
            }
            _ => failure,
        }
    })
}

fn tell(fitted: &Fitted, files: &[(PathBuf, String)], globals: &Globals) -> Result<(), Failure> {
    let paths: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    let (read, skipped) = (fitted.counted.read, fitted.counted.skipped);
    if skipped > 0 {
        let records = shown::count(usize::try_from(skipped).unwrap_or(usize::MAX), "record");
        screen::say(format!("{records} left out: of another version, or damaged"));
    }
    if globals.json {
        return json::print(&json!({ "records": read, "skipped": skipped, "files": paths }));
    }
    let mut out = screen::out();
    for path in &paths {
        writeln!(out, "{path}")?;
    }
    out.flush()?;
    let next = globals.suggest_here(&format!("simulate {}", paths[0]));
    screen::say(format!("fitted to {read} records; read the comments, then: {next}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_beside_each_other_and_none_is_written_over_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let beside = Beside::of(&folder.path().join("mine.toml")).unwrap();
        assert_eq!((beside.policy.as_str(), beside.name.as_str()), ("mine.policy.toml", "mine"));
        let path = beside.path(&beside.latency);
        write(&path, "one", false).unwrap();
        let refused = write(&path, "two", false).unwrap_err();
        assert!(refused.fix.as_deref().is_some_and(|fix| fix.contains("--force")));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        write(&path, "two", true).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert!(Beside::of(Path::new("/")).is_err());
    }

    #[test]
    fn a_database_that_is_not_there_is_one_sentence_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let error = simulation::observe(&folder.path().join("none.db"), 0).err().unwrap();
        assert!(error.to_string().contains(": name the one in a router's state folder"));
    }
}
