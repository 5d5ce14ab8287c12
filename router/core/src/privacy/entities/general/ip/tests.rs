//! Addresses of machines in running text.

use super::super::tests::found;
use super::TABLE;

fn spans(text: &str) -> Vec<&str> {
    found(TABLE, text).into_iter().map(|hit| &text[hit.0]).collect()
}

#[test]
fn addresses_are_found_in_all_their_forms() {
    for text in [
        "192.0.2.17",
        "10.0.0.0/8",
        "2001:db8::1",
        "fe80::1%eth0/64",
        "::ffff:192.0.2.1",
        "64:ff9b::192.0.2.0/96",
        "2001:0db8:0000:0000:0000:ff00:0042:8329",
        "::1",
        "::",
        "::/0",
    ] {
        assert_eq!(spans(&format!("at ({text}), or.")), [text], "{text}");
        assert_eq!(spans(&format!("服务器{text}。")), [text], "{text}");
    }
    assert_eq!(spans("http://192.0.2.17:8080/x"), ["192.0.2.17"]);
    assert_eq!(spans("[2001:db8::1]:443"), ["2001:db8::1"]);
    assert_eq!(spans("ip:192.0.2.17 from:2001:db8::7"), ["192.0.2.17", "2001:db8::7"]);
}

#[test]
fn times_code_and_other_addresses_are_none() {
    for text in [
        "12:34:56",
        "aa:bb:cc:dd:ee:ff",
        "std::cout",
        "A::b()",
        "2001::db8::1",
        "192.168.0",
        "256.1.1.1",
        "IP192.168.1.1text",
        "gggg:hhhh::1234",
        "::ffff:192.168.1",
    ] {
        assert!(spans(text).is_empty(), "{text} {:?}", spans(text));
    }
}

#[test]
fn versions_and_common_addresses_are_unlikely() {
    for text in [
        "Chrome/120.0.6099.109",
        "version 10.20.30.40",
        "x==1.22.33.44",
        "1.3.6.1.4.1",
        "127.0.0.1",
        "a[1::2]",
        "1.2.3.4",
    ] {
        assert!(found(TABLE, text).iter().all(|hit| hit.1 < 40), "{text}");
    }
}
