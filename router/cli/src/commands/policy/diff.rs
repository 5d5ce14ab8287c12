//! `policy diff`: which requests of the past another policy would have sent elsewhere, and why.

use super::{local, shown};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy diff draft.toml               against the policy in force
  littoral policy diff draft.toml old.toml      against another one
  littoral policy diff draft.toml --json | jq .newly_cloud

The router decides its recorded requests again, under both policies, with what
it knew of its fleet then. Nothing is asked of anybody, and nothing changes.";

/// Shows which recorded requests a policy would route otherwise
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// The policy that would rule: a file or a folder
    #[arg(value_name = "A")]
    a: PathBuf,
    /// The one it is compared with [default: the policy in force]
    #[arg(value_name = "B")]
    b: Option<PathBuf>,
    /// Look at this many requests at most, the newest ones
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

impl Diff {
    /// Asks for the difference and shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let a = local::read(&self.a)?;
        let b = self.b.as_deref().map(local::read).transpose()?;
        let request = v1::DiffRequest {
            a: a.sources,
            b: b.map(|b| v1::PolicySources { sources: b.sources }),
            limit: self.limit,
            since_unix_ms: None,
        };
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            let diff = client::answer(globals, client.diff(request)).await?;
            if globals.json {
                return json::print(&json::of_message("DiffResponse", &diff)?);
            }
            let mut out = screen::out();
            if !diff.changes.is_empty() {
                writeln!(out, "{}\n", table(&diff.changes).render(screen::width()))?;
            }
            for line in summary(&diff, self.b.is_none()) {
                writeln!(out, "{}", screen::wrap(&line, screen::width(), "  ").join("\n"))?;
            }
            Ok(())
        })
    }
}

/// A row for each request that changes.
pub(super) fn table(changes: &[v1::diff_response::Change]) -> Table {
    let mut table = Table::new(&[
        Head::Left("when"),
        Head::Left("request"),
        Head::Left("before"),
        Head::Left("after"),
        Head::Left("why"),
    ]);
    for change in changes {
        let colour = match change.cloud() {
            v1::CloudChange::Appears => screen::RED,
            v1::CloudChange::Disappears => screen::GREEN,
            v1::CloudChange::Same | v1::CloudChange::Unspecified => "",
        };
        table.row([
            units::moment(change.at_unix_ms),
            screen::printable(&change.request_id).into_owned(),
            screen::printable(&change.before).into_owned(),
            format!("{colour}{}{}", screen::printable(&change.after), screen::PLAIN),
            screen::printable(&change.why).into_owned(),
        ]);
    }
    table
}

/// How many would newly reach a cloud.
pub(super) fn loud(newly_cloud: u64) -> String {
    let (bold, red, plain) = (screen::BOLD, screen::RED, screen::PLAIN);
    match newly_cloud {
        0 => "no request would newly reach a cloud".to_owned(),
        1 => format!("{bold}{red}1 request WOULD NEWLY REACH A CLOUD{plain}"),
        more => {
            let more = units::count(more);
            format!("{bold}{red}{more} requests WOULD NEWLY REACH A CLOUD{plain}")
        }
    }
}

/// What changes, in counts. What would newly reach a cloud comes first, and is never left out.
fn summary(diff: &v1::DiffResponse, in_force: bool) -> Vec<String> {
    let count = |number: u32| units::count(number.into());
    let mut lines = vec![loud(diff.newly_cloud.into())];
    if diff.no_longer_cloud > 0 {
        lines.push(format!("{} would no longer reach one", count(diff.no_longer_cloud)));
    }
    let (a, b) = (shown::short(&diff.hash_a), shown::short(&diff.hash_b));
    let force = if in_force { " (in force)" } else { "" };
    let (changed, considered) = (count(diff.changed), count(diff.considered));
    lines.push(format!(
        "{changed} of {considered} recorded requests would take another route under {a} than under \
         {b}{force}"
    ));
    let told = diff.changes.len();
    if u64::from(diff.changed) > told as u64 {
        lines.push(format!("the newest {told} of them are shown"));
    }
    if diff.unreplayable > 0 {
        lines.push(format!(
            "of {} more nothing can be said: another version of the router recorded them",
            count(diff.unreplayable)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn diff() -> v1::DiffResponse {
        let change = v1::diff_response::Change {
            request_id: "r1".into(),
            at_unix_ms: 1_795_356_185_000,
            before: "refused: EGRESS_DENIED".into(),
            after: "openai/gpt-4o-mini".into(),
            why: "openai/gpt-4o-mini lost at rule: rule home: denied, and no longer".into(),
            cloud: v1::CloudChange::Appears.into(),
        };
        v1::DiffResponse {
            considered: 1_200,
            changed: 3,
            unreplayable: 2,
            changes: vec![change],
            hash_a: "aaaaaaaaaaaaaaaa".into(),
            hash_b: "bbbbbbbbbbbbbbbb".into(),
            newly_cloud: 1,
            no_longer_cloud: 2,
        }
    }

    #[test]
    fn a_change_is_a_row_with_both_routes_and_the_reason() {
        let text = plain(&table(&diff().changes).render(usize::MAX));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("when") && lines[0].ends_with("why"), "{text}");
        assert!(lines[1].starts_with("2026-11-2"), "{text}");
        assert!(lines[1].contains("r1  ") && lines[1].contains("rule home: denied"), "{text}");
        assert!(lines[1].contains("refused: EGRESS_DENIED  openai/gpt-4o-mini  "), "{text}");
    }

    #[test]
    fn what_would_newly_reach_a_cloud_is_loud_and_said_first() {
        let lines = summary(&diff(), true);
        assert!(lines[0].contains(screen::RED), "{lines:?}");
        let lines: Vec<String> = lines.iter().map(|line| plain(line)).collect();
        assert_eq!(
            lines,
            [
                "1 request WOULD NEWLY REACH A CLOUD",
                "2 would no longer reach one",
                "3 of 1,200 recorded requests would take another route under aaaaaaaaaaaa than under \
                 bbbbbbbbbbbb (in force)",
                "the newest 1 of them are shown",
                "of 2 more nothing can be said: another version of the router recorded them",
            ]
        );
        let none = summary(&v1::DiffResponse::default(), false);
        assert_eq!(none[0], "no request would newly reach a cloud");
        assert_eq!(none.len(), 2, "{none:?}");
    }
}
