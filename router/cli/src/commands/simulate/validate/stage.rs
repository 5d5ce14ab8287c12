//! The live side of a validation: a real router with a state folder of its own that goes with it, and a worker over
//! a real socket for each machine of the scenario. Nothing of the user's is read or written.

use super::engine::PacedEngine;
use super::keys::{Keys, TENANT, user_of};
use crate::failure::Failure;
use crate::roles;
use littoral_core::class::Tier;
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use littoral_router::clock::unix_ms;
use littoral_router::clouds::Clouds;
use littoral_router::config::RouterConfig;
use littoral_router::config::raw::{RawConfig, RawLimits};
use littoral_router::join_token::Claims;
use littoral_router::policy_files::Loaded;
use littoral_router::server::Router;
use littoral_sim::{Coming, Scenario};
use littoral_worker::{DeviceSource, WorkerConfig};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};

/// Most requests at once.
const IN_FLIGHT: usize = 4_096;
/// Longest wait until every worker has told its speed.
const JOIN_LIMIT: Duration = Duration::from_secs(60);
/// Longest wait for a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Join tokens are good for longer than any validation.
const TOKEN_LIFE_MS: u64 = 6 * 3_600_000;
/// Longest orderly end of the workers.
const END_LIMIT: Duration = Duration::from_secs(5);

/// A router and its workers.
pub struct Stage {
    router: Router,
    workers: Shutdown,
    keys: Keys,
    home: TempDir,
}

impl Stage {
    /// Starts everything for these requests, and waits until every worker has told its speed.
    ///
    /// # Errors
    /// What did not start.
    pub async fn start(
        scenario: &Scenario,
        policy: &Loaded,
        (seed, coming): (u64, &[Coming]),
    ) -> Result<Self, Failure> {
        let home = tempfile::tempdir()
            .map_err(|error| Failure::new(format!("failed to make a temporary folder: {error}")))?;
        let config = config(home.path(), policy)?;
        let keys = Keys::make(&config.state, scenario, coming)?;
        let router = Router::start(config).await.map_err(|error| roles::not_started(&error))?;
        let stage = Self { router, workers: Shutdown::new(), keys, home };
        let mut number = 0_u64;
        for group in &scenario.machines {
            for _ in 0..group.count {
                // Those who own machines come first among the people, group by group.
                let owner = group.owned.then(|| owner_of(scenario, number));
                let engine = PacedEngine::new(group, seed, number);
                stage.join((&group.name, number), owner, engine)?;
                number += 1;
            }
        }
        let joined = timeout(JOIN_LIMIT, stage.wait_for(number)).await;
        joined.unwrap_or_else(|_| {
            let limit = JOIN_LIMIT.as_secs();
            Err(Failure::new(format!("not all of {number} workers were ready within {limit} s"))
                .fix("see what they do: RUST_LOG=info"))
        })?;
        Ok(stage)
    }

    /// Keys of those who ask.
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// A connection of its own to the router.
    ///
    /// # Errors
    /// It cannot be reached.
    pub async fn connect(&self) -> Result<Channel, Failure> {
        let unreachable = |error: tonic::transport::Error| {
            Failure::new(format!("failed to reach the router of the validation: {error}"))
        };
        let endpoint = Endpoint::from_shared(self.url()).map_err(unreachable)?;
        endpoint
            .connect_timeout(CONNECT_LIMIT)
            .tcp_nodelay(true)
            .connect()
            .await
            .map_err(unreachable)
    }

    /// Ends the workers, then the router; the folder goes last.
    pub async fn end(self) {
        self.workers.end(END_LIMIT).await;
        self.router.stop().await;
    }

    fn url(&self) -> String {
        format!("http://{}", self.router.address)
    }

    fn join(
        &self,
        (group, number): (&str, u64),
        owner: Option<String>,
        engine: PacedEngine,
    ) -> Result<(), Failure> {
        let name = format!("{group}-{number}");
        let nearest_tier = if owner.is_some() { Tier::Device } else { Tier::Edge };
        let claims = Claims {
            worker_id: name.clone(),
            tenant: TENANT.into(),
            // Machines of two groups are two pools, as they are in the simulator.
            group: owner.is_none().then(|| group.to_owned()),
            owner,
            nearest_tier,
            expires_unix_ms: unix_ms().saturating_add(TOKEN_LIFE_MS),
            router_id: String::new(),
        };
        let token = self.router.join_key.issue(&claims).map_err(|error| {
            Failure::new(format!("failed to sign a join token for {name}: {error}"))
                .fix("name groups of machines with A-Z a-z 0-9 . _ -")
        })?;
        let config = WorkerConfig {
            // No machine of the scenario has this one's battery or load.
            device: DeviceSource::System(self.home.path().join("no-device")),
            ..WorkerConfig::new(self.url(), token.into(), &name)
        };
        let (tasks, stop) = (&self.workers.tasks, self.workers.hard.clone());
        tasks.spawn(engine.pace_until(stop));
        let run = littoral_worker::run(config, Arc::new(engine), self.workers.clone());
        tasks.spawn(async move {
            if let Err(error) = run.await {
                tracing::warn!(worker = name, %error, "a worker of the validation ended");
            }
        });
        Ok(())
    }

    async fn wait_for(&self, count: u64) -> Result<(), Failure> {
        let lost = |status: tonic::Status| {
            Failure::new(format!("failed to watch the workers: {}", status.message()))
        };
        let mut fleet = FleetServiceClient::new(self.connect().await?);
        let lists = fleet.watch_workers(v1::WatchWorkersRequest {}).await.map_err(lost)?;
        let mut lists = lists.into_inner();
        while let Some(list) = lists.message().await.map_err(lost)? {
            let ready = list.workers.iter().filter(|worker| {
                let models = &worker.models;
                !models.is_empty() && models.iter().all(|model| model.decode_tokens_per_s.is_some())
            });
            if ready.count() as u64 == count {
                return Ok(());
            }
        }
        Err(Failure::new("the router of the validation stopped telling of its workers"))
    }
}

/// The user whose machine this is: people who own machines are numbered as these are, without the others.
fn owner_of(scenario: &Scenario, machine: u64) -> String {
    let mut first = 0_u64;
    let mut person = 0_u64;
    for group in &scenario.machines {
        let count = u64::from(group.count);
        if (first..first + count).contains(&machine) {
            return user_of(person + machine - first);
        }
        first += count;
        person += if group.owned { count } else { 0 };
    }
    user_of(machine)
}

/// A router without clouds that listens on any free port of this machine.
fn config(home: &Path, policy: &Loaded) -> Result<RouterConfig, Failure> {
    let (folder, state) = (home.join("policy"), home.join("state"));
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(&state)?;
        fs::create_dir_all(&folder)?;
        for (at, source) in policy.sources.iter().enumerate() {
            fs::write(folder.join(format!("{at:03}.toml")), &source.text)?;
        }
        Ok(())
    };
    write().map_err(|error| {
        Failure::new(format!("failed to write the policy to {}: {error}", folder.display()))
    })?;
    let raw = RawConfig {
        listen: Some("127.0.0.1:0".into()),
        state: Some(state),
        policy: Some(folder),
        limits: RawLimits { in_flight: IN_FLIGHT, ..RawLimits::default() },
        ..RawConfig::default()
    };
    let config = RouterConfig::compile(raw, "the validation's configuration", home);
    let mut config = config.map_err(|problems| Failure::configuration(&problems))?;
    // Keys in the environment are for other routers.
    config.clouds = Clouds::default();
    Ok(config)
}
