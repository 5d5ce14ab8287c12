//! Whether the way out costs money.
//!
//! Network managers know what their user said of each network, but have no file for it. What files
//! tell is the kind of the interface that the default route leaves by: a modem's is taken for metered,
//! which is an estimate. Of any other kind nothing is known; a shared phone looks like an office.

use std::path::Path;

/// Names that modem drivers give their interfaces.
const MODEMS: [&str; 4] = ["wwan", "rmnet", "ppp", "ccmni"];

/// Whether the default route leaves by a modem; `None` where it does not or there is none.
pub(super) fn leaves_by_a_modem(root: &Path) -> Option<bool> {
    let routes = super::text(&root.join("proc/net/route"))?;
    let interface = routes.lines().skip(1).filter_map(default_route).min()?.1;
    let uevent = super::text(&root.join("sys/class/net").join(interface).join("uevent"));
    let said = uevent.is_some_and(|text| text.lines().any(|line| line == "DEVTYPE=wwan"));
    let named = MODEMS.iter().any(|modem| interface.starts_with(modem));
    (said || named).then_some(true)
}

/// Metric and interface of a route to everywhere, in the format of `/proc/net/route`.
fn default_route(line: &str) -> Option<(u32, &str)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [interface, to, _gateway, _flags, _references, _used, metric, mask, ..] = fields[..] else {
        return None;
    };
    let everywhere = to == "00000000" && mask == "00000000";
    everywhere.then_some((metric.parse().ok()?, interface))
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    const HEAD: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\n";

    fn metered(routes: &[(&str, &str, u32)], files: &[(&str, &str)]) -> Option<bool> {
        let line = |(interface, to, metric): &(&str, &str, u32)| {
            format!("{interface}\t{to}\t0100A8C0\t0003\t0\t0\t{metric}\t{to}\t0\n")
        };
        let routes: String = routes.iter().map(line).collect();
        let routes = format!("{HEAD}{routes}");
        let mut all = vec![("proc/net/route", routes.as_str())];
        all.extend(files);
        leaves_by_a_modem(tree(&all).path())
    }

    #[test]
    fn the_preferred_default_route_decides_and_only_a_modem_is_known() {
        assert_eq!(metered(&[("wwan0", "00000000", 100)], &[]), Some(true));
        assert_eq!(metered(&[("wwan0", "00000000", 600), ("eth0", "00000000", 100)], &[]), None);
        assert_eq!(metered(&[("wwan0", "0000FFFF", 0), ("eth0", "00000000", 100)], &[]), None);
        let named_otherwise = [("sys/class/net/mobile/uevent", "DEVTYPE=wwan\nINTERFACE=mobile\n")];
        assert_eq!(metered(&[("mobile", "00000000", 100)], &named_otherwise), Some(true));
        assert_eq!(metered(&[], &[]), None);
    }
}
