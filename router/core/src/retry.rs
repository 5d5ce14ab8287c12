//! Whether a failed call is tried again, when, and how much of the traffic may be repeats.
//!
//! A retry helps where a fault passes, and does harm where it does not: a provider that fails under
//! load fails more under the repeats of that load. So a retry needs three consents: the failure is one
//! that passes ([`Verdict`]), the deadline leaves time for a wait and an answer ([`Backoff`]), and
//! repeats stay a share of traffic ([`Allowance`]).
//!
//! How it is called: the executor names the [`Kind`] of each failure, from a status
//! ([`Kind::of_status`]), a provider's own word or a fault of the transport; [`Verdict::of`] reads any
//! [`crate::flight::event::Fault`]. The verdict feeds the [`crate::breaker`] and the rotation of keys.
//! The owner of flights asks the [`Shares`] before each call.

mod allowance;
mod backoff;
mod kind;
mod shares;
mod verdict;

pub use allowance::Allowance;
pub use backoff::Backoff;
pub use kind::Kind;
pub use shares::Shares;
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
