//! The seam between the session and what generates text.
//!
//! The session needs three things of it: what it offers, how busy it is, and to start a job (an answer,
//! or vectors of texts). Where
//! models come and go, a fourth: their [`Residency`]. The one implementation is [`LocalModels`], over
//! ONNX Runtime; tests put scripted engines here, so that every failure of a model can be had at will.

mod local;
mod residency;

pub use local::LocalModels;
pub use residency::{Change, Order, Residency};

use futures_util::Stream;
use littoral_engine::{GenerationEvent, Job, Texts};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::state::ModelState;
use littoral_proto::v1::{Accelerator, ModelOffer};
use std::pin::Pin;

/// A set of models that can run jobs.
pub trait Engine: Send + Sync + 'static {
    /// What the router is told once, at the start of a session.
    fn offer(&self) -> Offer;

    /// How busy each offered model is now. Must not block: it is called for every heartbeat.
    fn load(&self) -> Vec<ModelState>;

    /// Takes a job, or says why not. May block for as long as tokenizing takes; never waits for a
    /// slot.
    ///
    /// # Errors
    /// The reason, in the wire's words.
    fn start(&self, model: &str, job: Job) -> Result<Running, Refusal>;

    /// Takes texts to be turned into vectors, or says why not, as [`Self::start`] does. An engine
    /// without embedding models has nothing to add.
    ///
    /// # Errors
    /// The reason, in the wire's words.
    fn embed(&self, _model: &str, _texts: Texts) -> Result<Running, Refusal> {
        Err(Refusal::new(Cause::Unsupported, "no model on this worker makes vectors"))
    }

    /// How its models come and go; `None` where all of them stay.
    fn residency(&self) -> Option<&dyn Residency> {
        None
    }
}

/// Everything a worker tells of its models and hardware when it joins.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// One entry a model.
    pub models: Vec<ModelOffer>,
    /// Devices that the runtime can use.
    pub accelerators: Vec<Accelerator>,
}

/// A running job: its events in order, the last of them `Finished` or `Failed`. Dropping it cancels
/// the job and frees its slot within one token or one prefill chunk. Not polling it pauses it.
pub type Running = Pin<Box<dyn Stream<Item = GenerationEvent> + Send>>;

/// Why a job was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The reason for machines.
    pub cause: Cause,
    /// The reason for people, without content.
    pub detail: String,
}

impl Refusal {
    /// A refusal; `detail` must hold nothing of the request's content.
    #[must_use]
    pub fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }
}
