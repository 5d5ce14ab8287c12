//! The fleet: thousands of workers, those that sleep, those that lie.

mod affinity;
mod certificates;
mod hostile;
mod residency;
mod scale;
