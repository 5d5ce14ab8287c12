//! Policies in words: hashes, problems, and what changes from one to another.

use crate::failure::Failure;
use crate::{screen, units};
use littoral_kit::config::Problem;
use littoral_proto::v1;
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Characters of a hash that are shown: enough to name a policy of any history.
const SHORT: usize = 12;
/// Lines around a change that are shown with it.
const AROUND: usize = 2;

/// The first characters of a hash.
pub fn short(hash: &str) -> &str {
    hash.get(..SHORT).unwrap_or(hash)
}

/// A problem as `file:line:column: path: reason`, as far as it is known.
pub fn problem(problem: &v1::PolicyProblem) -> String {
    let mut text = problem.file.clone();
    for number in [problem.line, problem.column].into_iter().flatten() {
        // Writing to a string does not fail.
        let _ = write!(text, ":{number}");
    }
    for part in [&problem.path, &problem.reason].into_iter().filter(|part| !part.is_empty()) {
        text.push_str(": ");
        text.push_str(part);
    }
    screen::printable(&text).into_owned()
}

/// How a policy came into force, in words.
pub fn cause(cause: i32, by: &str) -> String {
    match v1::PolicyCause::try_from(cause) {
        Ok(v1::PolicyCause::Start) => "the router started with it".into(),
        Ok(v1::PolicyCause::File) => "its file was edited".into(),
        Ok(v1::PolicyCause::Apply) => format!("applied by {by}"),
        Ok(v1::PolicyCause::Rollback) => format!("rolled back to by {by}"),
        Ok(v1::PolicyCause::Unspecified) | Err(_) => "unknown".into(),
    }
}

/// A moment, and how.
pub fn since(at_unix_ms: u64, how: &str) -> String {
    format!("{}: {how}", units::moment(at_unix_ms))
}

/// Says every warning on standard error.
pub fn say_warnings(warnings: &[v1::PolicyProblem]) {
    say_warning_lines(&warnings.iter().map(problem).collect::<Vec<_>>());
}

/// Says every warning, already in words, on standard error.
pub fn say_warning_lines(warnings: &[String]) {
    for warning in warnings {
        let warning = screen::printable(warning);
        let text = format!("{}warning{}: {warning}", screen::YELLOW, screen::PLAIN);
        screen::say(screen::hang(&text, "         "));
    }
}

/// A problem of a file as JSON; a place that is unknown is absent.
pub fn problem_in_json(problem: &Problem) -> Value {
    let mut told = json!({ "file": problem.file, "path": problem.path, "reason": problem.reason });
    for (key, number) in [("line", problem.line), ("column", problem.column)] {
        if let Some(number) = number {
            told[key] = number.into();
        }
    }
    told
}

/// A number of things: `1 rule`, `2 rules`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// A number of aliases.
pub fn aliases(number: usize) -> String {
    if number == 1 { "1 alias".into() } else { format!("{number} aliases") }
}

/// A word of a command line, in quotes where a shell would break it.
pub fn quoted(word: &str) -> String {
    let fine = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if !word.is_empty() && word.chars().all(fine) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Files that are no policy, as a failure with every problem.
pub fn no_policy(message: &str, problems: impl IntoIterator<Item = String>) -> Failure {
    let mut failure = Failure::new(message);
    failure.details = problems.into_iter().collect();
    failure
}

/// What changes from one policy's files to another's, line by line; empty where nothing does. Colours
/// are taken out where nobody sees them.
pub fn difference(from: &[v1::PolicySource], to: &[v1::PolicySource]) -> String {
    let names: BTreeSet<&str> = from.iter().chain(to).map(name).collect();
    let text_in = |files: &[v1::PolicySource], wanted: &str| {
        // Two single files are compared whatever they are called.
        let single = from.len() == 1 && to.len() == 1;
        let found = files.iter().find(|file| single || name(file) == wanted);
        found.map(|file| file.text.clone()).unwrap_or_default()
    };
    let mut shown = String::new();
    for name in names {
        let (old, new) = (text_in(from, name), text_in(to, name));
        if old != new {
            shown.push_str(&lines(name, &old, &new));
        }
        if from.len() == 1 && to.len() == 1 {
            break;
        }
    }
    shown
}

fn name(source: &v1::PolicySource) -> &str {
    source.name.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn lines(name: &str, old: &str, new: &str) -> String {
    let mut shown = format!("{}{}{}\n", screen::BOLD, screen::printable(name), screen::PLAIN);
    let diff = TextDiff::from_lines(old, new);
    for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if index > 0 {
            shown.push_str("  ...\n");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (colour, sign) = match change.tag() {
                ChangeTag::Delete => (screen::RED, '-'),
                ChangeTag::Insert => (screen::GREEN, '+'),
                ChangeTag::Equal => (screen::PLAIN, ' '),
            };
            let line = screen::printable(change.value().trim_end_matches('\n'));
            let _ = writeln!(shown, "{colour}{sign} {line}{}", screen::PLAIN);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> v1::PolicySource {
        v1::PolicySource { name: name.into(), text: text.into() }
    }

    fn plain(from: &[v1::PolicySource], to: &[v1::PolicySource]) -> String {
        anstream::adapter::strip_str(&difference(from, to)).to_string()
    }

    #[test]
    fn a_change_is_shown_with_its_surroundings_and_a_difference_of_names_alone_is_none() {
        let old = [file("a/old.toml", "1\n2\n3\n4\n5\n6\n")];
        let new = [file("b/new.toml", "1\n2\n3\nfour\n5\n6\n")];
        assert_eq!(plain(&old, &new), "new.toml\n  2\n  3\n- 4\n+ four\n  5\n  6\n");
        assert_eq!(plain(&old, &[file("other.toml", "1\n2\n3\n4\n5\n6\n")]), "");
    }

    #[test]
    fn files_of_folders_are_compared_by_name_and_those_that_came_or_went_are_shown() {
        let old = [file("x/a.toml", "1\n"), file("x/b.toml", "2\n")];
        let new = [file("y/a.toml", "1\n"), file("y/c.toml", "3\n")];
        assert_eq!(plain(&old, &new), "b.toml\n- 2\nc.toml\n+ 3\n");
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_break_it() {
        assert_eq!(quoted("policies/cases/a.toml"), "policies/cases/a.toml");
        assert_eq!(quoted("it's hot"), r"'it'\''s hot'");
        assert_eq!(quoted("$HOME"), "'$HOME'");
    }

    #[test]
    fn a_problem_names_its_place_as_far_as_it_is_known() {
        let mut bad = v1::PolicyProblem {
            file: "p.toml".into(),
            line: Some(3),
            column: Some(7),
            path: "rule[0].when".into(),
            reason: "is wrong".into(),
        };
        assert_eq!(problem(&bad), "p.toml:3:7: rule[0].when: is wrong");
        (bad.line, bad.column, bad.path) = (None, None, String::new());
        assert_eq!(problem(&bad), "p.toml: is wrong");
    }
}
