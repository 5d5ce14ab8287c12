//! `policy check`: every mistake of a policy, before a router reads it.

use super::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen};
use clap::Args;
use littoral_kit::config::Problem;
use littoral_router::policy_files::{self, Loaded};
use littoral_router::policy_keeper::place::Place;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  littoral policy check policy.toml
  littoral policy check policy.d/     a folder of files that are one policy
  littoral policy check policy.toml --strict

No router is asked. Exit code 1 if the policy cannot be used; with --strict,
also if it has warnings.";

/// Checks a policy: every problem with its place, and what is most likely a slip
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Check {
    /// A file, or a folder of files [default: that of the home folder, else the shipped one]
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
}

impl Check {
    /// Checks it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let path = self.path.or_else(|| own(&globals.home()));
        let name = path.as_deref().map_or_else(
            || "the shipped policy".to_owned(),
            |path| screen::printable(&path.display().to_string()).into_owned(),
        );
        let checked = policy_files::load(path.as_deref());
        if globals.json {
            json::print(&in_json(&checked))?;
        }
        let loaded = checked.map_err(|problems| {
            let count = shown::count(problems.len(), "problem");
            let list = problems.iter().map(ToString::to_string);
            shown::no_policy(&format!("{name} is no policy: {count}"), list)
                .fix("correct the places named, and check again")
        })?;
        let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
        if self.strict && !warnings.is_empty() {
            let count = shown::count(warnings.len(), "warning");
            return Err(shown::no_policy(&format!("{name} has {count}"), warnings)
                .fix("correct the places named, or check without --strict"));
        }
        if !globals.json {
            writeln!(screen::out(), "{}", in_words(&loaded))?;
        }
        shown::say_warning_lines(&warnings);
        Ok(())
    }
}

/// The policy that a router of this home folder finds without a configuration, if there is a file.
fn own(home: &Path) -> Option<PathBuf> {
    let place = Place::new(None, &home.join("state"));
    (!place.is_shipped()).then(|| place.path().to_path_buf())
}

fn in_words(loaded: &Loaded) -> String {
    let policy = &loaded.policy;
    let counts = [
        shown::count(policy.rules().len(), "rule"),
        shown::aliases(policy.aliases().len()),
        shown::count(loaded.warnings.len(), "warning"),
    ];
    let (green, bold, plain) = (screen::GREEN, screen::BOLD, screen::PLAIN);
    let name = screen::printable(policy.name());
    let hash = shown::short(policy.hash());
    format!("{green}ok{plain} {bold}{name}{plain} {hash}: {}", counts.join(", "))
}

fn in_json(checked: &Result<Loaded, Vec<Problem>>) -> Value {
    match checked {
        Ok(Loaded { policy, warnings, .. }) => json!({
            "ok": true,
            "name": policy.name(),
            "hash": policy.hash(),
            "rules": policy.rules().len(),
            "aliases": policy.aliases().len(),
            "problems": [],
            "warnings": warnings.iter().map(shown::problem_in_json).collect::<Vec<_>>(),
        }),
        Err(problems) => json!({
            "ok": false,
            "problems": problems.iter().map(shown::problem_in_json).collect::<Vec<_>>(),
            "warnings": [],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ok_line_names_the_policy_its_hash_and_how_much_there_is_of_it() {
        let loaded = policy_files::load(None).unwrap();
        let text = anstream::adapter::strip_str(&in_words(&loaded)).to_string();
        let hash = shown::short(loaded.policy.hash());
        assert_eq!(text, format!("ok default {hash}: 0 rules, 1 alias, 0 warnings"));
    }

    #[test]
    fn json_holds_every_problem_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("p.toml");
        std::fs::write(&file, "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n")
            .unwrap();
        let told = in_json(&policy_files::load(Some(&file)));
        assert_eq!(told["ok"], false);
        assert_eq!(told["problems"][0]["line"], 3, "{told}");
        assert_eq!(told["problems"][1]["path"], "deadlines.wrong", "{told}");
        assert_eq!(in_json(&policy_files::load(None))["ok"], true);
    }

    #[test]
    fn without_a_path_it_is_the_file_of_the_home_folder_or_the_shipped_one() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(own(home.path()), None);
        let file = home.path().join("state/policy/policy.toml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "").unwrap();
        assert_eq!(own(home.path()), Some(file));
    }
}
