//! Conditions that come out the same whatever the facts are: always a mistake of their author.
//!
//! Parts of a condition that share no fact are independent: any outcome of one goes with any outcome
//! of another, so they are judged apart. Parts that share one are tried together. Each comparison sets
//! one fact against literals, so a fact's values fall into a few regions between its literals, and one
//! value of each region stands for all of it. Trying every combination decides the matter exactly,
//! `x > 5 && x < 3` included. Where that would take too long the parts are let through: the check
//! finds slips, it guards nothing.

use super::condition::{Check, Condition, Literal, Test, Truth};
use super::value::Value;
use super::vocabulary::{Fact, Kind};

/// Most comparisons with a literal while parts are tried together.
const EFFORT: usize = 16_384;
/// Most literals that such parts may have; keeps the list of values to try short.
const MOST_LITERALS: usize = 64;

/// What the condition always is; `None` where it depends on the facts, or there is too much to try.
pub(super) fn always(condition: &Condition) -> Option<bool> {
    match outcomes(condition) {
        Outcomes { holds: true, fails: false } => Some(true),
        Outcomes { holds: false, fails: true } => Some(false),
        _ => None,
    }
}

/// Whether some facts make a condition hold, and whether some make it fail.
#[derive(Clone, Copy)]
struct Outcomes {
    holds: bool,
    fails: bool,
}

impl Outcomes {
    const BOTH: Self = Self { holds: true, fails: true };
}

fn outcomes(condition: &Condition) -> Outcomes {
    match condition {
        Condition::Test(_) => tried(&[condition], true),
        Condition::All(parts) => joint(parts, true),
        Condition::Any(parts) => joint(parts, false),
    }
}

/// Outcomes of parts joined by "and" (`all`) or by "or".
fn joint(parts: &[Condition], all: bool) -> Outcomes {
    let mut whole = Outcomes { holds: all, fails: !all };
    for group in independent(parts) {
        let group = match group.as_slice() {
            [alone] => outcomes(alone),
            together => tried(together, all),
        };
        whole = if all {
            Outcomes { holds: whole.holds && group.holds, fails: whole.fails || group.fails }
        } else {
            Outcomes { holds: whole.holds || group.holds, fails: whole.fails && group.fails }
        };
    }
    whole
}

/// What varies on its own: a fact, or whether a list of texts holds one text.
#[derive(Clone, Copy, PartialEq)]
struct Axis<'a>(Fact, Option<&'a str>);

/// An axis with one value of each of its regions; never none.
type Points<'a> = (Axis<'a>, Vec<Value<'a>>);

impl<'a> Axis<'a> {
    fn of(test: &'a Test) -> Self {
        match &test.check {
            Check::Holds { text, .. } => Self(test.fact, Some(text)),
            Check::Compare(..) | Check::Among { .. } => Self(test.fact, None),
        }
    }
}

/// The parts in groups of which no two share an axis.
fn independent(parts: &[Condition]) -> Vec<Vec<&Condition>> {
    let mut groups: Vec<(Vec<Axis<'_>>, Vec<&Condition>)> = Vec::new();
    for part in parts {
        let mut axes = Vec::new();
        part.tests(&mut |test| {
            let axis = Axis::of(test);
            if !axes.contains(&axis) {
                axes.push(axis);
            }
        });
        let mut members = vec![part];
        groups.retain_mut(|(theirs, parts)| {
            let shared = theirs.iter().any(|axis| axes.contains(axis));
            if shared {
                theirs.retain(|axis| !axes.contains(axis));
                axes.append(theirs);
                members.append(parts);
            }
            !shared
        });
        groups.push((axes, members));
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Outcomes of parts that share facts, by trial.
fn tried(parts: &[&Condition], all: bool) -> Outcomes {
    let Some((axes, literals)) = axes(parts) else { return Outcomes::BOTH };
    let combinations = axes.iter().try_fold(1_usize, |product, (_, points)| {
        product.checked_mul(points.len()).filter(|product| product * literals <= EFFORT)
    });
    let Some(combinations) = combinations else { return Outcomes::BOTH };
    let mut seen = Outcomes { holds: false, fails: false };
    for combination in 0..combinations {
        let value = |test: &Test| {
            let mut rest = combination;
            for (axis, points) in &axes {
                if *axis == Axis::of(test) {
                    return points.get(rest % points.len()).copied().unwrap_or(Value::Unknown);
                }
                rest /= points.len();
            }
            Value::Unknown
        };
        let mut holds = all;
        for part in parts {
            match part.over(&value) {
                Truth::True => holds |= !all,
                Truth::False => holds &= !all,
                Truth::Unknown(_) => return Outcomes::BOTH,
            }
        }
        seen.holds |= holds;
        seen.fails |= !holds;
        if seen.holds && seen.fails {
            break;
        }
    }
    seen
}

/// Each axis of the parts with one value of each region, and how many literals there are. `None` where
/// there are too many.
fn axes<'a>(parts: &[&'a Condition]) -> Option<(Vec<Points<'a>>, usize)> {
    let mut tests = Vec::new();
    parts.iter().for_each(|part| part.tests(&mut |test| tests.push(test)));
    let literals = tests.iter().map(|test| literals(test).len().max(1)).sum();
    if literals > MOST_LITERALS {
        return None;
    }
    let mut axes: Vec<Points<'_>> = Vec::new();
    for test in tests {
        let axis = Axis::of(test);
        let place = axes.iter().position(|(known, _)| *known == axis).unwrap_or_else(|| {
            axes.push((axis, corners(test.fact.0.kind)));
            axes.len() - 1
        });
        let Some((_, points)) = axes.get_mut(place) else { continue };
        for literal in self::literals(test) {
            for point in around(test.fact.0.kind, literal).into_iter().flatten() {
                if !points.contains(&point) {
                    points.push(point);
                }
            }
        }
    }
    Some((axes, literals))
}

fn literals(test: &Test) -> &[Literal] {
    match &test.check {
        Check::Compare(_, literal) => std::slice::from_ref(literal),
        Check::Among { list, .. } => list.as_slice(),
        Check::Holds { .. } => &[],
    }
}

/// Values that exist whatever the literals are.
fn corners(kind: Kind) -> Vec<Value<'static>> {
    match kind {
        Kind::Bool | Kind::Texts => vec![Value::Bool(false), Value::Bool(true)],
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
