//! How a session can end, which decides what comes next.

use crate::error::WorkerError;
use littoral_proto::v1::Goodbye;
use std::time::Duration;

/// The end of a session.
#[derive(Debug)]
pub(crate) enum End {
    /// The worker was asked to end, and did.
    Done,
    /// The connection is gone, or the router said goodbye: dial again.
    Lost {
        /// What happened, for the log.
        why: String,
        /// Not before this long, by the router's wish.
        retry_after: Option<Duration>,
    },
    /// Dialling again cannot help.
    Fault(WorkerError),
}

impl End {
    pub(super) fn lost(why: impl Into<String>) -> Self {
        Self::Lost { why: why.into(), retry_after: None }
    }

    /// What happened, for the log.
    pub(super) fn why(self) -> String {
        match self {
            Self::Done => "it was asked to".to_owned(),
            Self::Lost { why, .. } => why,
            Self::Fault(fault) => fault.to_string(),
        }
    }

    /// The router at `router` ends the session; without a time to come back, for good.
    pub(super) fn goodbye(router: &str, goodbye: Goodbye) -> Self {
        match goodbye.retry_after_ms {
            Some(ms) => Self::Lost {
                why: format!("the router says goodbye: {}", goodbye.reason),
                retry_after: Some(Duration::from_millis(ms.into())),
            },
            None => {
                let (router, reason) = (router.to_owned(), goodbye.reason);
                Self::Fault(WorkerError::Refused { router, reason })
            }
        }
    }
}
