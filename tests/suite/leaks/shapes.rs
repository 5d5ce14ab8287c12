//! Where and how a secret may stand in a request: every field that carries content, the ways of splitting it
//! over fields, the ways of writing its characters, the usual encodings, and what may stand around it.
//!
//! A shape makes one request that is harmless but for the secret, so that whatever the gate does is about
//! the secret. The caller says what label it carries: a gate must not believe a label, and must not need
//! one. Where a shape makes no sense for a secret (digits of another script for a value without digits),
//! there is no request.
//!
//! [`readable`] is the other half: it tells whether captured bytes hold the secret in any of these shapes.
//! Its tests show that it finds every request here, or the leak test could be blind.

mod characters;
mod encodings;
mod fields;
mod glyphs;
mod readable;
mod requests;
mod schemas;
mod splits;
mod surroundings;
#[cfg(test)]
mod tests;

pub use readable::readable;

use super::kinds::Secret;
use littoral_proto::v1;

/// A way of putting a secret into a request.
#[derive(Debug)]
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Whether even a good gate may be excused for missing it.
    pub hard: bool,
    make: Make,
}

#[derive(Debug)]
enum Make {
    /// The text of a user's message.
    Text(fn(&Secret) -> Option<String>),
    /// A whole request.
    Request(fn(&Secret) -> Option<v1::ChatRequest>),
}

impl Shape {
    const fn text(name: &'static str, make: fn(&Secret) -> Option<String>) -> Self {
        Self { name, hard: false, make: Make::Text(make) }
    }

    const fn request(name: &'static str, make: fn(&Secret) -> Option<v1::ChatRequest>) -> Self {
        Self { name, hard: false, make: Make::Request(make) }
    }

    const fn hard(self) -> Self {
        Self { hard: true, ..self }
    }

    /// The request, where this shape makes sense for this secret. Every part, message and hint carries the
    /// label; `Unspecified` leaves all of them without.
    #[must_use]
    pub fn plant(&self, secret: &Secret, label: v1::DataClass) -> Option<v1::ChatRequest> {
        let request = match self.make {
            Make::Text(make) => requests::user(&make(secret)?),
            Make::Request(make) => make(secret)?,
        };
        Some(requests::labelled(request, label))
    }
}

/// All shapes.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    let tables: [&'static [Shape]; 6] = [
        fields::SHAPES,
        schemas::SHAPES,
        splits::SHAPES,
        characters::SHAPES,
        encodings::SHAPES,
        surroundings::SHAPES,
    ];
    tables.into_iter().flatten()
}
