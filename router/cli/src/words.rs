//! The words for the wire's enumerations, and the flags that take them.

use clap::ValueEnum;
use littoral_proto::v1;

/// `--class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClassFlag {
    /// May be known by anyone
    Public,
    /// The organisation's own, harmless if seen
    Internal,
    /// About a person
    Personal,
    /// Secrets, credentials, health: stays on the device
    Restricted,
}

impl From<ClassFlag> for v1::DataClass {
    fn from(flag: ClassFlag) -> Self {
        match flag {
            ClassFlag::Public => Self::Public,
            ClassFlag::Internal => Self::Internal,
            ClassFlag::Personal => Self::Personal,
            ClassFlag::Restricted => Self::Restricted,
        }
    }
}

/// `--mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeFlag {
    /// As the policy says
    PolicyDefault,
    /// Your own device first
    PreferOnDevice,
    /// Your own device or nobody
    OnlyOnDevice,
    /// A shared machine of your organisation first
    PreferEdge,
    /// Devices and shared machines, never a cloud
    OnlyLocalNetwork,
    /// A cloud first, where the class allows it
    PreferInCloud,
    /// A cloud or nobody
    OnlyInCloud,
}

impl From<ModeFlag> for v1::Mode {
    fn from(flag: ModeFlag) -> Self {
        match flag {
            ModeFlag::PolicyDefault => Self::PolicyDefault,
            ModeFlag::PreferOnDevice => Self::PreferOnDevice,
            ModeFlag::OnlyOnDevice => Self::OnlyOnDevice,
            ModeFlag::PreferEdge => Self::PreferEdge,
            ModeFlag::OnlyLocalNetwork => Self::OnlyLocalNetwork,
            ModeFlag::PreferInCloud => Self::PreferInCloud,
            ModeFlag::OnlyInCloud => Self::OnlyInCloud,
        }
    }
}

/// A word out of the name of an enumeration's value: `TIER_DEVICE` is `device`.
fn word(name: &str, prefix: &str) -> String {
    match name.trim_start_matches(prefix) {
        "UNSPECIFIED" => "unknown".into(),
        name => name.to_ascii_lowercase().replace('_', " "),
    }
}

/// A tier.
pub fn tier(value: i32) -> String {
    v1::Tier::try_from(value)
        .map_or_else(|_| "unknown".into(), |tier| word(tier.as_str_name(), "TIER_"))
}

/// A class.
pub fn class(value: i32) -> String {
    match v1::DataClass::try_from(value) {
        Ok(v1::DataClass::Unspecified) => "unlabelled".into(),
        Ok(class) => word(class.as_str_name(), "DATA_CLASS_"),
        Err(_) => "unknown".into(),
    }
}

/// A mode.
pub fn mode(value: i32) -> String {
    match v1::Mode::try_from(value) {
        Ok(v1::Mode::Unspecified) => "policy default".into(),
        Ok(mode) => word(mode.as_str_name(), "MODE_"),
        Err(_) => "unknown".into(),
    }
}

/// A worker's status.
pub fn status(value: i32) -> String {
    let status = v1::WorkerStatus::try_from(value).unwrap_or_default();
    word(status.as_str_name(), "WORKER_STATUS_")
}

/// ONNX Runtime's name of an execution provider, shortened: `CPUExecutionProvider` is `CPU`.
pub fn execution_provider(name: &str) -> &str {
    name.strip_suffix("ExecutionProvider").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_words_and_unknown_ones_do_not_fail() {
        assert_eq!(tier(v1::Tier::Device.into()), "device");
        assert_eq!(tier(99), "unknown");
        assert_eq!(class(v1::DataClass::Restricted.into()), "restricted");
        assert_eq!(class(0), "unlabelled");
        assert_eq!(mode(v1::Mode::OnlyLocalNetwork.into()), "only local network");
        assert_eq!(mode(0), "policy default");
        assert_eq!(status(v1::WorkerStatus::Draining.into()), "draining");
        assert_eq!(execution_provider("CPUExecutionProvider"), "CPU");
    }

    #[test]
    fn every_flag_is_the_wires_value_of_the_same_name() {
        for flag in ModeFlag::value_variants() {
            let name = flag.to_possible_value().unwrap().get_name().replace('-', " ");
            assert_eq!(mode(v1::Mode::from(*flag).into()), name);
        }
        for flag in ClassFlag::value_variants() {
            let name = flag.to_possible_value().unwrap().get_name().to_owned();
            assert_eq!(class(v1::DataClass::from(*flag).into()), name);
        }
    }
}
