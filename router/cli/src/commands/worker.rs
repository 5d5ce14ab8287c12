//! `worker`: this machine's models, for a router elsewhere or here.

use super::engine_flags::EngineFlags;
use super::token;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{roles, screen};
use clap::Args;
use littoral_kit::logs;
use littoral_kit::shutdown::{Shutdown, signalled};
use littoral_worker::WorkerConfig;
use littoral_worker::config::DEVICE_CLASSES;
use secrecy::SecretString;
use std::time::Duration;

/// What the worker may take beyond its own limit to end.
const GRACE: Duration = Duration::from_secs(5);

const EXAMPLES: &str = "\
Examples:
  littoral worker --router http://127.0.0.1:7433 --token lt1....
  LITTORAL_JOIN_TOKEN=lt1.... littoral worker     not seen in the process list
  littoral worker --token lt1.... --model ./my-model --threads 2

Get the token on the router's machine: littoral token --help
Without --model or --runtime, what is missing is fetched first.
SIGTERM or Ctrl-C drains the worker; a second one stops it at once.";

/// Joins a router with this machine's models
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Worker {
    /// The join token, from `littoral token` on the router's machine
    #[arg(long, env = "LITTORAL_JOIN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: SecretString,
    /// What kind of machine this is
    #[arg(long, value_name = "KIND", default_value = "pc", value_parser = DEVICE_CLASSES)]
    kind: String,
    #[command(flatten)]
    engine: EngineFlags,
}

impl Worker {
    /// Works until a signal or the router's drain order.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        logs::start(logs::DEFAULT_FILTER);
        let name = token::name_in(&self.token)?;
        let mut config = WorkerConfig::new(globals.router(), self.token, &name);
        config.device_class = self.kind;
        let faults = config.faults();
        if !faults.is_empty() {
            return Err(Failure::usage(faults.join("; ")));
        }
        self.engine.resolve(&globals.home())?.configure(&mut config);
        roles::stay(work(config))
    }
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
