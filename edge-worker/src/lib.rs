//! The edge worker: it makes the models of one machine available to a router.
//!
//! A worker dials out, shows its join token, offers its models and then runs what it is assigned.
//! It knows nothing of policy: who may use it is the router's decision, and nothing a worker says
//! of itself raises the trust the token grants. The control flow is in [`worker`] (dial, and dial
//! again) and `session` (one connection); the models stand behind the [`engine`] seam.

mod assignment;
mod backoff;
pub mod config;
mod control;
mod energy;
pub mod engine;
pub mod error;
mod performance;
pub mod probe;
mod session;
pub mod worker;

pub use config::WorkerConfig;
pub use control::WorkerControl;
pub use engine::{Engine, LocalModels};
pub use error::WorkerError;
pub use probe::DeviceSource;
pub use worker::{run, serve};
