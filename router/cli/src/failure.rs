//! How a command fails: one sentence, what is behind it, a way out, and an exit code.
//!
//! Errors of all parts end here, so that a person sees one form and a script one shape:
//! `{"error": {"reason", "message", "details", "fix", "request_id", "retry_after_ms"}}`.

use crate::screen;
use littoral_kit::config::Problem;
use serde::Serialize;
use std::io::{self, Write as _};
use std::ops::{Deref, DerefMut};
use std::process::ExitCode;

/// Exit codes, as documented in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for failed.
    Failed = 1,
    /// The command line, or what it names, makes no sense.
    Usage = 2,
    /// No router answers at the address.
    NoRouter = 3,
    /// A signal ended it.
    Interrupted = 130,
}

/// A command's failure. Boxed, so that what succeeds does not carry its size about.
#[derive(Debug)]
pub struct Failure(Box<Told>);

impl Deref for Failure {
    type Target = Told;

    fn deref(&self) -> &Told {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Told {
        &mut self.0
    }
}

/// What is told of a failure.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Name of the reason, where the router gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// One sentence: what failed, where and why.
    pub message: String,
    /// Every single thing that is wrong, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The request that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// When trying again makes sense, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    #[serde(skip)]
    exit: Exit,
    /// Who read our output has gone: nothing is left to say, and nothing went wrong.
    #[serde(skip)]
    reader_gone: bool,
}

impl Failure {
    /// What was asked for failed.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Told {
            reason: None,
            message: message.into(),
            details: Vec::new(),
            fix: None,
            request_id: None,
            retry_after_ms: None,
            exit: Exit::Failed,
            reader_gone: false,
        }))
    }

    /// The arguments make no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(message).exit(Exit::Usage)
    }

    /// A configuration that cannot be used, with all that is wrong in it.
    pub fn configuration(problems: &[Problem]) -> Self {
        let count = match problems.len() {
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        };
        let mut failure = Self::new(format!("the configuration cannot be used: {count}"));
        failure.details = problems.iter().map(ToString::to_string).collect();
        failure.fix("correct the places named; `littoral doctor` checks them again")
    }

    /// Ended by a signal.
    pub fn interrupted(message: impl Into<String>) -> Self {
        Self::new(message).exit(Exit::Interrupted)
    }

    /// The same with another exit code.
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The same with a way out.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Tells the failure, and returns the code to exit with.
    pub fn report(&self, json: bool) -> ExitCode {
        if self.reader_gone {
            return ExitCode::SUCCESS;
        }
        screen::say(self.text());
        if json {
            let line = serde_json::json!({ "error": *self.0 });
            // Standard error has the sentence, if standard output is gone.
            let _ = writeln!(screen::out(), "{line}");
        }
        ExitCode::from(self.exit as u8)
    }

    /// The failure for a person, in several lines.
    fn text(&self) -> String {
        let (red, bold, plain) = (screen::RED, screen::BOLD, screen::PLAIN);
        let name = match &self.reason {
            Some(reason) => format!("{bold}{reason}{plain}: "),
            None => String::new(),
        };
        let message = screen::printable(&self.message);
        let mut text = screen::hang(&format!("{red}error{plain}: {name}{message}"), "       ");
        for detail in &self.details {
            text.push('\n');
            text.push_str(&screen::hang(&format!("  - {}", screen::printable(detail)), "    "));
        }
        if let Some(fix) = &self.fix {
            text.push('\n');
            text.push_str(&screen::hang(&format!("  {bold}fix{plain}: {fix}"), "       "));
        }
        text
    }
}

/// Standard output could not be written to. Use `?` on nothing else.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let mut failure = Self::new(format!("failed to write to standard output: {error}"));
        failure.reader_gone = error.kind() == io::ErrorKind::BrokenPipe;
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_configuration_is_listed_with_its_place() {
        let problem = |path: &str, line| Problem {
            file: "router.toml".into(),
            line,
            column: None,
            path: path.into(),
            reason: "is wrong".into(),
        };
        let problems = [problem("listen", Some(3)), problem("limits.lease_ms", None)];
        let text = Failure::configuration(&problems).text();
        assert!(text.contains("2 problems"), "{text}");
        assert!(text.contains("router.toml:3: listen: is wrong"), "{text}");
        assert!(text.contains("router.toml: limits.lease_ms: is wrong"), "{text}");
        assert!(text.contains("fix"), "{text}");
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure_and_a_full_disk_is_one() {
        let gone = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(gone.report(false), ExitCode::SUCCESS);
        let full = Failure::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(!full.reader_gone);
    }

    #[test]
    fn json_holds_what_is_known_and_leaves_out_what_is_not() {
        let failure = Failure::usage("no prompt").fix("give one");
        let value = serde_json::to_value(&*failure).unwrap();
        assert_eq!(value, serde_json::json!({"message": "no prompt", "fix": "give one"}));
    }
}
