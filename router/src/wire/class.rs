//! The small enumerations: classes, tiers, modes, finish reasons, channels.

use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{Extent, Mode};
use littoral_core::flight::event::{Channel, Finish};
use littoral_proto::v1;

/// A label from the wire; `None` is "not said".
///
/// # Errors
/// The number, if this build does not know it.
pub fn label(value: i32) -> Result<Option<DataClass>, i32> {
    match v1::DataClass::try_from(value).map_err(|_| value)? {
        v1::DataClass::Unspecified => Ok(None),
        v1::DataClass::Public => Ok(Some(DataClass::Public)),
        v1::DataClass::Internal => Ok(Some(DataClass::Internal)),
        v1::DataClass::Personal => Ok(Some(DataClass::Personal)),
        v1::DataClass::Restricted => Ok(Some(DataClass::Restricted)),
    }
}

/// A class for the wire.
#[must_use]
pub fn data_class(class: DataClass) -> v1::DataClass {
    match class {
        DataClass::Public => v1::DataClass::Public,
        DataClass::Internal => v1::DataClass::Internal,
        DataClass::Personal => v1::DataClass::Personal,
        DataClass::Restricted => v1::DataClass::Restricted,
    }
}

/// How far a scan got, for the wire.
#[must_use]
pub fn extent(extent: Extent) -> v1::ScanExtent {
    match extent {
        Extent::NotScanned => v1::ScanExtent::Unspecified,
        Extent::Whole => v1::ScanExtent::Whole,
        Extent::Unsure => v1::ScanExtent::Unsure,
        Extent::Truncated => v1::ScanExtent::Truncated,
        Extent::Unavailable => v1::ScanExtent::Unavailable,
    }
}

/// How far a scan got, from the wire.
///
/// # Errors
/// The number, if this build does not know it.
pub fn read_extent(value: i32) -> Result<Extent, i32> {
    Ok(match v1::ScanExtent::try_from(value).map_err(|_| value)? {
        v1::ScanExtent::Unspecified => Extent::NotScanned,
        v1::ScanExtent::Whole => Extent::Whole,
        v1::ScanExtent::Unsure => Extent::Unsure,
        v1::ScanExtent::Truncated => Extent::Truncated,
        v1::ScanExtent::Unavailable => Extent::Unavailable,
    })
}

/// A tier for the wire.
#[must_use]
pub fn tier(tier: Tier) -> v1::Tier {
    match tier {
        Tier::Device => v1::Tier::Device,
        Tier::Edge => v1::Tier::Edge,
        Tier::Cloud => v1::Tier::Cloud,
    }
}

/// A mode from the wire.
///
/// # Errors
/// The number, if this build does not know it.
pub fn mode(value: i32) -> Result<Mode, i32> {
    Ok(match v1::Mode::try_from(value).map_err(|_| value)? {
        v1::Mode::Unspecified | v1::Mode::PolicyDefault => Mode::PolicyDefault,
        v1::Mode::PreferOnDevice => Mode::PreferOnDevice,
        v1::Mode::OnlyOnDevice => Mode::OnlyOnDevice,
        v1::Mode::PreferEdge => Mode::PreferEdge,
        v1::Mode::OnlyLocalNetwork => Mode::OnlyLocalNetwork,
        v1::Mode::PreferInCloud => Mode::PreferInCloud,
        v1::Mode::OnlyInCloud => Mode::OnlyInCloud,
    })
}

/// A mode for the wire.
#[must_use]
pub fn wire_mode(mode: Mode) -> v1::Mode {
    match mode {
        Mode::PolicyDefault => v1::Mode::PolicyDefault,
        Mode::PreferOnDevice => v1::Mode::PreferOnDevice,
        Mode::OnlyOnDevice => v1::Mode::OnlyOnDevice,
        Mode::PreferEdge => v1::Mode::PreferEdge,
        Mode::OnlyLocalNetwork => v1::Mode::OnlyLocalNetwork,
        Mode::PreferInCloud => v1::Mode::PreferInCloud,
        Mode::OnlyInCloud => v1::Mode::OnlyInCloud,
    }
}

/// A finish reason for the wire.
#[must_use]
pub fn finish(finish: Finish) -> v1::FinishReason {
    match finish {
        Finish::Stop => v1::FinishReason::Stop,
        Finish::Length => v1::FinishReason::Length,
        Finish::ToolCalls => v1::FinishReason::ToolCalls,
        Finish::ContentFilter => v1::FinishReason::ContentFilter,
    }
}

/// A finish reason from a worker; `None` where it said nothing this build knows.
#[must_use]
pub fn finish_from(value: i32) -> Option<Finish> {
    match v1::FinishReason::try_from(value).ok()? {
        v1::FinishReason::Unspecified => None,
        v1::FinishReason::Stop => Some(Finish::Stop),
        v1::FinishReason::Length => Some(Finish::Length),
        v1::FinishReason::ToolCalls => Some(Finish::ToolCalls),
        v1::FinishReason::ContentFilter => Some(Finish::ContentFilter),
    }
}

/// A channel for the wire.
#[must_use]
pub fn channel(channel: Channel) -> v1::Channel {
    match channel {
        Channel::Content => v1::Channel::Content,
        Channel::Reasoning => v1::Channel::Reasoning,
        Channel::Refusal => v1::Channel::Refusal,
    }
}

/// A channel from a worker; `None` where it said nothing this build knows.
#[must_use]
pub fn channel_from(value: i32) -> Option<Channel> {
    match v1::Channel::try_from(value).ok()? {
        v1::Channel::Unspecified => None,
        v1::Channel::Content => Some(Channel::Content),
        v1::Channel::Reasoning => Some(Channel::Reasoning),
        v1::Channel::Refusal => Some(Channel::Refusal),
    }
}
