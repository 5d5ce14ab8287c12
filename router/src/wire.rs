//! Between the wire and the core: every translation of `littoral.v1` messages, in both directions.
//!
//! A translation either succeeds or says which field is wrong. Nothing is guessed: an enumeration
//! value this build does not know is an error, not a default.

pub mod assignment;
mod audio;
pub mod class;
pub mod decision;
pub mod embedding;
pub mod event;
pub mod facts;
pub mod policy;
pub mod privacy;
pub mod prompt;
pub mod record;
pub mod simulated;
pub mod status;
pub mod violation;
