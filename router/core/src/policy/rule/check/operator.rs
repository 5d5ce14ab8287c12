//! The operators that the language has, and the names of what it has not.

use crate::policy::rule::condition::Comparison;
use crate::policy::rule::source::quoted;
use cel::common::ast::{Expr, operators};

/// The comparison that an operator stands for.
pub(super) fn comparison(name: &str) -> Option<Comparison> {
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
pub(super) fn unsupported(expression: &Expr) -> String {
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
