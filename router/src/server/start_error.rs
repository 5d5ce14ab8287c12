//! Why a router did not start, with the way out of each.

use crate::join_token::JoinKeyError;
use crate::keys::BookError;
use crate::store::{OpenError, StoreError};
use crate::tls::server::TlsError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use thiserror::Error;

/// Why a router did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// Off loopback, who asks has to show who they are, and nobody may listen in.
    #[error(
        "{address} is not a loopback address, and {missing}; make a key with `littoral keys create` and speak \
         TLS with `littoral serve --tls`, or listen on 127.0.0.1"
    )]
    OffLoopback {
        /// The address.
        address: SocketAddr,
        /// What is missing there.
        missing: &'static str,
    },
    /// The book of keys cannot be used.
    #[error(transparent)]
    Keys(#[from] BookError),
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
    /// Nothing could be told.
    #[error("{0}; see [telemetry] in the configuration and the variables OTEL_EXPORTER_OTLP_*")]
    Telemetry(#[from] littoral_kit::telemetry::StartError),
    /// Nobody knows what is spent.
    #[error(
        "failed to read what budgets have spent: {0}; see whether the disk with the state folder works, and \
         start again"
    )]
    Budgets(StoreError),
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
