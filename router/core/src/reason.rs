//! The named reasons of errors, as clients see them in `ErrorInfo.reason`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a request failed. The set is part of the wire contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The class alone excluded every ready target, or egress is switched off.
    EgressDenied,
    /// No target has the needed abilities, whatever its state.
    NoCapableTarget,
    /// Targets exist, none is ready now; retry later.
    NoReadyTarget,
    /// Every queue is full; retry later.
    Shed,
    /// The model is being loaded; retry later.
    ModelLoading,
    /// A privacy detector failed, and what is unknown stays local.
    DetectorUnavailable,
    /// A money or token budget is used up.
    BudgetExceeded,
    /// Too many requests; retry later.
    RateLimited,
    /// Prompt and answer do not fit any target's context.
    ContextTooLong,
    /// The policy could not be loaded.
    PolicyInvalid,
    /// The router lost the request (restart); retry with a new id.
    RequestLost,
    /// A field of the request is malformed or contradicts another.
    InvalidRequest,
    /// Every attempt of the plan failed.
    AttemptsFailed,
    /// The deadline passed.
    DeadlineExceeded,
    /// The client went away or cancelled.
    Cancelled,
    /// The router is shutting down; retry elsewhere or later.
    ShuttingDown,
    /// Nobody knows who asks.
    Unauthenticated,
    /// Who asks may not ask for this.
    PermissionDenied,
    /// A fault of the router itself.
    Internal,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::EgressDenied,
        Self::NoCapableTarget,
        Self::NoReadyTarget,
        Self::Shed,
        Self::ModelLoading,
        Self::DetectorUnavailable,
        Self::BudgetExceeded,
        Self::RateLimited,
        Self::ContextTooLong,
        Self::PolicyInvalid,
        Self::RequestLost,
        Self::InvalidRequest,
        Self::AttemptsFailed,
        Self::DeadlineExceeded,
        Self::Cancelled,
        Self::ShuttingDown,
        Self::Unauthenticated,
        Self::PermissionDenied,
        Self::Internal,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EgressDenied => "EGRESS_DENIED",
            Self::NoCapableTarget => "NO_CAPABLE_TARGET",
            Self::NoReadyTarget => "NO_READY_TARGET",
            Self::Shed => "SHED",
            Self::ModelLoading => "MODEL_LOADING",
            Self::DetectorUnavailable => "DETECTOR_UNAVAILABLE",
            Self::BudgetExceeded => "BUDGET_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::ContextTooLong => "CONTEXT_TOO_LONG",
            Self::PolicyInvalid => "POLICY_INVALID",
            Self::RequestLost => "REQUEST_LOST",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::AttemptsFailed => "ATTEMPTS_FAILED",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::Cancelled => "CANCELLED",
            Self::ShuttingDown => "SHUTTING_DOWN",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::Internal => "INTERNAL",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
