//! One request as the pipeline sees it, whatever door it came through.

use super::flights::Digest;
use crate::store::SessionDigest;
use crate::telemetry::RequestTrace;
use littoral_core::facts::Hints;
use littoral_core::fair::Priority;
use littoral_core::principal::Principal;
use littoral_core::prompt::Prompt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// How an answer is told to its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All of it at the end.
    Whole,
    /// Piece by piece, and what was said can be taken back.
    InPieces,
    /// Piece by piece, each for good.
    ForGood,
}

/// A request that a door has read.
pub struct Request {
    /// Unique per principal.
    pub id: String,
    /// The router made the id up, so nobody can have used it before.
    pub id_is_fresh: bool,
    /// Who asks.
    pub principal: Principal,
    /// Model or alias; empty means the policy's default.
    pub alias: String,
    /// The content.
    pub prompt: Arc<Prompt>,
    /// What the caller wishes.
    pub hints: Hints,
    /// The conversation it belongs to, where the caller names one.
    pub session: Option<SessionDigest>,
    /// How urgent it is next to others of its tenant.
    pub priority: Priority,
    /// Arrival, by the router's clock.
    pub arrived: Duration,
    /// SHA-256 of the body without its id.
    pub digest: Digest,
    /// How long the request flies on when nobody listens any more.
    pub resume_window: Duration,
    /// How the answer is told.
    pub delivery: Delivery,
    /// Where the vectors go, where those are asked for. They are never kept.
    pub vectors: Option<Arc<OnceLock<Vec<Vec<f32>>>>>,
    /// The trace that it is a part of.
    pub trace: RequestTrace,
}

impl Request {
    /// Nobody can come back to its answer: its id is told with the last word.
    #[must_use]
    pub fn is_told_once(&self) -> bool {
        self.id_is_fresh && self.delivery == Delivery::Whole
    }

    /// The key under which records of this principal's requests are kept.
    #[must_use]
    pub fn principal_key(&self) -> String {
        principal_key(&self.principal)
    }
}

/// The key under which records of a principal's requests are kept.
#[must_use]
pub fn principal_key(principal: &Principal) -> String {
    [&*principal.tenant, "/", &*principal.application, "/", &*principal.user].concat()
}

/// A new request id: sortable by time.
#[must_use]
pub fn fresh_id() -> String {
    Uuid::now_v7().to_string()
}
