//! Numbers of payment cards (ISO/IEC 7812): the range of an issuer, a length that it has, Luhn's check.
//!
//! With fifteen digits and more, prefix, length and check leave few numbers that are none. With fewer, one
//! of ten numbers with the prefix passes, as many bar codes do, and a word of context must decide. Such are
//! old Visa (13), Maestro (12 to 14), and the range 1 of air travel cards (UATP, 15), which time stamps in
//! milliseconds begin with as well, at 13 digits. So are 17 digits and more without groups, unless they are of
//! China: identifiers and constants in code are that long.
//!
//! Digits stand in groups of three to six, between them a space, a dash or a point.

use crate::privacy::detect::checksum::{digits, luhn};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Pattern, pattern};

/// Payment cards.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(LONG), check: Some(long_card), valid: 100, ..CARD },
    Detector {
        about: "payment card of 14 digits",
        find: Find::Token(MIDDLE),
        check: Some(diners_card),
        valid: 60,
        ..CARD
    },
    Detector {
        about: "payment card whose range or length many other numbers have",
        find: Find::Token(SHORT),
        check: Some(short_card),
        valid: 35,
        ..CARD
    },
];

const CARD: Detector = Detector {
    kind: "CREDIT_CARD",
    about: "payment card",
    family: Family::Payment,
    edges: Edges { before: b"-.", after: b"-", word_before: true, word_after: true },
    context: &[
        "card",
        "credit card",
        "debit card",
        "cc",
        "visa",
        "mastercard",
        "amex",
        "american express",
        "discover",
        "jcb",
        "diners",
        "maestro",
        "unionpay",
        "pan",
        "cvv",
        "cvc",
        "expiry",
        "kreditkarte",
        "karte",
        "kartennummer",
        "carte",
        "carte bancaire",
        "carte bleue",
        "tarjeta",
        "carta di credito",
        "cartão",
        "creditcard",
        "kort",
        "kortnummer",
        "karta",
        "kártya",
        "card de credit",
        "карта",
        "картка",
        "κάρτα",
        "kart",
        "kartı",
        "بطاقة",
        "כרטיס",
        "कार्ड",
        "บัตรเครดิต",
        "thẻ",
        "kartu",
        "信用卡",
        "银行卡",
        "卡号",
        "銀行卡",
        "カード",
        "クレジットカード",
        "카드",
        "신용카드",
    ],
    source: "ISO/IEC 7812-1; https://en.wikipedia.org/wiki/Payment_card_number",
    ..Detector::EMPTY
};

const LONG: &[Pattern] = &[
    pattern("[1-9][0-9]{14,18}", 30),
    pattern(r"[1-9][0-9]{3}(?: ?[ .-] ?[0-9]{3,6}){2,4}", 30),
    pattern("[1-9][0-9]{5}[ -][0-9]{9,13}", 30),
    pattern("[1-9][0-9]{7}[ -][0-9]{8}", 30),
];
const MIDDLE: &[Pattern] =
    &[pattern("3[0689][0-9]{12}", 20), pattern("3[0689][0-9]{2}(?:[ .-][0-9]{3,6}){2,3}", 30)];
const SHORT: &[Pattern] =
    &[pattern("[0-9]{12,19}", 15), pattern(r"[0-9]{4}(?:[ .-][0-9]{3,6}){2,3}", 25)];

/// First and last of a range of prefixes of four digits, with the lengths that its cards have.
struct Range {
    first: u32,
    last: u32,
    least: usize,
    most: usize,
}

const fn range(first: u32, last: u32, least: usize, most: usize) -> Range {
    Range { first, last, least, most }
}

/// Ranges of fifteen digits and more.
const RANGES: &[Range] = &[
    range(1800, 1800, 15, 15), // JCB
    range(1946, 1946, 16, 16), // GPN
    range(2131, 2131, 15, 15), // JCB
    range(2200, 2205, 16, 19), // Mir, Borica
    range(2221, 2720, 16, 16), // Mastercard
    range(3000, 3059, 16, 19), // Diners Club
    range(3095, 3095, 16, 19), // Diners Club
    range(3400, 3499, 15, 15), // American Express
    range(3528, 3589, 16, 19), // JCB
    range(3600, 3699, 16, 19), // Diners Club
    range(3700, 3799, 15, 15), // American Express
    range(3800, 3999, 16, 19), // Diners Club
    range(4000, 4999, 16, 16), // Visa
    range(4000, 4999, 18, 19), // Visa
    range(5000, 5099, 15, 19), // Maestro, Verve, RuPay, Dankort
    range(5100, 5599, 16, 16), // Mastercard
    range(5600, 5999, 15, 19), // Maestro, Bankcard
    range(6000, 6999, 15, 19), // Maestro, Discover, UnionPay, InterPayment
    range(8100, 8299, 16, 19), // UnionPay, RuPay
    range(8600, 8600, 16, 16), // Uzcard
    range(9704, 9704, 16, 19), // NAPAS
    range(9792, 9792, 16, 16), // Troy
    range(9860, 9860, 16, 16), // Humo
];

/// Ranges that need a word of context.
const WEAK: &[Range] = &[
    range(604, 604, 12, 12),   // Maestro, in old lists
    range(1000, 1999, 15, 15), // UATP
    range(3500, 3527, 16, 16), // JCB, in generators of test numbers
    range(3590, 3599, 16, 16), // the same
    range(4000, 4999, 13, 13), // Visa
    range(5000, 5099, 12, 14), // Maestro
    range(5600, 6999, 12, 14), // Maestro
];

const DINERS: &[Range] = &[
    range(3000, 3059, 14, 14),
    range(3095, 3095, 14, 14),
    range(3600, 3699, 14, 14),
    range(3800, 3999, 14, 14),
];

/// Whether it is a card of fifteen digits or more.
pub(crate) fn long_card(text: &str) -> Check {
    Check::from_bool(is_card(text, RANGES) && !is_number(text))
}

/// Whether it is a Diners Club card of fourteen digits.
pub(crate) fn diners_card(text: &str) -> Check {
    Check::from_bool(is_card(text, DINERS))
}

/// Whether it is a card of a length or range that is common elsewhere.
pub(crate) fn short_card(text: &str) -> Check {
    Check::from_bool(is_card(text, WEAK) || is_number(text) && is_card(text, RANGES))
}

/// Seventeen digits and more without groups, as identifiers and constants in code have. Only in China cards
/// are so long as a rule, and then of nineteen.
fn is_number(text: &str) -> bool {
    let bare = text.len() >= 17 && text.bytes().all(|byte| byte.is_ascii_digit());
    let chinese = ["62", "81", "9704"].iter().any(|prefix| text.starts_with(prefix));
    bare && !(chinese && text.len() == 19)
}

fn is_card(text: &str, ranges: &[Range]) -> bool {
    let count = digits(text).count();
    let prefix = digits(text).take(4).fold(0, |prefix, digit| prefix * 10 + digit);
    let fits = |range: &Range| {
        (range.first..=range.last).contains(&prefix) && (range.least..=range.most).contains(&count)
    };
    ranges.iter().any(fits) && luhn(text)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn published_test_numbers_are_found_in_every_grouping() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "3782 822463 10005",
            "378282246310005",
            "5555.5555.5555.4444",
            "3530111333300000",
            "6011000990139424",
            "2223003122003222",
            "6759649826438453",
            "5019717010103742",
        ] {
            assert_eq!(found(TABLE, &format!("n {text}, x")), [(2..2 + text.len(), 100)], "{text}");
        }
        assert_eq!(found(TABLE, "卡号4111111111111111谢谢").len(), 1);
        assert_eq!(found(TABLE, "3056 930902 5904"), [(0..16, 60)]);
    }

    #[test]
    fn short_ones_need_a_word_of_context() {
        assert_eq!(found(TABLE, "4222222222222"), [(0..13, 35)]);
        assert_eq!(found(TABLE, "card 4222222222222"), [(5..18, 70)]);
        assert_eq!(found(TABLE, "122000000000003"), [(0..15, 35)]);
        assert_eq!(found(TABLE, "4131034282458809939"), [(0..19, 35)]);
        assert_eq!(found(TABLE, "my card 4131034282458809939"), [(8..27, 70)]);
    }

    #[test]
    fn wrong_digits_and_other_numbers_are_none() {
        for text in [
            "4012-8888-8888-1882",
            "4111111111111112",
            "1748503543012",
            "0.4111111111111111",
            "x4111111111111111",
            "41111111111111111111",
            "1700000000000000",
            "0000000000000000",
        ] {
            assert!(found(TABLE, text).is_empty(), "{text}");
        }
    }
}
