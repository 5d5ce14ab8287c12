//! Days of the calendar, for numbers that begin with a date of birth.

/// Whether there is such a day. Months are 1 to 12.
pub(super) const fn day_exists(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    day >= 1 && day <= last
}

/// Whether there was such a day in the twentieth or the twenty-first century.
pub(super) const fn day_in_a_century(year: u32, month: u32, day: u32) -> bool {
    day_exists(1900 + year, month, day) || day_exists(2000 + year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_leap_years_have_the_last_day_of_february() {
        assert!(day_exists(2000, 2, 29) && day_exists(1996, 2, 29));
        assert!(!day_exists(1900, 2, 29) && !day_exists(2023, 2, 29));
        assert!(!day_exists(2023, 13, 1) && !day_exists(2023, 4, 31) && !day_exists(2023, 1, 0));
        assert!(day_in_a_century(0, 2, 29) && !day_in_a_century(1, 2, 29));
    }
}
