//! Memory there is, and memory a new program could use, as the kernel reckons it.
//!
//! `MemAvailable` and not `MemFree`: page cache can be given back, and on a healthy machine almost
//! nothing is free.

use std::path::Path;

/// `MemAvailable` and `MemTotal` of a `/proc/meminfo`, in bytes.
pub(super) fn bytes(meminfo: &Path) -> (Option<u64>, Option<u64>) {
    let text = super::text(meminfo).unwrap_or_default();
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
        kibibytes.checked_mul(1024)
    };
    (field("MemAvailable:"), field("MemTotal:"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    #[test]
    fn memory_is_read_and_anything_else_is_absent() {
        let read = |text: &str| bytes(&tree(&[("meminfo", text)]).path().join("meminfo"));
        let both = "MemTotal: 5 kB\nMemFree: 1 kB\nMemAvailable:  3 kB\n";
        assert_eq!(read(both), (Some(3072), Some(5120)));
        assert_eq!(read("MemTotal: 5 kB\n"), (None, Some(5120)));
        assert_eq!(read("MemAvailable: lots kB\n"), (None, None));
        assert_eq!(read(&format!("MemAvailable: {} kB\n", u64::MAX)), (None, None));
    }
}
