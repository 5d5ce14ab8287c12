//! Executors carry one dispatch to its target and tell the flight what happens.

pub mod cloud;
pub mod edge;
pub mod vectors;
