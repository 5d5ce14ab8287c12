//! The sections of a policy that look at devices, one entry for each kind of device.

use crate::device::DeviceClass;
use crate::policy::{DeviceFloors, Policy};
use serde::Serialize;

/// What a target device must have left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Floors {
    /// The kind of device; absent: one of which nobody said what it is.
    pub device_class: Option<DeviceClass>,
    /// What it must have left.
    #[serde(flatten)]
    pub floors: DeviceFloors,
}

/// Every kind of device, the unknown one first.
pub(super) fn floors(policy: &Policy) -> Vec<Floors> {
    let kinds = std::iter::once(None).chain(DeviceClass::ALL.into_iter().map(Some));
    kinds
        .map(|device_class| Floors { device_class, floors: *policy.floors(device_class) })
        .collect()
}
