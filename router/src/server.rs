//! A running router: its sockets, its services, its orderly end.

mod listen;

use crate::clock::Clock;
use crate::config::RouterConfig;
use crate::egress::{EgressSwitch, health as egress_health};
use crate::ingress::chat::ChatDoor;
use crate::ingress::fleet::FleetDoor;
use crate::ingress::policy::PolicyDoor;
use crate::ingress::privacy::PrivacyDoor;
use crate::ingress::routing::RoutingDoor;
use crate::join_token::{JoinKey, JoinKeyError};
use crate::pipeline::{Parts, Pipeline};
use crate::policy_diff::Comparisons;
use crate::policy_keeper::watch::{Pace, watch_until};
use crate::policy_keeper::{PolicyKeeper, health as policy_health};
use crate::registry::Registry;
use crate::store::{
    DecisionLog, EgressLog, OpenError, PolicyHistory, ReceiptLog, SqliteStore, StoreError,
};
use crate::tls::server::{Tls, TlsError};
use crate::tokens::TokenCounter;
use crate::worker_door::WorkerDoor;
use littoral_engine::ChatFormat;
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1::chat_service_server::ChatServiceServer;
use littoral_proto::v1::fleet_service_server::FleetServiceServer;
use littoral_proto::v1::policy_service_server::PolicyServiceServer;
use littoral_proto::v1::privacy_service_server::PrivacyServiceServer;
use littoral_proto::v1::routing_service_server::RoutingServiceServer;
use littoral_proto::v1::worker_service_server::WorkerServiceServer;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// Largest message with a policy in it, in bytes: the files may have half of it.
const MAX_POLICY_MESSAGE: usize = 8 * 1024 * 1024;
/// Largest message of a worker, in bytes.
const MAX_WORKER_MESSAGE: usize = 1024 * 1024;
/// What flights that were cut off may take to write down their end.
const LAST_RECORDS: Duration = Duration::from_secs(1);

/// Why a router did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Listening off loopback without keys would let anyone ask.
    #[error(
        "{0} is not a loopback address, and without keys anyone who reaches it may ask; listen on \
         127.0.0.1, or add --insecure-test on a closed test network"
    )]
    OffLoopback(SocketAddr),
    /// The address is taken or not ours.
    #[error(
        "failed to listen on {address}: {source}; is another router running? stop it, or choose \
         another port with --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The state folder cannot be made.
    #[error("failed to make the state folder {path}: {source}; give a writable --home")]
    State {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The join key cannot be used.
    #[error(transparent)]
    JoinKey(#[from] JoinKeyError),
    /// There is no TLS as configured.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// Nobody knows whether content may leave.
    #[error(
        "failed to read whether egress is switched off: {0}; see whether the disk with the state folder \
         works, and start again"
    )]
    Egress(StoreError),
    /// The tokenizer cannot be used.
    #[error("failed to load the tokenizer of {path}: {reason}; run `littoral provision`")]
    Tokenizer {
        /// The model folder.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The reflection service could not be built.
    #[error("failed to describe the services: {0}")]
    Reflection(String),
}

/// A router that runs.
pub struct Router {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it speaks TLS there, and nothing else.
    pub tls: bool,
    /// Everything a request needs on its way.
    pub pipeline: Arc<Pipeline>,
    /// The policy in force.
    pub policy: Arc<PolicyKeeper>,
    /// Signs and verifies join tokens.
    pub join_key: Arc<JoinKey>,
    shutdown: Shutdown,
    health: HealthReporter,
    store: Arc<SqliteStore>,
    bound: Duration,
}

impl Router {
    /// Opens the state, listens, and serves. Returns when connections are taken.
    ///
    /// # Errors
    /// What could not be opened, with the way out.
    pub async fn start(config: RouterConfig) -> Result<Self, StartError> {
        if !config.listen.ip().is_loopback() && !config.insecure_test {
            return Err(StartError::OffLoopback(config.listen));
        }
        let listen_error = |source| StartError::Listen { address: config.listen, source };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        std::fs::create_dir_all(&config.state)
            .map_err(|source| StartError::State { path: config.state.clone(), source })?;
        let join_key = Arc::new(JoinKey::load_or_create(&config.state.join("join.key"))?);
        let tls = config.tls.map(|tls| Tls::load(tls, &config.state, join_key.router_id()));
        let tls = tls.transpose()?.map(Arc::new);
        let speaks_tls = tls.is_some();
        let store = Arc::new(SqliteStore::open(&config.state.join("littoral.db"))?);
        let tokens = tokenizer(config.tokenizer)?;

        let (clock, shutdown) = (Clock::start(), Shutdown::new());
        let registry = Arc::new(Registry::new(config.lease, clock));
        let history = Arc::clone(&store) as Arc<dyn PolicyHistory>;
        let policy = Arc::new(PolicyKeeper::open(config.policy, history).await);
        let switches = Arc::clone(&store) as Arc<dyn EgressLog>;
        let egress = Arc::new(EgressSwitch::open(switches).await.map_err(StartError::Egress)?);
        let pipeline = Arc::new(Pipeline::new(Parts {
            policy: policy.in_force(),
            people: config.people,
            registry: Arc::clone(&registry),
            clouds: config.clouds,
            detectors: config.detectors.clone(),
            egress,
            store: Arc::clone(&store) as Arc<dyn crate::store::Store>,
            sessions: Arc::clone(&store) as Arc<dyn crate::store::SessionLabels>,
            tokens,
            clock,
            max_in_flight: config.max_in_flight,
            room: config.room,
            shutdown: shutdown.clone(),
        }));
        config.detectors.warm_up(clock).await;
        keep_fleet(&pipeline, &shutdown);
        let door =
            WorkerDoor { registry, key: Arc::clone(&join_key), clock, shutdown: shutdown.clone() };
        let log = Arc::clone(&store) as Arc<dyn DecisionLog>;
        let receipts = Arc::clone(&store) as Arc<dyn ReceiptLog>;
        let doors = Doors { worker: door, policy: Arc::clone(&policy), log, receipts };
        let (routes, health) = routes(&pipeline, doors, config.max_request_bytes).await?;
        keep_policy(&policy, &health, &shutdown);
        let tell = egress_health::tell_until(
            Arc::clone(&pipeline.egress),
            health.clone(),
            shutdown.hard.clone(),
        );
        shutdown.tasks.spawn(tell);
        listen::serve(listener, routes, tls, &shutdown);
        let bound = config.shutdown_bound;
        Ok(Self {
            address,
            tls: speaks_tls,
            pipeline,
            policy,
            join_key,
            shutdown,
            health,
            store,
            bound,
        })
    }

    /// The first half of an orderly end: not ready, nothing new, finish what runs, until the hard
    /// bound. True if everything was finished. Workers that share the process end after it.
    pub async fn drain(&self) -> bool {
        // Whoever reads that the router does not serve any more is refused: so nothing new is taken from
        // the moment before that is said.
        self.shutdown.lame_duck.cancel();
        self.health.set_service_status("", ServingStatus::NotServing).await;
        let flights = &self.pipeline.flights;
        flights.close();
        tokio::select! {
            () = flights.wait() => true,
            () = self.shutdown.hard.cancelled() => false,
            () = tokio::time::sleep(self.bound) => false,
        }
    }

    /// An orderly end: [`Router::drain`], then everything stops. True if nothing had to be cut off.
    pub async fn stop(&self) -> bool {
        let orderly = self.drain().await;
        let ended = self.shutdown.end(Duration::ZERO).await;
        // Flights that were cut off still write down what became of them.
        let recorded = tokio::time::timeout(LAST_RECORDS, self.pipeline.flights.wait()).await;
        let flushed = self.store.close().await;
        orderly && ended && recorded.is_ok() && flushed.is_ok()
    }

    /// Stops without waiting for what runs.
    pub fn stop_now(&self) {
        self.shutdown.hard.cancel();
    }
}

fn tokenizer(folder: Option<PathBuf>) -> Result<TokenCounter, StartError> {
    let Some(path) = folder else { return Ok(TokenCounter::default()) };
    match ChatFormat::open(&path) {
        Ok(format) => Ok(TokenCounter::with(format)),
        Err(error) => Err(StartError::Tokenizer { path, reason: error.to_string() }),
    }
}

/// What is done for the fleet while nobody asks: leases, turns, models, measuring.
fn keep_fleet(pipeline: &Arc<Pipeline>, shutdown: &Shutdown) {
    let stop = || shutdown.hard.clone();
    shutdown.tasks.spawn(Arc::clone(&pipeline.registry).sweep_until(stop()));
    shutdown.tasks.spawn(Arc::clone(pipeline).give_turns_until(stop()));
    shutdown.tasks.spawn(Arc::clone(pipeline).preload_until(stop()));
    shutdown.tasks.spawn(Arc::clone(pipeline).probe_until(stop()));
}

/// Watches the policy's files, and tells of them in health.
fn keep_policy(policy: &Arc<PolicyKeeper>, health: &HealthReporter, shutdown: &Shutdown) {
    let watch = watch_until(Arc::clone(policy), Pace::default(), shutdown.hard.clone());
    shutdown.tasks.spawn(watch);
    let (health, stop) = (health.clone(), shutdown.hard.clone());
    shutdown.tasks.spawn(policy_health::tell_until(Arc::clone(policy), health, stop));
}

/// What doors stand on beside the pipeline.
struct Doors {
    worker: WorkerDoor,
    policy: Arc<PolicyKeeper>,
    log: Arc<dyn DecisionLog>,
    receipts: Arc<dyn ReceiptLog>,
}

async fn routes(
    pipeline: &Arc<Pipeline>,
    doors: Doors,
    max_request: usize,
) -> Result<(Routes, HealthReporter), StartError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_serving::<ChatServiceServer<ChatDoor>>().await;
    health.set_serving::<RoutingServiceServer<RoutingDoor>>().await;
    health.set_serving::<FleetServiceServer<FleetDoor>>().await;
    health.set_serving::<PolicyServiceServer<PolicyDoor>>().await;
    health.set_serving::<PrivacyServiceServer<PrivacyDoor>>().await;
    health.set_serving::<WorkerServiceServer<WorkerDoor>>().await;
    egress_health::tell(&pipeline.egress, &health).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(littoral_proto::DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .map_err(|error| StartError::Reflection(error.to_string()))?;
    let chat = ChatServiceServer::new(ChatDoor(Arc::clone(pipeline)));
    let routing = RoutingServiceServer::new(RoutingDoor(Arc::clone(pipeline)));
    let policy = PolicyDoor {
        pipeline: Arc::clone(pipeline),
        keeper: doors.policy,
        comparisons: Comparisons::of(doors.log),
    };
    let policy = PolicyServiceServer::new(policy);
    let privacy = PrivacyServiceServer::new(PrivacyDoor::new(pipeline, doors.receipts));
    let worker = WorkerServiceServer::new(doors.worker);
    let mut routes = Routes::builder();
    routes
        .add_service(chat.max_decoding_message_size(max_request))
        .add_service(routing.max_decoding_message_size(max_request))
        .add_service(FleetServiceServer::new(FleetDoor(Arc::clone(pipeline))))
        .add_service(policy.max_decoding_message_size(MAX_POLICY_MESSAGE))
        .add_service(privacy.max_decoding_message_size(max_request))
        .add_service(worker.max_decoding_message_size(MAX_WORKER_MESSAGE))
        .add_service(health_service)
        .add_service(reflection);
    Ok((routes.routes(), health))
}
