//! Passwords and tokens in URLs (RFC 3986): `scheme://user:password@host` and parameters such as
//! `?access_token=..`.
//!
//! From each `://` at most 256 bytes to the `@`. Passwords in which a slash or a number sign is not escaped
//! count too, where what follows the colon is no port. What only marks a place (`${PASSWORD}`, `<password>`,
//! `****`) is unlikely.

use super::url::{host_end, scheme_before};
use crate::privacy::detect::{Detector, Edges, Family, Find, Found};
use crate::privacy::steps;

/// Credentials in URLs.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        about: "user and password in a URL",
        find: Find::Own(&["://"], find_users),
        source: "RFC 3986, section 3.2.1",
        ..CREDENTIAL
    },
    Detector {
        about: "token in a parameter of a URL",
        find: Find::Own(&[], find_parameters),
        source: "RFC 6750, section 2.3; OWASP, Information exposure through query strings in URL",
        ..CREDENTIAL
    },
];

const CREDENTIAL: Detector = Detector {
    kind: "URL_CREDENTIALS",
    family: Family::Credential,
    edges: Edges::NONE,
    ..Detector::EMPTY
};

const CERTAIN: u8 = 90;
const LIKELY: u8 = 60;
const POSSIBLE: u8 = 35;
const PLACEHOLDER: u8 = 20;

const LONGEST_USER: usize = 256;
const LONGEST_VALUE: usize = 4096;

/// Parameters that carry nothing else.
const SECRETS: &str = "access_token accesstoken access-token api_key apikey api-key auth_token authtoken \
    client_secret id_token refresh_token private_token private_key token password passwd pwd secret \
    secret_key secretkey session_token sessionid session_id jwt bearer signature sig x-amz-signature \
    x-amz-security-token x-goog-signature sas_token webhook_token app_secret appsecret authorization \
    personal_access_token otp reset_token invite_token magic_token auth_key authkey subscription-key \
    x-api-key hapikey oauth_token code_verifier passphrase";
/// Parameters that may.
const PERHAPS: &str =
    "key auth code credential x-amz-credential awsaccesskeyid session sid state nonce";

fn find_users(text: &str, found: &mut Found<'_>) {
    for at in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        let Some(scheme) = scheme_before(text, at) else { continue };
        let Some((sign, user)) = user_behind(text, at + 3) else { continue };
        let Some(end) = host_end(text, sign + 1) else { continue };
        let score = match user.split_once(':') {
            Some((_, "")) => continue,
            Some((_, password)) if is_placeholder(password) => PLACEHOLDER,
            Some(_) => CERTAIN,
            None if user.len() >= 20 && !user.contains('.') => LIKELY,
            None => continue,
        };
        found(at - scheme.len()..port_end(text, end), score);
    }
}

/// Where the `@` stands, and what stands before it.
fn user_behind(text: &str, start: usize) -> Option<(usize, &str)> {
    let bytes = text.as_bytes().get(start..)?;
    let inside = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\"'`<>".contains(byte);
    let length = bytes.iter().take(LONGEST_USER).take_while(inside).count();
    steps::add(length);
    let all = bytes.get(..length)?;
    let authority = all.iter().take_while(|byte| !b"/?#".contains(byte)).count();
    let user = |sign: usize| Some((start + sign, text.get(start..start + sign)?));
    if let Some(sign) = memchr::memrchr(b'@', all.get(..authority)?) {
        return user(sign);
    }
    let colon = memchr::memchr(b':', all.get(..authority)?)?;
    let is_port = all.get(colon + 1..authority)?.iter().all(u8::is_ascii_digit);
    let sign = authority + memchr::memchr(b'@', all.get(authority..)?)?;
    if is_port { None } else { user(sign) }
}

fn port_end(text: &str, host: usize) -> usize {
    let rest = text.get(host..).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    let digits = rest.bytes().take(5).take_while(u8::is_ascii_digit).count();
    if digits > 0 { host + 1 + digits } else { host }
}

fn find_parameters(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for equals in memchr::memchr_iter(b'=', bytes) {
        if equals < done {
            continue;
        }
        let back = bytes.get(..equals).unwrap_or_default().iter().rev().take(32);
        let length =
            back.take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
        let start = equals - length;
        let begins = start.checked_sub(1).and_then(|at| bytes.get(at));
        if length == 0 || !begins.is_some_and(|byte| b"?&#;".contains(byte)) {
            continue;
        }
        let rest = bytes.get(equals + 1..).unwrap_or_default();
        let inside = |byte: &&u8| byte.is_ascii_graphic() && !b"&#;\"'`<>(),\\".contains(byte);
        let width = rest.iter().take(LONGEST_VALUE).take_while(inside).count();
        steps::add(width);
        let (name, end) = (text.get(start..equals), equals + 1 + width);
        done = end;
        let value = text.get(equals + 1..end).unwrap_or_default();
        if let Some(score) = name.and_then(|name| score(name, value)) {
            found(start..end, score);
        }
    }
}

fn score(name: &str, value: &str) -> Option<u8> {
    let among =
        |names: &str| names.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(name));
    let is_password =
        ["password", "passwd", "pwd", "passphrase"].iter().any(|p| p.eq_ignore_ascii_case(name));
    let mixed = value.bytes().any(|byte| byte.is_ascii_digit());
    match value.len() {
        0..=2 => None,
        _ if is_placeholder(value) => Some(PLACEHOLDER),
        _ if is_password => Some(CERTAIN),
        8.. if among(SECRETS) => Some(CERTAIN),
        _ if among(SECRETS) => Some(POSSIBLE),
        20.. if mixed && among(PERHAPS) => Some(LIKELY),
        8.. if mixed && among(PERHAPS) => Some(POSSIBLE),
        _ => None,
    }
}

/// Whether a value only says where one goes.
fn is_placeholder(value: &str) -> bool {
    let first = value.chars().next().unwrap_or(' ');
    let masked =
        value.chars().all(|char| matches!(char, '*' | 'x' | 'X' | '.' | '_' | '-' | '\u{2022}'));
    let names = [
        "your", "my-", "my_", "insert", "example", "changeme", "redacted", "%s", "%(", "%7B", "%3C",
    ];
    let named = names
        .iter()
        .any(|name| value.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name)));
    masked || named || matches!(first, '$' | '{' | '<' | '[' | ':')
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    fn one(text: &str) -> Option<(&str, u8)> {
        found(TABLE, text).first().map(|hit| (&text[hit.0.clone()], hit.1))
    }

    /// Nothing that looks like a key is written down here.
    fn made_up(length: usize) -> String {
        (0..length).map(|at| char::from(b"k7m2q9x4"[at * 5 % 8])).collect()
    }

    #[test]
    fn users_with_passwords_are_found_up_to_the_host() {
        for scheme in ["https", "postgresql+asyncpg", "redis", "mongodb+srv", "amqp", "jdbc:mysql"]
        {
            let url = format!("{scheme}://ann:{}@db.example.com:5432", made_up(9));
            let text = format!("use {url}/app?x=1, please");
            let begin = url.find("://").unwrap() - scheme.rsplit(':').next().unwrap().len();
            assert_eq!(one(&text), Some((&url[begin..], CERTAIN)), "{text}");
        }
        let odd = format!("redis://:{}#/{}@cache", made_up(4), made_up(3));
        assert_eq!(one(&odd), Some((odd.as_str(), CERTAIN)));
        let token = format!("https://{}@git.example.com", made_up(40));
        assert_eq!(one(&token), Some((token.as_str(), LIKELY)));
    }

    #[test]
    fn parameters_with_tokens_are_found() {
        for name in ["access_token", "api_key", "sig", "X-Amz-Signature"] {
            let pair = format!("{name}={}", made_up(24));
            let text = format!("https://example.com/a?x=1&{pair}&y=2");
            assert_eq!(one(&text), Some((pair.as_str(), CERTAIN)));
        }
    }

    #[test]
    fn places_for_passwords_and_plain_urls_are_unlikely_or_none() {
        assert_eq!(one("http://u:${PW}@host/").map(|hit| hit.1), Some(PLACEHOLDER));
        for text in [
            "https://example.com:8080/@user",
            "https://example.com/a@b",
            "https://ann@example.com/",
            "a token=x",
            "https://example.com?page=12345678",
            "http://u:@host/",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }
}
