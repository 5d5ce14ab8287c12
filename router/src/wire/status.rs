//! Named reasons as gRPC status: one mapping for every door.

use super::violation::Violation;
use littoral_core::flight::action::Failure;
use littoral_core::plan::Refusal;
use littoral_core::reason::Reason;
use std::collections::HashMap;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// Domain of every `ErrorInfo` of ours.
pub const DOMAIN: &str = "littoral";

/// The gRPC code of a reason.
#[must_use]
pub fn code(reason: Reason) -> Code {
    match reason {
        Reason::EgressDenied | Reason::PermissionDenied => Code::PermissionDenied,
        Reason::Unauthenticated => Code::Unauthenticated,
        Reason::NoCapableTarget | Reason::ContextTooLong | Reason::PolicyInvalid => {
            Code::FailedPrecondition
        }
        Reason::NoReadyTarget
        | Reason::ModelLoading
        | Reason::DetectorUnavailable
        | Reason::AttemptsFailed
        | Reason::ShuttingDown => Code::Unavailable,
        Reason::Shed | Reason::BudgetExceeded | Reason::RateLimited => Code::ResourceExhausted,
        Reason::RequestLost => Code::Aborted,
        Reason::InvalidRequest => Code::InvalidArgument,
        Reason::DeadlineExceeded => Code::DeadlineExceeded,
        Reason::Cancelled => Code::Cancelled,
        Reason::Internal => Code::Internal,
    }
}

/// A status with its `ErrorInfo`, and a `RetryInfo` where a retry makes sense.
#[must_use]
pub fn status(
    reason: Reason,
    message: &str,
    retry_after_ms: Option<u64>,
    request_id: &str,
) -> Status {
    let metadata = HashMap::from([("request_id".to_owned(), request_id.to_owned())]);
    let mut details = ErrorDetails::with_error_info(reason.name(), DOMAIN, metadata);
    if let Some(after_ms) = retry_after_ms {
        details.set_retry_info(Some(Duration::from_millis(after_ms)));
    }
    Status::with_error_details(code(reason), message, details)
}

/// The status of a plan that could not be made.
#[must_use]
pub fn refused(refusal: &Refusal, request_id: &str) -> Status {
    status(refusal.reason, &refusal.message, refusal.retry_after_ms, request_id)
}

/// The status of a flight that failed.
#[must_use]
pub fn failed(failure: &Failure, request_id: &str) -> Status {
    status(failure.reason, &failure.message, failure.retry_after_ms, request_id)
}

/// The status of a malformed request: every field that is wrong.
#[must_use]
pub fn invalid(violations: &[Violation]) -> Status {
    let list: Vec<String> =
        violations.iter().map(|bad| format!("{}: {}", bad.path, bad.reason)).collect();
    let fields = violations
        .iter()
        .map(|bad| FieldViolation::new(bad.path.clone(), bad.reason.clone()))
        .collect::<Vec<_>>();
    let mut details = ErrorDetails::with_error_info(
        Reason::InvalidRequest.name(),
        DOMAIN,
        HashMap::<String, String>::new(),
    );
    details.set_bad_request(fields);
    Status::with_error_details(Code::InvalidArgument, list.join("; "), details)
}
