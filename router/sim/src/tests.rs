//! The simulator against what is known of queues, against conservation, and against itself.

mod breakages;
mod conservation;
mod faults;
mod problems;
mod queues;
mod same;
mod traces;
pub(crate) mod worlds;
