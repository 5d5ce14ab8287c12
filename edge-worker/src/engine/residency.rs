//! Models that come into memory and go out of it.
//!
//! Orders are carried out one after the other, off the async threads; what comes of them is told to
//! whoever listens, because a load can outlive the session that asked for it.

use super::Refusal;
use futures_util::future::BoxFuture;
use littoral_proto::v1::{Accelerator, ModelEvent};
use tokio::sync::broadcast;

/// The residency of an engine's models.
pub trait Residency: Send + Sync {
    /// Queues an order. Never waits; a [`Change`] tells what came of it.
    ///
    /// # Errors
    /// There is no such model, or too many orders wait already.
    fn order(&self, order: Order) -> Result<(), Refusal>;

    /// What changes from now on.
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Returns when `model` is resident, at once if it is; one that is loadable is loaded first where
    /// it fits. Dropping the future takes a load back that has not begun.
    fn ready<'a>(&'a self, model: &'a str) -> BoxFuture<'a, Result<(), Refusal>>;
}

/// What a router can order, each of a model by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Load it.
    Load(String),
    /// Let it go, after what runs on it has ended.
    Unload(String),
    /// It is not to be let go, or may be again.
    Pin(String, bool),
    /// Measure its speed again.
    Benchmark(String),
}

impl Order {
    /// The model's name.
    #[must_use]
    pub fn model(&self) -> &str {
        match self {
            Self::Load(model)
            | Self::Unload(model)
            | Self::Pin(model, _)
            | Self::Benchmark(model) => model,
        }
    }
}

/// What a router should hear of.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A model came, went, or could not.
    Model(Box<ModelEvent>),
    /// The devices that models can run on are others now.
    Hardware(Vec<Accelerator>),
    /// The next State differs.
    State,
}
