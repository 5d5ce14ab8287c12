//! A moment of the week as people write it: `sat 23:10`.

use crate::facts::LocalTime;

/// Days of the week from Monday; three letters are enough.
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Letters that tell the days apart.
const SHORT: usize = 3;

/// Reads a moment; none where it is no moment.
pub(super) fn parse(text: &str) -> Option<LocalTime> {
    let (day, clock) = text.trim().split_once(' ')?;
    let day = day.to_ascii_lowercase();
    let is_day = |name: &&str| **name == *day || name.get(..SHORT) == Some(day.as_str());
    let weekday = DAYS.iter().position(is_day)?;
    let (hour, minute) = clock.trim().split_once(':')?;
    let number = |text: &str, end: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| digits && *number < end)
    };
    let minute = number(hour, 24)? * 60 + number(minute, 60)?;
    Some(LocalTime { weekday: u8::try_from(weekday).ok()?, minute })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_a_day_and_a_clock() {
        let at = |weekday, minute| Some(LocalTime { weekday, minute });
        assert_eq!(parse("sat 23:10"), at(5, 1_390));
        assert_eq!(parse("Monday 00:00"), at(0, 0));
        for bad in [
            "sat",
            "23:10",
            "sat 24:00",
            "sat 9:10",
            "sat 09:60",
            "caturday 10:00",
            "s 10:00",
            "sat +1:10",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
