//! Decoding, encoding by encoding.

use super::*;

const MAIL: &str = "zhangsan@example.com";

#[test]
fn base64_in_all_its_forms_gives_its_text() {
    let standard = base64(MAIL.as_bytes());
    let url = base64("用户??>>~~zhang@example.com".as_bytes()).replace('+', "-").replace('/', "_");
    assert_eq!(undone(&format!("see {standard}."), Encoding::Base64), [MAIL]);
    assert_eq!(undone(standard.trim_end_matches('='), Encoding::Base64), [MAIL]);
    assert_eq!(undone(&format!("\"{url}\""), Encoding::Base64), ["用户??>>~~zhang@example.com"]);
    let little: Vec<u8> = MAIL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(undone(&base64(&little), Encoding::Base64), [MAIL]);
    let big: Vec<u8> = MAIL.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(undone(&base64(&big), Encoding::Base64), [MAIL]);
}

#[test]
fn base64_over_lines_is_one_block() {
    let text = format!("{MAIL} and some more text, so that it goes on for a while");
    let encoded = base64(text.as_bytes());
    for (width, end) in [(20, "\n"), (22, "\r\n"), (30, "\n  ")] {
        let lines: Vec<_> = encoded
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let wrapped =
            format!("body:\n{}{}\n", end.trim_start_matches(['\r', '\n']), lines.join(end));
        assert_eq!(undone(&wrapped, Encoding::Base64), [text.as_str()], "{wrapped}");
        assert_eq!(undone(&format!("b: {}", lines.join(end)), Encoding::Base64), [text.as_str()]);
    }
}

#[test]
fn a_block_is_found_behind_what_is_glued_to_it() {
    let encoded = base64(format!("{MAIL};{MAIL}").as_bytes());
    for prefix in ["k", "id", "key", "x-", "a/b/"] {
        let found = undone(&format!("{prefix}{encoded}"), Encoding::Base64);
        assert!(found.iter().any(|text| text.contains(MAIL)), "{prefix}: {found:?}");
    }
}

#[test]
fn hexadecimal_in_all_its_forms_gives_its_text() {
    let digits = hex(MAIL.as_bytes());
    let pairs: Vec<_> = MAIL.bytes().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(undone(&digits, Encoding::Hex), [MAIL]);
    assert_eq!(undone(&format!("0x{}", digits.to_uppercase()), Encoding::Hex), [MAIL]);
    for separator in [":", " ", "-", ", ", "_"] {
        let text = format!("dump {}.", pairs.join(separator));
        assert_eq!(undone(&text, Encoding::Hex), [MAIL], "{text}");
    }
    assert_eq!(undone(&format!("[0x{}]", pairs.join(", 0x")), Encoding::Hex), [MAIL]);
    assert_eq!(undone(&format!("\\x{}", pairs.join("\\x")), Encoding::Escapes), [MAIL]);
}

#[test]
fn each_escape_gives_its_character() {
    for (text, plain) in [
        ("zhang%40example%2Ecom", "zhang@example.com"),
        ("%E7%94%A8%u6237", "用户"),
        ("a&#64;b&#x40;c&commat;d&amp;&#064e", "a@b@c@d&@e"),
        (r"\u0041\u6237\ud83d\ude00", "A户😀"),
        (r"\u{41}\u{1F600}\U00000041", "A😀A"),
        (r"\x41\101\xe7\x94\xa8", "AA用"),
        (r"http:\/\/a\.b", "http://a.b"),
        (r#"{\"a\":\"1\n2\"}"#, "{\"a\":\"1\n2\"}"),
        ("4111\\\n1111", "41111111"),
    ] {
        assert_eq!(undone(text, Encoding::Escapes), [plain], "{text}");
    }
}

#[test]
fn what_is_no_escape_stays() {
    for text in [
        "100% of it",
        "R&D & more",
        "%zz %f",
        "&nosuch; &",
        r"\d+ \w \1",
        r"\ud800",
        "%ff",
        "\\u12",
    ] {
        assert!(undone(text, Encoding::Escapes).is_empty(), "{text}");
    }
}

#[test]
fn quoted_printable_is_undone() {
    assert_eq!(
        undone("zhang=40exam=\r\nple.com =E7=94=A8", Encoding::QuotedPrintable),
        ["zhang@example.com 用"]
    );
    assert!(undone("a = b\nif x == 1 {}", Encoding::QuotedPrintable).is_empty());
}

#[test]
fn a_secret_half_of_which_is_encoded_is_found() {
    let text = format!("mail {}@example.com", base64(b"zhangsan.long"));
    assert!(undone(&text, Encoding::Inline)[0].contains("zhangsan.long@example.com"));
}

#[test]
fn words_names_and_paths_are_no_blocks() {
    for text in [
        "internationalization of characteristics",
        "getElementsByClassName(documentFragment)",
        "/usr/local/lib/python3/site-packages/numpy2",
        "AbstractSingletonProxyFactoryBean",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "0xdeadbeefcafebabe",
        "1234567890123456",
        "12:30:45:12:30:45:11",
    ] {
        let mut out = Out::new(text.len());
        decoded(&raw(text), &mut out);
        assert!(out.views.is_empty(), "{text}: {:?}", out.views);
    }
}

fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn long_blocks_of_no_text_are_opaque() {
    let block = base64(&noise(300));
    let text = format!("see {block} there");
    let place = 4..4 + block.trim_end_matches('=').len();
    assert_eq!(expand(&text).opaque, std::slice::from_ref(&place));
    assert_eq!(expand(&hex(&noise(200))).opaque.len(), 1);
    let lines: Vec<_> =
        block.as_bytes().chunks(76).map(|l| std::str::from_utf8(l).unwrap()).collect();
    assert_eq!(expand(&lines.join("\n")).opaque.len(), 1);
}

#[test]
fn public_keys_digests_and_certificates_are_not_opaque() {
    let block = base64(&noise(300));
    let wrapped: Vec<_> =
        block.as_bytes().chunks(64).map(|l| std::str::from_utf8(l).unwrap()).collect();
    let digests: Vec<_> = noise(320).chunks(32).map(hex).collect();
    let uuids = ["550e8400-e29b-41d4-a716-446655440000"; 12];
    for text in [
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", wrapped.join("\n")),
        format!("ssh-rsa AAAA{block} me@host"),
        digests.join("\n"),
        uuids.join("\n"),
        "A".repeat(1000),
        "-".repeat(1000),
        "3".repeat(1000),
    ] {
        assert!(expand(&text).opaque.is_empty(), "{}", text.get(..40).unwrap());
    }
    let private = format!("-----BEGIN PRIVATE KEY-----\n{}", wrapped.join("\n"));
    assert_eq!(expand(&private).opaque.len(), 1);
}

#[test]
fn two_encodings_are_undone_and_a_third_is_told() {
    let once = base64(MAIL.as_bytes());
    let twice = base64(once.as_bytes());
    let thrice = base64(twice.as_bytes());
    assert_eq!(places(&twice, MAIL), [twice.as_str()]);
    assert!(!expand(&twice).still_encoded);
    assert!(places(&thrice, MAIL).is_empty());
    assert!(expand(&thrice).still_encoded);
    assert!(expand("a%25252541b").still_encoded);
    assert!(!expand(r"a \\\\n b \\n c").still_encoded);
}

#[test]
fn an_identifier_behind_a_sign_of_equality_is_not_quoted_printable() {
    assert!(
        undone("rid=40969abf423153b0 a=C3=A9", Encoding::QuotedPrintable)[0].contains("rid=40969")
    );
    assert_eq!(undone("ann=40example.com", Encoding::QuotedPrintable), ["ann@example.com"]);
}

#[test]
fn a_digit_that_stands_for_itself_is_not_still_encoded() {
    assert!(!expand(&"3".repeat(64)).still_encoded);
    let thrice = base64(base64(base64(b"a secret of somebody").as_bytes()).as_bytes());
    assert!(expand(&thrice).still_encoded);
}

#[test]
fn a_plus_is_a_space_in_the_value_of_a_form_and_nowhere_else() {
    let query = "see https://example.org/find?q=tax+number+12%2B3%0A4&page=2&n=a=b for more";
    assert_eq!(undone(query, Encoding::Escapes)[1], "q: tax number 12+3\n4\npage: 2\nn: a=b\n");
    assert_eq!(undone("a[b]=1+2 and c=3+4", Encoding::Escapes), ["a[b]: 1 2\nc: 3 4\n"]);
    for text in ["1+2=3", "a += b+c", "+44 20 7946 0000", "abc+def==", "=a+b"] {
        assert!(undone(text, Encoding::Escapes).is_empty(), "{text}");
    }
    assert_eq!(places("?q=DNI+12345678", "DNI 12345678"), ["DNI+12345678"]);
}
