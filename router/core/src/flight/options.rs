//! What a flight may do, set by policy, hints and the door the request came through.

use std::time::Duration;

/// Permissions and bounds of one flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlightOptions {
    /// Another attempt may go on when one fails: the policy allows it and the caller did not forbid
    /// it. False means exactly one dispatch, not even a retry of the same target.
    pub failover: bool,
    /// The client can be told that the text so far is void. False on doors that cannot unsay text
    /// (server-sent events in OpenAI's form).
    pub can_reset: bool,
    /// Most bytes of an epoch's text that are kept for another target to continue. A longer answer
    /// streams on, but cannot be continued by another target any more.
    pub prefix_bytes_limit: usize,
    /// Most attempts that may join the plan while the flight runs ([`super::Flight::revise`]).
    pub more_attempts_limit: usize,
    /// Draws the waits between two tries of the same target.
    pub seed: u64,
    /// Time since the request arrived: its content was looked into, and it waited for a place. It counts
    /// against the deadline and not against the first target.
    pub waited: Duration,
}

impl FlightOptions {
    /// Bytes of an answer kept by default: 65,536 tokens at four bytes each, more than the output
    /// limit of the models in common use; 1,000 flights hold at most 256 MiB of it.
    pub const PREFIX_BYTES_LIMIT: usize = 256 * 1024;
}

impl Default for FlightOptions {
    fn default() -> Self {
        Self {
            failover: true,
            can_reset: true,
            prefix_bytes_limit: Self::PREFIX_BYTES_LIMIT,
            more_attempts_limit: 4,
            seed: 0,
            waited: Duration::ZERO,
        }
    }
}
