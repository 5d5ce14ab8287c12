//! Which web pages may make their browsers ask.

use http::HeaderValue;
use std::collections::BTreeSet;

/// Origins of pages, beside those of this machine itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeSet<String>);

impl Origins {
    /// These origins, each like `https://app.example`.
    ///
    /// # Errors
    /// The first that is none.
    pub fn of(named: &[String]) -> Result<Self, String> {
        let is_origin = |text: &&String| {
            let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            host.is_some_and(|host| {
                let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
                !host.is_empty() && host.chars().all(allowed)
            })
        };
        match named.iter().find(|text| !is_origin(text)) {
            Some(other) => Err(other.clone()),
            None => Ok(Self(named.iter().map(|text| text.to_ascii_lowercase()).collect())),
        }
    }

    /// Whether pages of this origin may ask.
    #[must_use]
    pub fn lets_in(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        let origin = origin.to_ascii_lowercase();
        self.0.contains(&origin) || is_of_this_machine(&origin)
    }
}

/// A page that this very machine serves.
fn is_of_this_machine(origin: &str) -> bool {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    let host = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    });
    matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_machine_and_named_ones_may_ask_and_no_others() {
        let origins = Origins::of(&["https://App.example".into()]).unwrap();
        let lets_in = |origin: &str| origins.lets_in(&HeaderValue::from_str(origin).unwrap());
        for origin in
            ["https://app.example", "http://localhost:3000", "http://127.0.0.1", "http://[::1]:80"]
        {
            assert!(lets_in(origin), "{origin}");
        }
        for origin in [
            "null",
            "https://app.example.evil",
            "http://app.example",
            "http://localhost.evil",
            "http://localhost:3000.evil",
            "http://evil:127.0.0.1",
            "file://",
            "",
        ] {
            assert!(!lets_in(origin), "{origin}");
        }
        for bad in ["app.example", "https://", "https://a/b", "*"] {
            assert_eq!(Origins::of(&[bad.into()]), Err(bad.into()));
        }
    }
}
