//! How long a provider asks to be left alone.
//!
//! `Retry-After` comes as seconds or as a date (RFC 9110, section 10.2.3); OpenAI adds
//! `retry-after-ms`. A date is counted from the answer's own `Date` where there is one, so that a
//! wrong clock on either side does no harm.

use http::{HeaderMap, header};
use std::time::{Duration, SystemTime};

/// Longest wait that is passed on: an absurd value must not shut a target out for ever.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait that an answer asks for, in milliseconds, or `None` if it asks for none that can be
/// understood. `now` is the router's own wall clock.
pub(super) fn retry_after_ms(headers: &HeaderMap, now: SystemTime) -> Option<u64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| *number >= 0.0);
    let date = |text: &str| httpdate::parse_http_date(text).ok();

    if let Some(milliseconds) = text("retry-after-ms").and_then(number) {
        return Some(whole_ms(milliseconds));
    }
    let wait = text(header::RETRY_AFTER.as_str())?;
    if let Some(seconds) = number(wait) {
        return Some(whole_ms(seconds * 1000.0));
    }
    let until = date(wait)?;
    let since = text(header::DATE.as_str()).and_then(date).unwrap_or(now);
    let wait = until.duration_since(since).unwrap_or_default();
    Some(whole_ms(wait.as_secs_f64() * 1000.0))
}

/// Rounds up, up to the longest wait.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped to 0 and the longest wait first"
)]
fn whole_ms(milliseconds: f64) -> u64 {
    milliseconds.clamp(0.0, LONGEST.as_secs_f64() * 1000.0).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wait(headers: &[(&'static str, &str)]) -> Option<u64> {
        let pairs = headers
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        // Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        retry_after_ms(&pairs.collect(), now)
    }

    #[test]
    fn seconds_are_understood_with_and_without_a_fraction() {
        assert_eq!(wait(&[("retry-after", "20")]), Some(20_000));
        assert_eq!(wait(&[("retry-after", "0.0015")]), Some(2));
        assert_eq!(wait(&[("retry-after", "0")]), Some(0));
    }

    #[test]
    fn milliseconds_are_more_exact_and_win() {
        assert_eq!(wait(&[("retry-after", "1"), ("retry-after-ms", "312")]), Some(312));
    }

    #[test]
    fn all_three_date_forms_are_understood() {
        for date in [
            "Sun, 06 Nov 1994 08:50:07 GMT",
            "Sunday, 06-Nov-94 08:50:07 GMT",
            "Sun Nov  6 08:50:07 1994",
        ] {
            assert_eq!(wait(&[("retry-after", date)]), Some(30_000), "{date}");
        }
    }

    #[test]
    fn a_date_counts_from_the_answers_own_date() {
        let answer = [
            ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"),
            ("date", "Sun, 06 Nov 1994 08:50:02 GMT"),
        ];
        assert_eq!(wait(&answer), Some(5_000));
    }

    #[test]
    fn a_date_in_the_past_means_now_and_a_far_one_a_day() {
        assert_eq!(wait(&[("retry-after", "Sat, 05 Nov 1994 08:49:37 GMT")]), Some(0));
        assert_eq!(wait(&[("retry-after", "Mon, 06 Nov 2034 08:49:37 GMT")]), Some(86_400_000));
        assert_eq!(wait(&[("retry-after", "1e300")]), Some(86_400_000));
    }

    #[test]
    fn nothing_and_nonsense_mean_nothing() {
        assert_eq!(wait(&[]), None);
        for nonsense in ["soon", "-5", "NaN", ""] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(text in "[ -~]{0,40}") {
            let waited = wait(&[("retry-after", &text), ("date", &text)]);
            prop_assert!(waited.is_none_or(|ms| ms <= 86_400_000));
        }
    }
}
