//! Resident memory of this process.
//!
//! What a model took does not come back by itself. glibc starts to serve blocks of up to 32 MB from
//! its heap once such a block was freed (mallopt(3), "dynamic mmap threshold"), and a heap shrinks
//! only from its end: of the 230 MB that loading SmolLM2-135M takes, 20 came back, with the arena of
//! ONNX Runtime or without. Asking glibc to trim gives back the rest.

use crate::foreign;

/// Bytes of memory this process holds in RAM now; `None` where the system has no `/proc`.
///
/// Linux, proc(5): the second number of `/proc/self/statm` counts resident pages, and the field
/// `VmRSS` of `/proc/self/status` says the same in kibibytes, which needs no page size.
pub fn resident_bytes() -> Option<u64> {
    status_bytes("VmRSS:")
}

/// The most bytes this process ever held in RAM; `None` where the system has no `/proc`.
pub fn peak_resident_bytes() -> Option<u64> {
    status_bytes("VmHWM:")
}

/// Gives memory that is free in this process back to the system. Takes milliseconds.
pub fn give_back() {
    foreign::trim_heap();
}

fn status_bytes(field: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_touched_allocation_is_resident() {
        let before = resident_bytes().expect("Linux has /proc");
        let touched = vec![1_u8; 64 << 20];
        let after = resident_bytes().expect("Linux has /proc");
        assert!(touched.iter().all(|&byte| byte == 1));
        assert!(after >= before + (32 << 20), "{before} -> {after}");
        assert!(peak_resident_bytes() >= Some(after));
    }
}
