//! Lengths of time as people write them: `30d`, `12h`, `90s`, `250ms`, `1h 30m`.

use jiff::{Span, SpanRelativeTo};
use std::time::Duration;

/// Reads a length of time. A day has 24 hours, a week seven days; months and years differ in length
/// and are refused.
///
/// # Errors
/// One clause for the usage message.
pub fn parse(text: &str) -> Result<Duration, String> {
    let hint = "write a number and a unit, for example 30d, 12h, 90s or 250ms";
    let span: Span = text.parse().map_err(|_| format!("this is no length of time; {hint}"))?;
    let exact = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| format!("months and years differ in length; {hint}"))?;
    let length = Duration::try_from(exact).map_err(|_| format!("must not be negative; {hint}"))?;
    if length.is_zero() { Err(format!("must be more than nothing; {hint}")) } else { Ok(length) }
}

/// Whole milliseconds of a length of time.
pub fn whole_ms(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_forms_are_read() {
        let cases = [("30d", 2_592_000_000), ("1w", 604_800_000), ("12h", 43_200_000)];
        let more = [("1h 30m", 5_400_000), ("90s", 90_000), ("250ms", 250)];
        for (text, ms) in cases.into_iter().chain(more) {
            assert_eq!(parse(text).map(whole_ms), Ok(ms), "{text}");
        }
    }

    #[test]
    fn what_has_no_fixed_or_no_positive_length_is_refused_with_a_hint() {
        for text in ["", "30", "soon", "1y", "2mo", "-5s", "5s ago", "0s", "9999999999999999999d"] {
            let refused = parse(text).unwrap_err();
            assert!(refused.contains("for example 30d"), "{text}: {refused}");
        }
    }
}
