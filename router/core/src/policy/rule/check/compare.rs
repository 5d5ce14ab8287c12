//! Comparisons: one fact, one operator, literals of its type.

use super::{Checker, Side, test};
use crate::policy::rule::condition::{Check, Comparison, Condition, Literal};
use crate::policy::rule::literal;
use crate::policy::rule::source::name_of;
use crate::policy::rule::vocabulary::{Fact, Kind};
use cel::common::ast::{Expr, IdedExpr};

impl Checker<'_> {
    pub(super) fn compare(
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
            (Some(Side::Fact(a)), Some(Side::Fact(b))) => return self.two_facts(part, a, b),
            (Some(Side::Literal(_)), Some(Side::Literal(_))) => {
                return self.no(part, "compares two literals and never changes: name a fact");
            }
            _ => return None,
        };
        if matches!(fact.0.kind, Kind::Texts) {
            return self.list_fact(part, fact);
        }
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual)
            && !literal::ordered(fact.0.kind)
        {
            let (name, kind) = (fact.name(), literal::kind_name(fact.0.kind));
            return self.no(part, format!("{name} is {kind}, without an order: use == or !="));
        }
        let literal = self.fitted(fact, &written, place)?;
        self.varying(part, test(fact, Check::Compare(comparison, literal)))
    }

    pub(super) fn among(
        &mut self,
        part: &IdedExpr,
        fact: &IdedExpr,
        list: &IdedExpr,
        negated: bool,
    ) -> Option<Condition> {
        let known = self.side(fact);
        if name_of(&list.expr).is_some() {
            return match self.side(list)? {
                Side::Fact(texts) => self.holds(part, known?, texts, fact, negated),
                Side::Literal(_) => None,
            };
        }
        let Expr::List(written) = &list.expr else {
            return self.no(list, "in needs a list of literals, such as [\"a\", \"b\"]");
        };
        let Side::Fact(fact) = known? else {
            return self.no(fact, "in looks for a fact, such as request.model in [\"a\", \"b\"]");
        };
        if matches!(fact.0.kind, Kind::Texts) {
            return self.list_fact(part, fact);
        }
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

    /// Whether the texts of a fact hold one.
    fn holds(
        &mut self,
        part: &IdedExpr,
        known: Side,
        texts: Fact,
        place: &IdedExpr,
        negated: bool,
    ) -> Option<Condition> {
        let written = match known {
            Side::Literal(written) => written,
            Side::Fact(one) => return self.two_facts(part, one, texts),
        };
        if !matches!(texts.0.kind, Kind::Texts) {
            let (name, kind) = (texts.name(), literal::kind_name(texts.0.kind));
            let example = texts.0.example;
            return self
                .no(part, format!("{name} is {kind} and no list: write it as in {example}"));
        }
        match self.fitted(texts, &written, place)? {
            Literal::Text(text) => Some(test(texts, Check::Holds { text, inside: !negated })),
            Literal::Bool(_) | Literal::Int(_) | Literal::Float(_) | Literal::Word(_) => None,
        }
    }

    fn list_fact<T>(&mut self, part: &IdedExpr, fact: Fact) -> Option<T> {
        let (name, example) = (fact.name(), fact.0.example);
        self.no(
            part,
            format!("{name} is a list of texts: ask whether it holds one, as in {example}"),
        )
    }

    fn two_facts<T>(&mut self, part: &IdedExpr, a: Fact, b: Fact) -> Option<T> {
        let (a, b) = (a.name(), b.name());
        self.no(
            part,
            format!(
                "compares the facts {a} and {b}, which is not supported: compare a fact with a \
                 literal"
            ),
        )
    }
}
