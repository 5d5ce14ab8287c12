//! A simulator of the fleet: a virtual clock around the very `decide` that the live router runs.
//!
//! A [`Scenario`] holds a policy, a fleet as the router sees it, one kind of request and how often it
//! comes. [`run`] plays it from a seed and returns a [`Report`]: who answered how many, how long
//! people waited, what it cost. Nothing here does I/O or reads a clock; the same scenario gives the
//! same report.
//!
//! What it models: arrivals at random moments (Poisson), the router's view of every queue, exact and
//! at once; workers that serve each slot at the fixed rates of their view, with a bounded queue; clouds
//! that answer after their prior and never queue.
//!
//! What it does not model yet: failures, failover and the flight machine (only the first attempt of a
//! plan is played); slots that slow each other down (the prediction assumes that they do, so with
//! several slots the modelled worker is faster than predicted); cold loads; batteries that drain and
//! devices that throttle; late heartbeats; networks; arrivals from traces; more than one kind of
//! request. Until those exist its figures compare policies, they do not forecast a fleet.

mod draws;
mod heap;
mod report;
mod scenario;
mod world;

pub use report::{Quantiles, Report, TierReport};
pub use scenario::{AnswerLength, Scenario};
pub use world::run;

#[cfg(test)]
mod tests;
