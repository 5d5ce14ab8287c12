//! What may leave. Content is walked leaf by leaf, so that nothing is forgotten; a class is the
//! highest label found; and one function, [`gate::clear`], makes the only thing a cloud executor
//! takes.
//!
//! Where anything is unknown, the answer is no: a part without a label counts as `personal` and never
//! reaches a cloud, whatever the labels of the others say.

mod classify;
pub mod gate;
mod leaves;
mod needs;

pub use classify::classify;
pub use leaves::content_bytes;
pub use needs::needs;

#[cfg(test)]
mod tests;
