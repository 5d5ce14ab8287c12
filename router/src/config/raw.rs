//! The configuration as people write it.

use crate::config::limits::{RawBudget, RawRate};
use crate::config::people::UserName;
use crate::config::problem;
use crate::prices::RawPrice;
use crate::store::Durability;
use crate::tls::{Source, TlsSettings, usual_names};
use littoral_core::device::DeviceClass;
use littoral_kit::config::Problem;
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
    /// Listen off loopback without keys. For tests on closed networks only.
    pub insecure_test: bool,
    /// TLS of the port; without this table there is none.
    pub tls: Option<RawTls>,
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
            in_flight: 256,
            waiting: 128,
            waiting_tenant: 64,
            wait_ms: 10_000,
            request_bytes: 8 * 1024 * 1024,
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

/// What is spoken at a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawDialect {
    /// OpenAI's chat completions, which most providers and local servers speak too.
    #[default]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// A cloud provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawProvider {
    /// Name in targets and receipts.
    pub name: String,
    /// `openai` or `anthropic`; `openai` if absent.
    #[serde(default)]
    pub dialect: RawDialect,
    /// Base URL, up to and with `/v1`.
    pub base_url: String,
    /// Environment variable that may override the base URL.
    #[serde(default)]
    pub base_url_env: Option<String>,
    /// Headers of every request, by name. For what is no secret: an organisation, a version.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Environment variable that holds the key.
    #[serde(default)]
    pub api_key_env: Option<String>,
    /// Environment variables that hold further keys. Keys are used in turns, and one that the provider
    /// refuses or that is over its rate rests alone.
    #[serde(default)]
    pub api_key_envs: Vec<String>,
    /// File that holds the key. Files are read where no variable holds one.
    #[serde(default)]
    pub api_key_file: Option<PathBuf>,
    /// Files that hold further keys, one each.
    #[serde(default)]
    pub api_key_files: Vec<PathBuf>,
    /// Certificate authority of the provider's certificate, PEM; the system's if absent.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Lets `http://` reach a host that is not this machine. Key and prompts travel in the clear.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// Proxy on the way there, `http://HOST:PORT`. Those of the environment are not used: one left over in a
    /// shell would see every prompt that goes over plain `http`.
    #[serde(default)]
    pub proxy: Option<String>,
    /// Longest wait for the connection and its TLS handshake, in milliseconds.
    #[serde(default)]
    pub connect_ms: Option<u64>,
    /// Longest wait for the first byte of an answer, in milliseconds, counted once connected.
    #[serde(default)]
    pub first_byte_ms: Option<u64>,
    /// Longest silence inside an answer, in milliseconds.
    #[serde(default)]
    pub gap_ms: Option<u64>,
    /// Longest exchange, from the connection to the end of the answer, in milliseconds.
    #[serde(default)]
    pub total_ms: Option<u64>,
    /// Models; the shipped catalogue of OpenAI's or Anthropic's, by the dialect, if absent.
    #[serde(default)]
    pub model: Vec<RawModel>,
}

impl RawProvider {
    /// The providers that are there without any configuration.
    #[must_use]
    pub fn shipped() -> [Self; 2] {
        [Self::openai(), Self::anthropic()]
    }

    /// OpenAI, with the key in `OPENAI_API_KEY`.
    #[must_use]
    pub fn openai() -> Self {
        Self {
            name: "openai".into(),
            dialect: RawDialect::OpenAi,
            base_url: "https://api.openai.com/v1".into(),
            base_url_env: Some("OPENAI_BASE_URL".into()),
            headers: BTreeMap::new(),
            api_key_env: Some("OPENAI_API_KEY".into()),
            api_key_envs: Vec::new(),
            api_key_file: None,
            api_key_files: Vec::new(),
            ca_file: None,
            allow_plain_http: false,
            proxy: None,
            connect_ms: None,
            first_byte_ms: None,
            gap_ms: None,
            total_ms: None,
            model: Vec::new(),
        }
    }

    /// Anthropic, with the key in `ANTHROPIC_API_KEY`.
    #[must_use]
    pub fn anthropic() -> Self {
        Self {
            name: "anthropic".into(),
            dialect: RawDialect::Anthropic,
            base_url: "https://api.anthropic.com/v1".into(),
            base_url_env: Some("ANTHROPIC_BASE_URL".into()),
            api_key_env: Some("ANTHROPIC_API_KEY".into()),
            ..Self::openai()
        }
    }
}

/// A model of a provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawModel {
    /// Name the provider knows it by.
    pub name: String,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// Tool calling.
    #[serde(default)]
    pub tools: bool,
    /// Output held to JSON or to a schema.
    #[serde(default)]
    pub json_output: bool,
    /// Image input.
    #[serde(default)]
    pub image: bool,
    /// Audio input.
    #[serde(default)]
    pub audio: bool,
    /// Log-probabilities.
    #[serde(default)]
    pub logprobs: bool,
    /// It continues a prefix of the assistant's text exactly.
    #[serde(default)]
    pub accepts_prefix: bool,
    /// Prior probability of a good answer, 0 to 1.
    #[serde(default)]
    pub quality: Option<f64>,
    /// Price of prompt tokens, in millionths of a US dollar per million.
    #[serde(default)]
    pub input_usd_micros_per_mtok: Option<u64>,
    /// Price of generated tokens, in millionths of a US dollar per million.
    #[serde(default)]
    pub output_usd_micros_per_mtok: Option<u64>,
    /// Prices with all their parts, each from its day on. Any price here or above replaces those of the
    /// shipped table.
    #[serde(default)]
    pub price: Vec<RawPrice>,
    /// Expected time to the first token, in milliseconds.
    #[serde(default)]
    pub first_token_ms: Option<f64>,
    /// Expected generated tokens a second.
    #[serde(default)]
    pub decode_tokens_per_s: Option<f64>,
    /// Region of the provider's machines.
    #[serde(default)]
    pub region: Option<String>,
    /// Days for which the provider keeps what it is sent; 0 keeps nothing.
    #[serde(default)]
    pub retention_days: Option<u32>,
}
