//! From a parsed expression to a typed condition; whatever the language does not have is refused by
//! its name, and every problem of the expression is told.

mod compare;
mod operator;

use super::condition::{Check, Comparison, Condition, Literal, Test};
use super::constant;
use super::literal::{self, Written};
use super::nearest;
use super::source::{Flaw, Source, name_of, quoted};
use super::vocabulary::{Fact, Kind, Scope};
use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};
use operator::{comparison, unsupported};

/// Compiles a condition, or returns all its problems. `once` is the effect, if there is one, that is
/// settled before any target is looked at.
pub(super) fn compile(text: &str, once: Option<&str>) -> Result<Condition, Vec<Flaw>> {
    let quick = Source::parse_quickly(text);
    if let Some(Ok(condition)) = quick.map(|(tree, source)| checked(&tree, source, once)) {
        return Ok(condition);
    }
    let (tree, source) = Source::parse(text).map_err(|flaw| vec![flaw])?;
    checked(&tree, source, once)
}

/// The condition that a tree means, or all its problems.
pub(super) fn checked(
    tree: &IdedExpr,
    source: Source<'_>,
    once: Option<&str>,
) -> Result<Condition, Vec<Flaw>> {
    let mut checker = Checker { source, once };
    let condition = checker.condition(tree, false);
    match (condition, checker.source.into_flaws()) {
        (Some(condition), flaws) if flaws.is_empty() => match constant::always(&condition) {
            None => Ok(condition),
            Some(always) => Err(vec![Flaw::of_all(constant_problem(always))]),
        },
        (_, flaws) => Err(flaws),
    }
}

fn constant_problem(always: bool) -> String {
    let why = if always { "every request" } else { "no request" };
    format!(
        "is always {always}: the rule would match {why}, whatever the facts are; correct the \
         condition, or remove the rule"
    )
}

/// One side of a comparison.
enum Side {
    Fact(Fact),
    Literal(Written),
}

struct Checker<'a> {
    source: Source<'a>,
    once: Option<&'a str>,
}

impl Checker<'_> {
    /// A part that is true or false; negated if asked. `None` once a problem was noted.
    fn condition(&mut self, part: &IdedExpr, negated: bool) -> Option<Condition> {
        match &part.expr {
            Expr::Call(call) => self.call(part, call, negated),
            Expr::Ident(_) | Expr::Select(_) => {
                match self.side(part)? {
                    Side::Fact(fact) if matches!(fact.0.kind, Kind::Bool) => {
                        let literal = literal::yes();
                        let comparison =
                            if negated { Comparison::NotEqual } else { Comparison::Equal };
                        Some(test(fact, Check::Compare(comparison, literal)))
                    }
                    Side::Fact(fact) => {
                        let (name, kind) = (fact.name(), literal::kind_name(fact.0.kind));
                        self.no(part, format!(
                        "{name} is {kind}, and a condition is true or false: compare it, as in \
                         {}", fact.0.example
                    ))
                    }
                    Side::Literal(_) => None,
                }
            }
            Expr::Literal(_) | Expr::List(_) => match self.side(part)? {
                Side::Literal(written) => {
                    let written = written.to_string();
                    self.no(part, format!("{written} stands alone and never changes: name a fact"))
                }
                Side::Fact(_) => None,
            },
            other => self.no(part, unsupported(other)),
        }
    }

    fn call(&mut self, part: &IdedExpr, call: &CallExpr, negated: bool) -> Option<Condition> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => self.condition(inner, !negated),
            (name @ (operators::LOGICAL_AND | operators::LOGICAL_OR), [left, right]) => {
                let both = (self.condition(left, negated), self.condition(right, negated));
                let (left, right) = (both.0?, both.1?);
                Some(Condition::joined((name == operators::LOGICAL_AND) != negated, [left, right]))
            }
            (operators::IN, [fact, list]) => self.among(part, fact, list, negated),
            (name, [left, right]) if comparison(name).is_some() => {
                let comparison = comparison(name)?;
                let comparison = if negated { comparison.negated() } else { comparison };
                self.compare(part, left, comparison, right)
            }
            _ => self.no(part, unsupported(&part.expr)),
        }
    }

    /// A fact, unless it is not yet known when the rule's effect is settled.
    fn in_time(&mut self, part: &IdedExpr, fact: Fact) -> Option<Side> {
        let whose = match fact.scope() {
            Scope::Target => "target",
            Scope::Device => "worker",
            Scope::Request => return Some(Side::Fact(fact)),
        };
        let Some(effect) = self.once else { return Some(Side::Fact(fact)) };
        let name = fact.name();
        self.no(
            part,
            format!(
                "{name} differs from {whose} to {whose}, and {effect} is settled once a request, \
                 before any is looked at: name facts of request, content, principal, time or fleet \
                 alone, or give {effect} a rule of its own"
            ),
        )
    }

    /// A name of the vocabulary, or a literal.
    fn side(&mut self, part: &IdedExpr) -> Option<Side> {
        if let Some(name) = name_of(&part.expr) {
            return match Fact::named(&name) {
                Some(fact) => self.in_time(part, fact),
                None => self.no(
                    part,
                    format!("{} is no fact: did you mean {}?", quoted(&name), nearest::fact(&name)),
                ),
            };
        }
        match &part.expr {
            Expr::Literal(value) => match Written::of(value) {
                Ok(written) => Some(Side::Literal(written)),
                Err(problem) => self.no(part, problem),
            },
            Expr::Call(call) if comparison(&call.func_name).is_some() => self.no(
                part,
                "is a comparison where a fact or a literal is due: join comparisons by && or ||",
            ),
            other => self.no(part, unsupported(other)),
        }
    }

    fn fitted(&mut self, fact: Fact, written: &Written, place: &IdedExpr) -> Option<Literal> {
        match literal::fit(fact, written) {
            Ok(literal) => Some(literal),
            Err(problem) => self.no(place, problem),
        }
    }

    /// The condition, unless it is the same for every value of its fact.
    fn varying(&mut self, part: &IdedExpr, condition: Condition) -> Option<Condition> {
        match constant::always(&condition) {
            None => Some(condition),
            Some(always) => self.no(
                part,
                format!("is always {always}, whatever the fact is: correct or remove it"),
            ),
        }
    }

    fn no<T>(&mut self, part: &IdedExpr, reason: impl Into<String>) -> Option<T> {
        self.source.problem(part, reason);
        None
    }
}

fn test(fact: Fact, check: Check) -> Condition {
    Condition::Test(Test { fact, check })
}
