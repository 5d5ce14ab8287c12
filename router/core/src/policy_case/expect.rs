//! What a case expects, checked.

use super::fleet::Part;
use super::raw::RawExpect;
use crate::plan::Gate;
use crate::policy::PolicyProblem;
use crate::reason::Reason;

/// What a case expects; something of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expected {
    pub outcome: Option<Outcome>,
    pub lost: Vec<(String, Loss)>,
    pub says: Vec<String>,
}

/// Who answers, or why nobody does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Route(Vec<String>),
    Refused(Reason),
}

/// How a part lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Loss {
    /// At this gate.
    At(Gate),
    /// For a reason that contains this.
    Because(String),
}

/// All gates, to find one by its name.
const GATES: [Gate; 21] = [
    Gate::Alias,
    Gate::Owner,
    Gate::Class,
    Gate::Mode,
    Gate::Tier,
    Gate::Rule,
    Gate::Capability,
    Gate::Context,
    Gate::Configured,
    Gate::Egress,
    Gate::Ready,
    Gate::Device,
    Gate::Queue,
    Gate::Breaker,
    Gate::Budget,
    Gate::Latency,
    Gate::Cost,
    Gate::Energy,
    Gate::Quality,
    Gate::Failover,
    Gate::PlanLength,
];

/// Checks the expectations of a case with these parts; `at` is the case's path.
pub(super) fn compile(
    raw: &RawExpect,
    parts: &[Part],
    at: &str,
    problems: &mut Vec<PolicyProblem>,
) -> Expected {
    let mut complain = |key: String, reason: String| {
        problems.push(PolicyProblem { path: format!("{at}.expect{key}"), offset: None, reason });
    };
    let known = |name: &String| parts.iter().any(|part| part.name == *name);
    let stranger = |name: &String| format!("{name:?} is not in the fleet of this case");
    if *raw == RawExpect::default() {
        let reason = "expects nothing: say route, refused, lost or says";
        complain(String::new(), reason.into());
    }
    for (index, name) in raw.route.iter().flatten().enumerate() {
        if !known(name) {
            complain(format!(".route[{index}]"), stranger(name));
        } else if raw.route.iter().flatten().take(index).any(|before| before == name) {
            complain(format!(".route[{index}]"), format!("{name:?} is tried once, not twice"));
        }
    }
    if raw.route.as_ref().is_some_and(Vec::is_empty) {
        let reason = "names nobody: where nobody is to answer, expect refused and its reason";
        complain(".route".into(), reason.into());
    }
    if raw.route.is_some() && raw.refused.is_some() {
        complain(".refused".into(), "contradicts route: drop one of the two".into());
    }
    for (name, why) in &raw.lost {
        if !known(name) {
            complain(format!(".lost.{name}"), stranger(name));
        } else if raw.route.iter().flatten().any(|tried| tried == name) {
            complain(format!(".lost.{name}"), "contradicts route: drop one of the two".into());
        } else if why.is_empty() {
            let reason = "is empty: name the gate, or a text of the reason";
            complain(format!(".lost.{name}"), reason.into());
        }
    }
    for (index, text) in raw.says.iter().enumerate().filter(|(_, text)| text.is_empty()) {
        complain(format!(".says[{index}]"), format!("{text:?} stands in every explanation"));
    }
    let loss = |why: &String| {
        let gate = GATES.into_iter().find(|gate| gate.name() == why);
        gate.map_or_else(|| Loss::Because(why.clone()), Loss::At)
    };
    Expected {
        outcome: match (&raw.route, raw.refused) {
            (Some(route), _) => Some(Outcome::Route(route.clone())),
            (None, Some(reason)) => Some(Outcome::Refused(reason)),
            (None, None) => None,
        },
        lost: raw.lost.iter().map(|(name, why)| (name.clone(), loss(why))).collect(),
        says: raw.says.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gates_are_all_there_in_their_order() {
        assert!(GATES.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(GATES.len(), Gate::PlanLength as usize + 1);
    }
}
