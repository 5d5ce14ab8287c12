//! The life of a worker: load, dial, serve, and dial again until it is asked to end.
//!
//! A lost connection is the normal case of a device that moves, so nothing about it is an error.
//! Only what dialling again cannot mend ends the worker: a token the router does not take, an
//! address where no router is.

mod incarnation;

use crate::backoff::Backoff;
use crate::config::WorkerConfig;
use crate::engine::{Engine, LocalModels};
use crate::error::WorkerError;
use crate::probe;
use crate::session::{self, End, Setup};
use incarnation::Incarnations;
use littoral_kit::shutdown::Shutdown;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;

/// Loads the models of `config` and runs the worker on them.
///
/// # Errors
/// See [`WorkerError`]. An end that was asked for is no error.
pub async fn serve(config: WorkerConfig, shutdown: Shutdown) -> Result<(), WorkerError> {
    check(&config)?;
    let for_loading = config.clone();
    let loading = tokio::task::spawn_blocking(move || LocalModels::load(&for_loading));
    let models = tokio::select! {
        models = loading => models.map_err(|_| WorkerError::Loading)??,
        () = shutdown.lame_duck.cancelled() => return Ok(()),
        () = shutdown.hard.cancelled() => return Ok(()),
    };
    run(config, Arc::new(models), shutdown).await
}

/// Runs a worker on models that are loaded. It ends when `shutdown` asks for it (orderly at the
/// lame duck, at once at the hard stop), when the router drains it, or by a fault.
///
/// # Errors
/// The configuration cannot work, or the router refuses the worker for good.
pub async fn run(
    config: WorkerConfig,
    engine: Arc<dyn Engine>,
    shutdown: Shutdown,
) -> Result<(), WorkerError> {
    check(&config)?;
    let root = config.device_root.clone();
    let first_look = root.clone();
    let first = tokio::task::spawn_blocking(move || probe::probe(&first_look)).await;
    let (publish, device) = watch::channel(first.unwrap_or_default());
    let setup = Setup { config, engine, device, shutdown };
    tokio::select! {
        result = keep_joined(&setup) => result,
        never = probe::keep_watching(root, publish) => match never {},
    }
}

fn check(config: &WorkerConfig) -> Result<(), WorkerError> {
    let faults = config.faults();
    if faults.is_empty() { Ok(()) } else { Err(WorkerError::Config { faults }) }
}

async fn keep_joined(setup: &Setup) -> Result<(), WorkerError> {
    let shutdown = &setup.shutdown;
    let mut backoff = Backoff::default();
    let mut incarnations = Incarnations::default();
    while !shutdown.lame_duck.is_cancelled() && !shutdown.hard.is_cancelled() {
        let started = Instant::now();
        let (why, retry_after) = match session::run(setup, incarnations.next()).await {
            End::Done => break,
            End::Fault(error) => return Err(error),
            End::Lost { why, retry_after } => (why, retry_after),
        };
        let wait = backoff.wait(started.elapsed(), retry_after, rand::random());
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(router = setup.config.router, why, wait_ms, "no session; will dial again");
        tokio::select! {
            () = shutdown.lame_duck.cancelled() => break,
            () = shutdown.hard.cancelled() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    Ok(())
}
