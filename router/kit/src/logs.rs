//! Logs: readable lines on a terminal, one JSON object a line otherwise, always on standard error.
//!
//! `RUST_LOG` sets the filter; the default is `info` for our crates and `warn` for the rest.
//!
//! Whoever reads the log may stop reading. Lines are written by a thread of their own, and those that find its
//! queue full are dropped: a log that nobody takes costs lines, never answers.

mod lines;

use lines::Lines;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;
use tracing_subscriber::EnvFilter;

/// Filter used when `RUST_LOG` is not set.
pub const DEFAULT_FILTER: &str =
    "warn,littoral=info,littoral_router=info,littoral_worker=info,littoral_engine=info";
/// Longest wait for the lines that still wait at the end.
const LAST_LINES: Duration = Duration::from_millis(1_500);

/// The log of a process. Dropping it writes what still waits, for a second and a half at most.
#[must_use = "what is logged after it is dropped is lost"]
pub struct Logs(Option<(Arc<Lines>, Receiver<()>)>);

impl Drop for Logs {
    fn drop(&mut self) {
        let Some((lines, over)) = &self.0 else { return };
        lines.close();
        // Ended or not: nothing more can be done for the lines that are left.
        let _ = over.recv_timeout(LAST_LINES);
    }
}

/// Starts logging for this process, for as long as the result lives. A second call does nothing.
pub fn start(default_filter: &str) -> Logs {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default_filter));
    // Where the system gives no thread there is no log, and nobody to say so to.
    let Ok((lines, over)) = lines::to(std::io::stderr()) else { return Logs(None) };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Arc::clone(&lines));
    // The error of a second initialisation is exactly what "does nothing" promises to drop.
    let _ = if std::io::stderr().is_terminal() {
        builder.with_target(false).compact().try_init()
    } else {
        // What an event says stands beside its time and level, where people and queries look for it.
        builder.json().flatten_event(true).try_init()
    };
    Logs(Some((lines, over)))
}
