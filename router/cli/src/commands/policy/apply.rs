//! `policy apply`: puts a policy in force, after showing what it changes.

use super::proposed::Proposed;
use super::shown;
use crate::arguments::Globals;
use crate::client;
use crate::failure::{Exit, Failure};
use clap::Args;
use littoral_proto::v1;
use littoral_router::policy_files::{self, Loaded};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy apply policy.toml
  littoral policy apply policy.toml --note \"no clouds until Monday\"
  littoral policy apply policy.toml --dry-run     shows what would change

The router writes it to its own policy file, all or nothing, and uses it from
the next request on. A router whose policy is a folder wants the whole folder.";

/// Puts a policy in force: a file, or a folder of files
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Apply {
    /// The policy
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Apply {
    /// Applies it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let loaded = load(&self.path)?;
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            let present = super::get(globals, &mut client, None).await?;
            let source = |source: policy_files::SourceText| v1::PolicySource {
                name: source.name,
                text: source.text,
            };
            let sources: Vec<_> = loaded.sources.into_iter().map(source).collect();
            let proposed =
                Proposed { present: &present, sources: &sources, hash: loaded.policy.hash() };
            if self.dry_run {
                return proposed.show_only(globals);
            }
            proposed.show(globals)?;
            let etag = present.etag.clone();
            let request =
                v1::ApplyPolicyRequest { sources: sources.clone(), etag, note: self.note };
            let changed = client::answer(globals, client.apply(request)).await?;
            proposed.made(globals, &changed.hash, &changed.warnings)
        })
    }
}

/// Reads the files here first: their mistakes are told under the names that the caller knows.
fn load(path: &std::path::Path) -> Result<Loaded, Failure> {
    policy_files::load(Some(path)).map_err(|problems| {
        let list = problems.iter().map(ToString::to_string);
        let message = format!("{} is no policy; nothing was changed", path.display());
        shown::no_policy(&message, list).exit(Exit::Usage)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_mistakes_is_refused_before_any_router_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.toml");
        std::fs::write(&file, "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n")
            .unwrap();
        let failure = load(&file).unwrap_err();
        assert_eq!(failure.details.len(), 2, "{:?}", failure.details);
        assert!(failure.details[0].contains("policy.toml:3"), "{:?}", failure.details);
    }
}
