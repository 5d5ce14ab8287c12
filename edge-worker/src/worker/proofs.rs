//! What a worker shows at the door, which its operator can replace while it runs: a join token, a certificate.
//!
//! A file is read again every few seconds rather than watched: proofs are renewed once in weeks, files
//! are replaced in many ways, and a look costs nothing. A file that is gone or empty for a moment
//! changes nothing.

use crate::config::WorkerConfig;
use crate::error::WorkerError;
use secrecy::{ExposeSecret as _, SecretString};
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;

/// Time between two looks at a file.
const INTERVAL: Duration = Duration::from_secs(2);

/// The token to begin with: the file's, where there is one.
///
/// # Errors
/// The file cannot be read or is empty.
pub(super) async fn token(config: &WorkerConfig) -> Result<SecretString, WorkerError> {
    let Some(path) = &config.join_token_file else { return Ok(config.join_token.clone()) };
    let fault = "write a token into it with `littoral token`";
    read(path).await.map_err(|cause| unread("join-token", path, &cause, fault))
}

/// The certificate to begin with; empty if the worker shows none.
///
/// # Errors
/// The file cannot be read or is empty.
pub(super) async fn certificate(config: &WorkerConfig) -> Result<SecretString, WorkerError> {
    let Some(identity) = &config.tls.identity else { return Ok(SecretString::default()) };
    let path = &identity.certificate;
    let fault = "make one with `littoral token --certificate FOLDER` on the router's machine";
    read(path).await.map_err(|cause| unread("certificate", path, &cause, fault))
}

fn unread(what: &str, path: &Path, cause: &str, fix: &str) -> WorkerError {
    WorkerError::Config {
        faults: vec![format!("the {what} file {}: {cause}; {fix}", path.display())],
    }
}

/// Reads a file again and again for as long as it is polled, and publishes what changed.
pub(super) async fn keep_reading(
    what: &str,
    path: Option<&Path>,
    proof: watch::Sender<SecretString>,
) -> Infallible {
    let Some(path) = path else { return std::future::pending().await };
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Ok(now) = read(path).await else { continue };
        proof.send_if_modified(|last| {
            let changed = last.expose_secret() != now.expose_secret();
            if changed {
                tracing::info!("the {what} was renewed");
                *last = now;
            }
            changed
        });
    }
}

async fn read(path: &Path) -> Result<SecretString, String> {
    let text = tokio::fs::read_to_string(path).await.map_err(|cause| cause.to_string())?;
    match text.trim() {
        "" => Err("it is empty".to_owned()),
        proof => Ok(proof.to_owned().into()),
    }
}
