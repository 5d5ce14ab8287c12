//! Hostile texts: nothing panics, nothing grows beyond its bound, and nothing is left out in silence.

use super::*;
use proptest::prelude::*;

fn total(out: &Out<'_>) -> usize {
    out.views.iter().skip(1).map(|view| view.text().len()).sum()
}

fn bound(len: usize) -> usize {
    6 * len + 64 * 1024
}

#[test]
fn floods_stay_within_the_bound() {
    let mut nested = "secret".repeat(2000);
    (0..12).for_each(|_| nested = base64(nested.as_bytes()));
    let megabyte = 1 << 20;
    for unit in [
        "%25",
        "&amp;amp;",
        "1 1 1 1 ",
        "\u{200B}",
        "4\u{336}",
        "e\u{301}\u{301}",
        "\u{FDFA}",
        "１２３４ ",
        "=41",
        "\\",
        "\\u0041",
        "1234 5678 x ",
        "QUJDREVGR0hJSktM ",
        "41:42:43:44:45:46 ",
        "aB3\n",
        "ab12\n",
        "AbCdEfGh1234567890QQ==\n",
        "%",
        "&",
        "=\n",
        "a@\n",
        "раss1 ",
        "一二",
        "\u{E0041}",
        "-",
        "1-",
        "&#x",
        "4142434445464748\n",
        "\u{1100}\u{1161}",
        "\u{20DD}",
        "0x41,",
        "a b",
        "12 ab12 ab12 ab12-",
    ] {
        let text = unit.repeat(megabyte / unit.len());
        let out = expand(&text);
        assert!(total(&out) <= bound(text.len()), "{unit:?}: {}", total(&out));
    }
    let out = expand(&nested);
    assert!(total(&out) <= bound(nested.len()) && out.still_encoded);
}

#[test]
fn what_does_not_fit_is_told() {
    let text = "\u{FDFA}".repeat(100_000);
    assert!(expand(&text).truncated);
    let text = "QUJDREVGR0hJSktM ".repeat(100_000);
    assert!(expand(&text).truncated || total(&expand(&text)) >= text.len() / 2);
    assert!(!expand(&"ordinary text, all of it. ".repeat(10_000)).truncated);
}

/// Texts of the pieces that rules are about.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,6}",
        "[a-zA-Z0-9+/=_%&;:#x\\\\ -]{0,24}",
        "(\\\\u[0-9a-f]{0,4}|%[0-9A-F]{0,2}|&#[x0-9]{0,4};?|=[0-9A-F]{0,2}|\\\\[0-3x][0-7]{0,2}){1,4}",
        "[一二三〇壹幺④⑴❹４٤\u{336}\u{301}\u{20E3}\u{200B}\u{E0041}ﷺｶﾞ각각аеіΙ。－]{1,8}",
        "([0-9a-f]{2}[: ,-]){1,9}",
        "([0-9] ){1,9}",
        "([A-Za-z0-9]{4}[ \n]){1,5}",
        Just("\r\n".to_owned()),
        any::<Vec<char>>().prop_map(String::from_iter),
        "[a-z@0-9.]{9,30}".prop_map(|text| base64(text.as_bytes())),
        "[a-z@0-9.]{9,30}".prop_map(|text| hex(text.as_bytes())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_panics_and_every_origin_is_inside_on_boundaries(
        pieces in prop::collection::vec(piece(), 0..12),
    ) {
        let text = pieces.concat();
        let out = expand(&text);
        prop_assert!(total(&out) <= bound(text.len()));
        for view in &out.views {
            let len = view.text().len();
            for at in 0..=len + 1 {
                for end in [at, at + 1, at + 7, len] {
                    let origin = view.origin(at..end);
                    prop_assert!(text.get(origin.clone()).is_some(), "{:?} {origin:?}", view.kind());
                }
            }
        }
        for span in &out.opaque {
            prop_assert!(text.get(span.clone()).is_some());
        }
    }

    #[test]
    fn folding_twice_is_folding_once(pieces in prop::collection::vec(piece(), 0..8)) {
        let once = fold(&pieces.concat());
        prop_assert_eq!(fold(&once), once);
    }
}
