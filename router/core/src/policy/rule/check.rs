//! From a parsed expression to a typed condition; whatever the language does not have is refused by
//! its name, and every problem of the expression is told.

use super::condition::{Check, Comparison, Condition, Test};
use super::constant;
use super::literal::{self, Written};
use super::nearest;
use super::source::{Source, name_of, quoted};
use super::vocabulary::{Fact, Kind};
use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};

/// Compiles a condition, or returns all its problems.
pub(super) fn compile(text: &str) -> Result<Condition, Vec<String>> {
    let (expression, source) = Source::parse(text).map_err(|problem| vec![problem])?;
    let mut checker = Checker { source };
    let condition = checker.condition(&expression, false);
    match (condition, checker.source.into_problems()) {
        (Some(condition), problems) if problems.is_empty() => Ok(condition),
        (_, problems) => Err(problems),
    }
    .and_then(|condition| match constant::always(&condition) {
        None => Ok(condition),
        Some(always) => Err(vec![constant_problem(always)]),
    })
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
                Some(joined((name == operators::LOGICAL_AND) != negated, left, right))
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

    fn compare(
        &mut self,
        part: &IdedExpr,
        left: &IdedExpr,
        comparison: Comparison,
        right: &IdedExpr,
    ) -> Option<Condition> {
        let (fact, comparison, written, place) = match (self.side(left), self.side(right)) {
            (Some(Side::Fact(fact)), Some(Side::Literal(written))) => {
                (fact, comparison, written, right)
            }
            (Some(Side::Literal(written)), Some(Side::Fact(fact))) => {
                (fact, comparison.mirrored(), written, left)
            }
            (Some(Side::Fact(a)), Some(Side::Fact(b))) => {
                let (a, b) = (a.name(), b.name());
                return self.no(part, format!(
                    "compares the facts {a} and {b}, which is not supported: compare a fact with \
                     a literal"
                ));
            }
            (Some(Side::Literal(_)), Some(Side::Literal(_))) => {
                return self.no(part, "compares two literals and never changes: name a fact");
            }
            _ => return None,
        };
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual)
            && !literal::ordered(fact.0.kind)
        {
            let (name, kind) = (fact.name(), literal::kind_name(fact.0.kind));
            return self.no(part, format!("{name} is {kind}, without an order: use == or !="));
        }
        let literal = self.fitted(fact, &written, place)?;
        self.varying(part, test(fact, Check::Compare(comparison, literal)))
    }

    fn among(
        &mut self,
        part: &IdedExpr,
        fact: &IdedExpr,
        list: &IdedExpr,
        negated: bool,
    ) -> Option<Condition> {
        let known = self.side(fact);
        let Expr::List(written) = &list.expr else {
            return self.no(list, "in needs a list of literals, such as [\"a\", \"b\"]");
        };
        let Side::Fact(fact) = known? else {
            return self.no(fact, "in looks for a fact, such as request.model in [\"a\", \"b\"]");
        };
        if written.elements.is_empty() {
            return self.no(list, "is an empty list, which holds nothing: list at least one");
        }
        let mut complete = true;
        let mut literals = Vec::with_capacity(written.elements.len());
        for element in &written.elements {
            let fitted = match self.side(element) {
                Some(Side::Literal(written)) => self.fitted(fact, &written, element),
                Some(Side::Fact(_)) => {
                    self.no(element, "a list in a condition holds literals only")
                }
                None => None,
            };
            match fitted {
                Some(literal) => literals.push(literal),
                None => complete = false,
            }
        }
        let check = Check::Among { list: literals, inside: !negated };
        if complete { self.varying(part, test(fact, check)) } else { None }
    }

    /// A name of the vocabulary, or a literal.
    fn side(&mut self, part: &IdedExpr) -> Option<Side> {
        if let Some(name) = name_of(&part.expr) {
            return match Fact::named(&name) {
                Some(fact) => Some(Side::Fact(fact)),
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

    fn fitted(
        &mut self,
        fact: Fact,
        written: &Written,
        place: &IdedExpr,
    ) -> Option<super::condition::Literal> {
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

/// Joins two parts; nested ones of the same kind become one list.
fn joined(all: bool, left: Condition, right: Condition) -> Condition {
    let mut parts = Vec::new();
    for part in [left, right] {
        match part {
            Condition::All(inner) if all => parts.extend(inner),
            Condition::Any(inner) if !all => parts.extend(inner),
            other => parts.push(other),
        }
    }
    if all { Condition::All(parts) } else { Condition::Any(parts) }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::AtMost,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::AtLeast,
        _ => return None,
    })
}

/// What the expression is, and that the language does not have it.
fn unsupported(expression: &Expr) -> String {
    let what = match expression {
        Expr::Call(call) => match call.func_name.as_str() {
            operators::CONDITIONAL => "the operator ?: is".to_owned(),
            operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT => "indexing is".into(),
            operators::ADD
            | operators::SUBSTRACT
            | operators::MULTIPLY
            | operators::DIVIDE
            | operators::MODULO
            | operators::NEGATE => "arithmetic is".into(),
            operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT => {
                "logic inside of a comparison is".into()
            }
            operators::IN => "in inside of a comparison is".into(),
            name => format!("function calls (here {}) are", quoted(name)),
        },
        Expr::Select(select) if select.test => "the macro has() is".into(),
        Expr::Select(_) => "a field of an expression is".into(),
        Expr::Comprehension(_) => "macros such as all() and exists() are".into(),
        Expr::Map(_) => "map literals are".into(),
        Expr::Struct(_) => "message literals are".into(),
        Expr::List(_) => "a list anywhere but after in is".into(),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => "this expression is".into(),
    };
    format!("{what} not supported: use comparisons of facts with literals, in, &&, || and !")
}
