//! Telephone numbers in running text.

use super::super::tests::found;
use super::TABLE;

fn best(text: &str) -> Option<(&str, u8)> {
    let hits = found(TABLE, text);
    let hit = hits.iter().max_by_key(|hit| (hit.1, hit.0.len()))?;
    Some((&text[hit.0.clone()], hit.1))
}

#[test]
fn numbers_with_a_country_code_need_no_context() {
    for text in [
        "+44 (20) 7123 4567",
        "+44 (0)20 7946 0018",
        "+1-415-555-0132",
        "+14155550132",
        "+55 11 98456 5666",
        "+33 1 42 68 53 00",
        "+49 30/1234567",
        "+86 138 1234 5678",
        "+81-90-1234-5678",
        "+7 (495) 123-45-67",
        "+1 415 555 0132 x123",
        "+971 50 123 4567",
        "+358401234567",
        "+30 21 0 1234567",
        "+39 06 678 4343",
    ] {
        assert_eq!(best(&format!("Reach {text}, please")), best(text), "{text}");
        assert_eq!(best(text).map(|hit| (hit.0, hit.1 >= 60)), Some((text, true)));
    }
}

#[test]
fn national_forms_need_no_context() {
    for text in [
        "(415) 555-0132",
        "415-555-0132",
        "415.555.0132 ext. 12",
        "020 7946 0018",
        "01632 960001",
        "01.84.17.61.18",
        "06 12 34 56 78",
        "0475/12.34.56",
        "020-1234567",
        "030 12345678",
        "030/123 456-78",
        "044 668 18 00",
        "0721 234 567",
        "070-123 45 67",
        "8 (495) 123-45-67",
        "(067) 123 45 67",
        "0532 123 45 67",
        "(11) 98456-5666",
        "(55) 1234 5678",
        "(0351) 412-3456",
        "0414-1234567",
        "090-1234-5678",
        "010-1234-5678",
        "138 1234 5678",
        "0755-23456789",
        "0912-345-678",
        "011-23456789",
        "0812-3456-7890",
        "0917 123 4567",
        "(02) 9876 5432",
        "0412 345 678",
        "083 564 9312",
        "0803 123 4567",
        "054-1234567",
        "0905 123 456",
        "06-30-123-4567",
        "040 123 4567",
    ] {
        assert_eq!(best(text).map(|hit| (hit.0, hit.1 >= 40)), Some((text, true)), "{text}");
    }
}

#[test]
fn digits_alone_need_a_word_of_context() {
    for text in ["13812345678", "4155550132", "01012345678", "467 3395", "699 956 915", "9472 7916"]
    {
        assert!(found(TABLE, text).iter().all(|hit| hit.1 < 40), "{text}");
        let told = format!("Telefon: {text}");
        assert_eq!(best(&told).map(|hit| (hit.0, hit.1 >= 50)), Some((text, true)), "{text}");
    }
    assert_eq!(best("电话13812345678谢谢").map(|hit| hit.0), Some("13812345678"));
}

#[test]
fn what_only_has_the_shape_of_a_number_is_none() {
    for text in [
        "2024-01-31 10:22",
        "+2024-01-31 10:22",
        "31.01.2024",
        "192.168.100.200",
        "1.2345678901",
        "+1.2345678901",
        "1700000000",
        "1700000000000",
        "+999 123 456 789",
        "+44 123",
        "a+4915112345678",
        "0000-0000-0000",
        "550e8400-e29b-41d4-a716-446655440000",
        "978-0-306-40615-7",
    ] {
        assert!(found(TABLE, text).iter().all(|hit| hit.1 < 40), "{text} {:?}", found(TABLE, text));
    }
}
