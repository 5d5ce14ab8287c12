//! The devices that models can run on.
//!
//! ONNX Runtime looks for devices once a process, the system tells them at any time. So the list is
//! the runtime's, without those graphics and neural processors that the system listed at the start
//! and no longer lists: what was unplugged runs nothing. What is plugged in later can be used after a
//! restart and is not told before. Of what the system never listed, the runtime's word stands.

use littoral_engine::hardware::Hardware;
use littoral_engine::{DeviceInfo, DeviceKind};
use littoral_proto::v1::Accelerator;

/// The runtime's `devices` without those that were among `first` and are not among what the system
/// lists `now`.
pub(super) fn of(
    devices: Vec<DeviceInfo>,
    first: &[Hardware],
    now: &[Hardware],
) -> Vec<Accelerator> {
    let listed = |device: &DeviceInfo, among: &[Hardware]| alike(device, among).next().is_some();
    let there = |device: &DeviceInfo| !listed(device, first) || listed(device, now);
    devices.into_iter().filter(there).map(|device| accelerator(device, now)).collect()
}

fn accelerator(device: DeviceInfo, system: &[Hardware]) -> Accelerator {
    let integrated = match device.kind {
        DeviceKind::IntegratedGpu => Some(true),
        DeviceKind::DiscreteGpu => Some(false),
        _ => None,
    };
    // Two alike, one inside and one outside, cannot be told apart.
    let mut places = alike(&device, system).map(|hardware| hardware.external);
    let first = places.next().flatten();
    let external = first.filter(|first| places.all(|place| place == Some(*first)));
    Accelerator {
        kind: kind(device.kind).to_owned(),
        vendor: device.vendor.unwrap_or_default(),
        execution_provider: device.execution_provider,
        integrated,
        external,
    }
}

/// What the system lists of the device's kind and maker. The runtime names makers and the system
/// numbers them; a maker unknown here is taken for any.
fn alike<'a>(
    device: &DeviceInfo,
    system: &'a [Hardware],
) -> impl Iterator<Item = &'a Hardware> + use<'a> {
    let (wanted, number) = (device.kind, device.vendor.as_deref().and_then(vendor_id));
    system.iter().filter(move |hardware| {
        let maker =
            number.is_none() || hardware.vendor_id.is_none() || hardware.vendor_id == number;
        kind(hardware.kind) == kind(wanted) && maker
    })
}

/// PCI numbers of makers (PCI-SIG).
fn vendor_id(name: &str) -> Option<u32> {
    let name = name.to_ascii_lowercase();
    let known =
        [("nvidia", 0x10de), ("intel", 0x8086), ("amd", 0x1002), ("advanced micro", 0x1002)];
    known.iter().find(|(maker, _)| name.contains(maker)).map(|(_, number)| *number)
}

fn kind(kind: DeviceKind) -> &'static str {
    match kind {
        kind if kind.is_gpu() => "gpu",
        DeviceKind::Npu => "npu",
        _ => "cpu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(kind: DeviceKind, vendor: &str) -> DeviceInfo {
        let execution_provider = "AnyExecutionProvider".to_owned();
        DeviceInfo { execution_provider, kind, vendor: Some(vendor.to_owned()) }
    }

    fn listed(name: &str, kind: DeviceKind, vendor_id: u32, external: Option<bool>) -> Hardware {
        Hardware { name: name.to_owned(), kind, vendor_id: Some(vendor_id), external }
    }

    #[test]
    fn a_device_that_was_unplugged_is_no_longer_told_and_the_processor_always_is() {
        let devices = || {
            vec![
                device(DeviceKind::Cpu, "Intel"),
                device(DeviceKind::IntegratedGpu, "Intel"),
                device(DeviceKind::DiscreteGpu, "NVIDIA"),
            ]
        };
        let inside = listed("card0", DeviceKind::IntegratedGpu, 0x8086, Some(false));
        let outside = listed("card1", DeviceKind::DiscreteGpu, 0x10de, Some(true));
        let told = |system: &[Hardware]| {
            let one = |it: Accelerator| (it.kind, it.vendor, it.integrated, it.external);
            let first = [inside.clone(), outside.clone()];
            of(devices(), &first, system).into_iter().map(one).collect::<Vec<_>>()
        };
        let cpu = ("cpu".to_owned(), "Intel".to_owned(), None, None);
        let integrated = ("gpu".to_owned(), "Intel".to_owned(), Some(true), Some(false));
        let card = ("gpu".to_owned(), "NVIDIA".to_owned(), Some(false), Some(true));
        assert_eq!(
            told(&[inside.clone(), outside.clone()]),
            [cpu.clone(), integrated.clone(), card]
        );
        assert_eq!(told(std::slice::from_ref(&inside)), [cpu, integrated]);
    }

    #[test]
    fn where_the_system_never_told_the_runtimes_word_stands_and_the_place_is_unknown() {
        let told = of(vec![device(DeviceKind::Gpu, "Qualcomm")], &[], &[]);
        assert_eq!((told.len(), told[0].integrated, told[0].external), (1, None, None));
    }

    #[test]
    fn two_alike_in_different_places_leave_the_place_unknown() {
        let system = [Some(true), Some(false)]
            .map(|external| listed("card0", DeviceKind::DiscreteGpu, 0x10de, external));
        let told = of(vec![device(DeviceKind::DiscreteGpu, "NVIDIA")], &system, &system);
        assert_eq!(told[0].external, None);
    }
}
