//! A router in this process, on a real socket, with its own state folder, and whoever joins it.

use crate::cloud::ScriptedCloud;
pub use crate::seat::Seat;
use littoral_kit::shutdown::Shutdown;
use littoral_kit::telemetry::RawTelemetry;
use littoral_proto::v1;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use littoral_proto::v1::ledger_service_client::LedgerServiceClient;
use littoral_proto::v1::policy_service_client::PolicyServiceClient;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use littoral_router::clock::unix_ms;
use littoral_router::config::RouterConfig;
use littoral_router::config::raw::{RawConfig, RawLimits, RawModel, RawProvider};
use littoral_router::detectors::Detectors;
use littoral_router::server::{Router, StartError};
use littoral_router::store::OpenError;
use littoral_router::tls::authority_certificate;
use littoral_worker::config::LinkTls;
use littoral_worker::{DeviceSource, Engine, WorkerConfig, WorkerError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

/// Longest wait of a test for anything.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a cluster is made of.
#[derive(Default)]
pub struct Plan<'a> {
    /// A cloud that offers [`CLOUD_MODEL`].
    pub cloud: Option<&'a ScriptedCloud>,
    /// Base URL of a cloud that is not there.
    pub dead_cloud: Option<String>,
    /// Text of the policy; the shipped default if absent.
    pub policy: Option<&'a str>,
    /// Model folder whose tokenizer counts prompt tokens.
    pub tokenizer: Option<PathBuf>,
    /// What looks into content; the shipped detectors if absent.
    pub detectors: Option<Detectors>,
    /// Bounds.
    pub limits: RawLimits,
    /// Where spans and metrics go; nowhere by default.
    pub telemetry: RawTelemetry,
    /// Changes what else the configuration says, and fills the home folder; called at every start.
    pub adjust: Option<fn(&Path, &mut RawConfig)>,
}

/// The model that the stand-in cloud offers.
pub const CLOUD_MODEL: &str = "cloud-model";

/// A running cluster. Dropping it stops it.
pub struct Cluster {
    /// The router.
    pub router: Router,
    /// A connection to it.
    pub channel: Channel,
    home: TempDir,
    raw: Box<dyn Fn() -> RawConfig + Send + Sync>,
    detectors: Detectors,
    workers: Vec<(Shutdown, JoinHandle<Result<(), WorkerError>>)>,
}

/// One cryptography provider for the process, as every binary of the house installs first.
pub fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("first and only install");
    });
}

impl Cluster {
    /// Starts a router and connects to it.
    ///
    /// # Panics
    /// If it does not start: no test can go on then.
    pub async fn start(plan: Plan<'_>) -> Self {
        install_crypto();
        let home = tempfile::tempdir().expect("a temporary folder");
        let folder = home.path().to_path_buf();
        let base_url = plan.cloud.map(ScriptedCloud::base_url).or(plan.dead_cloud);
        if base_url.is_some() {
            let key = format!("key-{:016x}", rand::random::<u64>());
            std::fs::write(folder.join("cloud.key"), key).expect("a key file");
        }
        if let Some(text) = plan.policy {
            std::fs::write(folder.join("policy.toml"), text).expect("a written policy");
        }
        let policy = plan.policy.map(|_| PathBuf::from("policy.toml"));
        let adjusted = folder.clone();
        let raw = move || {
            let mut raw = RawConfig {
                listen: Some("127.0.0.1:0".into()),
                limits: plan.limits,
                tokenizer: plan.tokenizer.clone(),
                policy: policy.clone(),
                telemetry: plan.telemetry.clone(),
                provider: vec![provider(base_url.clone())],
                ..RawConfig::default()
            };
            if let Some(adjust) = plan.adjust {
                adjust(&adjusted, &mut raw);
            }
            raw
        };
        let detectors = plan.detectors.unwrap_or_default();
        let router = start(raw(), &folder, &detectors).await;
        let channel = connect(&router, &folder).await;
        Self { router, channel, home, raw: Box::new(raw), detectors, workers: Vec::new() }
    }

    /// Ends the router and starts another on the same state folder, at another port.
    pub async fn restart(&mut self) {
        for (shutdown, _) in self.workers.drain(..) {
            shutdown.hard.cancel();
        }
        assert!(self.router.stop().await, "an orderly end");
        self.router = start_again(&*self.raw, self.home.path(), &self.detectors).await;
        self.channel = connect(&self.router, self.home.path()).await;
    }

    /// The router's home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A client of the chat door.
    #[must_use]
    pub fn chat(&self) -> ChatServiceClient<Channel> {
        ChatServiceClient::new(self.channel.clone())
    }

    /// A client of the routing door.
    #[must_use]
    pub fn routing(&self) -> RoutingServiceClient<Channel> {
        RoutingServiceClient::new(self.channel.clone())
    }

    /// A client of the fleet door.
    #[must_use]
    pub fn fleet(&self) -> FleetServiceClient<Channel> {
        FleetServiceClient::new(self.channel.clone())
    }

    /// A client of the policy door.
    #[must_use]
    pub fn policy(&self) -> PolicyServiceClient<Channel> {
        PolicyServiceClient::new(self.channel.clone())
    }

    /// A client of the ledger's door.
    #[must_use]
    pub fn ledger(&self) -> LedgerServiceClient<Channel> {
        LedgerServiceClient::new(self.channel.clone())
    }

    /// A client of the privacy door.
    #[must_use]
    pub fn privacy(&self) -> PrivacyServiceClient<Channel> {
        PrivacyServiceClient::new(self.channel.clone())
    }

    /// The address workers dial.
    #[must_use]
    pub fn url(&self) -> String {
        url(&self.router)
    }

    /// How anybody reaches it: with TLS, if it speaks that.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        endpoint(&self.router, self.home.path())
    }

    /// The router's state folder.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        state(self.home.path())
    }

    /// A join token for a seat, good for an hour.
    #[must_use]
    pub fn token(&self, seat: &Seat) -> String {
        let claims = seat.claims(unix_ms() + 3_600_000);
        self.router.join_key.issue(&claims).expect("a token")
    }

    /// What a worker in this seat is told at its start.
    #[must_use]
    pub fn worker_config(&self, seat: &Seat, token: String) -> WorkerConfig {
        let router_ca = self.router.tls.then(|| authority_certificate(&self.state()));
        WorkerConfig {
            tls: LinkTls { router_ca, identity: None },
            drain_limit: Duration::from_secs(10),
            device: DeviceSource::System(self.home.path().join("no-such-device")),
            ..WorkerConfig::new(self.url(), token.into(), &seat.worker_id)
        }
    }

    /// Lets a worker with this engine join, and waits until the router knows its speed.
    pub async fn join(&mut self, seat: &Seat, engine: Arc<dyn Engine>) {
        let config = self.worker_config(seat, self.token(seat));
        self.join_with(config, engine).await;
    }

    /// The same with a worker that was told something else.
    pub async fn join_with(&mut self, config: WorkerConfig, engine: Arc<dyn Engine>) {
        let name = config.worker_id.clone();
        let shutdown = Shutdown::new();
        let task = tokio::spawn(littoral_worker::run(config, engine, shutdown.clone()));
        self.workers.push((shutdown, task));
        // Its first state tells its speed; before that it can be neither predicted nor waited for well.
        let there = |one: &v1::WorkerSummary| one.worker_id == name && is_measured(one);
        self.wait_for_workers(|list| list.iter().any(there)).await;
    }

    /// As [`Cluster::join`], and the worker that was the last one stays the last.
    pub async fn join_before_last(&mut self, seat: &Seat, engine: Arc<dyn Engine>) {
        let last = self.workers.pop();
        self.join(seat, engine).await;
        self.workers.extend(last);
    }

    /// Ends the last worker at once and waits until the router has noticed.
    pub async fn lose_last_worker(&mut self) {
        let (shutdown, task) = self.workers.pop().expect("a worker");
        shutdown.hard.cancel();
        task.abort();
        let left = self.workers.len();
        self.wait_for_workers(|list| list.len() == left).await;
    }

    /// Waits until the list of workers that have a session is as wanted.
    ///
    /// # Panics
    /// After [`PATIENCE`].
    pub async fn wait_for_workers(&self, wanted: impl Fn(&[v1::WorkerSummary]) -> bool) {
        let mut lists = self
            .fleet()
            .watch_workers(v1::WatchWorkersRequest {})
            .await
            .expect("a watch")
            .into_inner();
        let wait = async {
            while let Some(list) = lists.message().await.expect("a list") {
                let mut there = list.workers;
                there.retain(|worker| worker.lease_left_ms.is_some());
                if wanted(&there) {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("workers as wanted in time");
    }
}

/// Whether a worker has told how fast its models write; one for vectors never does.
#[must_use]
pub fn is_measured(worker: &v1::WorkerSummary) -> bool {
    worker.models.iter().all(|model| model.embeddings || model.decode_tokens_per_s.is_some())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (shutdown, _) in &self.workers {
            shutdown.hard.cancel();
        }
        self.router.stop_now();
    }
}

fn url(router: &Router) -> String {
    format!("{}://{}", if router.tls { "https" } else { "http" }, router.address)
}

fn state(home: &Path) -> PathBuf {
    home.join("state")
}

fn endpoint(router: &Router, home: &Path) -> Endpoint {
    let endpoint = Channel::from_shared(url(router)).expect("an address");
    let endpoint = endpoint.connect_timeout(Duration::from_secs(5));
    if !router.tls {
        return endpoint;
    }
    let authority = std::fs::read(authority_certificate(&state(home))).expect("its authority");
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority));
    endpoint.tls_config(tls).expect("TLS")
}

async fn connect(router: &Router, home: &Path) -> Channel {
    endpoint(router, home).connect().await.expect("a connection")
}

async fn start(raw: RawConfig, home: &Path, detectors: &Detectors) -> Router {
    try_start(raw, home, detectors).await.expect("a router")
}

async fn try_start(
    raw: RawConfig,
    home: &Path,
    detectors: &Detectors,
) -> Result<Router, StartError> {
    match RouterConfig::compile(raw, "the test's configuration", home) {
        Ok(mut config) => {
            config.detectors = detectors.clone();
            Router::start(config).await
        }
        Err(problems) => panic!("configuration: {problems:?}"),
    }
}

/// Starts a router where another one has just ended. A process that some other test starts holds a copy
/// of the database's lock from its fork to its exec; that moment is waited for.
async fn start_again(
    raw: &(dyn Fn() -> RawConfig + Send + Sync),
    home: &Path,
    detectors: &Detectors,
) -> Router {
    let started = async {
        loop {
            match try_start(raw(), home, detectors).await {
                Err(StartError::Store(OpenError::InUse { .. })) => tokio::task::yield_now().await,
                started => return started.expect("a router"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, started).await.expect("a router in time")
}

fn provider(base_url: Option<String>) -> RawProvider {
    let has_cloud = base_url.is_some();
    RawProvider {
        name: "stand-in".into(),
        base_url: base_url.unwrap_or_else(|| "http://127.0.0.1:9/v1".into()),
        base_url_env: None,
        api_key_env: None,
        api_key_file: has_cloud.then(|| "cloud.key".into()),
        model: vec![RawModel {
            name: CLOUD_MODEL.into(),
            context_tokens: 8192,
            tools: true,
            json_output: true,
            image: false,
            audio: false,
            logprobs: true,
            embeddings: false,
            accepts_prefix: false,
            quality: Some(0.9),
            price: Vec::new(),
            input_usd_micros_per_mtok: Some(150_000),
            output_usd_micros_per_mtok: Some(600_000),
            first_token_ms: Some(400.0),
            decode_tokens_per_s: Some(80.0),
            region: None,
            retention_days: None,
        }],
        ..RawProvider::openai()
    }
}

impl Cluster {
    /// What the router kept of a request.
    pub async fn explain(&self, request_id: &str) -> v1::ExplainResponse {
        let request = v1::ExplainRequest { request_id: request_id.into() };
        self.routing().explain(request).await.expect("a record").into_inner()
    }

    /// The content-free facts a request was decided on.
    pub async fn facts_of(&self, request_id: &str) -> v1::RequestFacts {
        self.explain(request_id).await.facts.expect("facts")
    }

    /// What came of a request, once it is written down.
    ///
    /// # Panics
    /// If nothing is within [`PATIENCE`].
    pub async fn wait_for_outcome(&self, request_id: &str) -> v1::explain_response::Outcome {
        let wait = async {
            loop {
                if let Some(outcome) = self.explain(request_id).await.outcome {
                    return outcome;
                }
                // The answer comes over a socket from another task: asking again lets it run.
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("an outcome in time")
    }
}
