//! The accelerators of this machine as the system lists them now.
//!
//! ONNX Runtime looks for devices once a process, so what is plugged in or switched off later does
//! not show there. Linux tells at any time: graphics processors in `/sys/class/drm`, neural ones in
//! `/sys/class/accel`, with their PCI identity (the kernel's `Documentation/ABI`). A worker compares
//! two lists; a device that is new can be used after a restart. Elsewhere the list is empty.

use std::fs;
use std::path::{Path, PathBuf};

use crate::runtime::DeviceKind;

/// An accelerator that the system knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hardware {
    /// The driver's name for it, such as `card0` or `accel0`.
    pub name: String,
    /// What it is. A graphics processor is called integrated or discrete only where its maker and
    /// place tell.
    pub kind: DeviceKind,
    /// The PCI number of its maker, such as 0x10de; `None` where it is no PCI device.
    pub vendor_id: Option<u32>,
    /// Whether it is outside the machine's case and can be unplugged; `None` where that is not told.
    pub external: Option<bool>,
}

const NVIDIA: u32 = 0x10de;
const INTEL: u32 = 0x8086;

/// Lists the accelerators, sorted by name. Reads a few small files; can be asked again and again.
pub fn list() -> Vec<Hardware> {
    list_under(Path::new("/sys/class"))
}

fn list_under(classes: &Path) -> Vec<Hardware> {
    let (graphics, neural) = (classes.join("drm"), classes.join("accel"));
    let (graphics, neural) = (devices(&graphics, "card"), devices(&neural, "accel"));
    let mut all: Vec<Hardware> = graphics
        .map(|(name, device)| describe(name, &device, graphics_kind))
        .chain(neural.map(|(name, device)| describe(name, &device, |_, _, _| DeviceKind::Npu)))
        .collect();
    all.sort();
    all
}

/// The entries `name` and a number; others are connectors and render nodes of the same devices.
fn devices(class: &Path, name: &'static str) -> impl Iterator<Item = (String, PathBuf)> {
    let entries = fs::read_dir(class).into_iter().flatten().flatten();
    entries.filter_map(move |entry| {
        let found = entry.file_name().into_string().ok()?;
        let number = found.strip_prefix(name)?;
        let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| (found, entry.path().join("device")))
    })
}

fn describe(
    name: String,
    device: &Path,
    kind: impl Fn(Option<u32>, Option<bool>, &str) -> DeviceKind,
) -> Hardware {
    let read = |file: &str| fs::read_to_string(device.join(file)).ok();
    let vendor_id = read("vendor")
        .and_then(|text| u32::from_str_radix(text.trim().trim_start_matches("0x"), 16).ok());
    let external = read("removable").and_then(|text| match text.trim() {
        "removable" => Some(true),
        "fixed" => Some(false),
        _ => None,
    });
    let address = fs::canonicalize(device).unwrap_or_default();
    let address = address.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let kind = kind(vendor_id, external, address);
    Hardware { name, kind, vendor_id, external }
}

/// NVIDIA makes no integrated ones for PCI, what can be unplugged is not integrated, and Intel's
/// integrated ones sit at 00:02.0. Others' places tell nothing.
fn graphics_kind(vendor: Option<u32>, external: Option<bool>, address: &str) -> DeviceKind {
    match vendor {
        _ if external == Some(true) => DeviceKind::DiscreteGpu,
        Some(NVIDIA) => DeviceKind::DiscreteGpu,
        Some(INTEL) if address.ends_with(":00:02.0") => DeviceKind::IntegratedGpu,
        Some(INTEL) => DeviceKind::DiscreteGpu,
        _ => DeviceKind::Gpu,
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A device at a PCI address with files, and the class entry that points to it.
    fn plug(root: &Path, class: &str, name: &str, address: &str, files: &[(&str, &str)]) {
        let device = root.join("devices").join(address);
        fs::create_dir_all(&device).expect("made");
        for (file, text) in files {
            fs::write(device.join(file), format!("{text}\n")).expect("written");
        }
        let entry = root.join(class).join(name);
        fs::create_dir_all(&entry).expect("made");
        symlink(&device, entry.join("device")).expect("linked");
    }

    #[test]
    fn what_is_plugged_in_shows_in_the_next_list_with_its_kind() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        assert_eq!(list_under(root), []);
        plug(root, "drm", "card0", "0000:00:02.0", &[("vendor", "0x8086"), ("removable", "fixed")]);
        fs::create_dir_all(root.join("drm/card0-HDMI-A-1")).expect("made");
        fs::create_dir_all(root.join("drm/renderD128")).expect("made");
        let first = list_under(root);
        plug(
            root,
            "drm",
            "card1",
            "0000:3e:00.0",
            &[("vendor", "0x1002"), ("removable", "removable")],
        );
        plug(root, "drm", "card2", "0000:05:00.0", &[("vendor", "0x1002")]);
        plug(root, "accel", "accel0", "0000:00:0b.0", &[("vendor", "0x8086")]);
        let second = list_under(root);
        assert_ne!(first, second);
        let told = |hardware: &Hardware| (hardware.name.clone(), hardware.kind, hardware.external);
        assert_eq!(
            second.iter().map(told).collect::<Vec<_>>(),
            [
                ("accel0".into(), DeviceKind::Npu, None),
                ("card0".into(), DeviceKind::IntegratedGpu, Some(false)),
                ("card1".into(), DeviceKind::DiscreteGpu, Some(true)),
                ("card2".into(), DeviceKind::Gpu, None),
            ]
        );
        assert_eq!(second[3].vendor_id, Some(0x1002));
    }

    #[test]
    fn makers_and_places_tell_some_kinds_apart() {
        let kind = |vendor, address| graphics_kind(Some(vendor), None, address);
        assert_eq!(kind(NVIDIA, "0000:01:00.0"), DeviceKind::DiscreteGpu);
        assert_eq!(kind(INTEL, "0000:03:00.0"), DeviceKind::DiscreteGpu);
        assert_eq!(kind(INTEL, "0000:00:02.0"), DeviceKind::IntegratedGpu);
        assert_eq!(graphics_kind(None, None, ""), DeviceKind::Gpu);
    }
}
