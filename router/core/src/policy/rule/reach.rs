//! Whether a rule can reach one principal at all, whatever is asked, of whom and when.
//!
//! Only facts of the principal are at hand, and they do not change from request to request: one that
//! is unknown stays unknown. Every other fact may turn out either way. Conditions have no negation
//! left, so a condition can hold if it holds where each of those does.

use super::condition::{Condition, Test, Truth};
use super::value::Value;
use super::view::View;
use super::{Fact, Rule};
use crate::class::DataClass;
use crate::policy::FactName;

/// How far a rule reaches a principal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach {
    /// Its condition can be true: what it prefers, tags or permits can be granted.
    pub can_hold: bool,
    /// Its condition can be true or unknown: what it restricts can apply.
    pub can_restrict: bool,
    /// Its condition is true of every request of this principal.
    pub always_holds: bool,
    /// Facts of the principal that it asks for and nobody knows, where it cannot hold for want of them.
    pub unknown: Vec<FactName>,
}

impl Reach {
    /// Of a condition for the principal that `view` shows; nothing else of it is looked at.
    pub(super) fn of(condition: &Condition, view: &View<'_>) -> Self {
        let of_principal = |test: &Test| test.fact.name().starts_with("principal.");
        let value = |test: &Test| match of_principal(test) {
            true => test.fact.read(view),
            false => Value::Unknown,
        };
        let alone = |test: &Test| test.over(&value);
        let can_hold =
            condition.can_hold(&|test| !of_principal(test) || alone(test) == Truth::True);
        let can_restrict =
            condition.can_hold(&|test| !of_principal(test) || alone(test) != Truth::False);
        let mut unknown: Vec<FactName> = Vec::new();
        if can_restrict && !can_hold {
            condition.tests(&mut |test| {
                let name = FactName::from(test.fact);
                let missing = of_principal(test) && matches!(alone(test), Truth::Unknown(_));
                if missing && !unknown.contains(&name) {
                    unknown.push(name);
                }
            });
        }
        let always_holds = condition.over(&value) == Truth::True;
        Self { can_hold, can_restrict, always_holds, unknown }
    }
}

/// The facts of a principal of whom nothing is known: in no group, no administrator.
fn nobody<'a>(test: &Test) -> Value<'a> {
    match test.fact.name() {
        "principal.groups" => Value::Texts(&[]),
        "principal.administrator" => Value::Bool(false),
        _ => Value::Unknown,
    }
}

impl Fact {
    fn read<'a>(self, view: &View<'a>) -> Value<'a> {
        (self.0.read)(view)
    }
}

impl Rule {
    /// Whether its condition can be true of content of this class.
    pub(crate) fn can_hold_of(&self, class: DataClass) -> bool {
        let of_class = |test: &Test| test.fact.name() == "request.class";
        self.when.can_hold(&|test| {
            !of_class(test) || test.over(&|_| Value::Word(class as usize)) == Truth::True
        })
    }

    /// Whether its condition can be true of a principal of whom nothing is known.
    pub(crate) fn can_hold_for_anybody(&self) -> bool {
        let named = |test: &Test| {
            let name = test.fact.name();
            name.starts_with("principal.") && name != "principal.loopback"
        };
        self.when.can_hold(&|test| !named(test) || test.over(&nobody) == Truth::True)
    }

    /// How far it reaches the principal that `view` shows.
    pub(crate) fn reach(&self, view: &View<'_>) -> Reach {
        Reach::of(&self.when, view)
    }
}
