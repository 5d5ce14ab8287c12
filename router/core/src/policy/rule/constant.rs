//! Conditions that come out the same whatever the facts are: always a mistake of their author.
//!
//! Each comparison sets one fact against literals, so a fact's values fall into a few regions between
//! its literals, and one value of each region stands for all of it. Trying every combination decides
//! the matter exactly, `x > 5 && x < 3` included. A condition with too many combinations to try at
//! load is let through: the check finds slips, it guards nothing.

use super::condition::{Check, Condition, Literal, Truth};
use super::value::Value;
use super::vocabulary::{Fact, Kind};

/// Combinations that are tried, each a walk over the tree.
const COMBINATIONS: usize = 4_096;

/// What the condition always is; `None` where it depends on the facts, or there is too much to try.
pub(super) fn always(condition: &Condition) -> Option<bool> {
    let axes = axes(condition);
    let combinations = axes.iter().try_fold(1_usize, |product, (_, points)| {
        product.checked_mul(points.len()).filter(|product| *product <= COMBINATIONS)
    })?;
    let mut seen = None;
    for combination in 0..combinations {
        let value = |fact: Fact| {
            let mut rest = combination;
            for (axis, points) in &axes {
                if *axis == fact {
                    return points.get(rest % points.len()).copied().unwrap_or(Value::Unknown);
                }
                rest /= points.len();
            }
            Value::Unknown
        };
        let truth = match condition.over(&value) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(_) => return None,
        };
        if seen.is_some_and(|earlier| earlier != truth) {
            return None;
        }
        seen = Some(truth);
    }
    seen
}

/// Each fact of the condition with one value of each region. No list of values is empty.
fn axes(condition: &Condition) -> Vec<(Fact, Vec<Value<'_>>)> {
    let mut axes: Vec<(Fact, Vec<Value<'_>>)> = Vec::new();
    condition.tests(&mut |test| {
        let literals = match &test.check {
            Check::Compare(_, literal) => std::slice::from_ref(literal),
            Check::Among { list, .. } => list.as_slice(),
        };
        let place = axes.iter().position(|(fact, _)| *fact == test.fact);
        let place = place.unwrap_or_else(|| {
            axes.push((test.fact, corners(test.fact.0.kind)));
            axes.len() - 1
        });
        let Some((fact, points)) = axes.get_mut(place) else { return };
        for literal in literals {
            for point in around(fact.0.kind, literal).into_iter().flatten() {
                if !points.contains(&point) {
                    points.push(point);
                }
            }
        }
    });
    axes
}

/// Values that exist whatever the literals are.
fn corners(kind: Kind) -> Vec<Value<'static>> {
    match kind {
        Kind::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Int { most, .. } => vec![int(0), int(most)],
        Kind::Float { most, .. } => vec![Value::Float(0.0), Value::Float(most)],
        Kind::Word { words, .. } => (0..words.len()).map(Value::Word).collect(),
        // No literal holds a control character, so this text differs from all of them.
        Kind::Text => vec![Value::Text("\u{1}")],
    }
}

/// A literal and its neighbours, as far as the fact can take them.
fn around(kind: Kind, literal: &Literal) -> [Option<Value<'_>>; 3] {
    match (kind, literal) {
        (Kind::Int { most, .. }, Literal::Int(at)) => {
            [at.checked_sub(1), Some(*at), at.checked_add(1)]
                .map(|point| point.filter(|point| (0..=most).contains(point)).map(int))
        }
        (Kind::Float { most, .. }, Literal::Float(at)) => [at.next_down(), *at, at.next_up()]
            .map(|point| (0.0..=most).contains(&point).then_some(Value::Float(point))),
        (_, Literal::Text(text)) => [Some(Value::Text(text)), None, None],
        _ => [None; 3],
    }
}

fn int(at: i64) -> Value<'static> {
    Value::Int { low: at, high: at }
}
