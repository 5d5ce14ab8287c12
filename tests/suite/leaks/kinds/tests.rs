//! What the planted values must be, or the leak test would prove nothing.

use super::check_digits::{luhn, mod_97, read, verhoeff};
use super::*;
use std::collections::BTreeSet;

/// So many seeds are tried.
const SEEDS: u64 = 40;

fn core_of(kind: &str, seed: u64) -> String {
    kinds().find(|one| one.name == kind).expect("a kind").secret(seed).core
}

#[test]
fn there_are_at_least_thirty_two_kinds_with_names_of_their_own() {
    let entities: BTreeSet<_> = kinds().map(Kind::entity).collect();
    assert!(entities.len() >= 32, "{}: {entities:?}", entities.len());
    let names: BTreeSet<_> = kinds().map(|kind| kind.name).collect();
    assert_eq!(names.len(), kinds().count());
}

#[test]
fn the_same_seed_gives_the_same_values_and_another_gives_others() {
    for kind in kinds() {
        assert_eq!(kind.secret(7).value, kind.secret(7).value);
        assert_ne!(kind.secret(7).core, kind.secret(8).core, "{}", kind.name);
    }
}

#[test]
fn every_core_can_be_read_out_of_its_value_and_is_long_enough_to_be_no_accident() {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    for secret in (0..SEEDS).flat_map(secrets) {
        assert!(letters(&secret.value).contains(&letters(&secret.core)), "{}", secret.kind);
        assert!(letters(&secret.core).len() >= 9, "{}: {}", secret.kind, secret.core);
        assert!(secret.value.is_ascii() && !secret.carrier.is_empty(), "{}", secret.kind);
        if secret.form == Form::Token {
            assert!(!secret.value.contains(char::is_whitespace), "{}", secret.kind);
        }
    }
}

#[test]
fn cards_and_accounts_and_numbers_pass_their_check_digits() {
    for seed in 0..SEEDS {
        for kind in ["VISA", "MASTERCARD", "AMEX", "DISCOVER", "JCB"] {
            let digits = read(&core_of(&format!("CREDIT_CARD/{kind}"), seed));
            let (last, first) = digits.split_last().expect("digits");
            assert_eq!(luhn(first), *last, "{kind}");
            assert_eq!(digits.len(), if kind == "AMEX" { 15 } else { 16 }, "{kind}");
        }
        for (country, length) in [("DE", 22), ("GB", 22), ("FR", 27), ("NL", 18), ("ES", 24)] {
            let iban = core_of(&format!("IBAN_CODE/{country}"), seed);
            assert_eq!(iban.len(), length, "{iban}");
            assert_eq!(mod_97(&format!("{}{}", &iban[4..], &iban[..4])), 1, "{iban}");
        }
        let aadhaar = read(&core_of("IN_AADHAAR", seed));
        assert_eq!(verhoeff(&aadhaar[..11]), aadhaar[11]);
        assert_eq!(aadhaar.len(), 12);
    }
}

#[test]
fn numbers_have_the_length_that_their_state_gives_them() {
    let lengths = [
        ("US_SSN", 9),
        ("US_ITIN", 9),
        ("CA_SIN", 9),
        ("BR_CPF", 11),
        ("AU_TFN", 9),
        ("ZA_ID_NUMBER", 13),
        ("UK_NHS", 10),
        ("UK_NINO", 9),
        ("DE_TAX_ID", 11),
        ("NL_BSN", 9),
        ("SE_PERSONNUMMER", 10),
        ("FI_PERSONAL_IDENTITY_CODE", 10),
        ("FR_NIR", 15),
        ("ES_NIF", 9),
        ("IT_FISCAL_CODE", 16),
        ("PL_PESEL", 11),
        ("CN_RESIDENT_ID", 18),
        ("CN_MOBILE", 11),
        ("IN_PAN", 10),
        ("JP_MY_NUMBER", 12),
        ("KR_RRN", 13),
        ("SG_NRIC_FIN", 9),
        ("AWS_ACCESS_KEY_ID", 20),
        ("GITHUB_TOKEN", 40),
    ];
    for seed in 0..SEEDS {
        for (kind, length) in lengths {
            let core = core_of(kind, seed);
            assert_eq!(core.len(), length, "{kind}: {core}");
        }
    }
}

#[test]
fn nine_and_ten_bare_digits_always_need_a_word_before_them() {
    for kind in kinds() {
        let secret = kind.secret(1);
        let bare = secret.core.len() <= 10 && secret.core.bytes().all(|byte| byte.is_ascii_digit());
        assert!(!bare || secret.need != Carrier::Optional, "{}", kind.name);
        assert!(secret.need != Carrier::WhenBare || secret.value != secret.core, "{}", kind.name);
        let as_written = bare && secret.value == secret.core;
        assert!(!as_written || secret.need == Carrier::Needed, "{}", kind.name);
    }
}
