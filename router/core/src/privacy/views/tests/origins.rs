//! The way back: a find in a view is the encoded bytes of the original, and no others.

use super::*;
use proptest::prelude::*;

const SECRET: &str = "4111111111111111";

/// A way to hide a secret.
type Hide = fn(&str) -> String;

const WAYS: [(&str, Hide); 14] = [
    ("full width", |s| s.chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect()),
    ("struck out", |s| s.chars().flat_map(|c| [c, '\u{336}']).collect()),
    ("circled", |s| s.chars().map(|c| char::from_u32(0x2460 + c as u32 - 0x31).unwrap()).collect()),
    ("spaced", |s| s.chars().map(String::from).collect::<Vec<_>>().join(" ")),
    ("groups", |s| {
        s.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g)).collect::<Vec<_>>().join("*")
    }),
    ("base64", |s| base64(s.as_bytes())),
    ("base64 twice", |s| base64(base64(s.as_bytes()).as_bytes())),
    ("hex", |s| hex(s.as_bytes())),
    ("hex pairs", |s| s.bytes().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":")),
    ("percent", |s| s.bytes().map(|b| format!("%{b:02X}")).collect()),
    ("entities", |s| s.bytes().map(|b| format!("&#{b};")).collect()),
    ("json", |s| s.bytes().map(|b| format!("\\u{b:04x}")).collect()),
    ("quoted", |s| s.bytes().map(|b| format!("={b:02X}")).collect()),
    ("wide base64", |s| base64(&s.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
];

proptest! {
    #[test]
    fn a_hidden_secret_is_found_at_its_own_bytes(
        before in "([a-z]{1,9} |[，用户名是。]{1,4}|é|😀){0,6}",
        after in "( [a-z]{2,9}|[，用户名。]{1,4}|é|😀){0,6}",
        way in 0..WAYS.len(),
    ) {
        let (name, hide) = WAYS[way];
        let hidden = hide(SECRET);
        let text = format!("{before}: {hidden}; {after}");
        let struck = hidden.trim_end_matches('=').to_owned();
        let found = places(&text, SECRET);
        prop_assert!(!found.is_empty(), "{name} in {text}");
        for place in found {
            prop_assert!(place == hidden || place == struck, "{name}: {place} is not {hidden}");
        }
    }
}

#[test]
fn nothing_changed_is_the_same_place() {
    let view = raw("abc中文");
    assert_eq!(view.origin(1..6), 1..6);
    assert_eq!(view.origin(4..5), 3..6);
    assert_eq!(view.origin(40..50), 9..9);
    assert_eq!(view.origin(0..0), 0..0);
}

#[test]
fn a_part_of_base64_comes_from_its_own_characters() {
    let text = format!("x {}", base64(b"abcdefghijkl"));
    let out = expand(&text);
    let view = out.views.iter().find(|view| view.text() == "abcdefghijkl").unwrap();
    assert_eq!(view.origin(0..1), 2..4);
    assert_eq!(view.origin(1..2), 3..5);
    assert_eq!(view.origin(2..3), 4..6);
    assert_eq!(view.origin(3..6), 6..10);
}

#[test]
fn a_mark_belongs_to_its_letter() {
    let (view, _) = folded(&raw("xe\u{301}y")).unwrap();
    assert_eq!(view.text(), "xéy");
    assert_eq!(view.origin(1..3), 1..4);
    assert_eq!(view.origin(3..4), 4..5);
}

#[test]
fn plain_text_costs_one_entry() {
    let text = "4 ".repeat(1000);
    let mut out = Out::new(text.len());
    collapsed(&raw(&text), &mut out);
    let chain = out.views[0].chain.as_ref().unwrap();
    assert!(chain.map.entries() <= 3, "{}", chain.map.entries());
}
