//! The two calls into C that no crate here wraps; the only unsafe code of the engine.
#![expect(unsafe_code, reason = "ort does not wrap device metadata, nor any crate malloc_trim")]

use std::ffi::CStr;

use ort::AsPointer;
use ort::device::HardwareDevice;

/// Whether a graphics processor has memory of its own; `None` where that is not told.
///
/// ONNX Runtime keeps it as metadata under the key `Discrete`, `0` or `1`: on Windows for every
/// graphics processor, on Linux where the maker makes no other kind.
pub fn discrete(device: &HardwareDevice<'_>) -> Option<bool> {
    let api = ort::api();
    // SAFETY: `device` keeps its pointer valid, and ONNX Runtime owns the pairs and the value for as
    // long as its environment lives, which `device` borrows; the key is a C string. Both results may
    // be null.
    let value = unsafe {
        let pairs = (api.HardwareDevice_Metadata)(device.ptr());
        if pairs.is_null() {
            return None;
        }
        let value = (api.GetKeyValue)(pairs, c"Discrete".as_ptr());
        if value.is_null() {
            return None;
        }
        CStr::from_ptr(value)
    };
    match value.to_bytes() {
        b"0" => Some(false),
        b"1" => Some(true),
        _ => None,
    }
}

/// Gives free memory of the C heap back to the system, in milliseconds. Nothing where the C library
/// is not glibc: others do so by themselves.
pub fn trim_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: malloc_trim(3) has no preconditions and may be called from any thread.
    let _released = unsafe { libc::malloc_trim(0) };
}
