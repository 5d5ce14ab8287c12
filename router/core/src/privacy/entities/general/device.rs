//! Numbers of mobile devices and of the cards in them: IMEI (3GPP TS 23.003), ICCID (ITU-T E.118), IMSI.
//!
//! An IMEI has one check digit in fifteen, as American Express cards do: bare, it needs a word of context; in
//! its own grouping (2-6-6-1) it is likely. An ICCID begins with 89 and a country code. An IMSI has no check.

use crate::privacy::detect::checksum::{digits, luhn};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// Devices.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]", 50),
            pattern("[0-9]{2} [0-9]{6} [0-9]{6} [0-9]", 50),
            pattern("[0-9]{6}[ -][0-9]{2}[ -][0-9]{6}[ -][0-9]", 50),
        ]),
        valid: 80,
        ..IMEI
    },
    Detector {
        about: "number of a mobile device, without groups",
        find: Find::Token(&[pattern("[0-9]{15}", 10)]),
        valid: 30,
        edges: Edges::NUMBER,
        ..IMEI
    },
    Detector {
        kind: "ICCID",
        about: "number of a SIM card",
        family: Family::Network,
        find: Find::Token(&[
            pattern("89[0-9]{17,18}", 20),
            pattern("89[0-9]{2}(?:[ -][0-9]{4}){3}[ -][0-9]{3,4}", 30),
            pattern("89[0-9]{16,17}[Ff]", 20),
        ]),
        check: Some(iccid),
        valid: 80,
        edges: Edges::NUMBER,
        context: &[
            "iccid",
            "sim",
            "sim card",
            "esim",
            "simkarte",
            "carte sim",
            "tarjeta sim",
            "сим",
            "SIM卡",
            "유심",
        ],
        source: "ITU-T E.118",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IMSI",
        about: "number of a mobile subscriber",
        family: Family::Network,
        find: Find::Token(&[pattern("[2-7][0-9]{14}", 5)]),
        edges: Edges::NUMBER,
        context: &["imsi", "subscriber identity"],
        source: "ITU-T E.212",
        ..Detector::EMPTY
    },
];

const IMEI: Detector = Detector {
    kind: "IMEI",
    about: "number of a mobile device",
    family: Family::Network,
    check: Some(imei),
    context: &[
        "imei",
        "mobile device",
        "handset",
        "device serial",
        "phone serial",
        "serial number",
        "gerätenummer",
        "seriennummer",
        "numéro de série",
        "número de serie",
        "серийный номер",
        "手机串号",
        "串号",
        "端末識別番号",
        "단말기",
    ],
    source: "3GPP TS 23.003, annex B",
    ..Detector::EMPTY
};

/// Whether fifteen digits agree with their check digit, and are not all zero.
pub(crate) fn imei(text: &str) -> Check {
    Check::from_bool(
        digits(text).count() == 15 && digits(text).any(|digit| digit != 0) && luhn(text),
    )
}

/// Whether 19 or 20 digits agree with their check digit. Some operators fill up with F and have none.
pub(crate) fn iccid(text: &str) -> Check {
    if text.ends_with(['F', 'f']) {
        return Check::Undecided;
    }
    Check::from_bool(digits(text).nth(2).is_some() && luhn(text))
}

#[cfg(test)]
mod tests {
    use super::super::tests::of_kind;
    use super::*;

    #[test]
    fn an_imei_in_its_grouping_is_found_and_a_bare_one_with_context() {
        assert_eq!(
            of_kind(TABLE, "IMEI", "49-015420-323751-8"),
            [("49-015420-323751-8".into(), 80)]
        );
        assert_eq!(of_kind(TABLE, "IMEI", "490154203237518"), [("490154203237518".into(), 30)]);
        assert_eq!(of_kind(TABLE, "IMEI", "IMEI490154203237518"), []);
        assert_eq!(
            of_kind(TABLE, "IMEI", "IMEI: 490154203237518"),
            [("490154203237518".into(), 65)]
        );
        assert!(of_kind(TABLE, "IMEI", "49-015420-323751-9").is_empty());
    }

    #[test]
    fn an_iccid_is_found_and_one_with_a_wrong_digit_is_not() {
        assert_eq!(
            of_kind(TABLE, "ICCID", "8991101200003204514"),
            [("8991101200003204514".into(), 80)]
        );
        assert!(of_kind(TABLE, "ICCID", "8991101200003204515").is_empty());
        assert_eq!(
            of_kind(TABLE, "IMSI", "IMSI 310150123456789"),
            [("310150123456789".into(), 50)]
        );
        assert!(of_kind(TABLE, "IMSI", "IMSI 3101501234567890").is_empty());
    }
}
