//! Heat as a share of the limit, from `/sys/class/thermal`.
//!
//! Degrees alone say little: 80 °C is a calm accelerator and a burning phone. So each zone is
//! divided by its own lowest `hot` or `critical` trip point, and the worst zone counts. A zone
//! without such a trip point has no limit to be measured against and is left out.

use std::path::Path;

/// The hottest zone's temperature divided by its limit; not below 0, above 1 past the limit.
pub(super) fn hottest_fraction(folder: &Path) -> Option<f64> {
    super::folders(folder, "thermal_zone").iter().filter_map(|zone| fraction(zone)).reduce(f64::max)
}

fn fraction(zone: &Path) -> Option<f64> {
    let degrees = super::number(&zone.join("temp"))?;
    let limit = limit(zone)?;
    Some((degrees / limit).max(0.0))
}

fn limit(zone: &Path) -> Option<f64> {
    // The kernel allows at most 32 trip points a zone; they are numbered without gaps.
    (0..32)
        .map_while(|trip| {
            let kind = super::text(&zone.join(format!("trip_point_{trip}_type")))?;
            Some((trip, kind))
        })
        .filter(|(_, kind)| kind == "hot" || kind == "critical")
        .filter_map(|(trip, _)| super::number(&zone.join(format!("trip_point_{trip}_temp"))))
        .filter(|limit| *limit > 0.0)
        .reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    #[test]
    fn the_worst_zone_counts_against_its_own_limit() {
        let root = tree(&[
            ("thermal_zone0/temp", "50000"),
            ("thermal_zone0/trip_point_0_type", "critical"),
            ("thermal_zone0/trip_point_0_temp", "100000"),
            ("thermal_zone1/temp", "30000"),
            ("thermal_zone1/trip_point_0_type", "critical"),
            ("thermal_zone1/trip_point_0_temp", "40000"),
            ("cooling_device0/temp", "90000"),
        ]);
        assert_eq!(hottest_fraction(root.path()), Some(0.75));
    }

    #[test]
    fn of_several_limits_the_lowest_counts_and_a_passive_one_is_none() {
        let root = tree(&[
            ("thermal_zone0/temp", "50000"),
            ("thermal_zone0/trip_point_0_type", "passive"),
            ("thermal_zone0/trip_point_0_temp", "55000"),
            ("thermal_zone0/trip_point_1_type", "critical"),
            ("thermal_zone0/trip_point_1_temp", "110000"),
            ("thermal_zone0/trip_point_2_type", "hot"),
            ("thermal_zone0/trip_point_2_temp", "100000"),
        ]);
        assert_eq!(hottest_fraction(root.path()), Some(0.5));
    }

    #[test]
    fn a_zone_without_a_limit_or_a_reading_is_left_out() {
        let root = tree(&[
            ("thermal_zone0/temp", "99000"),
            ("thermal_zone1/trip_point_0_type", "critical"),
            ("thermal_zone1/trip_point_0_temp", "0"),
            ("thermal_zone1/temp", "40000"),
        ]);
        assert_eq!(hottest_fraction(root.path()), None);
    }
}
