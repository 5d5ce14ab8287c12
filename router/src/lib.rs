//! The I/O shell of the router: it lets requests in, asks the pure core what to do, and does it.
//!
//! Reading order: [`config`] (what it runs on), [`server`] (sockets and services), [`connection`] and
//! [`keys`] (who asks), [`ingress`] (the doors), [`pipeline`] (the life of a request), [`policy_keeper`] (the policy in force, read by
//! [`policy_files`]), [`policy_cases`] (what a policy is tested on), [`executors`] (who is asked to
//! answer), [`registry`] and [`worker_door`] (workers that dialled in), [`tls`] (certificates of both
//! sides), [`clouds`] (providers), [`prices`], [`rates`] and [`treasury`] (what they may cost), [`egress`]
//! (the switch that stops them all), [`detectors`] and [`analysis`] (what is in
//! content), [`store`] (what is remembered), [`telemetry`] (what is told),
//! [`wire`] (every translation).

pub mod analysis;
pub mod clock;
pub mod clouds;
pub mod config;
pub mod connection;
pub mod detectors;
pub mod egress;
pub mod executors;
pub mod ingress;
pub mod join_token;
pub mod keys;
pub mod pipeline;
pub mod policy_cases;
pub mod policy_files;
pub mod policy_keeper;
pub mod policy_replay;
pub mod prices;
pub mod rates;
pub mod registry;
pub mod retention;
mod secret_file;
pub mod server;
pub mod simulation;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod tokens;
pub mod treasury;
pub mod wire;
pub mod worker_door;
