//! What stands around a secret: scripts that need no spaces, code, logs, tables, addresses. Whoever looks
//! for the edge of a word finds none here.

use super::{Secret, Shape};
use std::fmt::Write as _;

/// Surroundings.
pub(super) static SHAPES: &[Shape] = &[
    Shape::text("in_chinese", |secret| Some(glued("请帮我核对一下", secret, "是否登记正确谢谢"))),
    Shape::text("in_japanese", |secret| Some(glued("この", secret, "を確認してください"))),
    Shape::text("in_korean", |secret| Some(glued("아래의", secret, "를확인해주세요"))),
    Shape::text("in_russian", |secret| Some(glued("проверьте", secret, "пожалуйста"))),
    Shape::text("in_arabic", |secret| Some(glued("راجع", secret, "من فضلك"))),
    Shape::text("in_code", |secret| {
        let (carrier, value) = (secret.carrier, &secret.value);
        let mark = if value.contains(['"', '\n']) { "\"\"\"" } else { "\"" };
        Some(format!(
            "Why does this fail?\n\n```python\ndef load(store):\n    # {carrier}\n    entry = \
             {mark}{value}{mark}\n    return store.read(entry)\n```\n"
        ))
    }),
    Shape::text("in_a_log_line", |secret| {
        let line = "2025-03-04T10:11:12.345Z INFO [worker-3] intake: accepted";
        Some(format!("{line} {} after 12 ms, queue 4\n", secret.plain()))
    }),
    Shape::text("in_a_url_query", |secret| {
        let value = percent_encoded(&secret.plain());
        Some(format!("See https://portal.example.org/search?q={value}&page=2 for more."))
    }),
    Shape::text("in_xml", |secret| {
        let value = escaped(&secret.plain());
        Some(format!("<record id=\"r7\"><kind>note</kind><text>{value}</text></record>"))
    }),
    Shape::text("in_csv", |secret| {
        let value = secret.value.replace('"', "\"\"");
        Some(format!("row,{},remark\n7,\"{value}\",as usual\n", secret.carrier))
    }),
    Shape::text("in_json", |secret| {
        let note = serde_json::json!({"row": 7, "note": secret.plain(), "open": true});
        Some(format!("```json\n{note:#}\n```"))
    }),
    Shape::text("in_yaml", |secret| {
        let value = secret.plain().replace('\n', "\n    ");
        Some(format!("record:\n  row: 7\n  note: |\n    {value}\n  open: true\n"))
    }),
    Shape::text("in_sql", |secret| {
        let value = secret.plain().replace('\'', "''");
        Some(format!("INSERT INTO notes (row, note) VALUES (7, '{value}');"))
    }),
    Shape::text("in_a_markdown_table", |secret| {
        let value = secret.value.replace('\n', "<br>");
        Some(format!("| row | {} |\n|-----|-----|\n| 7 | {value} |\n", secret.carrier))
    }),
    Shape::text("in_a_long_text", |secret| {
        let shore = "The tide came in over the flats, and the boats turned at their moorings. ";
        Some(format!("{}{}\n{}", shore.repeat(60), secret.plain(), shore.repeat(60)))
    }),
];

/// Words around, without a space to the value. A word before it in Latin letters is followed by one, or it
/// would be another word.
fn glued(before: &str, secret: &Secret, after: &str) -> String {
    let value = secret.plain();
    let value = match value.strip_prefix(&format!("{} ", secret.carrier)) {
        Some(value) if !secret.carrier.is_ascii() => format!("{}{value}", secret.carrier),
        _ => value,
    };
    format!("{before}{value}{after}")
}

/// As a browser writes a form: what is reserved by its bytes, a space as a plus.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            // Writing to a string never fails.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&apos;")
}
