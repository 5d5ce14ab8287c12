//! The cases of Presidio's check digits: what is decided there is decided the same here.

use crate::privacy::detect::Check;
use crate::privacy::entities::americas::southern_africa;
use crate::privacy::entities::asia::{india_identity, india_tax};
use crate::privacy::entities::europe_rest::poland;
use crate::privacy::entities::europe_west::{germany_business, germany_health, germany_person};
use serde::Deserialize;

const CASES: &str = include_str!("../testdata/validators.jsonl");

#[derive(Deserialize)]
struct Case {
    source: String,
    input: serde_json::Value,
    expected: serde_json::Value,
}

type Validator = fn(&str) -> Check;

/// The validator that a group of cases is about; `None` for what tests something else.
fn validator(source: &str) -> Option<Validator> {
    let of = [
        ("test_de_bsnr", germany_health::practice as Validator),
        ("test_de_health_insurance", germany_health::health_insurance),
        ("test_de_id_card", germany_person::id_card),
        ("test_de_lanr", germany_health::physician),
        ("test_de_passport", germany_person::passport),
        ("test_de_social_security", germany_person::social_security),
        ("test_de_tax_id", germany_business::tax_id),
        ("in_default_mode", germany_business::vat_id),
        ("test_is_verhoeff", india_identity::in_aadhaar),
        ("test_pl_pesel", poland::pesel),
        ("test_za_id_number_recognizer.py::test_validate_result", southern_africa::za_id_number),
        // Presidio looks at the form of these two alone.
        ("test_in_gstin_recognizer.py::test_validate_result", india_tax::in_gstin_form),
        ("test_validate_pan_format", india_tax::in_pan_form),
    ];
    of.into_iter().find(|(part, _)| source.contains(part)).map(|(_, validator)| validator)
}

#[test]
fn decided_cases_of_others_are_decided_the_same() {
    let (mut decided, mut others) = (0, 0);
    for line in CASES.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let Some(validator) = validator(&case.source) else {
            // A mode that refuses what the standard leaves open, a date by itself, and two of cleaning.
            others += 1;
            continue;
        };
        let wanted = match case.expected.as_bool() {
            Some(true) => Check::Valid,
            Some(false) => Check::Invalid,
            None => continue,
        };
        decided += 1;
        let input = case.input.as_str().map_or_else(|| case.input.to_string(), str::to_owned);
        assert_eq!(validator(&input), wanted, "{} {input}", case.source);
    }
    assert!(decided > 70, "{decided}");
    assert!(others <= 9, "{others}");
}
