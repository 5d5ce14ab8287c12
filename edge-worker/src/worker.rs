//! The life of a worker: load, dial, serve, and dial again until it is asked to end.
//!
//! A lost connection is the normal case of a device that moves, so nothing about it is an error.
//! Only what dialling again cannot mend ends the worker: a token the router does not take, an
//! address where no router is.

mod incarnation;
mod proofs;
mod sleep_signal;

use crate::backoff::Backoff;
use crate::config::WorkerConfig;
use crate::energy::{self, Meter};
use crate::engine::{Engine, LocalModels};
use crate::error::WorkerError;
use crate::probe::{self, Probe};
use crate::session::{self, End, Setup};
use incarnation::Incarnations;
use littoral_kit::shutdown::Shutdown;
use littoral_kit::telemetry::{Service, Settings, Telemetry};
use littoral_proto::v1::state::Device;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The service where the settings give no name.
const SERVICE: &str = "littoral-worker";
/// What the last spans may take to go out when the worker ends.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Loads the models of `config` and runs the worker on them, as a process: SIGUSR1 announces that the
/// machine goes to sleep.
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
    let control = config.control.clone();
    tokio::select! {
        result = run(config, Arc::new(models), shutdown) => result,
        never = sleep_signal::announce(&control) => match never {},
    }
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
    let mut probe = Probe::open(&config.device)?;
    let watts = config.assumed_watts.or_else(|| energy::assumed_watts(&config.device_class));
    let meter = Meter::new(config.device.root(), watts);
    let look = move || {
        let readings = probe.look(false);
        (probe, readings)
    };
    let (probe, first) =
        tokio::task::spawn_blocking(look).await.map_err(|_| WorkerError::Probing)?;
    let (publish, device) = watch::channel(Device::from(&first));
    let working = {
        let engine = Arc::clone(&engine);
        move || engine.load().iter().any(|model| model.active > 0)
    };
    let watching = probe::keep_watching(probe, publish, meter.clone(), working);
    let (new_token, token) = watch::channel(proofs::token(&config).await?);
    let token_file = config.join_token_file.clone();
    let (new_certificate, certificate) = watch::channel(proofs::certificate(&config).await?);
    let certificate_file =
        config.tls.identity.as_ref().map(|identity| identity.certificate.clone());
    let performance = Arc::default();
    let service = Service { name: SERVICE, instance: Some(&config.worker_id) };
    // What there is to count of a worker, its router counts.
    let settings = Settings { metrics: None, ..config.telemetry.clone() };
    let telemetry = Telemetry::start(&settings, service).map_err(WorkerError::Telemetry)?;
    let spans = telemetry.spans().clone();
    let setup =
        Setup { config, token, certificate, engine, device, meter, performance, spans, shutdown };
    let result = tokio::select! {
        result = keep_joined(&setup) => result,
        never = watching => match never {},
        never = proofs::keep_reading("join token", token_file.as_deref(), new_token) => match never {},
        never = proofs::keep_reading("certificate", certificate_file.as_deref(), new_certificate) => {
            match never {}
        }
    };
    // A collector that is gone is no fault of this worker.
    telemetry.end(LAST_WORDS).await;
    result
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
        // A device that sleeps does not come to a router only to leave it.
        tokio::select! {
            () = shutdown.lame_duck.cancelled() => break,
            () = shutdown.hard.cancelled() => break,
            () = setup.config.control.awake() => {}
        }
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
