//! Collapsing, kind by kind.

use super::*;

const CARD: &str = "4111111111111111";

#[test]
fn single_characters_with_one_separator_are_a_word() {
    let word = "zhang@example.com";
    for separator in [
        " ", "-", "_", "*", "|", "/", ",", ";", ":", "~", "+", "·", "、", "\n", "\r\n", "\t", "  ",
        ", ",
    ] {
        let spaced: Vec<_> = word.chars().map(String::from).collect();
        let text = format!("mail: {}", spaced.join(separator));
        assert_eq!(lines(&text, Segment::Spaced), [word], "{separator:?}");
    }
}

#[test]
fn a_row_ends_where_a_word_begins() {
    assert_eq!(lines("hello 1 2 3 4 5 6 and", Segment::Spaced), ["123456"]);
    assert_eq!(lines("1 2 3 4 5 6 7th", Segment::Spaced), ["123456"]);
    assert_eq!(lines("密 码 是 四 一 二", Segment::Spaced), ["密码是四一二"]);
}

#[test]
fn rules_frames_and_short_rows_are_no_words() {
    for text in
        ["----------", "| | | | | | |", ". . . . . . .", "a b c d e", "an a b c is", "+-+-+-+-+-+"]
    {
        assert!(lines(text, Segment::Spaced).is_empty(), "{text}");
    }
}

#[test]
fn groups_of_digits_with_any_separators_are_a_number() {
    for text in [
        "4111*1111/1111|1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\n1111\n1111\n1111",
        "4111 1111\n1111 1111",
        "(4111) 1111.1111_1111",
        "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
    ] {
        assert!(lines(text, Segment::Digits).contains(&CARD.to_owned()), "{text}");
    }
}

#[test]
fn another_number_beside_it_does_not_hide_it() {
    let found = lines("7 4111*1111*1111*1111, 12 3", Segment::Digits);
    assert!(found.contains(&CARD.to_owned()), "{found:?}");
}

#[test]
fn a_number_broken_once_at_the_end_of_a_line_is_one() {
    for (text, number) in [
        ("536-2\n2-1234 as", "536221234"),
        ("4111 1111\n1111 1111", CARD),
        ("12345678\n12345678", "1234567812345678"),
    ] {
        assert!(lines(text, Segment::Digits).contains(&number.to_owned()), "{text}");
    }
}

#[test]
fn numbers_side_by_side_are_none() {
    for text in [
        "5729,106268,67905",
        "loss 0.05)\n2024-07-06",
        "id=744472730\n2024-07-06T05:01",
        "at 40.541976Z",
        "up 372129.567316",
        "2 2024-04-09 11:20",
        "2003-08-28 12:13:52",
        "914828  19746",
        "0 1686777 870463",
        "41326\n1720552103207",
        "to 192.168.100.200",
        "/2024/07/01/997",
        "4f2-4688-802d-9c",
    ] {
        assert!(
            lines(text, Segment::Digits).is_empty(),
            "{text}: {:?}",
            lines(text, Segment::Digits)
        );
    }
}

#[test]
fn letters_attached_to_the_ends_belong_to_the_number() {
    assert_eq!(lines("DE89*3704*0044*0532*0130*00", Segment::Digits), ["DE89370400440532013000"]);
    assert_eq!(lines("110101 19900307 663X", Segment::Digits), ["11010119900307663X"]);
    assert_eq!(lines("order1234 56789", Segment::Digits), ["123456789"]);
    assert!(lines("12 345 67", Segment::Digits).is_empty());
    assert!(lines("123456789", Segment::Digits).is_empty());
}

#[test]
fn tokens_of_one_length_are_a_word() {
    assert_eq!(lines("AKIA IOSF ODNN 7EXA MPLE", Segment::Chunks), ["AKIAIOSFODNN7EXAMPLE"]);
    assert_eq!(lines("see gh-p_:Ab1-Cd2-Ef3-G", Segment::Chunks), ["Ab1Cd2Ef3G"]);
    assert_eq!(lines("AKIA\nIOSF\nODNN\n7EXA\nMPLE", Segment::Chunks), ["AKIAIOSFODNN7EXAMPLE"]);
    let found = lines("wJal rXUt nFEM I/K7 MDEN G/bP", Segment::Chunks);
    assert!(found.contains(&"wJalrXUtnFEMI/K7MDENG/bP".to_owned()), "{found:?}");
    assert_eq!(lines("ab,cd ef gh i1", Segment::Chunks), ["cdefghi1"]);
}

#[test]
fn prose_makes_no_chunks() {
    assert!(lines("The cat sat for all men. She may not run", Segment::Chunks).is_empty());
}

#[test]
fn tokens_broken_over_line_ends_are_joined() {
    for (text, token) in [
        ("key AKIAIOSF\nODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE."),
        ("\"AKIAIOSF\" +\n    \"ODNN7EXAMPLE\"", "AKIAIOSFODNN7EXAMPLE"),
        ("AKIAIOSF\\\nODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("# AKIAIOSF\n# ODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("// AKIAIOSF\r\n// ODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("> zhangsan@exa-\n> mple.com", "zhangsan@example.com"),
        ("x sk_test\n_4eC3\n9HqL", "sk_test_4eC39HqL"),
        ("AKIAIOSF\n/ODNN7EX", "AKIAIOSF/ODNN7EX"),
    ] {
        let found = lines(text, Segment::Broken);
        assert!(found.contains(&token.to_owned()), "{text:?}: {found:?}");
    }
}

#[test]
fn wrapped_prose_is_not_joined() {
    assert!(lines("there are many\nwords in this\ntext", Segment::Broken).is_empty());
}

#[test]
fn the_groups_around_a_broken_one_stay_as_they_are_written() {
    let line = |text: &str, wanted: &str| {
        assert!(lines(text, Segment::Broken).iter().any(|line| line == wanted), "{text:?}");
    };
    line("for me: GB33 NWBK 47\n84 3022 41 and", "GB33 NWBK 4784 3022 41");
    line("call (212) 8\n05-5560 today", "(212) 805-5560");
    line("call +33 6 12\r\n60 91 36", "+33 6 1260 91 36");
    line("key 517931:AAx9-\nBcD x", "517931:AAx9-BcD");
    let table = "1 22 333\n4 55 666\n7 88 999\n";
    assert!(lines(table, Segment::Broken).is_empty());
    assert!(lines("at 9 in the\nmorning of 5 days\n", Segment::Broken).is_empty());
}

#[test]
fn two_groups_with_a_slash_are_one_number_only_if_they_are_halves() {
    assert!(lines("131052/308 and 12345/678", Segment::Digits).is_empty());
    assert_eq!(lines("41111111/11111111", Segment::Digits), ["4111111111111111"]);
}
