//! `policy test`: does a policy still do what was promised?

use super::cases::{self, Tried};
use super::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen};
use clap::Args;
use littoral_core::policy_case::{Mismatch, Verdict};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy test                           policies/cases
  littoral policy test my-cases.toml
  littoral policy test --policy next.toml        another policy, the same cases

No router is asked and nobody is. A case gives an asker, a fleet and a request,
and says who is to be tried in which order, or why nobody. Exit code 1 if a case
fails; `littoral policy explain FILE NAME` shows all of its decision.";

/// Where cases are looked for where no path is given.
const USUAL: &str = "policies/cases";
/// Lines of a reason that are shown of a mismatch.
const MOST_LINES: usize = 12;

/// Runs policy cases and shows what came out otherwise than expected
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Test {
    /// Case files, or folders of them
    #[arg(value_name = "PATH", default_value = USUAL)]
    paths: Vec<PathBuf>,
    /// Try this policy instead of those that the files name
    #[arg(long, value_name = "PATH")]
    policy: Option<PathBuf>,
}

/// What became of a file's cases.
struct Ran {
    tried: Tried,
    verdicts: Vec<Verdict>,
}

impl Test {
    /// Runs them.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let tried = cases::load(&self.paths, self.policy.as_deref())?;
        let ran: Vec<Ran> = tried.into_iter().map(Ran::of).collect();
        if globals.json {
            json::print(&in_json(&ran))?;
        } else {
            let mut out = screen::out();
            for ran in &ran {
                write!(out, "{}", ran.in_words(globals, screen::width()))?;
            }
            out.flush()?;
        }
        let (failed, all) = ran
            .iter()
            .fold((0, 0), |(failed, all), ran| (failed + ran.failed(), all + ran.verdicts.len()));
        if failed == 0 {
            return Ok(());
        }
        Err(Failure::new(format!("{failed} of {} failed", shown::count(all, "case")))
            .fix("mend the policy, or the case where the policy is right"))
    }
}

impl Ran {
    fn of(tried: Tried) -> Self {
        let verdicts = tried.file.cases.iter().map(|case| case.run(&tried.policy)).collect();
        Self { tried, verdicts }
    }

    fn failed(&self) -> usize {
        self.verdicts.iter().filter(|verdict| !verdict.passed()).count()
    }

    fn in_words(&self, globals: &Globals, width: usize) -> String {
        let (failed, passed) = (self.failed(), self.verdicts.len() - self.failed());
        let (green, red, dim, plain) = (screen::GREEN, screen::RED, screen::DIM, screen::PLAIN);
        let file = screen::printable(&self.tried.file.path.display().to_string()).into_owned();
        let count = match failed {
            0 => format!("{green}{passed} passed{plain}"),
            _ => format!("{passed} passed, {red}{failed} failed{plain}"),
        };
        let from = self.tried.from.display().to_string();
        let from = screen::printable(&from);
        let mut text = format!("{file}  {count}  {dim}{from}{plain}\n");
        let pairs = self.tried.file.cases.iter().zip(&self.verdicts);
        for (case, verdict) in pairs.filter(|(_, verdict)| !verdict.passed()) {
            // Writing to a string does not fail.
            let name = screen::printable(case.name());
            let _ = writeln!(text, "\n  {red}failed{plain} {}{name}{plain}", screen::BOLD);
            for mismatch in &verdict.mismatches {
                let _ = writeln!(text, "{}", difference(mismatch, width));
            }
            let more = format!("policy explain {} {}", shown::quoted(&file), shown::quoted(&name));
            let more = match self.tried.from == self.tried.file.policy {
                true => more,
                false => format!("{more} --policy {}", shown::quoted(&from)),
            };
            let _ = writeln!(text, "    {dim}{}{plain}", globals.suggest_here(&more));
        }
        if failed > 0 {
            text.push('\n');
        }
        text
    }
}

/// What was expected and what happened, one above the other.
fn difference(mismatch: &Mismatch, width: usize) -> String {
    let (green, red, dim, plain) = (screen::GREEN, screen::RED, screen::DIM, screen::PLAIN);
    let line = |colour: &str, label: &str, text: &str| {
        let text = screen::printable(text);
        let indent = " ".repeat(label.len());
        let lines = screen::wrap(&text, width.saturating_sub(label.len()), "");
        format!("{colour}{label}{}{plain}", lines.join(&format!("\n{indent}")))
    };
    let mut lines = vec![
        line(dim, "    ", &mismatch.key),
        line(green, "    - expected ", &mismatch.expected),
        line(red, "    + got      ", &mismatch.got),
    ];
    let because = mismatch.because.iter().take(MOST_LINES);
    lines.extend(because.map(|reason| line(dim, "      ", reason)));
    let more = mismatch.because.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.push(line(dim, "      ", &format!("and {more} more lines")));
    }
    lines.join("\n")
}

fn in_json(ran: &[Ran]) -> Value {
    let mismatch = |mismatch: &Mismatch| {
        json!({
            "key": mismatch.key, "expected": mismatch.expected, "got": mismatch.got,
            "because": mismatch.because,
        })
    };
    let file = |ran: &Ran| {
        let cases = ran.tried.file.cases.iter().zip(&ran.verdicts).map(|(case, verdict)| {
            json!({
                "name": case.name(),
                "passed": verdict.passed(),
                "mismatches": verdict.mismatches.iter().map(mismatch).collect::<Vec<_>>(),
            })
        });
        json!({
            "file": ran.tried.file.path,
            "policy": ran.tried.from,
            "policy_hash": ran.tried.policy.hash(),
            "passed": ran.verdicts.len() - ran.failed(),
            "failed": ran.failed(),
            "cases": cases.collect::<Vec<_>>(),
        })
    };
    json!({
        "passed": ran.iter().map(|ran| ran.verdicts.len() - ran.failed()).sum::<usize>(),
        "failed": ran.iter().map(Ran::failed).sum::<usize>(),
        "files": ran.iter().map(file).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(mismatch: &Mismatch, width: usize) -> String {
        anstream::adapter::strip_str(&difference(mismatch, width)).to_string()
    }

    #[test]
    fn expected_stands_over_got_and_long_texts_hang_under_themselves() {
        let mismatch = Mismatch {
            key: "route".into(),
            expected: "laptop, lab".into(),
            got: "refused, EGRESS_DENIED: class personal stays".into(),
            because: vec!["lab lost at device: \x1b[2Jhot".into()],
        };
        assert_eq!(
            plain(&mismatch, 44),
            "    route\n    - expected laptop, lab\n    + got      refused, EGRESS_DENIED: class\n               \
             personal stays\n      lab lost at device: [2Jhot"
        );
    }

    #[test]
    fn a_long_list_of_reasons_is_cut_and_says_so() {
        let because = (0..MOST_LINES + 3).map(|line| format!("reason {line}")).collect();
        let text = String::new();
        let mismatch = Mismatch { key: "says".into(), expected: text.clone(), got: text, because };
        assert!(plain(&mismatch, 80).ends_with("reason 11\n      and 3 more lines"));
    }
}
