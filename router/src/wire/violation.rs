//! What is wrong with a request, field by field. All of it is reported at once.

use std::fmt::Display;

/// One field that cannot be used as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field: `messages[2].parts[0].image.url`.
    pub path: String,
    /// Why, and what would be accepted. Never the content itself.
    pub reason: String,
}

/// Collects violations while a request is read.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes that `path` is wrong.
    pub fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Violation { path: path.into(), reason: reason.into() });
    }

    /// Notes that `path` is wrong unless `holds`. Neither is written as text where it does.
    pub fn require(&mut self, holds: bool, path: impl Display, reason: impl Display) {
        if !holds {
            self.add(path.to_string(), reason.to_string());
        }
    }

    /// The value, or everything that is wrong.
    ///
    /// # Errors
    /// All violations noted so far, if there are any.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<Violation>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}
