//! Folding, rule by rule.

use super::*;

#[test]
fn ascii_and_plain_prose_of_other_scripts_fold_to_themselves() {
    for text in [
        "plain ASCII, 100 %",
        "这是一段普通的文字，其中有一个词".trim_matches('，'),
        "простой текст",
    ] {
        let text = text.replace('，', "");
        assert!(folded(&raw(&text)).is_none(), "{text}");
    }
}

#[test]
fn each_way_to_write_a_digit_gives_the_digit() {
    let cases = [
        ("４１１１", "4111"),
        ("٤١١١", "4111"),
        ("۴۱۱۱", "4111"),
        ("४१११", "4111"),
        ("𝟒𝟏𝟏𝟏", "4111"),
        ("④①①①", "4111"),
        ("⑷⑴⑴⑴", "4111"),
        ("❹❶❶❶", "4111"),
        ("⁴₁¹₁", "4111"),
        ("4️⃣1️⃣1️⃣1️⃣", "4111"),
        ("4̶1̶1̶1̶", "4111"),
        ("4⃝1⃝1⃝1⃝", "4111"),
        ("⒋⒈⒈⒈", "4111"),
    ];
    for (text, plain) in cases {
        assert_eq!(fold(text), plain, "{text}");
    }
}

#[test]
fn han_numerals_are_digits_in_rows_and_words_in_prose() {
    let cases = [
        ("电话幺三八零零幺三八零零零", "电话13800138000"),
        ("壹叁捌〇〇", "13800"),
        ("四 一 一 一", "4 1 1 1"),
        ("１三８", "138"),
        ("我有一个问题", "我有一个问题"),
        ("一、二", "一、二"),
        ("两三个", "两三个"),
        ("㊀㊁㊂", "123"),
    ];
    for (text, plain) in cases {
        assert_eq!(fold(text), plain, "{text}");
    }
}

#[test]
fn look_alike_letters_fold_in_words_that_mix_scripts() {
    let cases = [
        ("АКІА1234", "AKIA1234"),
        ("раsswоrd", "password"),
        ("zhаng@ехаmple.соm", "zhang@example.com"),
        ("аррӏе@соор.сх", "apple@coop.cx"),
        ("tıger", "tiger"),
        ("КАРТА", "КАРТА"),
        ("серия и номер", "серия и номер"),
        ("дом15", "дом15"),
        ("𝐬𝐤-𝓁𝒾𝓋𝑒", "sk-live"),
        ("🅐🅑🅒", "ABC"),
        ("ＡＫＩＡ", "AKIA"),
        ("密码раss", "密码pass"),
    ];
    for (text, plain) in cases {
        assert_eq!(fold(text), plain, "{text}");
    }
}

#[test]
fn signs_and_spaces_of_all_kinds_become_ascii() {
    assert_eq!(fold("a。b．c｡d"), "a.b.c.d");
    assert_eq!(fold("1‐2‑3‒4–5—6―7−8﹘9﹣0－1"), "1-2-3-4-5-6-7-8-9-0-1");
    assert_eq!(fold("1⁄2∕3／4"), "1/2/3/4");
    assert_eq!(fold("a\u{A0}b\u{2003}c\u{202F}d\u{3000}e\u{205F}f"), "a b c d e f");
    assert_eq!(fold("a＠b﹫c：d＿e∶f"), "a@b@c:d_e:f");
}

#[test]
fn what_cannot_be_seen_goes() {
    for unseen in [
        "\u{200B}",
        "\u{200D}",
        "\u{200F}",
        "\u{2060}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{202E}",
        "\u{2066}",
        "\u{FE0F}",
        "\u{E0100}",
        "\u{180E}",
        "\u{3164}",
        "\u{E0001}",
        "\u{E007F}",
        "\u{115F}",
        "\0",
        "\u{8}",
        "\u{C}",
        "\u{1B}",
        "\u{7F}",
        "\u{90}",
        "\u{FFF9}",
        "\u{FFFC}",
        "\u{FFFD}",
        "\u{E000}",
        "\u{FDD0}",
        "\u{1FFFE}",
        "\u{1D173}",
    ] {
        let text = format!("41{unseen}11{unseen}{unseen}x");
        assert_eq!(fold(&text), "4111x", "{unseen:?}");
    }
}

#[test]
fn tags_give_the_letters_that_they_smuggle() {
    let smuggled: String =
        "key 42".chars().filter_map(|c| char::from_u32(0xE0000 + c as u32)).collect();
    assert_eq!(fold(&format!("hi{smuggled}")), "hikey 42");
}

#[test]
fn accents_stay_and_compose() {
    assert_eq!(fold("é"), "é");
    assert_eq!(fold("e\u{301}"), "é");
    assert_eq!(fold("e\u{200B}\u{301}"), "é");
    assert_eq!(fold("ｶﾞ"), "ガ");
    assert_eq!(fold("각"), "각");
    assert_eq!(fold("s\u{338}k"), "sk");
}

#[test]
fn the_tables_are_in_order_and_about_other_characters() {
    use super::super::lookalikes::letter;
    assert_eq!(letter('а'), Some('a'));
    assert_eq!(letter('Ι'), Some('I'));
    assert_eq!(letter('a'), None);
    assert_eq!(letter('中'), None);
}

#[test]
fn few_capitals_beside_digits_and_parts_of_a_token_are_disguises() {
    assert_eq!(fold("ЕН 57 05 84 А"), "EH 57 05 84 A");
    assert_eq!(fold("ΝL36 ΑΒΝΑ 0417"), "NL36 ABNA 0417");
    assert_eq!(fold("wPі+рВ+СЕt/АА"), "wPi+pB+CEt/AA");
    assert_eq!(fold("518:АА-іQј_с-7"), "518:AA-iQj_c-7");
    for text in ["КАРТА 1234", "ВСЕ и", "В 2020 году", "от 5 до 7", "РОСТ – 5", "ВОР-вор"]
    {
        assert_eq!(fold(text).replace('-', "–"), text.replace('-', "–"), "{text}");
    }
}
