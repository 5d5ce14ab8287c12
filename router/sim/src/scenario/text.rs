//! Times and hours as people write them.

use std::time::Duration;

/// `"300ms"`, `"90s"`, `"20m"`, `"12h"`, `"60d"`, also with a point: `"1.5h"`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let units = [("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("d", 86_400.0)];
    units.into_iter().find_map(|(unit, seconds)| {
        let number: f64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        Duration::try_from_secs_f64(number * seconds).ok()
    })
}

/// `"07:30-18:00"` in hours; over midnight where the second is the earlier.
pub(super) fn hours(text: &str) -> Option<(f64, f64)> {
    let (from, to) = text.split_once('-')?;
    Some((hour(from)?, hour(to)?))
}

/// `"mon 07:00"` as minutes from Monday midnight.
pub(super) fn minute_of_week(text: &str) -> Option<u32> {
    let (day, time) = text.trim().split_once(' ')?;
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = days.into_iter().position(|name| name == day)?;
    Some(u32::try_from(day).ok()? * 1_440 + (hour(time)? * 60.0).round() as u32)
}

fn hour(text: &str) -> Option<f64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
    is_time.then(|| f64::from(hour) + f64::from(minute) / 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_unit_and_nothing_else_is() {
        assert_eq!(duration("300ms"), Some(Duration::from_millis(300)));
        assert_eq!(duration("1.5h"), Some(Duration::from_secs(5_400)));
        assert_eq!(duration(" 60d "), Some(Duration::from_secs(5_184_000)));
        for wrong in ["", "5", "m", "-1s", "nans", "1w"] {
            assert_eq!(duration(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn hours_may_pass_midnight_and_moments_are_minutes_of_the_week() {
        assert_eq!(hours("22:30-06:00"), Some((22.5, 6.0)));
        assert_eq!(hours("07:00-24:00"), Some((7.0, 24.0)));
        assert_eq!((hours("7-8"), hours("07:60-08:00"), hours("25:00-26:00")), (None, None, None));
        assert_eq!(minute_of_week("tue 00:30"), Some(1_470));
        assert_eq!(minute_of_week("Tue 00:30"), None);
    }
}
