//! Addresses in running text.

use super::super::tests::found;
use super::TABLE;

fn one(text: &str) -> Option<&str> {
    found(TABLE, text).first().map(|hit| &text[hit.0.clone()])
}

#[test]
fn an_address_is_found_between_letters_of_other_scripts() {
    assert_eq!(one("邮箱zhangsan@example.com谢谢"), Some("zhangsan@example.com"));
    assert_eq!(one("почтаivan@example.ruспасибо"), Some("ivan@example.ru"));
    assert_eq!(one("mailto:jérôme.o'neil+x@example.fr."), Some("jérôme.o'neil+x@example.fr"));
    assert_eq!(one("写信 用户@例子.中国 谢谢"), Some("用户@例子.中国"));
    assert_eq!(one("\"john doe\"@example.org"), Some("\"john doe\"@example.org"));
}

#[test]
fn an_address_in_an_url_ends_where_its_parameter_does() {
    assert_eq!(one("/u?mail=ann%40example.com&x=1"), Some("ann%40example.com"));
    assert_eq!(one("?m=mailto%3Aann@example.com"), Some("ann@example.com"));
}

#[test]
fn what_is_spelled_out_is_found() {
    for text in [
        "name [at] example [dot] com",
        "name(at)example.com",
        "name at example dot com",
        "nombre arroba ejemplo punto com",
        "name @ example.com",
        "name {at} mail {dot} example {dot} co {dot} uk",
    ] {
        assert_eq!(one(text), Some(text));
    }
    assert_eq!(one("we meet at example.com"), None);
    assert_eq!(one("f (a) example"), None);
}

#[test]
fn what_only_looks_like_an_address_is_none() {
    for text in
        ["info@example.", "@app.route", "icon@2x.png", "react@18.2.0", "user@host", "@ example.com"]
    {
        assert_eq!(one(text), None, "{text}");
    }
    assert_eq!(found(TABLE, "git@example.com:a/b.git").first().map(|hit| hit.1), Some(20));
    assert_eq!(found(TABLE, "ann@db.internal").first().map(|hit| hit.1), Some(45));
}
