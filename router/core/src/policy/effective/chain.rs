//! Who wins where rules prefer different things: for each wish, the rules in the order in which they
//! are asked. The first one whose condition is true has it.

use crate::policy::rule::Reach;
use crate::policy::{Rule, Wish};
use serde::Serialize;
use std::sync::Arc;

/// Who has one wish.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// What is wished.
    pub wish: Wish,
    /// Rules that may set it. The first wins where its condition is true, else the next. A rule behind
    /// one that always holds is not named: it never wins.
    pub rules: Vec<Arc<str>>,
    /// The last of the rules always holds, so that the policy's sections never have a say.
    pub settled: bool,
}

/// All wishes, over the rules that can apply in the order of precedence.
pub(super) fn choices(rules: &[(&Rule, Reach)]) -> Vec<Choice> {
    Wish::ALL.map(|wish| choice(wish, rules)).into()
}

fn choice(wish: Wish, rules: &[(&Rule, Reach)]) -> Choice {
    let mut choice = Choice { wish, rules: Vec::new(), settled: false };
    let setting =
        rules.iter().filter(|(rule, reach)| reach.can_hold && rule.effects().prefers.sets(wish));
    for (rule, reach) in setting {
        choice.rules.push(Arc::clone(rule.name()));
        if reach.always_holds {
            choice.settled = true;
            break;
        }
    }
    choice
}
