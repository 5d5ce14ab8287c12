//! Whether this machine has any way out at all, as far as the system says.

use std::path::Path;

/// The network interfaces of a Linux system.
const INTERFACES: &str = "/sys/class/net";

/// Whether an interface that is not the machine's own loop is up; unknown where the system does not say.
#[must_use]
pub fn any_is_up() -> Option<bool> {
    of(Path::new(INTERFACES))
}

fn of(folder: &Path) -> Option<bool> {
    let mut names = std::fs::read_dir(folder).ok()?.flatten();
    Some(names.any(|entry| {
        let state = std::fs::read_to_string(entry.path().join("operstate")).unwrap_or_default();
        // Tunnels and virtual interfaces are often "unknown" and work.
        entry.file_name() != "lo" && matches!(state.trim(), "up" | "unknown")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(interfaces: &[(&str, &str)]) -> Option<bool> {
        let folder = tempfile::tempdir().unwrap();
        for (name, state) in interfaces {
            let path = folder.path().join(name);
            std::fs::create_dir(&path).unwrap();
            std::fs::write(path.join("operstate"), format!("{state}\n")).unwrap();
        }
        of(folder.path())
    }

    #[test]
    fn only_an_interface_beside_the_loop_that_is_not_down_is_a_way_out() {
        assert_eq!(with(&[("lo", "unknown")]), Some(false));
        assert_eq!(with(&[("lo", "unknown"), ("eth0", "down")]), Some(false));
        assert_eq!(with(&[("eth0", "down"), ("wlan0", "up")]), Some(true));
        assert_eq!(with(&[("tun0", "unknown")]), Some(true));
        assert_eq!(of(Path::new("/nowhere")), None, "no such system");
    }
}
