//! The processor's own energy counters: Linux's power capping framework, `/sys/class/powercap`.
//!
//! Each package is a zone `intel-rapl:N` (AMD's processors use the same driver); its subzones
//! `intel-rapl:N:M` (cores, memory) are parts of it, `intel-rapl-mmio:N` is the same package seen
//! another way, and `psys` is the whole platform, so only packages count and each once. A counter goes
//! round at `max_energy_range_uj`. Since 2020 most systems let only root read them (CVE-2020-8694);
//! a machine of which one package cannot be read is a machine that does not tell.

use std::fs;
use std::path::{Path, PathBuf};

/// The packages of a machine. None at all is a machine that does not tell.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    packages: Vec<Package>,
    joules: f64,
}

#[derive(Debug)]
struct Package {
    energy: PathBuf,
    /// Where it goes round, in microjoules.
    range: u64,
    /// Its last reading, in microjoules.
    last: Option<u64>,
}

impl Counter {
    /// The packages under `root`, `/` except in tests.
    pub(crate) fn find(root: &Path) -> Self {
        let zones = fs::read_dir(root.join("sys/class/powercap")).into_iter().flatten().flatten();
        let packages = zones.filter_map(|zone| {
            let (name, folder) = (zone.file_name(), zone.path());
            let number = name.to_str()?.strip_prefix("intel-rapl:")?;
            let named = text(&folder.join("name"))?;
            (number.bytes().all(|byte| byte.is_ascii_digit()) && named.starts_with("package")).then(
                || Package {
                    range: number_in(&folder.join("max_energy_range_uj")).unwrap_or(u64::MAX),
                    energy: folder.join("energy_uj"),
                    last: None,
                },
            )
        });
        Self { packages: packages.collect(), joules: 0.0 }
    }

    /// Energy of all packages since the first reading, in joules.
    pub(crate) fn joules(&mut self) -> Option<f64> {
        if self.packages.is_empty() {
            return None;
        }
        let mut all_told = true;
        let mut microjoules = 0_u64;
        for package in &mut self.packages {
            let now = number_in(&package.energy);
            all_told &= now.is_some();
            if let Some((now, last)) = now.zip(package.last) {
                let grown = now.checked_sub(last);
                let grown =
                    grown.unwrap_or_else(|| (package.range - last.min(package.range)) + now);
                microjoules = microjoules.saturating_add(grown);
            }
            package.last = now;
        }
        #[expect(clippy::cast_precision_loss, reason = "exact below 9 GJ")]
        let joules = microjoules as f64 / 1e6;
        self.joules += joules;
        all_told.then_some(self.joules)
    }
}

fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

fn number_in(path: &Path) -> Option<u64> {
    text(path)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::tree;

    const ZONES: &str = "sys/class/powercap";

    fn package(number: &str, name: &str, energy: &str) -> Vec<(String, String)> {
        let file = |name: &str, text: &str| {
            (format!("{ZONES}/intel-rapl{number}/{name}"), format!("{text}\n"))
        };
        let range = file("max_energy_range_uj", "10000000");
        vec![file("name", name), file("energy_uj", energy), range]
    }

    fn machine(zones: &[(&str, &str, &str)]) -> tempfile::TempDir {
        let files: Vec<_> =
            zones.iter().flat_map(|(number, name, energy)| package(number, name, energy)).collect();
        let files: Vec<_> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        tree(&files)
    }

    #[test]
    fn packages_count_once_and_their_parts_and_the_platform_do_not() {
        let zones = [
            (":0", "package-0", "1000000"),
            (":0:0", "core", "1000000"),
            (":1", "package-1", "2000000"),
            ("-mmio:0", "package-0", "1000000"),
            (":2", "psys", "5000000"),
        ];
        let root = machine(&zones);
        let mut counter = Counter::find(root.path());
        assert_eq!(counter.joules(), Some(0.0));
        for (number, _, energy) in zones {
            let path = root.path().join(format!("{ZONES}/intel-rapl{number}/energy_uj"));
            fs::write(path, (energy.parse::<u64>().unwrap() + 500_000).to_string()).unwrap();
        }
        assert_eq!(counter.joules(), Some(1.0));
    }

    #[test]
    fn a_counter_that_goes_round_goes_on() {
        let root = machine(&[(":0", "package-0", "9500000")]);
        let mut counter = Counter::find(root.path());
        counter.joules();
        fs::write(root.path().join(ZONES).join("intel-rapl:0/energy_uj"), "250000\n").unwrap();
        assert_eq!(counter.joules(), Some(0.75));
    }

    #[test]
    fn a_counter_that_cannot_be_read_is_unknown() {
        let root = machine(&[(":0", "package-0", "1"), (":1", "package-1", "not for you")]);
        assert_eq!(Counter::find(root.path()).joules(), None);
        assert_eq!(Counter::find(Path::new("/nonexistent")).joules(), None);
    }
}
