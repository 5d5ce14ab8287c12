//! Numbers with their units, for people: short, and never more exact than they are useful.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Milliseconds: `0.42 ms`, `74 ms`, `1.42 s`, `2 min 5 s`, `3 h 12 min`, `29 d`.
pub fn time(ms: f64) -> String {
    if !ms.is_finite() || ms < 0.0 {
        return "unknown".into();
    }
    let seconds = ms / 1_000.0;
    match ms {
        _ if ms < 9.995 => format!("{ms:.2} ms"),
        _ if ms < 999.5 => format!("{ms:.0} ms"),
        _ if ms < 99_995.0 => format!("{seconds:.2} s"),
        _ if ms < 3_600_000.0 => {
            format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
        }
        _ if ms < 172_800_000.0 => {
            format!("{:.0} h {:.0} min", (seconds / 3_600.0).floor(), (seconds % 3_600.0) / 60.0)
        }
        _ => format!("{:.0} d", seconds / 86_400.0),
    }
}

/// Whole milliseconds, as [`time`].
pub fn time_ms(ms: u64) -> String {
    // A rounding of times beyond 285,000 years does not matter.
    #[expect(clippy::cast_precision_loss, reason = "shown to three digits")]
    time(ms as f64)
}

/// A count with separators: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes, to the last one: what left a machine is not rounded.
pub fn bytes(number: u64) -> String {
    format!("{} byte{}", count(number), if number == 1 { "" } else { "s" })
}

/// Bytes of storage or memory, rounded: `512 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..10_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

/// A price in millionths of a US dollar.
pub fn usd(micros: Option<u64>) -> String {
    match micros {
        None => "unknown".into(),
        Some(0) => "nothing".into(),
        Some(micros) => format!("{}.{:06} USD", micros / 1_000_000, micros % 1_000_000),
    }
}

/// Tokens a second; `-` where unknown.
pub fn rate(tokens_per_s: Option<f64>) -> String {
    match tokens_per_s {
        Some(rate) if rate >= 99.95 => format!("{rate:.0}"),
        Some(rate) => format!("{rate:.1}"),
        None => "-".into(),
    }
}

/// A moment in this machine's time zone: `2026-11-22 14:03:05 CET`.
pub fn moment(unix_ms: u64) -> String {
    in_zone(unix_ms, TimeZone::system(), "%Y-%m-%d %H:%M:%S %Z")
}

/// The day of a moment in this machine's time zone: `2026-11-22`.
pub fn day(unix_ms: u64) -> String {
    in_zone(unix_ms, TimeZone::system(), "%Y-%m-%d")
}

fn in_zone(unix_ms: u64, zone: TimeZone, format: &str) -> String {
    let moment = i64::try_from(unix_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    moment.map_or_else(|| "unknown".into(), |at| at.to_zoned(zone).strftime(format).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_carry_the_unit_that_fits() {
        let cases = [
            (0.42, "0.42 ms"),
            (74.4, "74 ms"),
            (999.4, "999 ms"),
            (999.6, "1.00 s"),
            (1_420.0, "1.42 s"),
            (125_000.0, "2 min 5 s"),
            (11_520_000.0, "3 h 12 min"),
            (2_592_000_000.0, "30 d"),
            (f64::NAN, "unknown"),
        ];
        for (ms, text) in cases {
            assert_eq!(time(ms), text, "{ms}");
        }
    }

    #[test]
    fn counts_and_money_are_exact() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(usd(Some(0)), "nothing");
        assert_eq!(usd(Some(1_000_123)), "1.000123 USD");
        assert_eq!(usd(None), "unknown");
    }

    #[test]
    fn moments_are_told_in_the_zone() {
        let text = in_zone(1_795_356_185_000, TimeZone::UTC, "%Y-%m-%d %H:%M:%S %Z");
        assert_eq!(text, "2026-11-22 14:03:05 UTC");
        assert_eq!(moment(u64::MAX), "unknown");
    }
}
