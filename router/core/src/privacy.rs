//! What may leave. Content is walked leaf by leaf, so that nothing is forgotten; detectors look at
//! every leaf in every form that it may be written in; a class is the highest of what callers say and what
//! was found; and one function, [`gate::clear`], makes the only thing a cloud executor takes.
//!
//! Where anything is unknown, the answer is no: a part without a label counts as `personal` until a scan
//! has seen all of it, and a scan that did not see everything clears nothing.
//!
//! From the outside in: [`Searcher::scan`] makes a [`Scanned`], [`class::of`] says under which class that
//! is decided, [`gate::clear`] asks again at each dispatch. Below: [`views`] (forms of a text),
//! [`detect`] (one pass for all patterns), [`entities`] (the tables).

mod at;
pub mod class;
mod classify;
pub mod detect;
mod digit;
pub mod entities;
mod family;
mod finding;
pub mod gate;
mod joined;
mod leaves;
mod needs;
mod resolve;
mod scanned;
mod searcher;
mod steps;
pub mod views;

pub use at::At;
pub use classify::classify;
pub use finding::{Finding, LIKELY, Spot, TextScan, both, view_name};
pub use leaves::content_bytes;
pub use needs::needs;
pub use scanned::{Scanned, ScannedText};
pub use searcher::{Searcher, kinds};

/// Version of the detectors, for receipts: it changes with any of their tables.
pub const DETECTORS: &str = "1";

#[cfg(test)]
mod tests;
