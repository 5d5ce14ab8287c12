//! Counts of tokens as providers tell them.
//!
//! What an answer cost is told beside it, often after its last word. A count that is none (negative, a
//! word, a fraction) makes the cost unknown, as a missing one does; it does not make a good answer a bad
//! one.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A whole number of tokens; `None` for anything else that stands in its place.
pub(in crate::executors::cloud) fn count<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u32>, D::Error> {
    let told = Value::deserialize(deserializer)?;
    Ok(told.as_u64().and_then(|tokens| u32::try_from(tokens).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_whole_number_and_everything_else_is_none() {
        for (json, expected) in [
            ("0", Some(0)),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("-1", None),
            ("1.5", None),
            ("\"7\"", None),
            ("null", None),
            ("{}", None),
        ] {
            assert_eq!(count(&mut serde_json::Deserializer::from_str(json)).unwrap(), expected);
        }
    }
}
