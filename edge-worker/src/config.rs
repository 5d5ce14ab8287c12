//! What a worker must be told before it can start.
//!
//! The check lists every fault at once, so that nobody mends a configuration one error at a time.

use crate::control::WorkerControl;
use crate::probe::DeviceSource;
use littoral_engine::Accelerator;
use littoral_kit::telemetry::Settings;
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
    /// A file that holds the join token and wins over `join_token`; what it holds later is shown to
    /// the router in the running session.
    pub join_token_file: Option<PathBuf>,
    /// TLS of the connection, where the address says `https`.
    pub tls: LinkTls,
    /// The name in the join token or the certificate.
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
    /// What models shall run on where the machine has it; absent: whatever there is.
    pub accelerator: Option<Accelerator>,
    /// Memory that models may take together, in bytes, without the caches of conversations; absent: no
    /// limit but the machine's.
    pub model_memory_budget: Option<u64>,
    /// Longest time an orderly end waits for running requests.
    pub drain_limit: Duration,
    /// Where the readings of the device come from.
    pub device: DeviceSource,
    /// Power beyond idle while models run, in watts, for a machine that meters none; absent: what is
    /// usual for its class.
    pub assumed_watts: Option<f64>,
    /// Limits of the connection.
    pub link: LinkLimits,
    /// Where the spans of its assignments go.
    pub telemetry: Settings,
    /// Announces sleep; keep a clone.
    pub control: WorkerControl,
}

/// TLS of the connection to the router.
#[derive(Clone, Debug, Default)]
pub struct LinkTls {
    /// Authorities in PEM form that the router's certificate may be of; absent: those the system trusts.
    pub router_ca: Option<PathBuf>,
    /// What the worker shows of itself; absent: nothing, the join token speaks.
    pub identity: Option<Identity>,
}

/// A worker's certificate, read again for each connection.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate in PEM form.
    pub certificate: PathBuf,
    /// Its private key in PEM form.
    pub key: PathBuf,
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
            join_token_file: None,
            tls: LinkTls::default(),
            worker_id: worker_id.to_owned(),
            device_class: "pc".to_owned(),
            models: Vec::new(),
            runtime_library: PathBuf::new(),
            slots: 2,
            queue: 8,
            threads: None,
            accelerator: None,
            model_memory_budget: None,
            drain_limit: Duration::from_secs(30),
            device: DeviceSource::System(PathBuf::from("/")),
            assumed_watts: None,
            link: LinkLimits::default(),
            telemetry: Settings::default(),
            control: WorkerControl::default(),
        }
    }

    /// Every fault of the settings the session needs, one sentence each; empty if there is none.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match check_address(&self.router) {
            Ok(Scheme::Plain) if self.tls.identity.is_some() => {
                faults.push(
                    "a certificate is shown over https only; write https://HOST:PORT".to_owned(),
                );
            }
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
        let token = self.join_token.expose_secret().trim();
        if token.is_empty() && self.join_token_file.is_none() && self.tls.identity.is_none() {
            faults.push(
                "there is neither join token nor certificate; make one with `littoral token`"
                    .to_owned(),
            );
        }
        if self.worker_id.is_empty() {
            faults.push(
                "the worker's name is empty; it is the name in the join token or certificate"
                    .into(),
            );
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
        if self.assumed_watts.is_some_and(|watts| !(watts > 0.0 && watts.is_finite())) {
            faults.push("the assumed power must be above 0 W".to_owned());
        }
        faults
    }
}

enum Scheme {
    Plain,
    Tls,
}

fn check_address(address: &str) -> Result<Scheme, String> {
    let hint = "write http://HOST:PORT or https://HOST:PORT";
    let uri: tonic::transport::Uri =
        address.parse().map_err(|error| format!("router address `{address}`: {error}; {hint}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(_)) => Ok(Scheme::Plain),
        (Some("https"), Some(_)) => Ok(Scheme::Tls),
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
    fn a_certificate_speaks_for_a_worker_without_a_token_and_over_tls_only() {
        let config = |address| {
            let mut config = WorkerConfig::new(address, "".into(), "desk");
            let (certificate, key) = ("desk.pem".into(), "desk.key".into());
            config.tls.identity = Some(Identity { certificate, key });
            config
        };
        assert_eq!(config("https://router:7000").faults(), Vec::<String>::new());
        assert!(config("http://router:7000").faults()[0].contains("over https only"));
    }
}
