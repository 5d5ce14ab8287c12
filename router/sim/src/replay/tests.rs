//! Replays of made-up requests: what is kept, what is predicted, and whether the figures can be believed.

mod believed;
mod figures;
mod kept;
mod memory;
mod requests;
