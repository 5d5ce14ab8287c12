//! The configuration as people write it.

mod provider;

pub use provider::{RawDialect, RawModel, RawProvider};

use crate::config::limits::{RawBudget, RawRate};
use crate::config::people::UserName;
use crate::config::problem;
use crate::store::Durability;
use crate::tls::{Source, TlsSettings, usual_names};
use littoral_core::device::DeviceClass;
use littoral_kit::config::Problem;
use littoral_kit::telemetry::RawTelemetry;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawConfig {
    /// Address and port; `127.0.0.1:7433` if absent.
    pub listen: Option<String>,
    /// TLS of the port; without this table there is none.
    pub tls: Option<RawTls>,
    /// Origins of web pages that may ask, such as `https://app.example`; those of this machine always may.
    pub origins: Vec<String>,
    /// Folder of the database and the join key; `state` in the home folder if absent.
    pub state: Option<PathBuf>,
    /// Policy file or folder. If absent: `policy/policy.toml` in the state folder, and while there is
    /// none, the shipped default.
    pub policy: Option<PathBuf>,
    /// Model folder whose tokenizer counts prompt tokens.
    pub tokenizer: Option<PathBuf>,
    /// Users who may read every decision, drain workers and change the policy; `local`, the person at
    /// the router's machine, if absent.
    pub administrators: Option<Vec<UserName>>,
    /// Groups of users, for the rules of a policy.
    pub groups: BTreeMap<String, Vec<UserName>>,
    /// Kind of the device that requests over loopback come from; unknown if absent, and `pc` where
    /// `littoral up` runs.
    pub asker_device_class: Option<DeviceClass>,
    /// Bounds.
    pub limits: RawLimits,
    /// What may be spent at clouds.
    pub budget: Vec<RawBudget>,
    /// How many requests may be made.
    pub rate: Vec<RawRate>,
    /// Price of electricity, in US dollars per kilowatt-hour: then an answer on a machine of one's own costs
    /// its energy. Free if absent.
    pub usd_per_kwh: Option<f64>,
    /// What is kept, for how long, and how surely.
    pub store: RawStore,
    /// Where spans and metrics go; nowhere if absent.
    pub telemetry: RawTelemetry,
    /// Cloud providers; if absent, `openai` and `anthropic` with the keys in `OPENAI_API_KEY` and
    /// `ANTHROPIC_API_KEY`.
    pub provider: Vec<RawProvider>,
}

/// TLS of the port. An empty table is enough: the router then makes its own certificate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTls {
    /// Certificate in PEM form, with those up to its authority.
    pub certificate: Option<PathBuf>,
    /// Its private key in PEM form.
    pub key: Option<PathBuf>,
    /// Host names and addresses for a certificate of the router's own authority.
    pub names: Vec<String>,
    /// An authority that workers' certificates may be of, beside the router's own.
    pub worker_ca: Option<PathBuf>,
}

impl RawTls {
    /// What it stands for at a router that listens there; relative paths start at `home`.
    ///
    /// # Errors
    /// What does not go together.
    pub fn compile(self, listen: SocketAddr, home: &Path) -> Result<TlsSettings, &'static str> {
        let source = match (self.certificate, self.key) {
            (Some(_), Some(_)) if !self.names.is_empty() => {
                return Err(
                    "names are those of a certificate that the router makes; this one has its own",
                );
            }
            (Some(certificate), Some(key)) => {
                Source::Files { certificate: home.join(certificate), key: home.join(key) }
            }
            (None, None) if self.names.is_empty() => Source::Own { names: usual_names(listen) },
            (None, None) => Source::Own { names: self.names },
            _ => {
                return Err(
                    "certificate and key are files that belong together: give both, or neither",
                );
            }
        };
        Ok(TlsSettings { source, worker_ca: self.worker_ca.map(|path| home.join(path)) })
    }
}

/// What is kept, for how long, and how surely.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawStore {
    /// Days for which decisions, ends and uses are kept; receipts stay. 0: for ever.
    pub keep_days: u32,
    /// What a commit survives.
    pub durability: Durability,
}

impl Default for RawStore {
    fn default() -> Self {
        Self { keep_days: 90, durability: Durability::Kill }
    }
}

/// Bounds of a router.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLimits {
    /// Most connections at once: clients, and one for each worker.
    pub connections: usize,
    /// Most requests at once.
    pub in_flight: usize,
    /// Most requests that wait for a slot of one pool.
    pub waiting: usize,
    /// The same for one tenant.
    pub waiting_tenant: usize,
    /// Longest wait for a slot, in milliseconds; 0 turns requests away at once.
    pub wait_ms: u64,
    /// Largest request message, in bytes.
    pub request_bytes: usize,
    /// Time between two heartbeats of a worker, in milliseconds.
    pub heartbeat_ms: u64,
    /// A worker is lost this long after its last message, in milliseconds.
    pub lease_ms: u64,
    /// Longest orderly end, in milliseconds.
    pub shutdown_ms: u64,
}

impl Default for RawLimits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            in_flight: 256,
            waiting: 128,
            waiting_tenant: 64,
            wait_ms: 10_000,
            request_bytes: 16 * 1024 * 1024,
            heartbeat_ms: 5_000,
            lease_ms: 15_000,
            shutdown_ms: 10_000,
        }
    }
}

impl RawLimits {
    /// Notes every bound that cannot work.
    pub fn check(&self, file: &str, problems: &mut Vec<Problem>) {
        let mut require = |holds: bool, path: &str, reason: &str| {
            if !holds {
                problems.push(problem(file, &format!("limits.{path}"), reason.into()));
            }
        };
        require((16..=1_000_000).contains(&self.connections), "connections", "16 to 1000000");
        require((1..=100_000).contains(&self.in_flight), "in_flight", "1 to 100000");
        require((1..=100_000).contains(&self.waiting), "waiting", "1 to 100000");
        let of_tenant = (1..=self.waiting).contains(&self.waiting_tenant);
        require(of_tenant, "waiting_tenant", "1 to `waiting`");
        require(self.wait_ms <= 600_000, "wait_ms", "at most 600000");
        let bytes = 1_024..=1_073_741_824;
        require(bytes.contains(&self.request_bytes), "request_bytes", "1024 to 1073741824");
        require((100..=60_000).contains(&self.heartbeat_ms), "heartbeat_ms", "100 to 60000");
        let lease =
            self.lease_ms >= self.heartbeat_ms.saturating_mul(2) && self.lease_ms <= 600_000;
        require(lease, "lease_ms", "at least twice heartbeat_ms, at most 600000");
        require(self.shutdown_ms <= 600_000, "shutdown_ms", "at most 600000");
    }
}
