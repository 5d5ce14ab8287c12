//! Memory a new program could use, as the kernel reckons it.
//!
//! `MemAvailable` and not `MemFree`: page cache can be given back, and on a healthy machine almost
//! nothing is free.

use std::path::Path;

/// `MemAvailable` of a `/proc/meminfo`, in bytes.
pub(super) fn available_bytes(meminfo: &Path) -> Option<u64> {
    let text = super::text(meminfo)?;
    let value = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    #[test]
    fn available_memory_is_read_and_anything_else_is_absent() {
        let read = |text: &str| available_bytes(&tree(&[("meminfo", text)]).path().join("meminfo"));
        assert_eq!(read("MemFree: 1 kB\nMemAvailable:  3 kB\n"), Some(3072));
        assert_eq!(read("MemFree: 1 kB\n"), None);
        assert_eq!(read("MemAvailable: lots kB\n"), None);
        assert_eq!(read(&format!("MemAvailable: {} kB\n", u64::MAX)), None);
    }
}
