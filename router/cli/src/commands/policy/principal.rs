//! A principal on the command line: whose policy is asked for. Nothing of it is sent anywhere.

use clap::{Args, ValueEnum};
use littoral_core::device::DeviceClass;
use littoral_core::principal::Principal;

/// The principal; what is not named is as for the person at the router's machine.
#[derive(Debug, Default, Args)]
pub struct PrincipalFlags {
    /// Organisation [default: local]
    #[arg(long, value_name = "NAME", requires = "effective")]
    tenant: Option<String>,
    /// Application [default: local]
    #[arg(long, value_name = "NAME", requires = "effective")]
    application: Option<String>,
    /// Person or service account [default: local]
    #[arg(long, value_name = "NAME", requires = "effective")]
    user: Option<String>,
    /// Group that the user belongs to; repeat it for several
    #[arg(long = "group", value_name = "NAME", requires = "effective")]
    groups: Vec<String>,
    /// Owner name of the asker's devices [default: local]
    #[arg(long, value_name = "NAME", requires = "effective")]
    owner: Option<String>,
    /// Kind of the asker's own device [default: unknown]
    #[arg(long, value_enum, value_name = "CLASS", requires = "effective")]
    device_class: Option<DeviceClassFlag>,
    /// Somebody who asks over the network, and is no administrator
    #[arg(long, requires = "effective")]
    remote: bool,
}

/// `--device-class`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DeviceClassFlag {
    /// In a pocket, on battery for most of the day
    Phone,
    /// A desktop or a laptop
    Pc,
    /// Moves in and out of coverage
    Vehicle,
    /// Its battery also has to bring it home
    Robot,
    /// Stands in a rack or a cupboard, on mains
    #[value(alias = "edge_server")]
    EdgeServer,
}

impl From<DeviceClassFlag> for DeviceClass {
    fn from(flag: DeviceClassFlag) -> Self {
        match flag {
            DeviceClassFlag::Phone => Self::Phone,
            DeviceClassFlag::Pc => Self::Pc,
            DeviceClassFlag::Vehicle => Self::Vehicle,
            DeviceClassFlag::Robot => Self::Robot,
            DeviceClassFlag::EdgeServer => Self::EdgeServer,
        }
    }
}

impl PrincipalFlags {
    /// The principal.
    pub fn principal(&self) -> Principal {
        let usual = Principal::loopback();
        let named = |flag: &Option<String>, usual: String| flag.clone().unwrap_or(usual);
        let mut groups = self.groups.clone();
        groups.sort_unstable();
        groups.dedup();
        Principal {
            tenant: named(&self.tenant, usual.tenant),
            application: named(&self.application, usual.application),
            user: named(&self.user, usual.user),
            owner: named(&self.owner, usual.owner),
            groups,
            device_class: self.device_class.map(DeviceClass::from),
            loopback: !self.remote,
            administrator: !self.remote,
        }
    }

    #[cfg(test)]
    pub(super) fn of_groups(groups: &[&str]) -> Self {
        Self { groups: groups.iter().map(|&group| group.into()).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_device_has_a_flag_and_nothing_named_is_the_loopback_principal() {
        for class in DeviceClass::ALL {
            let flag = DeviceClassFlag::from_str(class.name(), false).unwrap();
            assert_eq!(DeviceClass::from(flag), class);
        }
        assert_eq!(PrincipalFlags::default().principal(), Principal::loopback());
        let groups = PrincipalFlags::of_groups(&["b", "a", "b"]).principal().groups;
        assert_eq!(groups, ["a", "b"]);
    }
}
