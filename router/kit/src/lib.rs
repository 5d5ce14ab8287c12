//! Process plumbing shared by the binaries: configuration files, the home folder, shutdown, logs,
//! telemetry, tasks that wake themselves.
//! Nothing here knows what a prompt, a worker or a policy is.

pub mod again;
pub mod config;
pub mod home;
pub mod logs;
pub mod shutdown;
pub mod telemetry;
