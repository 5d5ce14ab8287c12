//! A running router: its sockets, its services, its orderly end.

mod listen;
mod readiness;
mod services;
mod start_error;

pub use start_error::StartError;

use crate::clock::{Clock, unix_ms};
use crate::config::RouterConfig;
use crate::egress::{EgressSwitch, health as egress_health};
use crate::ingress::who::Who;
use crate::join_token::JoinKey;
use crate::keys::Keys;
use crate::pipeline::{Parts, Pipeline};
use crate::policy_keeper::watch::{Pace, watch_until};
use crate::policy_keeper::{PolicyKeeper, health as policy_health};
use crate::rates::Rates;
use crate::registry::Registry;
use crate::retention;
use crate::store::{EgressLog, Ledger, PolicyHistory, SqliteStore};
use crate::telemetry::Telemetry;
use crate::tls::server::Tls;
use crate::tokens::TokenCounter;
use crate::treasury::Treasury;
use crate::worker_door::WorkerDoor;
use littoral_core::budget::Budget;
use littoral_engine::ChatFormat;
use littoral_kit::shutdown::Shutdown;
use readiness::Readiness;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

/// What flights that were cut off may take to write down their end.
const LAST_RECORDS: Duration = Duration::from_secs(1);

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
        let keys = Arc::new(Keys::open(&config.state)?);
        let (listener, address) =
            listen::bind(config.listen, missing_off_loopback(&config, &keys)).await?;
        state_folder(&config.state)?;
        let join_key = Arc::new(JoinKey::load_or_create(&config.state.join("join.key"))?);
        let tls = config.tls.map(|tls| Tls::load(tls, &config.state, join_key.router_id()));
        let tls = tls.transpose()?.map(Arc::new);
        let who = Who {
            keys: Arc::clone(&keys),
            people: Arc::new(config.people),
            router_id: join_key.router_id().into(),
            origins: Arc::new(config.origins),
        };
        let store =
            Arc::new(SqliteStore::open_as(&config.state.join("littoral.db"), config.durability)?);
        let telemetry = Telemetry::start(&config.telemetry, join_key.router_id())?;

        let (clock, shutdown) = (Clock::start(), Shutdown::new());
        let registry = Arc::new(Registry::new(config.lease, clock));
        let history = Arc::clone(&store) as Arc<dyn PolicyHistory>;
        let policy = Arc::new(PolicyKeeper::open(config.policy, history).await);
        let egress = Arc::new(switch(&store).await?);
        let ledger = Arc::clone(&store) as Arc<dyn Ledger>;
        let treasury = treasury(config.budgets, &store).await?;
        let pipeline = Arc::new(Pipeline::new(Parts {
            policy: policy.in_force(),
            registry: Arc::clone(&registry),
            clouds: config.clouds,
            treasury,
            rates: Rates::of(config.rates),
            usd_per_kwh: config.usd_per_kwh,
            detectors: config.detectors.clone(),
            egress,
            store: Arc::clone(&store) as Arc<dyn crate::store::Store>,
            sessions: Arc::clone(&store) as Arc<dyn crate::store::SessionLabels>,
            tokens: tokenizer(config.tokenizer)?,
            clock,
            max_in_flight: config.max_in_flight,
            room: config.room,
            telemetry,
            shutdown: shutdown.clone(),
        }));
        pipeline.telemetry.observe(&pipeline, &store);
        config.detectors.warm_up(clock).await;
        keep_fleet(&pipeline, &shutdown);
        keep_books(&pipeline, &ledger, config.keep, &shutdown);
        let door =
            WorkerDoor { registry, key: Arc::clone(&join_key), clock, shutdown: shutdown.clone() };
        let (log, receipts) = (Arc::clone(&store) as _, Arc::clone(&store) as _);
        let doors =
            services::Doors { worker: door, policy: Arc::clone(&policy), log, receipts, ledger };
        shutdown.tasks.spawn(keys.keep_fresh_until(shutdown.hard.clone()));
        let served = services::app(&pipeline, doors, who.clone(), config.max_request_bytes);
        let (app, health) = served.await?;
        keep_policy(&policy, &health, &shutdown);
        keep_telling(&pipeline, who, &health, &shutdown).await;
        let speaks_tls = tls.is_some();
        listen::serve(listener, app, tls, config.max_connections, &shutdown);
        Ok(Self {
            address,
            tls: speaks_tls,
            pipeline,
            policy,
            join_key,
            shutdown,
            health,
            store,
            bound: config.shutdown_bound,
        })
    }

    /// The first half of an orderly end: not ready, nothing new, finish what runs, until the hard
    /// bound. True if everything was finished. Workers that share the process end after it.
    pub async fn drain(&self) -> bool {
        // Whoever reads that the router does not serve any more is refused: so nothing new is taken from
        // the moment before that is said.
        self.shutdown.lame_duck.cancel();
        self.health.set_service_status("", ServingStatus::NotServing).await;
        self.health.set_service_status(readiness::READINESS, ServingStatus::NotServing).await;
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
        self.pipeline.treasury.close();
        let flushed = self.store.close().await;
        // A collector that is gone is no fault of this end.
        self.pipeline.telemetry.end().await;
        orderly && ended && recorded.is_ok() && flushed.is_ok()
    }

    /// Stops without waiting for what runs.
    pub fn stop_now(&self) {
        self.shutdown.hard.cancel();
    }
}

/// What keeps a router from listening off loopback.
#[must_use]
pub fn missing_off_loopback(config: &RouterConfig, keys: &Keys) -> Option<&'static str> {
    match (config.tls.is_some(), keys.any(unix_ms())) {
        (true, true) => None,
        (true, false) => Some("without an API key nobody could ask"),
        (false, true) => Some("without TLS everybody on the way could read along"),
        (false, false) => Some("without API keys anyone could ask, and without TLS read along"),
    }
}

fn state_folder(path: &Path) -> Result<(), StartError> {
    std::fs::create_dir_all(path)
        .map_err(|source| StartError::State { path: path.to_path_buf(), source })
}

async fn switch(store: &Arc<SqliteStore>) -> Result<EgressSwitch, StartError> {
    let switches = Arc::clone(store) as Arc<dyn EgressLog>;
    EgressSwitch::open(switches).await.map_err(StartError::Egress)
}

async fn treasury(
    budgets: Vec<Budget>,
    store: &Arc<SqliteStore>,
) -> Result<Arc<Treasury>, StartError> {
    let rows = Arc::clone(store) as Arc<dyn crate::store::Store>;
    let treasury = Treasury::open(budgets, rows, &**store).await;
    treasury.map(Arc::new).map_err(StartError::Budgets)
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

/// What is done for the clouds and the books: the way out, and letting go of what is old.
fn keep_books(
    pipeline: &Arc<Pipeline>,
    ledger: &Arc<dyn Ledger>,
    keep: Option<Duration>,
    shutdown: &Shutdown,
) {
    let (stop, watched) = (shutdown.hard.clone(), Arc::clone(pipeline));
    shutdown.tasks.spawn(async move {
        watched.clouds.network.watch_until(watched.clock, stop).await;
    });
    if let Some(keep) = keep {
        let stop = shutdown.hard.clone();
        shutdown.tasks.spawn(retention::keep_until(Arc::clone(ledger), keep, stop));
    }
}

/// Tells in health how the switch for egress stands, and whether a request could be placed.
async fn keep_telling(
    pipeline: &Arc<Pipeline>,
    who: Who,
    health: &HealthReporter,
    shutdown: &Shutdown,
) {
    let (switch, stop) = (Arc::clone(&pipeline.egress), shutdown.hard.clone());
    shutdown.tasks.spawn(egress_health::tell_until(switch, health.clone(), stop.clone()));
    let readiness = Readiness::begin(Arc::clone(pipeline), who, health.clone()).await;
    shutdown.tasks.spawn(readiness.tell_until(stop));
}

/// Watches the policy's files, and tells of them in health.
fn keep_policy(policy: &Arc<PolicyKeeper>, health: &HealthReporter, shutdown: &Shutdown) {
    let watch = watch_until(Arc::clone(policy), Pace::default(), shutdown.hard.clone());
    shutdown.tasks.spawn(watch);
    let (health, stop) = (health.clone(), shutdown.hard.clone());
    shutdown.tasks.spawn(policy_health::tell_until(Arc::clone(policy), health, stop));
}
