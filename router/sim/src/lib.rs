//! A simulator: a policy is tried on a million requests before it touches one.
//!
//! A [`Scenario`] is a world: machines, clouds, people who ask, and what changes on the way. A [`Run`] plays
//! it under one policy from one seed, on a virtual clock around the very `decide`, `Flight`, breakers
//! and budgets that the live router runs; what comes out are [`Metrics`]. A [`comparison`] plays several
//! policies, and three baselines, on common random numbers, and makes one report of them.
//!
//! A [`replay`] needs no world: it decides the requests that a router recorded again, under another policy,
//! and sums up what would have come of them.
//!
//! Nothing here does I/O, reads a clock or draws an unnamed random number: the same scenario, policy and
//! seed give the same report, to the last byte.
//!
//! Reading order: [`scenario`] (what is simulated), `heap` and `draws` (time and chance), `machine` (one
//! machine), `world` (all of it, event by event), [`metrics`] (what is measured), [`comparison`], [`replay`],
//! [`fit`] (scenarios from what a router recorded).

pub mod comparison;
mod draws;
pub mod fit;
mod heap;
pub mod histogram;
mod machine;
pub mod metrics;
pub mod replay;
pub mod scenario;
pub mod trace;
mod world;

pub use machine::{Full, PacedMachine, Progress};
pub use metrics::Metrics;
pub use scenario::Scenario;
pub use world::{Breakage, Coming, Conserved, Outcome, Rule, Run};

#[cfg(test)]
mod tests;
