//! The simulator against what is known of queues, against conservation, and against itself.

mod alike;
mod breakages;
mod coming;
mod conservation;
pub(crate) mod faults;
mod problems;
mod queues;
mod same;
mod traces;
pub(crate) mod worlds;
