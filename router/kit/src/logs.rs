//! Logs: readable lines on a terminal, one JSON object a line otherwise, always on standard error.
//!
//! `RUST_LOG` sets the filter; the default is `info` for our crates and `warn` for the rest.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Filter used when `RUST_LOG` is not set.
pub const DEFAULT_FILTER: &str =
    "warn,littoral=info,littoral_router=info,littoral_worker=info,littoral_engine=info";

/// Starts logging for this process. A second call does nothing.
pub fn start(default_filter: &str) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default_filter));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // The error of a second initialisation is exactly what "does nothing" promises to drop.
    let _ = if std::io::stderr().is_terminal() {
        builder.with_target(false).compact().try_init()
    } else {
        builder.json().try_init()
    };
}
