//! Periods are those of the calendar.

use super::super::period::Utc;
use super::*;
use proptest::prelude::*;

fn span(period: Period, unix_ms: u64) -> (String, String) {
    let span = period.around(unix_ms);
    (Utc(span.start_unix_ms).to_string(), Utc(span.end_unix_ms).to_string())
}

#[test]
fn a_moment_is_read_as_on_a_calendar() {
    for (unix_ms, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_399_000, "2000-02-28T23:59:59Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        (NOON, "2026-01-15T12:00:00Z"),
    ] {
        assert_eq!(Utc(unix_ms).to_string(), text);
    }
}

#[test]
fn periods_begin_and_end_where_people_say_they_do() {
    let at = NOON + 83_001;
    for (period, start, end) in [
        (Period::Minute, "2026-01-15T12:01:00Z", "2026-01-15T12:02:00Z"),
        (Period::Hour, "2026-01-15T12:00:00Z", "2026-01-15T13:00:00Z"),
        (Period::Day, "2026-01-15T00:00:00Z", "2026-01-16T00:00:00Z"),
        (Period::Week, "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z"),
        (Period::Month, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
    ] {
        assert_eq!(span(period, at), (start.to_owned(), end.to_owned()));
    }
    let leap_day = 1_709_164_800_000;
    assert_eq!(span(Period::Month, leap_day).1, "2024-03-01T00:00:00Z");
    let new_years_eve = 1_798_761_599_999;
    assert_eq!(span(Period::Month, new_years_eve).1, "2027-01-01T00:00:00Z");
}

proptest! {
    /// Periods hold their moments, and follow each other without a gap.
    #[test]
    fn every_moment_is_in_one_period(unix_ms in DAY_MS * 7..1 << 50) {
        for period in [Period::Minute, Period::Hour, Period::Day, Period::Week, Period::Month] {
            let span = period.around(unix_ms);
            prop_assert!(span.start_unix_ms <= unix_ms && unix_ms < span.end_unix_ms);
            prop_assert_eq!(period.around(span.start_unix_ms), span);
            prop_assert_eq!(period.around(span.end_unix_ms - 1), span);
            prop_assert_eq!(period.around(span.end_unix_ms).start_unix_ms, span.end_unix_ms);
        }
    }

    #[test]
    fn any_number_is_some_moment(unix_ms in any::<u64>()) {
        for period in [Period::Minute, Period::Hour, Period::Day, Period::Week, Period::Month] {
            prop_assert!(period.around(unix_ms).start_unix_ms <= unix_ms);
        }
        prop_assert!(!Utc(unix_ms).to_string().is_empty());
    }
}
