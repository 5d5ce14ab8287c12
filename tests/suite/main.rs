//! The one suite: every test that needs more than one crate, in one binary so that it links once.
#![allow(clippy::disallowed_methods, reason = "tasks of a test end with its runtime")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod benign;
mod canaries;
mod chaos;
mod clouds;
mod commands;
mod dialects;
mod doors;
mod doors_clients;
mod egress;
mod failures;
mod fleet;
mod http;
mod kill_switch;
mod leaks;
mod main_job;
mod misbehaviour;
mod money;
mod network;
mod official_clients;
mod policies;
mod policy_diff;
mod policy_reload;
mod policy_simulated;
mod processes;
mod python;
mod python_client;
mod receipts;
mod records;
mod resume;
mod scans;
mod scripted_cloud;
mod simulate;
mod sounds;
mod tables;
mod telemetry;
mod tidy;
mod trust;
mod wire;
