//! `doctor`: looks at everything that must be right, one line each, and says what to do.
//!
//! It changes nothing and starts nothing. A warning is something that works and may surprise; a
//! failure is something that will not work. Keys are reported as there or not, never shown.

mod check;
mod parts;
mod place;
mod python;
mod router;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, screen};
use check::{Check, Verdict};
use clap::Args;
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral doctor
  littoral doctor --config router.toml
  littoral doctor --json | jq '.checks[] | select(.verdict != \"ok\")'

Exit code 1 if a line says FAIL; warnings are not failures.";

/// Checks runtime, model, Python, configuration, keys, port, clock and disk, and says what to do
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Doctor {
    /// The router's configuration file, if it has one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Doctor {
    /// Looks at everything and tells what it saw.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let home = globals.home();
        let mut checks = vec![place::home(&home)];
        let statuses = parts::statuses(&home);
        checks.extend(parts::checks(&statuses, globals));
        let complete = parts::complete(&statuses);
        checks.push(place::disk(&home, complete));
        checks.push(place::clock(std::time::SystemTime::now(), place::built()));
        client::block_on(async {
            checks.push(python::check(complete).await);
            checks.extend(router::checks(self.config.as_deref(), &home, globals).await);
            tell(&checks, globals)
        })
    }
}

fn tell(checks: &[Check], globals: &Globals) -> Result<(), Failure> {
    let mut out = screen::out();
    let failed = checks.iter().filter(|check| check.verdict == Verdict::Fail).count();
    if globals.json {
        writeln!(out, "{}", json!({ "checks": checks, "failed": failed }))?;
    } else {
        writeln!(out, "{}", table(checks).render(screen::width()))?;
    }
    out.flush()?;
    match failed {
        0 => Ok(()),
        1 => Err(Failure::new("1 check failed; the line above says what to do")),
        more => Err(Failure::new(format!("{more} checks failed; the lines above say what to do"))),
    }
}

fn table(checks: &[Check]) -> Table {
    let mut table = Table::new(&[Head::Left(""), Head::Left("check"), Head::Left("found")]);
    for check in checks {
        let (colour, word) = match check.verdict {
            Verdict::Ok => (screen::GREEN, "ok"),
            Verdict::Warn => (screen::YELLOW, "warn"),
            Verdict::Fail => (screen::RED, "FAIL"),
        };
        let fix = check.fix.as_ref().map_or_else(String::new, |fix| format!("\n-> {fix}"));
        table.row([
            format!("{colour}{word}{}", screen::PLAIN),
            check.name.to_owned(),
            format!("{}{fix}", screen::printable(&check.found)),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn globals() -> Globals {
        crate::arguments::Arguments::parse_from(["littoral", "doctor"]).globals
    }

    #[test]
    fn a_failed_check_fails_the_command_and_a_warning_does_not() {
        let fine = [Check::ok("a", "x"), Check::warn("b", "y", "do z")];
        assert!(tell(&fine, &globals()).is_ok());
        let bad = [Check::ok("a", "x"), Check::fail("b", "y", "do z")];
        assert!(tell(&bad, &globals()).unwrap_err().message.contains("1 check failed"));
    }

    #[test]
    fn every_check_shows_its_verdict_and_its_way_out() {
        let checks = [Check::ok("clock", "fine"), Check::fail("port", "taken", "free it")];
        let text = anstream::adapter::strip_str(&table(&checks).render(80)).to_string();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines[1..],
            ["ok    clock  fine", "FAIL  port   taken", "             -> free it"]
        );
    }
}
