//! `receipts`: what left, for whom, request by request; and whether the record of it is whole.

mod list;
mod verify;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::since::{self, Since};
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  littoral receipts
  littoral receipts --since 12h --limit 200
  littoral receipts --since 2026-11-26T08:00:00Z --json | jq '.receipts[]'
  littoral receipts verify
  littoral receipts verify --noted HASH

Each receipt holds the hash of the one before. Note the hash that `verify` shows
somewhere else: a later `verify --noted` then finds out if any was removed.";

/// Shows what left this router for whom, and checks that no receipt was changed or removed
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Receipts {
    #[command(subcommand)]
    command: Option<ReceiptsCommand>,
    /// How far back: 1d, 12h, a moment as in RFC 3339, or milliseconds since the Unix epoch
    #[arg(long, value_name = "WHEN", default_value = "1d", value_parser = since::parse)]
    since: Since,
    /// At most this many, the latest ones
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

/// What else can be done with receipts.
#[derive(Debug, Subcommand)]
enum ReceiptsCommand {
    Verify(verify::Verify),
}

impl Receipts {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self.command {
            None => list::show(globals, self.since, self.limit as usize),
            Some(ReceiptsCommand::Verify(verify)) => verify.run(globals),
        }
    }
}
