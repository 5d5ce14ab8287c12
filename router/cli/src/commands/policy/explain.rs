//! `policy explain`: one case's decision with all its reasons.

use super::{cases, shown};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen};
use clap::Args;
use littoral_core::policy_case::Case;
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  littoral policy explain policies/cases/default.toml        lists its cases
  littoral policy explain policies/cases/default.toml \"hot laptop\"
  littoral policy explain my-cases.toml \"hot laptop\" --policy next.toml

A part of a name is enough where only one case has it. For a request that a
router decided, see `littoral explain`.";

/// Shows how a policy decides one case, and why
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// The case file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The case [default: lists the cases]
    #[arg(value_name = "CASE")]
    case: Option<String>,
    /// Decide under this policy instead of the one that the file names
    #[arg(long, value_name = "PATH")]
    policy: Option<PathBuf>,
}

impl Explain {
    /// Explains it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let tried = cases::load(std::slice::from_ref(&self.file), self.policy.as_deref())?;
        let all: Vec<_> = tried
            .iter()
            .flat_map(|tried| tried.file.cases.iter().map(move |case| (tried, case)))
            .collect();
        let Some(wanted) = &self.case else {
            let names: Vec<&str> = all.iter().map(|(_, case)| case.name()).collect();
            if globals.json {
                return json::print(&json!({ "cases": names }));
            }
            return Ok(writeln!(screen::out(), "{}", screen::printable(&names.join("\n")))?);
        };
        let names: Vec<&Case> = all.iter().map(|(_, case)| *case).collect();
        let at = choose(&names, wanted)?;
        let Some((tried, case)) = all.get(at) else { return Err(unknown(wanted, &names)) };
        let verdict = case.run(&tried.policy);
        if globals.json {
            return json::print(&json!({
                "name": case.name(),
                "passed": verdict.passed(),
                "policy": tried.from,
                "decision": verdict.decision,
                "explanation": verdict.explanation,
            }));
        }
        let (bold, plain) = (screen::BOLD, screen::PLAIN);
        let text = screen::printable(&verdict.explanation);
        let text = screen::wrap(text.trim_end(), screen::width(), "  ").join("\n");
        let name = screen::printable(case.name());
        writeln!(screen::out(), "{bold}{name}{plain}\n{text}")?;
        if !verdict.passed() {
            let count = shown::count(verdict.mismatches.len(), "expectation");
            screen::say(format!("{count} failed: see `littoral policy test`"));
        }
        Ok(())
    }
}

/// The place of the case of this name, or the only one whose name contains it.
fn choose(cases: &[&Case], wanted: &str) -> Result<usize, Failure> {
    if let Some(at) = cases.iter().position(|case| case.name() == wanted) {
        return Ok(at);
    }
    let part = wanted.to_lowercase();
    let mut found =
        cases.iter().enumerate().filter(|(_, case)| case.name().to_lowercase().contains(&part));
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Ok(at),
        (Some((_, first)), Some((_, second))) => {
            let mut failure = Failure::usage(format!("{wanted:?} may be several cases"));
            let rest = found.map(|(_, case)| case.name().to_owned());
            failure.details = [first, second]
                .map(|case| case.name().to_owned())
                .into_iter()
                .chain(rest)
                .collect();
            Err(failure.fix("write more of the name"))
        }
        (None, _) => Err(unknown(wanted, cases)),
    }
}

fn unknown(wanted: &str, cases: &[&Case]) -> Failure {
    let mut failure = Failure::usage(format!("no case is called {wanted:?}"));
    failure.details = cases.iter().map(|case| case.name().to_owned()).collect();
    failure.fix("name one of these")
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_router::policy_cases;
    use littoral_router::policy_files::SourceText;

    #[test]
    fn a_part_of_a_name_is_enough_where_one_case_has_it() {
        let case = |name: &str| format!("[[case]]\nname = '{name}'\nexpect.refused = 'SHED'\n");
        let text =
            ["policy = 'p'\n".to_owned(), case("hot phone"), case("cold phone"), case("phone")];
        let source = SourceText { name: "c.toml".into(), text: text.concat() };
        let cases = policy_cases::read_text(&source).unwrap().cases;
        let cases: Vec<&Case> = cases.iter().collect();
        assert_eq!(choose(&cases, "Hot").unwrap(), 0);
        assert_eq!(choose(&cases, "phone").unwrap(), 2, "the whole name comes first");
        assert_eq!(choose(&cases, "o").unwrap_err().details.len(), 3);
        assert_eq!(choose(&cases, "car").unwrap_err().details.len(), 3);
    }
}
