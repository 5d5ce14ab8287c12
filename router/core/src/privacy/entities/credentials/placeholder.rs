//! What stands where a secret would: a word that everybody writes there, and a place for one that comes later.

use super::shape::distinct;

/// Words that stand where a secret would, and defaults that everybody knows.
#[rustfmt::skip]
const TRIVIAL: &[&str] = &[
    "password", "passwd", "passwort", "passphrase", "pwd", "pass", "passw", "secret", "secrets", "token", "tokens",
    "key", "apikey", "api_key", "none", "null", "nil", "undefined", "true", "false", "yes", "no", "on", "off",
    "string", "str", "text", "varchar", "char", "bytes", "byte", "int", "integer", "number", "bool", "boolean",
    "object", "any", "unknown", "void", "optional", "required", "nullable", "hidden", "input", "hash", "hashed",
    "encrypted", "plain", "plaintext", "bcrypt", "argon2", "argon2i", "argon2id", "scrypt", "md5", "sha1", "sha256",
    "sha512", "base64", "utf8", "utf-8", "default", "empty", "blank", "admin", "root", "user", "username", "test",
    "testing", "foo", "bar", "foobar", "value", "postgres", "mysql", "guest", "example", "sample", "demo", "missing",
    "invalid", "incorrect", "wrong", "expired", "valid", "correct", "changed", "reset", "forgot", "field", "type",
    "name", "email", "login", "basic", "bearer", "digest", "oauth", "oauth2", "jwt", "sensitive", "private", "public",
    "auth", "self", "this", "that", "config", "settings", "env", "data", "confirm", "confirmation", "current", "prompt",
    "file", "stdin", "interactive", "always", "never", "optional[str]", "redacted", "masked", "filtered", "omitted",
    "disabled", "enabled", "prohibit-password", "without-password", "not", "is", "was", "the", "for", "and", "must",
    "should", "cannot", "ignore", "inherit", "manual", "http", "https", "identifier", "keyword", "content", "source",
    "s3", "x509", "failed", "denied", "accepted", "rejected", "stored", "generated", "updated", "short", "weak", "strong", "saved", "please", "localhost", "server", "client", "service", "random", "varchar2", "nvarchar", "secretstr", "securestring",
];

/// Parts that only a placeholder has.
#[rustfmt::skip]
const PLACEHOLDER: &[&str] = &[
    "xxxx", "changeme", "change_me", "change-me", "change_this", "placeholder", "redacted", "replace", "insert",
    "dummy", "example", "fixme", "****", "....", "required", "optional", "getenv", "environ", "process.env",
    "-here", "_here", "goes here", "enter ", "not-set", "notset", "unset",
];
/// The same, where it stands as a word: so few letters chance makes too.
const PLACEHOLDER_WORDS: &[&str] = &["your", "todo"];

/// Whether this is no secret because everybody writes it.
pub(super) fn is_trivial(value: &str) -> bool {
    let low = value.to_ascii_lowercase();
    let bare = low.trim_matches(|mark: char| !mark.is_alphanumeric());
    let few = if low.bytes().all(|byte| byte.is_ascii_digit()) { 2 } else { 3 };
    distinct(low.as_bytes()) < few
        || TRIVIAL.contains(&bare)
        || PLACEHOLDER.iter().any(|part| low.contains(part))
        || is_in_angles(value)
        || PLACEHOLDER_WORDS.iter().any(|word| has_word(value, word))
        || low.starts_with("my")
            && TRIVIAL.contains(&low.get(2..).unwrap_or_default().trim_matches(['_', '-']))
}

/// Whether a word stands in a value between separators, humps and ends, or at an end of nothing but letters.
fn has_word(value: &str, word: &str) -> bool {
    let low = value.to_ascii_lowercase();
    let bytes = value.as_bytes();
    low.match_indices(word).any(|(at, _)| {
        let (behind, end) = (at.checked_sub(1).and_then(|at| bytes.get(at)), at + word.len());
        let hump = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            bytes.get(at).is_some_and(u8::is_ascii_uppercase)
                && before.is_some_and(u8::is_ascii_lowercase)
        };
        let begins = behind.is_none_or(|byte| !byte.is_ascii_alphanumeric()) || hump(at);
        let ends = bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric()) || hump(end);
        let letters_alone =
            low.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-. ".contains(&byte));
        begins && ends || letters_alone && (begins || ends)
    })
}

/// `<your token>`, perhaps cut off before it closes: a name between angles, and no mark of a password.
fn is_in_angles(value: &str) -> bool {
    let of = |byte: u8| byte.is_ascii_alphabetic() || b"_- .:/".contains(&byte);
    value.match_indices('<').any(|(at, _)| {
        let inside = value.get(at + 1..).unwrap_or_default();
        let (name, closed) =
            inside.split_once('>').map_or((inside, false), |(name, _)| (name, true));
        !name.is_empty() && (closed || at == 0) && name.bytes().all(of) || inside.starts_with('/')
    })
}

/// Whether something else is put in its place later: `${VAR}`, `{{ var }}`, `%s`, `$VAR`, `<var>`.
pub(super) fn is_template(value: &str) -> bool {
    let starts = |mark: &str| {
        value.strip_prefix(mark).is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    opens_a_template(value)
        || value.contains("$(")
        || value.contains("%(")
        || ["%s", "%d", "%v", "%@", "%q", "?", "!!", "$$"].contains(&value)
        || value
            .strip_prefix('!')
            .is_some_and(|tag| tag.bytes().all(|byte| byte.is_ascii_lowercase()))
        || starts("$env:")
        || (starts("$") && value.bytes().filter(u8::is_ascii_digit).count() < 3)
        || starts("@") && !value.bytes().any(|byte| byte.is_ascii_digit())
        || value.starts_with("ENC(")
        || value.starts_with("vault:")
        || (value.starts_with('%') && value.ends_with('%'))
}

/// Whether braces or a bracket hold a name, an expression of such, or JSON: `${VAR}`, `{{ var }}`, `[REDACTED]`.
fn opens_a_template(value: &str) -> bool {
    let of = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:$ ,'\"|()".contains(&byte);
    let is_name = |inside: &str| {
        let name = inside.trim_matches(['{', '}', '%', '#', ' ']);
        let letters = name.bytes().filter(u8::is_ascii_alphabetic).count();
        letters > 0 && name.bytes().all(of) || inside.trim().is_empty()
    };
    let braces = value.find('{').is_some_and(|open| {
        let rest = value.get(open + 1..).unwrap_or_default();
        match rest.find('}') {
            Some(close) => is_name(rest.get(..close).unwrap_or_default()),
            None => open == 0 && is_name(rest),
        }
    });
    let bracket = value.strip_prefix('[').is_some_and(|rest| is_name(rest.trim_end_matches(']')));
    braces || bracket
}
