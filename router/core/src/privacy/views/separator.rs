//! What people put between the parts of a number or a word that they take apart.

/// Length in bytes of the separator that a text begins with, if it does: a sign, a sign and a space, two
/// spaces, a line end.
pub(super) fn length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if !is_sign(first) {
        return None;
    }
    let next = chars.next();
    let double = match first {
        '\r' => next == Some('\n'),
        '\n' => false,
        _ => next == Some(' '),
    };
    Some(first.len_utf8() + usize::from(double))
}

/// Whether it separates on its own.
pub(super) const fn is_sign(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | ' ' | '-' | '.' | '_' | '*' | '|' | '/' | ',' | ';' | ':' | '~' | '+'
    ) || matches!(c, '·' | '•' | '∙' | '⋅' | '・' | '、')
}

/// Whether it is a line end, of one byte or two.
pub(super) fn is_line_end(gap: &str) -> bool {
    matches!(gap, "\n" | "\r\n")
}
