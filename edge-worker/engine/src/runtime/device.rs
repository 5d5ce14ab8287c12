//! The devices that models could run on.

use ort::device::{Device, HardwareDevice};
use ort::memory::DeviceType;

use super::Runtime;
use crate::foreign;

/// A device ONNX Runtime can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInfo {
    /// The execution provider that would use it, such as `CPUExecutionProvider`.
    pub execution_provider: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its maker, where the system tells.
    pub vendor: Option<String>,
}

/// The kind of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DeviceKind {
    /// A general processor.
    Cpu,
    /// A graphics processor of which the system does not tell more.
    Gpu,
    /// A graphics processor that shares the memory of the general one.
    IntegratedGpu,
    /// A graphics processor with memory of its own.
    DiscreteGpu,
    /// A processor made for neural networks.
    Npu,
}

impl DeviceKind {
    /// Whether it is a graphics processor of any kind.
    pub fn is_gpu(self) -> bool {
        matches!(self, Self::Gpu | Self::IntegratedGpu | Self::DiscreteGpu)
    }

    fn of(device: DeviceType, discrete: Option<bool>) -> Self {
        match (device, discrete) {
            (DeviceType::GPU, None) => Self::Gpu,
            (DeviceType::GPU, Some(false)) => Self::IntegratedGpu,
            (DeviceType::GPU, Some(true)) => Self::DiscreteGpu,
            (DeviceType::NPU, _) => Self::Npu,
            _ => Self::Cpu,
        }
    }
}

impl Runtime {
    /// The devices ONNX Runtime found when it was loaded, one entry for each execution provider that
    /// can use one. It looks once a process and takes them for fixed (`core/platform/device_discovery`
    /// in its source): what is plugged in later shows in [`crate::hardware::list`] and can be used
    /// after a restart.
    pub fn devices(&self) -> Vec<DeviceInfo> {
        let describe = |device: Device<'_>| {
            let hardware = device.hardware_device();
            let vendor = hardware.vendor().ok().filter(|vendor| !vendor.is_empty());
            DeviceInfo {
                execution_provider: device.ep().unwrap_or("unknown").to_owned(),
                kind: kind(&hardware),
                vendor: vendor.map(str::to_owned),
            }
        };
        self.environment().devices().map(describe).collect()
    }
}

/// What a device is.
pub(crate) fn kind(hardware: &HardwareDevice<'_>) -> DeviceKind {
    DeviceKind::of(hardware.ty(), foreign::discrete(hardware))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_is_integrated_or_discrete_only_where_that_is_told() {
        let kinds =
            [None, Some(false), Some(true)].map(|told| DeviceKind::of(DeviceType::GPU, told));
        assert_eq!(kinds, [DeviceKind::Gpu, DeviceKind::IntegratedGpu, DeviceKind::DiscreteGpu]);
        assert_eq!(DeviceKind::of(DeviceType::CPU, Some(true)), DeviceKind::Cpu);
        assert_eq!(DeviceKind::of(DeviceType::NPU, None), DeviceKind::Npu);
    }
}
