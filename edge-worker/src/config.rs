//! What a worker must be told before it can start.
//!
//! The check lists every fault at once, so that nobody mends a configuration one error at a time.

use secrecy::{ExposeSecret as _, SecretString};
use std::path::PathBuf;
use std::time::Duration;

/// Kinds of machine a worker may call itself. The router decides nothing about trust by them.
pub const DEVICE_CLASSES: [&str; 5] = ["phone", "pc", "vehicle", "robot", "edge_server"];

/// Settings of one worker process.
#[derive(Clone, Debug)]
pub struct WorkerConfig {
    /// Address of the router's gRPC port, `http://host:port`.
    pub router: String,
    /// The signed join token that `littoral token` prints.
    pub join_token: SecretString,
    /// The name in the join token.
    pub worker_id: String,
    /// One of [`DEVICE_CLASSES`].
    pub device_class: String,
    /// Model folders to load, one model each.
    pub models: Vec<PathBuf>,
    /// ONNX Runtime's shared library.
    pub runtime_library: PathBuf,
    /// Requests each model runs at once; at least 1.
    pub slots: usize,
    /// Most requests that wait for a slot of a model.
    pub queue: usize,
    /// Threads of each model; absent means what the engine finds best.
    pub threads: Option<usize>,
    /// Longest time an orderly end waits for running requests.
    pub drain_limit: Duration,
    /// Where `proc` and `sys` are, for the device probe: `/` except in tests.
    pub device_root: PathBuf,
    /// Limits of the connection.
    pub link: LinkLimits,
}

/// Limits of the connection to the router.
#[derive(Clone, Copy, Debug)]
pub struct LinkLimits {
    /// Longest wait for a TCP connection.
    pub connect: Duration,
    /// Longest wait from the connection to the router's Welcome.
    pub welcome: Duration,
    /// Time between HTTP/2 pings. A connection without them is not seen to be dead for minutes.
    pub ping_interval: Duration,
    /// Silence after a ping that counts as a dead connection. Longer than a router may be stopped
    /// and go on (10 s), shorter than the lease (15 s).
    pub ping_timeout: Duration,
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            welcome: Duration::from_secs(10),
            ping_interval: Duration::from_secs(2),
            ping_timeout: Duration::from_secs(12),
        }
    }
}

impl WorkerConfig {
    /// A configuration with the defaults for everything that has one: a `pc` with two slots a
    /// model, eight waiting requests, 30 s to drain.
    #[must_use]
    pub fn new(router: impl Into<String>, join_token: SecretString, worker_id: &str) -> Self {
        Self {
            router: router.into(),
            join_token,
            worker_id: worker_id.to_owned(),
            device_class: "pc".to_owned(),
            models: Vec::new(),
            runtime_library: PathBuf::new(),
            slots: 2,
            queue: 8,
            threads: None,
            drain_limit: Duration::from_secs(30),
            device_root: PathBuf::from("/"),
            link: LinkLimits::default(),
        }
    }

    /// Every fault of the settings the session needs, one sentence each; empty if there is none.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Err(fault) = check_address(&self.router) {
            faults.push(fault);
        }
        if self.join_token.expose_secret().trim().is_empty() {
            faults.push("the join token is empty; make one with `littoral token`".to_owned());
        }
        if self.worker_id.is_empty() {
            faults.push("the worker's name is empty; it is the name in the join token".to_owned());
        }
        if !DEVICE_CLASSES.contains(&self.device_class.as_str()) {
            let known = DEVICE_CLASSES.join(", ");
            faults.push(format!("device class `{}` is none of {known}", self.device_class));
        }
        if self.slots == 0 {
            faults.push("a model needs at least one slot".to_owned());
        }
        if self.threads == Some(0) {
            faults.push("a model needs at least one thread".to_owned());
        }
        faults
    }
}

fn check_address(address: &str) -> Result<(), String> {
    let hint = "write http://HOST:PORT";
    let uri: tonic::transport::Uri =
        address.parse().map_err(|error| format!("router address `{address}`: {error}; {hint}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(_)) => Ok(()),
        (Some("https"), _) => {
            Err(format!("router address `{address}`: TLS is not supported yet; {hint}"))
        }
        _ => Err(format!("router address `{address}` is no http address; {hint}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_listed_at_once_and_the_token_is_not_shown() {
        let mut config = WorkerConfig::new("router:7000", "t0ken".into(), "");
        config.device_class = "toaster".to_owned();
        config.slots = 0;
        let faults = config.faults().join("\n");
        for part in ["router:7000", "name is empty", "toaster", "at least one slot"] {
            assert!(faults.contains(part), "{part} is missing in:\n{faults}");
        }
        assert!(!format!("{config:?}{faults}").contains("t0ken"));
    }

    #[test]
    fn a_complete_configuration_has_no_fault() {
        let config = WorkerConfig::new("http://[::1]:7000", "t0ken".into(), "desk");
        assert_eq!(config.faults(), Vec::<String>::new());
    }

    #[test]
    fn an_https_address_is_refused_with_the_reason() {
        let config = WorkerConfig::new("https://router:7000", "t0ken".into(), "desk");
        assert!(config.faults()[0].contains("TLS is not supported yet"));
    }
}
