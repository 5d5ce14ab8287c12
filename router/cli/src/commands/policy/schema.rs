//! `policy schema`: the JSON Schema of policy files, for editors that complete and check while one
//! types.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::screen;
use clap::Args;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral policy schema > policy.schema.json

A TOML editor takes it from the first line of a policy:
  #:schema ./policy.schema.json";

/// Prints the JSON Schema of a policy file
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Schema {}

impl Schema {
    /// Prints it.
    #[expect(clippy::unused_self, reason = "every command runs the same way")]
    pub fn run(self, _: &Globals) -> Result<(), Failure> {
        let mut out = screen::out();
        write!(out, "{}", littoral_core::policy::schema())?;
        Ok(out.flush()?)
    }
}
