//! The command line as a process of its own, in a home folder of its own.
//!
//! Runtime and model are linked in from the shared cache, so that a test starts in a second and
//! touches nobody's state.

use crate::cluster::PATIENCE;
use crate::model;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A home folder, and the binary to run in it.
pub struct Home {
    /// The folder.
    pub folder: TempDir,
    binary: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Home {
    /// An empty home.
    ///
    /// # Panics
    /// If no folder can be made.
    #[must_use]
    pub fn empty(binary: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, binary: binary.into(), variables: Vec::new() }
    }

    /// A home in which runtime and model are installed.
    ///
    /// # Panics
    /// If they cannot be had.
    #[cfg(unix)]
    #[must_use]
    pub fn provisioned(binary: &str) -> Self {
        let home = Self::empty(binary);
        let cache = model::home_of(model::provisioned());
        for part in ["runtime", "models"] {
            let link = home.folder.path().join(part);
            std::os::unix::fs::symlink(cache.join(part), link).expect("a link");
        }
        home
    }

    /// A path inside.
    #[must_use]
    pub fn path(&self, inside: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(inside)
    }

    /// Gives every later command of this home an environment variable.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.into(), value.into()));
    }

    /// The command with these arguments, without the caller's keys and settings.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .env("LITTORAL_HOME", self.folder.path())
            .env("NO_COLOR", "1")
            .env_remove("RUST_LOG")
            .env_remove("LITTORAL_ROUTER")
            .env_remove("LITTORAL_JOIN_TOKEN")
            .env_remove("LITTORAL_CA")
            .env_remove("OPENAI_API_KEY")
            .env_remove("OPENAI_BASE_URL")
            .env_remove("ANTHROPIC_API_KEY")
            .env_remove("ANTHROPIC_BASE_URL")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs the command to its end.
    ///
    /// # Panics
    /// If it does not end within [`PATIENCE`].
    pub async fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Said {
        Said::of(self.command(arguments)).await
    }

    /// Starts a command that stays and does not say when it is ready.
    ///
    /// # Panics
    /// If no process can be made.
    pub fn launch<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Staying {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let (ready, address) = (serde_json::Value::Null, String::new());
        Staying { child: child.expect("a process"), ready, address }
    }

    /// Starts a command that stays, with `--json`, and reads the one line with which it says that it
    /// is ready.
    ///
    /// # Panics
    /// If it ends or says nothing first.
    pub async fn stay<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Staying {
        let mut command = self.command(arguments);
        command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        let stdout = child.stdout.take().expect("standard output");
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let Ok(Ok(Some(line))) = line else {
            let output = child.wait_with_output().await.expect("an end");
            panic!("it is not ready: {line:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let ready: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        let address = ready["address"].as_str().unwrap_or_default().to_owned();
        Staying { child, ready, address }
    }
}

/// A command that stays.
pub struct Staying {
    /// The process.
    pub child: Child,
    /// What it said when it was ready.
    pub ready: serde_json::Value,
    /// The router's address, where it said one.
    pub address: String,
}

impl Staying {
    /// Sends a signal by name, as a person would with `kill`.
    ///
    /// # Panics
    /// If the process has ended.
    pub async fn signal(&self, name: &str) {
        signal_all(name, &[self]).await;
    }

    /// Ends it as `kill -9` does, and waits until it is gone.
    ///
    /// # Panics
    /// If it had ended before.
    pub async fn kill(&mut self) {
        assert!(self.child.id().is_some(), "a running process");
        self.child.kill().await.expect("an end");
    }

    /// Waits for the end; returns the exit code.
    ///
    /// # Panics
    /// If it does not end within [`PATIENCE`].
    pub async fn end(mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("an end in time").expect("a status").code()
    }
}

/// Sends a signal by name to several processes at once.
///
/// # Panics
/// If one of them has ended.
pub async fn signal_all(name: &str, processes: &[&Staying]) {
    let id = |process: &&Staying| process.child.id().expect("a running process").to_string();
    let ids: Vec<String> = processes.iter().map(id).collect();
    let status = Command::new("kill").args(["-s", name]).args(&ids).status().await;
    assert!(status.expect("kill").success(), "{name} to {ids:?}");
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// Exit code; absent if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Runs a command to its end.
    ///
    /// # Panics
    /// If it does not end within twice [`PATIENCE`].
    pub async fn of(mut command: Command) -> Self {
        let limit: Duration = PATIENCE * 2;
        let output = tokio::time::timeout(limit, command.output()).await.expect("an end in time");
        let Output { status, stdout, stderr } = output.expect("a process");
        Self {
            code: status.code(),
            out: String::from_utf8_lossy(&stdout).into_owned(),
            err: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }

    /// Checks that it failed with all of these words on standard error, and no trace of a panic.
    ///
    /// # Panics
    /// If not.
    pub fn must_fail_with(&self, words: &[&str]) {
        assert!(self.code.is_some_and(|code| code != 0), "it should fail: {self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} in {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}
