//! Runs a program to its end, within a time limit, with its output in a log file.
//!
//! Both outputs are read line by line as they come, because progress is in them and because the
//! last lines are what an error is made of. They are kept in memory for that: a full disk, of all
//! errors, is one that the log cannot hold.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::error::ProvisionError;

/// Lines of output kept for the error; pip's longest tracebacks have about 100.
const KEPT_LINES: usize = 400;

/// How a run ended.
pub(super) enum Ended {
    /// With exit code 0.
    Well,
    /// With another exit code or a signal; holds the end of what it said.
    Badly(String),
    /// At the time limit, by us.
    Late,
    /// It never began: there is no such program, or it may not be run.
    NotStarted(io::Error),
}

impl Ended {
    /// The error for an end that has no more telling name where it happened.
    pub(super) fn unnamed(self, what: String, limit: Duration, log: &Path) -> ProvisionError {
        let log = log.to_owned();
        match self {
            Self::Late => ProvisionError::TimedOut { what, limit_s: limit.as_secs(), log },
            Self::Badly(output) => ProvisionError::Command { what, tail: tail(&output), log },
            Self::NotStarted(error) => {
                ProvisionError::Command { what, tail: error.to_string(), log }
            }
            Self::Well => ProvisionError::Command { what, tail: "no error".to_owned(), log },
        }
    }
}

/// Runs `command`, appending its output to `log`. `on_line` sees each line and returns whether it
/// is to be kept and logged.
///
/// # Errors
///
/// Those of opening the log, and of waiting for the program.
pub(super) fn run(
    command: &mut Command,
    log: &Path,
    limit: Duration,
    on_line: &mut dyn FnMut(&str) -> bool,
) -> io::Result<Ended> {
    let deadline = Instant::now() + limit;
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(Ended::NotStarted(error)),
    };
    let mut said = Said { kept: VecDeque::new(), log };
    let late = follow(&mut child, deadline, &mut |line| {
        if on_line(&line) {
            said.take(line);
        }
    });
    if late {
        child.kill()?;
        child.wait()?;
        return Ok(Ended::Late);
    }
    // Its outputs have ended: the program is exiting.
    let status = child.wait()?;
    if status.success() {
        return Ok(Ended::Well);
    }
    let output: Vec<String> = said.kept.into();
    let silent = output.iter().all(|line| line.trim().is_empty());
    Ok(Ended::Badly(if silent { status.to_string() } else { output.join("\n") }))
}

struct Said {
    kept: VecDeque<String>,
    log: File,
}

impl Said {
    fn take(&mut self, line: String) {
        // A log that cannot be written must not hide why the program fails.
        let _ = writeln!(self.log, "{line}");
        if self.kept.len() == KEPT_LINES {
            self.kept.pop_front();
        }
        self.kept.push_back(line);
    }
}

// Hands on lines until both outputs end (false) or the deadline passes (true).
fn follow(child: &mut Child, deadline: Instant, on_line: &mut dyn FnMut(String)) -> bool {
    let (sender, receiver) = mpsc::sync_channel(64);
    if let Some(stdout) = child.stdout.take() {
        let sender = sender.clone();
        std::thread::spawn(move || read_lines(stdout, &sender));
    }
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || read_lines(stderr, &sender));
    }
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(line) => on_line(line),
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
}

// Ends with the pipe, or when nobody listens any more.
fn read_lines(output: impl Read, sender: &mpsc::SyncSender<String>) {
    for line in BufReader::new(output).split(b'\n') {
        let Ok(line) = line else { return };
        if sender.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
            return;
        }
    }
}

/// What an output says of its failure, on one line of at most 600 characters: its lines marked as
/// errors if there are any, else its last four.
pub(super) fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut telling: Vec<&str> = lines.iter().copied().filter(|line| is_error(line)).collect();
    if telling.is_empty() {
        telling = lines[lines.len().saturating_sub(4)..].to_vec();
    }
    let joined = telling.join(" | ");
    let skipped = joined.chars().count().saturating_sub(600);
    joined.chars().skip(skipped).collect()
}

fn is_error(line: &str) -> bool {
    line.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("error:"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> (Ended, Vec<String>, String) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("log");
        let mut lines = Vec::new();
        let ended = run(Command::new("sh").args(["-c", script]), &log, limit, &mut |line| {
            lines.push(line.to_owned());
            !line.starts_with("Progress")
        });
        let logged = std::fs::read_to_string(&log).expect("a log");
        (ended.expect("the log opens"), lines, logged)
    }

    #[test]
    fn a_failing_program_gives_the_end_of_both_its_outputs() {
        let script = "echo Progress 1 of 2; echo out; echo err >&2; exit 3";
        let (ended, lines, logged) = shell(script, Duration::from_secs(20));
        let Ended::Badly(output) = ended else { panic!("it ended well") };
        assert!(output.contains("out") && output.contains("err"), "{output}");
        assert!(!output.contains("Progress") && !logged.contains("Progress"), "{output} {logged}");
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_silent_failure_gives_its_exit_code() {
        let (ended, _, _) = shell("exit 7", Duration::from_secs(20));
        assert!(matches!(ended, Ended::Badly(output) if output.contains('7')));
    }

    #[test]
    fn a_program_past_its_limit_is_ended() {
        let started = Instant::now();
        let (ended, _, _) = shell("exec tail -f /dev/null", Duration::from_millis(50));
        assert!(matches!(ended, Ended::Late));
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_log_does_not_hide_why_a_program_failed() {
        let script = "echo No space left on device >&2; exit 1";
        let mut command = Command::new("sh");
        let limit = Duration::from_secs(20);
        let ended = run(command.args(["-c", script]), Path::new("/dev/full"), limit, &mut |_| true);
        assert!(matches!(ended, Ok(Ended::Badly(said)) if said.contains("No space left")));
    }
}
