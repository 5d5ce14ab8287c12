//! `simulate`: a policy tried on a simulated world (`play`), a scenario fitted to a router's own records (`fit`),
//! and the simulator held against a live router (`validate`).

mod fit;
mod page;
mod play;
pub(super) mod progress;
mod validate;
pub(super) mod words;

use super::policy::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use fit::FitRecords;
use littoral_kit::config::Problem;
use play::Play;
use validate::Validate;

const EXAMPLES: &str = "\
Examples:
  littoral simulate policies/scenarios/office.toml
  littoral simulate office.toml --policy mine.toml --report office.html
  littoral simulate office.toml --policy a.toml --policy b.toml --json
  littoral simulate phones.toml --population 0.01 --seeds 3
  littoral simulate fit mine.toml         a scenario of a router's own records
  littoral simulate validate light.toml   the simulator against a live router

Each policy meets the same requests, once for each seed. Three baselines stand
beside it: all local, all cloud, and a coin with as much cloud. What the
scenario asserts must hold of every policy with every seed; else the exit code
is 1.";

/// Tries policies on a simulated fleet: cost, waits, energy, and what would leave
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, subcommand_negates_reqs = true)]
pub struct Simulate {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    play: Option<Play>,
}

/// What else can be done with scenarios.
#[derive(Debug, Subcommand)]
enum Other {
    Fit(FitRecords),
    Validate(Validate),
}

impl Simulate {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        match (self.other, self.play) {
            (Some(_), Some(_)) => Err(Failure::usage("a scenario stands before the subcommand")
                .fix("write `littoral simulate SCENARIO` or the subcommand alone")),
            (Some(Other::Fit(fit)), None) => fit.run(globals),
            (Some(Other::Validate(validate)), None) => validate.run(globals),
            (None, Some(play)) => play.run(globals),
            // The arguments ask for one of them.
            (None, None) => Err(Failure::usage("there is no scenario").fix("name its file")),
        }
    }
}

fn refused(message: &str, problems: &[Problem]) -> Failure {
    let count = shown::count(problems.len(), "problem");
    let list = problems.iter().map(ToString::to_string);
    shown::no_policy(&format!("{message}: {count}"), list).fix("correct the places named")
}
