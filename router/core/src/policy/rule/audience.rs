//! For whom a rule is: tests in front of its condition, and its rank among rules that disagree.
//!
//! What `for` names is tested like any fact, so an asker of whom it is not known whether they are
//! meant is under the rule's restrictions, and has none of its preferences.

use super::condition::{Check, Comparison, Condition, Literal, Test};
use super::vocabulary::Fact;
use crate::policy::problem::Problems;
use crate::policy::raw::RawFor;
use serde::Serialize;

/// How narrow the circle is that a rule is for, narrowest first. The narrowest key that `for` names
/// decides; among rules of one rank the earlier one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// A group of people.
    Group,
    /// An application.
    Application,
    /// A kind of assistant.
    Profile,
    /// A kind of device.
    DeviceClass,
    /// An organisation.
    Tenant,
    /// Everybody.
    Global,
}

impl Rank {
    /// The key of `for` that it stands for; `global` without one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Application => "application",
            Self::Profile => "profile",
            Self::DeviceClass => "device_class",
            Self::Tenant => "tenant",
            Self::Global => "global",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(super) const fn is_global(&self) -> bool {
        matches!(self, Self::Global)
    }
}

/// The rank and the tests of `for`, in the order of the ranks.
pub(super) fn compile(raw: &RawFor, path: &str, problems: &mut Problems) -> (Rank, Vec<Condition>) {
    for (key, name) in
        [("group", &raw.group), ("application", &raw.application), ("tenant", &raw.tenant)]
    {
        let Some(name) = name else { continue };
        if name.trim().is_empty() {
            problems.add(format!("{path}.{key}"), "is empty: name one, or remove the key");
        } else if name.chars().any(char::is_control) {
            problems.add(format!("{path}.{key}"), "holds a control character: remove it");
        }
    }
    let is = |literal| Check::Compare(Comparison::Equal, literal);
    let text = |name: &String| is(Literal::Text(name.clone()));
    let holds = |group: &String| Check::Holds { text: group.clone(), inside: true };
    let written = [
        (Rank::Group, "principal.groups", raw.group.as_ref().map(holds)),
        (Rank::Application, "principal.application", raw.application.as_ref().map(text)),
        (
            Rank::Profile,
            "principal.profile",
            raw.profile.map(|profile| is(Literal::Word(profile as usize))),
        ),
        (
            Rank::DeviceClass,
            "principal.device_class",
            raw.device_class.map(|class| is(Literal::Word(class as usize))),
        ),
        (Rank::Tenant, "principal.tenant", raw.tenant.as_ref().map(text)),
    ];
    let mut rank = Rank::Global;
    let mut tests = Vec::new();
    for (key, fact, check) in written {
        if let (Some(fact), Some(check)) = (Fact::named(fact), check) {
            rank = rank.min(key);
            tests.push(Condition::Test(Test { fact, check }));
        }
    }
    if tests.is_empty() {
        problems.add(
            path,
            "names nobody: give it tenant, application, group, profile or device_class, or remove it",
        );
    }
    (rank, tests)
}
