//! What the commands that stay have in common: an event loop, a router's flags, an end in two stages.

use crate::failure::Failure;
use crate::screen;
use clap::Args;
use littoral_kit::shutdown::{Shutdown, signalled};
use littoral_router::config::RouterConfig;
use littoral_router::server::{Router, StartError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::task::JoinError;

/// What blocking threads may take to end after everything else has.
const LAST_THREADS: Duration = Duration::from_secs(1);
/// Signals that arrive within this time are one.
const TOGETHER: Duration = Duration::from_millis(50);
/// Longest wait for somebody to take what is said at the end.
const TOLD: Duration = Duration::from_millis(500);
/// Longest wait for a worker whose requests have all ended.
const WORKER_END: Duration = Duration::from_secs(5);

/// The router's flags.
#[derive(Debug, Args)]
pub struct RouterFlags {
    /// Configuration file [default: built in]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address to listen on; port 0 takes any free one [default: 127.0.0.1:7433, or the file's]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl RouterFlags {
    /// Reads the configuration and puts the flags over it.
    ///
    /// # Errors
    /// Every problem of the configuration.
    pub fn load(&self, home: &Path) -> Result<RouterConfig, Failure> {
        let mut config = load(self.config.as_deref(), home)?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        Ok(config)
    }
}

/// Reads a configuration file, or the built-in configuration where there is none.
///
/// # Errors
/// Every problem of the configuration.
pub fn load(file: Option<&Path>, home: &Path) -> Result<RouterConfig, Failure> {
    RouterConfig::load(file, home).map_err(|problems| Failure::configuration(&problems))
}

/// The state folder, whatever else the configuration says: keys can be ended while a policy is broken.
///
/// # Errors
/// Every problem of the configuration file by itself.
pub fn state(file: Option<&Path>, home: &Path) -> Result<PathBuf, Failure> {
    RouterConfig::state_folder(file, home).map_err(|problems| Failure::configuration(&problems))
}

/// Runs a command that stays until it is told to end, on as many threads as the machine has.
///
/// # Errors
/// The command's own failure.
pub fn stay(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("failed to start the event loop: {error}")))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_THREADS);
    result
}

/// A router that did not start, for a person.
pub fn not_started(error: &StartError) -> Failure {
    if let StartError::Tokenizer { reason, .. } = error {
        let fix = "name a whole model folder with --model, or none for the one that is fetched";
        return Failure::new(format!("failed to load a tokenizer: {reason}")).fix(fix);
    }
    let text = match error {
        StartError::JoinKey(error) => format!("the join key cannot be used: {error}"),
        StartError::Store(error) => format!("the database cannot be used: {error}"),
        error => error.to_string(),
    };
    // The error names its own way out, after the semicolon.
    match text.split_once("; ") {
        Some((what, fix)) => Failure::new(what).fix(fix),
        None => Failure::new(text),
    }
}

/// Waits for the first signal. Programs that end others often signal the process and its group; what
/// arrives together counts as one.
pub async fn told_to_end() {
    signalled().await;
    tokio::time::sleep(TOGETHER).await;
}

/// Ends a router and the worker that shares its process, in that order: what runs may need the
/// worker. A second signal stops both at once.
///
/// # Errors
/// The end was forced.
pub async fn end(router: &Router, worker: Option<&Shutdown>) -> Result<(), Failure> {
    say("stopping: what runs is finished first; Ctrl-C again stops at once").await;
    let orderly = async {
        let finished = router.drain().await;
        if let Some(worker) = worker {
            worker.end(WORKER_END).await;
        }
        router.stop().await && finished
    };
    let finished = tokio::select! {
        finished = orderly => finished,
        () = signalled() => {
            if let Some(worker) = worker {
                worker.hard.cancel();
            }
            router.stop_now();
            router.stop().await;
            return Err(Failure::interrupted("stopped at once; running requests were cut off"));
        }
    };
    let cut = "stopped; what had not finished in time was cut off";
    say(if finished { "stopped" } else { cut }).await;
    Ok(())
}

/// Says something and goes on if nobody takes it: whoever has stopped to read holds up no end.
async fn say(text: &'static str) {
    let said = tokio::task::spawn_blocking(move || screen::say(text));
    let _ = tokio::time::timeout(TOLD, said).await;
}

/// How a worker's task ended, as a failure if it did.
///
/// # Errors
/// The worker's fault, or that of its task.
pub fn worker_ended(
    result: Result<Result<(), littoral_worker::WorkerError>, JoinError>,
) -> Result<(), Failure> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failure::new(format!("failed to {error}"))),
        Err(error) => Err(Failure::new(format!("the worker broke: {error}"))),
    }
}

/// A listening router in words: its address and who may reach it.
pub fn reach(address: SocketAddr, tls: bool) -> String {
    let who = if address.ip().is_loopback() { "this machine only" } else { "with an API key" };
    format!("{} (gRPC and HTTP, {who})", url(address, tls))
}

/// The address of a listening router as a URL.
pub fn url(address: SocketAddr, tls: bool) -> String {
    format!("{}://{address}", if tls { "https" } else { "http" })
}

/// The cloud's share in words: providers with a key, or how to add one.
pub fn clouds(config: &RouterConfig) -> (Vec<String>, String) {
    let names: Vec<String> = config.clouds.names().map(str::to_owned).collect();
    let how = config.keyless.join("; ");
    let words = match (names.is_empty(), how.is_empty()) {
        (true, true) => "none; nothing leaves for a cloud".into(),
        (true, false) => format!("none ({how}); nothing leaves for a cloud"),
        (false, _) => {
            format!(
                "{}; only what is public or internal, by label and by scan, may leave",
                names.join(", ")
            )
        }
    };
    (names, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_model_folder_is_told_whole_and_not_sent_to_the_fetched_one() {
        let reason = "open the model folder x: model.onnx is missing; tokenizer.json is missing";
        let error = StartError::Tokenizer { path: "x".into(), reason: reason.into() };
        let failure = not_started(&error);
        assert!(failure.message.ends_with(reason), "{}", failure.message);
        assert!(failure.fix.as_deref().is_some_and(|fix| fix.contains("--model")));
    }

    #[test]
    fn a_start_error_is_split_into_what_and_way_out() {
        let address = ([0, 0, 0, 0], 1).into();
        let failure = not_started(&StartError::OffLoopback { address, missing: "without keys" });
        assert!(failure.message.ends_with("without keys"), "{}", failure.message);
        assert!(failure.fix.as_deref().is_some_and(|fix| fix.contains("littoral keys create")));
    }
}
