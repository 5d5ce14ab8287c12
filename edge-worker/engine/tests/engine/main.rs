//! The engine on real models: SmolLM2 against another engine's output, three tiny decoders against
//! numpy, and how generations start, share, stop and fail.
//!
//! The models come from provisioning, as they would for a user.
#![cfg(test)]

mod accelerators;
mod embedding;
mod fixtures;
mod folders;
mod forms;
mod generation;
mod held;
mod interplay;
mod limits;
mod reference;
mod tiny;
mod tools;
