//! A Python application that asks one question, as a test sees it: line by line.

use super::environment;
use crate::python::clean;
use littoral_tests::cluster::PATIENCE;
use serde_json::Value;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// The two clients that the package has.
pub const STYLES: [&str; 2] = ["sync", "async"];

/// A question that is being answered. Its error output is the test's own.
pub struct Talk {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Talk {
    /// Asks with the client of this style; `spec` is what `talk.py` takes.
    pub async fn start(style: &str, spec: &Value) -> Self {
        let mut command = clean(&environment::interpreter().await);
        command.arg(environment::client().join("tests/talk.py")).arg(style).arg(spec.to_string());
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("a Python process");
        let stdin = child.stdin.take().expect("standard input");
        let stdout = child.stdout.take().expect("standard output");
        Self { child, stdin, lines: BufReader::new(stdout).lines() }
    }

    /// The next thing it was given, which must be of this kind.
    pub async fn next(&mut self, kind: &str) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.expect("a line in time").expect("a readable line");
        let line = line.unwrap_or_else(|| panic!("it ended without saying `{kind}`"));
        let mut said: Value = serde_json::from_str(&line).expect("a line of JSON");
        match said.get_mut(kind) {
            Some(said) => said.take(),
            None => panic!("not `{kind}` but {line}"),
        }
    }

    /// The next pieces of text, which must be these.
    pub async fn hears(&mut self, pieces: &[&str]) {
        for piece in pieces {
            assert_eq!(self.next("piece").await, *piece);
        }
    }

    /// The last thing it says, which must be of this kind; then it must end well.
    pub async fn ends(mut self, kind: &str) -> Value {
        let last = self.next(kind).await;
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        assert!(status.expect("an end in time").expect("a status").success());
        last
    }

    /// Cancels the answer.
    pub async fn cancel(&mut self) {
        self.stdin.write_all(b"cancel\n").await.expect("a listener");
        self.stdin.flush().await.expect("a listener");
    }
}
