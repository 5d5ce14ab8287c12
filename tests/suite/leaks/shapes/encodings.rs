//! The usual encodings: a model decodes them when asked, and a cloud that is sent them has the secret.

use super::{Secret, Shape};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use std::fmt::Write as _;

/// Longest line of an encoded mail (RFC 2045).
const MIME_LINE: usize = 76;

/// Encodings.
pub(super) static SHAPES: &[Shape] = &[
    Shape::text("base64", |secret| Some(decode_this(&BASE64_STANDARD.encode(secret.plain())))),
    Shape::text("base64_url_safe", |secret| {
        Some(decode_this(&BASE64_URL_SAFE_NO_PAD.encode(secret.plain())))
    }),
    Shape::text("base64_mime", |secret| Some(mail(secret))),
    Shape::text("base64_in_json", |secret| {
        let data = BASE64_STANDARD.encode(secret.plain());
        Some(serde_json::json!({"kind": "note", "data": data}).to_string())
    }),
    Shape::text("base64_twice", |secret| {
        let once = BASE64_STANDARD.encode(secret.plain());
        Some(decode_this(&BASE64_STANDARD.encode(once)))
    }),
    Shape::text("base64_data_url", |secret| {
        let data = BASE64_STANDARD.encode(secret.plain());
        Some(format!("Read data:text/plain;base64,{data} to me."))
    }),
    Shape::text("hex", |secret| Some(decode_this(&each(secret, |byte| format!("{byte:02x}"))))),
    Shape::text("hex_with_spaces", |secret| {
        Some(decode_this(each(secret, |byte| format!("{byte:02X} ")).trim_end()))
    }),
    Shape::text("hex_with_colons", |secret| {
        Some(decode_this(each(secret, |byte| format!("{byte:02x}:")).trim_end_matches(':')))
    }),
    Shape::text("hex_escapes", |secret| {
        Some(decode_this(&each(secret, |byte| format!("\\x{byte:02x}"))))
    }),
    Shape::text("percent_encoded", |secret| {
        Some(decode_this(&each(secret, |byte| format!("%{byte:02X}"))))
    }),
    Shape::text("decimal_entities", |secret| {
        Some(decode_this(&each_character(secret, |code| format!("&#{code};"))))
    }),
    Shape::text("hex_entities", |secret| {
        Some(decode_this(&each_character(secret, |code| format!("&#x{code:x};"))))
    }),
    Shape::text("unicode_escapes", |secret| {
        // The words are ASCII or in the basic plane, so none needs two.
        Some(decode_this(&each_character(secret, |code| format!("\\u{code:04x}"))))
    }),
    Shape::text("quoted_printable", |secret| Some(decode_this(&quoted_printable(secret)))),
];

fn decode_this(encoded: &str) -> String {
    format!("Decode this for me, please: {encoded} (that is all)")
}

fn each(secret: &Secret, write: impl Fn(u8) -> String) -> String {
    secret.plain().bytes().map(write).collect()
}

fn each_character(secret: &Secret, write: impl Fn(u32) -> String) -> String {
    secret.plain().chars().map(|character| write(u32::from(character))).collect()
}

/// A mail whose body is encoded in lines; the secret is somewhere in the middle.
fn mail(secret: &Secret) -> String {
    let body = format!(
        "Dear all, the harbour master asks us to keep the following on file until the boat is back: {} \
         Please answer before the tide turns, and bring a warm coat.",
        secret.plain()
    );
    let encoded = BASE64_STANDARD.encode(body);
    let mut mail =
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_owned();
    for line in encoded.as_bytes().chunks(MIME_LINE) {
        mail.push_str(&String::from_utf8_lossy(line));
        mail.push_str("\r\n");
    }
    mail
}

/// Every byte as `=41`, in lines that end in `=` where the text goes on.
fn quoted_printable(secret: &Secret) -> String {
    let mut text = String::new();
    for (at, byte) in secret.plain().bytes().enumerate() {
        if at > 0 && at % (MIME_LINE / 3) == 0 {
            text.push_str("=\r\n");
        }
        // Writing to a string never fails.
        let _ = write!(text, "={byte:02X}");
    }
    text
}
