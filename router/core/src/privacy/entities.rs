//! The tables: what is looked for, by the part of the world that it comes from.
//!
//! A row is a kind with its patterns, its check digits, the words that are written near it, and where all
//! that is published. Nothing here searches; see [`super::detect`].

use super::detect::Detector;

pub(crate) mod americas;
pub(crate) mod asia;
pub(crate) mod credentials;
pub(crate) mod europe_rest;
pub(crate) mod europe_west;
pub(crate) mod general;

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Detector> {
    [
        general::TABLES,
        credentials::TABLES,
        europe_west::TABLES,
        europe_rest::TABLES,
        asia::TABLES,
        americas::TABLES,
    ]
    .into_iter()
    .flatten()
    .flat_map(|table| table.iter())
}
