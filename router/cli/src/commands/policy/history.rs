//! `policy history`: what was in force, since when, and who made it so.

use super::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral policy history
  littoral policy history --limit 5 --json | jq -r '.entries[].hash'

Nothing is ever taken out of it: receipts and decisions name policies by hash.";

/// Shows the policies that were in force, the latest first
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct History {
    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl History {
    /// Shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            let call = client.list(v1::ListPoliciesRequest { limit: self.limit });
            let list = client::answer(globals, call).await?;
            if globals.json {
                return json::print(&json::of_message("ListPoliciesResponse", &list)?);
            }
            Ok(writeln!(screen::out(), "{}", table(&list.entries).render(screen::width()))?)
        })
    }
}

fn table(entries: &[v1::PolicyEntry]) -> Table {
    let mut table = Table::new(&[
        Head::Left("since"),
        Head::Left("hash"),
        Head::Left("name"),
        Head::Left("how"),
    ]);
    for entry in entries {
        let mut how = shown::cause(entry.cause, &entry.by);
        if !entry.note.is_empty() {
            how = format!("{how}: {}", entry.note);
        }
        table.row([
            units::moment(entry.at_unix_ms),
            shown::short(&entry.hash).to_owned(),
            screen::printable(&entry.name).into_owned(),
            screen::printable(&how).into_owned(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_when_which_how_and_why() {
        let entry = v1::PolicyEntry {
            hash: "0123456789abcdef".into(),
            name: "no clouds".into(),
            at_unix_ms: 1_795_356_185_000,
            cause: v1::PolicyCause::Rollback.into(),
            by: "local/local/local".into(),
            note: "ticket 7".into(),
        };
        let text = anstream::adapter::strip_str(&table(&[entry]).render(200)).to_string();
        for part in
            ["2026-11-2", "0123456789ab ", "no clouds", "back to by local/local/local: ticket 7"]
        {
            assert!(text.contains(part), "{part:?} in {text}");
        }
    }
}
