//! `worker`: this machine's models, for a router elsewhere or here.

use super::engine_flags::EngineFlags;
use super::token;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{roles, screen};
use clap::Args;
use littoral_kit::logs;
use littoral_kit::shutdown::{Shutdown, signalled};
use littoral_kit::telemetry::{RawTelemetry, Settings};
use littoral_router::tls::identity;
use littoral_worker::WorkerConfig;
use littoral_worker::config::{DEVICE_CLASSES, Identity, LinkTls};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the worker may take beyond its own limit to end.
const GRACE: Duration = Duration::from_secs(5);

const EXAMPLES: &str = "\
Examples:
  littoral worker --router http://127.0.0.1:7433 --token lt1....
  LITTORAL_JOIN_TOKEN=lt1.... littoral worker     not seen in the process list
  littoral worker --token lt1.... --model ./my-model --threads 2
  littoral worker --router https://desk:7433 --ca router-ca.pem \\
    --certificate rack1.pem --key rack1.key

Get the token on the router's machine: littoral token --help
Without --model or --runtime, what is missing is fetched first.
SIGTERM or Ctrl-C drains the worker; a second one stops it at once.";

/// Joins a router with this machine's models
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Worker {
    /// The join token, from `littoral token` on the router's machine
    #[arg(long, env = "LITTORAL_JOIN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    #[arg(required_unless_present_any = ["token_file", "certificate"])]
    token: Option<SecretString>,
    /// A file with the join token; a newer one is shown while the worker runs
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// The worker's certificate, in place of a token; a newer one is shown while it runs
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with_all = ["token", "token_file"])]
    certificate: Option<PathBuf>,
    /// The private key of the certificate
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// What kind of machine this is
    #[arg(long, value_name = "KIND", default_value = "pc", value_parser = DEVICE_CLASSES)]
    kind: String,
    #[command(flatten)]
    engine: EngineFlags,
}

impl Worker {
    /// Works until a signal or the router's drain order.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let _logs = logs::start(logs::DEFAULT_FILTER);
        let proof = self.proof()?;
        let mut config = WorkerConfig::new(globals.router(), proof.token, &proof.name);
        config.join_token_file = self.token_file;
        config.tls = LinkTls { router_ca: globals.ca().map(Into::into), identity: proof.identity };
        config.device_class = self.kind;
        let mut faults = config.faults();
        match Settings::compile(RawTelemetry::default()) {
            Ok(telemetry) => config.telemetry = telemetry,
            Err(wrong) => faults.extend(wrong.iter().map(|(what, why)| format!("{what}: {why}"))),
        }
        if !faults.is_empty() {
            return Err(Failure::usage(faults.join("; ")));
        }
        self.engine.resolve(&globals.home())?.configure(&mut config);
        roles::stay(work(config))
    }
}

/// What the worker shows at the door, and the name in it.
struct Proof {
    name: String,
    token: SecretString,
    identity: Option<Identity>,
}

impl Worker {
    fn proof(&self) -> Result<Proof, Failure> {
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            let name = identity::worker_in(&read(certificate)?).ok_or_else(|| {
                Failure::usage(format!("{} names no worker", certificate.display())).fix(
                    "make one with `littoral token --certificate FOLDER` on the router's machine",
                )
            })?;
            let identity = Identity { certificate: certificate.clone(), key: key.clone() };
            return Ok(Proof { name, token: SecretString::default(), identity: Some(identity) });
        }
        let token = match &self.token_file {
            Some(path) => String::from_utf8_lossy(&read(path)?).into_owned().into(),
            None => self.token.clone().unwrap_or_default(),
        };
        Ok(Proof { name: token::name_in(&token)?, token, identity: None })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::usage(format!("failed to read {}: {error}", path.display())))
}

async fn work(config: WorkerConfig) -> Result<(), Failure> {
    screen::say(format!(
        "worker {} loads its models, then joins {}",
        config.worker_id, config.router
    ));
    let limit = config.drain_limit + GRACE;
    let shutdown = Shutdown::new();
    let mut worker = shutdown.tasks.spawn(littoral_worker::serve(config, shutdown.clone()));
    tokio::select! {
        result = &mut worker => return roles::worker_ended(result),
        () = roles::told_to_end() => {}
    }
    screen::say("draining: what runs is finished first; Ctrl-C again stops at once");
    tokio::select! {
        _ = shutdown.end(limit) => roles::worker_ended(worker.await),
        () = signalled() => {
            shutdown.hard.cancel();
            shutdown.end(Duration::ZERO).await;
            Err(Failure::interrupted("stopped at once; running requests were cut off"))
        }
    }
}
