//! Which kind of device a model is to run on.
//!
//! Asking is a wish. ONNX Runtime has the execution providers it was built or extended with, and the
//! machine the devices it has; where they do not meet, the model runs on the processor, and its card
//! says both what was asked for and what holds the graph's nodes.

use std::fmt;

use ort::device::Device;
use ort::session::builder::SessionBuilder;

use crate::error::EngineError;
use crate::runtime::{DeviceKind, Runtime, kind};

/// A kind of device to ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Accelerator {
    /// The general processor.
    #[default]
    Cpu,
    /// A graphics processor of any kind.
    Gpu,
    /// A processor made for neural networks.
    Npu,
}

impl Accelerator {
    /// The execution provider of the general processor.
    pub const PROCESSORS_PROVIDER: &str = "CPUExecutionProvider";

    /// Whether a device is of the kind asked for.
    fn is(self, kind: DeviceKind) -> bool {
        match self {
            Self::Cpu => kind == DeviceKind::Cpu,
            Self::Gpu => kind.is_gpu(),
            Self::Npu => kind == DeviceKind::Npu,
        }
    }

    /// Offers the graph to the devices of this kind; without one `builder` stays as it is.
    ///
    /// # Errors
    /// An execution provider refuses its device.
    pub(crate) fn append(
        self,
        builder: SessionBuilder,
        runtime: &Runtime,
    ) -> Result<SessionBuilder, EngineError> {
        if self == Self::Cpu {
            return Ok(builder);
        }
        let fits = |device: &Device<'_>| {
            let beyond = device.ep().is_ok_and(|name| name != Self::PROCESSORS_PROVIDER);
            beyond && self.is(kind(&device.hardware_device()))
        };
        let devices: Vec<Device<'_>> = runtime.environment().devices().filter(fits).collect();
        if devices.is_empty() {
            tracing::warn!(asked = %self, "no such accelerator here; the processor takes the model");
            return Ok(builder);
        }
        builder.with_devices(devices, None).map_err(EngineError::runtime("use the accelerator"))
    }
}

impl fmt::Display for Accelerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::Npu => "npu",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_of_any_kind_answers_the_wish_for_one() {
        use DeviceKind::{Cpu, DiscreteGpu, Gpu, IntegratedGpu, Npu};
        let answers = |asked: Accelerator| {
            let all = [Cpu, Gpu, IntegratedGpu, DiscreteGpu, Npu];
            all.into_iter().filter(|kind| asked.is(*kind)).collect::<Vec<_>>()
        };
        assert_eq!(answers(Accelerator::Cpu), [Cpu]);
        assert_eq!(answers(Accelerator::Gpu), [Gpu, IntegratedGpu, DiscreteGpu]);
        assert_eq!(answers(Accelerator::Npu), [Npu]);
    }
}
