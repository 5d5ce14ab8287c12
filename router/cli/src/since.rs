//! `--since` as people write it: `1d`, `2h 30m`, an RFC 3339 moment, or milliseconds since the Unix
//! epoch.

use crate::spans;
use jiff::Timestamp;
use std::time::Duration;

/// A moment that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// So long before now.
    Ago(Duration),
    /// At this moment, in milliseconds since the Unix epoch.
    At(u64),
}

impl Since {
    /// The moment in milliseconds since the Unix epoch, where `now_ms` is the present one.
    pub fn unix_ms(self, now_ms: u64) -> u64 {
        match self {
            Self::Ago(length) => now_ms.saturating_sub(spans::whole_ms(length)),
            Self::At(unix_ms) => unix_ms,
        }
    }
}

/// Reads a moment.
///
/// # Errors
/// One clause for the usage message.
pub fn parse(text: &str) -> Result<Since, String> {
    if let Ok(unix_ms) = text.parse() {
        return Ok(Since::At(unix_ms));
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        let before = || "is before 1970".to_owned();
        return u64::try_from(moment.as_millisecond()).map(Since::At).map_err(|_| before());
    }
    spans::parse(text).map(Since::Ago).map_err(|_| {
        "this is no moment; write how long ago, such as 1d or 12h, a moment such as \
         2026-11-26T08:00:00Z, or milliseconds since the Unix epoch"
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let now = 1_795_356_185_000;
        for (text, unix_ms) in [
            ("1d", now - 86_400_000),
            ("1h 30m", now - 5_400_000),
            ("2026-11-22T14:03:05Z", now),
            ("2026-11-22T15:03:05+01:00", now),
            ("1795356185000", now),
            ("0", 0),
        ] {
            assert_eq!(parse(text).map(|since| since.unix_ms(now)), Ok(unix_ms), "{text}");
        }
        assert_eq!(parse("9999d").unwrap().unix_ms(5), 0, "before the epoch is the epoch");
    }

    #[test]
    fn anything_else_is_refused_with_a_hint() {
        for text in ["", "yesterday", "-1d", "2026-11-22", "1969-01-01T00:00:00Z"] {
            let refused = parse(text).unwrap_err();
            assert!(
                refused.contains("such as 1d") || refused.contains("1970"),
                "{text}: {refused}"
            );
        }
    }
}
