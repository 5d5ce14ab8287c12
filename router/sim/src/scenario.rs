//! What is simulated: machines, clouds, the people who ask, and what changes on the way.
//!
//! This is the compiled form. [`raw`] is the file as written and [`compile`] makes the one of the other,
//! with every problem told at once. Policies are no part of it: a scenario is the world that several
//! policies are tried in.

pub mod assertion;
mod compile;
mod fields;
mod parts;
pub mod raw;
mod shrink;
mod text;

pub use assertion::Assertion;
pub use compile::compile;
pub use parts::{
    Arrivals, Battery, Change, Cloud, Effect, Latency, Length, Machines, Network, Request, Thermal,
};
pub use raw::RawScenario;

use crate::trace::Trace;
use littoral_core::budget::Budget;
use std::sync::Arc;
use std::time::Duration;

/// A world that policies are tried in.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name for people.
    pub name: String,
    /// What it is about, in a sentence or two.
    pub about: String,
    /// Path of the policy that is tried where nobody names another, from the scenario's file.
    pub policy: String,
    /// Minute of the week at which it begins; 0 is Monday midnight.
    pub start_minute: u32,
    /// How long requests come. Those that are on their way then are still answered.
    pub lasts: Duration,
    /// Most requests that come; unbounded where absent.
    pub most_requests: Option<u64>,
    /// Seeds: one run of every policy for each.
    pub seeds: Vec<u64>,
    /// When requests come.
    pub arrivals: Arrivals,
    /// What requests are like; shares add up to 1.
    pub requests: Vec<Request>,
    /// People who ask and have no machine of their own in the fleet.
    pub askers: u32,
    /// Groups of machines.
    pub machines: Vec<Machines>,
    /// Models of clouds.
    pub clouds: Vec<Cloud>,
    /// Budgets, as the router holds them.
    pub budgets: Vec<Budget>,
    /// What changes on the way, by moment.
    pub changes: Vec<Change>,
    /// What must hold of every policy that is compared.
    pub assertions: Vec<Assertion>,
    /// Recorded requests, where arrivals or lengths come from some.
    pub trace: Option<Arc<Trace>>,
}

impl Scenario {
    /// People who ask: owners of machines, and those without.
    #[must_use]
    pub fn people(&self) -> usize {
        let owned = self.machines.iter().filter(|group| group.owned);
        owned.map(|group| group.count as usize).sum::<usize>() + self.askers as usize
    }
}
