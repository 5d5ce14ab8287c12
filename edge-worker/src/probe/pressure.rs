//! Pressure stall information: how long tasks waited for what the machine lacks.
//!
//! Linux since 4.20, `/proc/pressure/*` (Documentation/accounting/psi.rst): `some avg10` is the share
//! of the last ten seconds in which at least one task waited, in percent.

use std::path::Path;

/// `some avg10` of a pressure file, 0 to 1.
pub(super) fn some_avg10(file: &Path) -> Option<f64> {
    let text = super::text(file)?;
    let some = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let percent = some.split_whitespace().find_map(|field| field.strip_prefix("avg10="))?;
    let share = percent.parse::<f64>().ok()? / 100.0;
    (0.0..=1.0).contains(&share).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    #[test]
    fn the_share_of_some_waiting_is_read_and_anything_else_is_absent() {
        let read = |text: &str| some_avg10(&tree(&[("memory", text)]).path().join("memory"));
        let full = "full avg10=50.00 avg60=0.00 avg300=0.00 total=1\n";
        let some = "some avg10=12.50 avg60=1.00 avg300=0.20 total=9\n";
        assert_eq!(read(&format!("{full}{some}")), Some(0.125));
        assert_eq!(read(full), None);
        assert_eq!(read("some avg10=much avg60=0\n"), None);
        assert_eq!(some_avg10(Path::new("/nonexistent")), None);
    }
}
