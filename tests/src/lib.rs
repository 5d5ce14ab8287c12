//! What the suite stands on: clusters in this process, and stand-ins for the world outside, which
//! misbehave on command and record what they were sent. They are library code, so that the slower
//! targets beside the suite use the very same ones.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a harness that cannot go on stops the test with a sentence; its tasks end with the test"
)]

pub mod ask;
pub mod cloud;
pub mod cluster;
pub mod collector;
pub mod crowd;
pub mod model;
pub mod process;
pub mod puppet;
pub mod relay;
pub mod scripted_engine;
pub mod seat;
pub mod serving;
pub mod web;
