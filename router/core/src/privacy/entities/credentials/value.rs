//! Whether what stands behind `password =` is a secret, or code, or prose, or a place to put one.
//!
//! Source code is full of these words and almost empty of secrets: calls, variables, types, templates,
//! names of fields, captions. A secret is a literal that is none of those. A password must hold a digit or a
//! mark beside letters, or be quoted; a key must look as if chance had made it, that is, change between
//! letters and digits often.

use super::placeholder::{is_template, is_trivial};
use super::shape::distinct;

/// What else is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Between quotes, behind `=` or `:`.
    Quoted,
    /// Between quotes, as an argument or after nothing but a space.
    Argument,
    /// Bare, behind `=` or `:`.
    Bare,
    /// Bare, on a line of settings: nothing else is on the line, and the name is not one of code.
    Setting,
    /// Bare, after a word such as `is`.
    Said,
}

/// How likely this is a password that somebody chose, in percent.
pub(super) fn password(value: &str, written: Written) -> Option<u8> {
    if !(3..=128).contains(&value.len())
        || is_trivial(value)
        || is_template(value)
        || is_code(value, written)
    {
        return None;
    }
    let ascii = |of: fn(&u8) -> bool| value.bytes().any(|byte| of(&byte));
    let (digit, letter) = (ascii(u8::is_ascii_digit), ascii(u8::is_ascii_alphabetic));
    let mark = value.bytes().any(|byte| b"!@#$%^&*+=?~-_.:;,/|".contains(&byte));
    let quoted = matches!(written, Written::Quoted | Written::Argument);
    let long = value.len() >= 6;
    match (letter, digit, mark) {
        (true, true, _) if long || quoted => Some(if quoted { 80 } else { 70 }),
        (true, true, _) => Some(if value.len() >= 5 { 50 } else { 30 }),
        (false, true, _) if long && distinct(value.as_bytes()) >= 2 => Some(55),
        (false, true, _) if written == Written::Said && value.len() >= 4 => Some(45),
        (true, false, true) if quoted && has_odd_mark(value) && long => Some(65),
        (true, false, true) if has_odd_mark(value) && long => Some(45),
        (true, false, false) => letters(value, written),
        _ => None,
    }
}

/// Letters only: a word that somebody chose, or any word of code.
fn letters(value: &str, written: Written) -> Option<u8> {
    if !value.is_ascii() || value.len() < 5 {
        return None;
    }
    let caption = value.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
        && value.starts_with(|first: char| first.is_ascii_uppercase());
    let named = ["password", "passwort", "passwd", "secret"]
        .iter()
        .any(|word| value.to_ascii_lowercase().contains(word));
    match written {
        Written::Quoted | Written::Setting if !caption && !named => Some(45),
        _ => Some(25),
    }
}

/// How likely this is a key that a machine made, in percent.
pub(super) fn key(value: &str, written: Written) -> Option<u8> {
    if !(8..=512).contains(&value.len())
        || is_trivial(value)
        || is_template(value)
        || is_code(value, written)
    {
        return None;
    }
    let (changes, length) = (changes(value), value.len());
    if is_uuid(value) {
        return Some(45);
    }
    match length {
        24.. if is_random(value) => Some(85),
        16.. if is_random(value) => Some(75),
        8..16 if changes >= 3 && written != Written::Argument => Some(50),
        8.. if written == Written::Quoted && changes >= 1 && has_odd_mark(value) => Some(60),
        _ => None,
    }
}

/// Sixteen characters and more that chance put in a row.
pub(super) fn is_random(value: &str) -> bool {
    let bytes = value.as_bytes();
    let words = value.split(['.', '-', '_', '/', ':']).all(|part| changes(part) <= 1);
    bytes.len() >= 16 && distinct(bytes) >= 8 && changes(value) >= 4 && !words
}

/// How often a letter follows a digit or a digit a letter.
fn changes(value: &str) -> usize {
    let mixed = |a: u8, b: u8| {
        (a.is_ascii_digit() && b.is_ascii_alphabetic())
            || (a.is_ascii_alphabetic() && b.is_ascii_digit())
    };
    value.as_bytes().windows(2).filter(|pair| matches!(pair, [a, b] if mixed(*a, *b))).count()
}

fn is_uuid(value: &str) -> bool {
    value.len() == 36 && value.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// Marks that names in code do not have.
fn has_odd_mark(value: &str) -> bool {
    value.bytes().any(|byte| b"!@#$%^&*+=?~".contains(&byte))
}

/// Whether it is an expression, a path or a sentence.
fn is_code(value: &str, written: Written) -> bool {
    if value.contains("://")
        || value.contains("::")
        || value.contains("->")
        || value.contains("()")
        || value.contains("\\n")
    {
        return true;
    }
    let slashes = value.bytes().filter(|byte| *byte == b'/').count();
    if value.starts_with(['/', '~', '.', '\\']) && slashes > 0 && value.len() < 40
        || value.contains('|') && slashes == 0 && value.contains(':')
    {
        return true;
    }
    match written {
        Written::Quoted | Written::Argument => value.contains(char::is_whitespace),
        Written::Bare | Written::Setting | Written::Said => is_expression(value),
    }
}

/// `call(x)`, `self.field`, `list[0]`, `name_of_variable2`.
fn is_expression(value: &str) -> bool {
    let name = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    // Cut off at a space or a quote it does not close.
    let opens = |open: char, close: char| {
        value.find(open).is_some_and(|at| {
            let inside = value.get(at + 1..).unwrap_or_default();
            let head = value.get(..at).unwrap_or_default();
            let names = name(inside) && !head.bytes().any(|byte| byte.is_ascii_digit());
            let goes_on = inside.is_empty() || inside.ends_with(',') || inside.contains(close);
            at > 0 && (goes_on || names) && head.split('.').all(name)
        })
    };
    let (call, index) = (opens('(', ')'), opens('[', ']'));
    let number =
        value.starts_with("0x") && value.len() <= 18 || value.starts_with('_') && name(value);
    let member = value.contains('.')
        && value.split('.').all(name)
        && value.bytes().filter(u8::is_ascii_digit).count() < 3;
    let low = value.to_ascii_lowercase();
    let words = [
        "passw", "pwd", "token", "secret", "key", "user", "arg", "param", "input", "field",
        "value", "hash", "config", "str",
    ];
    let letters = low.trim_end_matches(|last: char| last.is_ascii_digit());
    let variable = name(value)
        && (low.len() - letters.len() <= 1 || low.contains('_'))
        && words.iter().any(|word| letters.contains(word))
        && value.bytes().filter(u8::is_ascii_digit).count() <= 2;
    call || index || member || variable || number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_no_code_and_no_placeholder() {
        for text in [
            "getpass()",
            "os.environ['X']",
            "${DB_PW}",
            "<your-token>",
            "xxxx",
            "changeme",
            "None",
            "str",
            "self.pw1",
            "settings.DB_PASSWORD",
            "{{ .Values.pw }}",
            "required",
            "password2",
            "args[0]",
            "$password",
            "****",
            "/run/secrets/pw1",
            "your-password1",
            "yourPassword1",
            "example_pw_1",
            "{password1}",
            "[REDACTED1]",
            "<API_KEY",
            "decrypt(conf1",
        ] {
            assert!(password(text, Written::Bare).is_none_or(|score| score < 40), "{text}");
        }
        for (text, written) in [
            ("hunter2", Written::Said),
            ("Tr0ub4dor&3", Written::Bare),
            ("correct-h0rse", Written::Quoted),
            ("1rn1P6Your!11", Written::Quoted),
            ("i3FSJb<w7vQZXd", Written::Quoted),
            ("{7Kq!x9", Written::Bare),
            ("ab9(6pQw!", Written::Bare),
            ("q{8!z}Rt5", Written::Quoted),
        ] {
            assert!(password(text, written) >= Some(40), "{text}");
        }
    }

    #[test]
    fn a_key_looks_as_if_chance_had_made_it() {
        assert!(key("my-app-v2-token-beta1", Written::Quoted).is_none());
        assert!(key("getUserNameFromToken", Written::Quoted).is_none());
        assert!(key("a8f5f167f44f4964e6c998dee827110c", Written::Bare) >= Some(75));
    }
}
