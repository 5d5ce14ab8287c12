//! What each kind finds, what it leaves. Numbers are published examples, or
//! computed from counting digits and the first of January.

mod quiet;

use super::TABLES;
use crate::privacy::detect::{Compiled, Hit, Scanner};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// From this score on a finding keeps its text from the cloud.
const KEEPS: u8 = 40;

thread_local! {
    static SCANNER: RefCell<Scanner> =
        RefCell::new(Scanner::new(Arc::new(Compiled::new(TABLES).unwrap())));
}

fn scan(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    SCANNER.with_borrow_mut(|scanner| scanner.scan(text, &mut hits)).unwrap();
    hits
}

/// A kind, what it finds, whether that keeps a text from the cloud without context, and what it leaves.
type Case = (&'static str, &'static str, bool, &'static [&'static str]);

const CASES: &[Case] = &[
    ("AL_NID", "I80101001A", false, &["I81301001A", "I80101001"]),
    ("BG_EGN", "8501011234", false, &["8501011235", "8513011234", "85010112340"]),
    ("BG_EIK", "123456786", false, &["123456785"]),
    ("BG_EIK", "BG123456786", true, &["BG123456785"]),
    ("BG_LNCH", "7000012343", false, &["7000012344"]),
    ("BY_PERSONAL_NUMBER", "3010185A001PB3", true, &["3320185A001PB3", "3010185A001PX3"]),
    ("CZ_BANK_ACCOUNT", "19-2000145399/0800", true, &["19-2000145398/0800"]),
    ("CZ_DIC", "CZ12345679", true, &["CZ12345678"]),
    ("CZ_DIC", "CZ8501011233", true, &["CZ8501011234"]),
    ("CZ_ICO", "12345679", false, &["12345678"]),
    ("CZ_ID_CARD", "123456789", false, &["1234567890"]),
    ("CZ_RODNE_CISLO", "850101/1233", true, &["850101/1234", "851301/1233", "852101/1235"]),
    ("CZ_RODNE_CISLO", "7360285163", false, &["7360285164"]),
    ("CZ_RODNE_CISLO", "530101/123", false, &["540101/123"]),
    ("DK_CPR_NUMBER", "010185-1230", true, &["320185-1230", "290285-1230", "010185-12300"]),
    ("DK_CPR_NUMBER", "010185-1231", true, &[]),
    ("DK_CPR_NUMBER", "0101851230", false, &["0113851230"]),
    ("DK_CVR_NUMBER", "12345674", false, &["12345675"]),
    ("DK_CVR_NUMBER", "DK12345674", true, &["DK12345675", "XDK12345674"]),
    ("EE_ISIKUKOOD", "38501011239", true, &["38501011238", "38513011239", "98501011239"]),
    ("ES_CADASTRAL_REFERENCE", "9872023VH5797S0001WX", true, &["9872023VH5797S0001WW"]),
    ("ES_CIF", "B12345674", false, &["B12345675", "I12345674"]),
    ("ES_CIF", "Q-1234567-D", true, &["Q-1234567-E"]),
    ("ES_CIF", "ESB12345674", true, &["ESB12345675"]),
    ("ES_LICENSE_PLATE", "1234 BCD", false, &["1234 ABC"]),
    ("ES_NIE", "X1234567L", true, &["X1234567M", "W1234567L", "X12345678L"]),
    ("ES_NIF", "12345678Z", true, &["12345678A", "00000000T", "123456789Z"]),
    ("ES_NIF", "12.345.678-Z", true, &["12.345.678-A"]),
    ("ES_NIF", "12345678z", false, &["12345678a"]),
    ("ES_NUSS", "28 12345678 40", true, &["28 12345678 41", "00 12345678 40"]),
    ("ES_NUSS", "281234567840", true, &["281234567841"]),
    ("ES_PASSPORT", "AAA123456", false, &["AAA12345", "AAAA123456"]),
    ("FI_BUSINESS_ID", "7654321-2", true, &["7654321-3", "7654321-22"]),
    ("FI_PASSPORT", "AB1234567", false, &["AB12345678"]),
    (
        "FI_PERSONAL_IDENTITY_CODE",
        "131052-308T",
        true,
        &["131052-308S", "321052-308T", "131052/308T"],
    ),
    ("FI_PERSONAL_IDENTITY_CODE", "010185-123b", true, &["010185-123C"]),
    ("GR_AFM", "123456783", false, &["123456784"]),
    ("GR_AFM", "EL123456783", true, &["EL123456784"]),
    ("GR_AMKA", "01018512341", true, &["01018512342", "01138512341"]),
    ("GR_ID_CARD", "ΑΒ 123456", true, &["ΘΒ 12345", "ΩΑΒ123456"]),
    ("GR_PASSPORT", "AB1234567", false, &["AB123456"]),
    ("HR_ID_CARD", "123456789", false, &["12345678"]),
    ("HR_OIB", "12345678903", false, &["12345678904"]),
    ("HR_OIB", "HR12345678903", true, &["HR12345678904"]),
    ("HU_ID_CARD", "123456AB", false, &["123456ABC"]),
    ("HU_PASSPORT", "AB1234567", false, &["ABC1234567"]),
    ("HU_PERSONAL_ID", "1-850101-1231", true, &["1-850101-1232", "1-851301-1231"]),
    ("HU_PERSONAL_ID", "2 990101 1236", true, &["2 990101 1237"]),
    ("HU_TAJ", "111-111-110", true, &["111-111-111"]),
    ("HU_TAJ", "111111110", false, &["111111111"]),
    ("HU_TAX_ID", "8456789011", false, &["8456789012", "7456789011"]),
    ("HU_TAX_NUMBER", "12345676-2-42", true, &["12345677-2-42", "12345676-2-99", "12345676-9-42"]),
    ("IS_KENNITALA", "120174-3399", true, &["120174-3389", "120174-3397"]),
    ("IS_KENNITALA", "1201743399", false, &["1213743399"]),
    ("IT_DRIVER_LICENSE", "U1K711J11M", false, &["U1A711J11M", "U1K711J11MM"]),
    ("IT_DRIVER_LICENSE", "AA0123456B", false, &["990123456B"]),
    (
        "IT_FISCAL_CODE",
        "RSSMRA85T10A562S",
        true,
        &["RSSMRA85T32A562S", "RASMRA85T10A562S", "RSSMRA85T10A000S"],
    ),
    ("IT_FISCAL_CODE", "RSS MRA 85T10 A562S", true, &["RSS MRA 85X10 A562S"]),
    ("IT_HEALTH_CARD", "80380000301234567890", true, &["8038000030123456789"]),
    ("IT_IDENTITY_CARD", "CA00000AA", false, &["CA0000AA"]),
    ("IT_LICENSE_PLATE", "AB 123 CD", false, &["AB 123 IO"]),
    ("IT_PASSPORT", "YA1234567", false, &["YA123456"]),
    ("IT_VAT_CODE", "01234560157", true, &["01234560158", "00000000000", "0123456015"]),
    ("IT_VAT_CODE", "0123456 015 7", false, &["0123456 015 8"]),
    ("LT_ASMENS_KODAS", "48501011230", true, &["48501011231", "48501321230"]),
    ("LT_ASMENS_KODAS", "91234567895", false, &["91234567896"]),
    ("LV_PERSONAS_KODS", "010185-11234", true, &["010185-11235", "320185/11234"]),
    ("LV_PERSONAS_KODS", "01018511234", false, &["01018511235"]),
    ("LV_PERSONAS_KODS", "321234-56785", true, &["411234-56785"]),
    ("MD_IDNP", "2001042304534", false, &["2001042304535"]),
    ("NO_BANK_ACCOUNT", "8601.11.17947", true, &["8601.11.17948"]),
    ("NO_FODSELSNUMMER", "010185 12366", true, &["010185 12367", "011385 12366"]),
    ("NO_FODSELSNUMMER", "01018512366", true, &["01018512376"]),
    ("NO_ORGANISASJONSNUMMER", "988765430", false, &["988765431", "188765430"]),
    ("NO_ORGANISASJONSNUMMER", "988765430MVA", true, &["988765431MVA"]),
    ("PL_DRIVER_LICENSE", "12345/12/1234", false, &["1234/12/1234"]),
    ("PL_ID_CARD", "ABA300000", true, &["ABA300001", "AB3000000"]),
    ("PL_LAND_REGISTER", "KA1S/00012345/6", true, &["KA1S/00012345/7"]),
    ("PL_NIP", "123-456-32-18", true, &["123-456-32-17"]),
    ("PL_NIP", "1234563218", false, &["1234563217"]),
    ("PL_PASSPORT", "ZS0000177", true, &["ZS0000178"]),
    (
        "PL_PESEL",
        "44051401458",
        true,
        &["44051401459", "44053201458", "440514014588", "4405140145A"],
    ),
    ("PL_REGON", "123456785", false, &["123456786"]),
    ("PL_REGON", "12345678512347", true, &["12345678512348"]),
    ("PT_CITIZEN_CARD", "12345678 9 ZZ1", true, &["12345678 9 ZZ2"]),
    ("PT_CIVIL_ID", "12345678 9", false, &["1234567890123"]),
    ("PT_LICENSE_PLATE", "AA-12-34", false, &["AA-12-345"]),
    ("PT_NIF", "123 456 789", false, &["123 456 780", "023 456 789"]),
    ("PT_NIF", "PT123456789", true, &["PT123456780"]),
    ("PT_NISS", "12345678902", false, &["12345678903", "32345678902"]),
    ("PT_PASSPORT", "AB123456", false, &["ABC123456"]),
    ("RO_CNP", "2850101412343", true, &["2850101412344", "2851301412343", "2850101992343"]),
    ("RO_CNP", "1850101412341", false, &["1850101412342"]),
    ("RO_CUI", "RO12345674", true, &["RO12345675"]),
    ("RO_ID_CARD", "RX nr. 123456", true, &["RX nr. 12345"]),
    ("RO_PASSPORT", "012345678", false, &["0123456789"]),
    ("RS_JMBG", "0101985710016", true, &["0101985710017", "3202985710016", "0101985510016"]),
    ("RS_PIB", "100123459", false, &["100123458"]),
    ("RU_LICENSE_PLATE", "А123ВС777", true, &["Я123ВС777"]),
    ("RU_OGRN", "1027700123450", false, &["1027700123451"]),
    ("RU_PASSPORT", "45 10 123456", false, &["45 80 123456"]),
    ("RU_SNILS", "112-233-445 95", true, &["112-233-445 96", "000-000-000 00"]),
    ("RU_SNILS", "11223344595", true, &["11223344596"]),
    ("RU_TAX_ID", "770123456703", true, &["770123456704"]),
    ("RU_TAX_ID", "7701234560", false, &["7701234561"]),
    ("SE_ORGANISATIONSNUMMER", "556123-4567", true, &["556123-4568", "551123-4565"]),
    ("SE_ORGANISATIONSNUMMER", "SE556123456701", true, &["SE556123456702"]),
    (
        "SE_PERSONNUMMER",
        "19850101-1236",
        true,
        &["19850101-1237", "19851301-1236", "15850101-1236"],
    ),
    ("SE_PERSONNUMMER", "850101-1236", true, &["850101-1237"]),
    ("SE_PERSONNUMMER", "850161+1233", true, &["850193+1233"]),
    ("SE_PERSONNUMMER", "8501011236", false, &["8501011237"]),
    ("SI_EMSO", "0101985500011", true, &["0101985500012", "0101985710016"]),
    ("SI_TAX_NUMBER", "12345679", false, &["12345678", "02345679"]),
    ("SK_IC_DPH", "SK2020123457", true, &["SK2020123458"]),
    ("SK_ID_CARD", "EA123456", false, &["EA1234567"]),
    ("TR_LICENSE_PLATE", "34 ABC 123", false, &["82 ABC 123", "34 QWX 123", "15 MAY 2024"]),
    ("TR_NATIONAL_ID", "10000000146", true, &["10000000147", "00000000146"]),
    ("TR_PASSPORT", "U12345678", false, &["U1234567"]),
    ("TR_PHONE_NUMBER", "+90 (532) 123 45 67", true, &["+90 (132) 123 45 67"]),
    ("TR_PHONE_NUMBER", "532.123.45.67", false, &["212.123.45.67", "53212345678"]),
    ("TR_TAX_ID", "1234567890", false, &["1234567891"]),
    ("UA_EDRPOU", "12345678", false, &["12345679"]),
    ("UA_PASSPORT", "СН 123456", true, &["НДС 123456"]),
    ("UA_RNOKPP", "3104812347", false, &["3104812348", "9904812347"]),
    ("UA_UNZR", "19850101-01237", true, &["19851301-01237"]),
];

#[test]
fn every_kind_is_found_in_its_place_and_wrong_numbers_are_left() {
    for (kind, number, keeps, wrong) in CASES {
        for text in [(*number).to_owned(), format!("({number}), {number}.")] {
            let hits = scan(&text);
            let of_kind: Vec<&Hit> = hits.iter().filter(|hit| hit.detector.kind == *kind).collect();
            assert!(!of_kind.is_empty(), "{kind} {text}");
            for hit in of_kind {
                assert_eq!(text.get(hit.span.clone()), Some(*number), "{kind} {text}");
                assert_eq!(hit.score >= KEEPS, *keeps, "{kind} {text} {}", hit.score);
            }
        }
        for other in *wrong {
            let found = scan(other).into_iter().find(|hit| hit.detector.kind == *kind);
            assert!(found.is_none(), "{kind} {other} {found:?}");
        }
        assert!(!finds(kind, &format!("{number}7x"), number), "{kind} {number} in a longer word");
        if number.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            assert!(!finds(kind, &format!("x{number}"), number), "{kind} {number} behind a letter");
        }
    }
}

/// Whether the kind is found in a text as exactly this number.
fn finds(kind: &str, text: &str, number: &str) -> bool {
    scan(text)
        .iter()
        .any(|hit| hit.detector.kind == kind && text.get(hit.span.clone()) == Some(number))
}

#[test]
fn every_kind_of_the_tables_has_a_case_a_source_and_words() {
    let cased: BTreeSet<&str> = CASES.iter().map(|case| case.0).collect();
    for row in TABLES.iter().flat_map(|table| table.iter()) {
        assert!(cased.contains(row.kind), "{}", row.kind);
        assert!(row.context.len() >= 5 && !row.source.is_empty(), "{}", row.kind);
    }
}

#[test]
fn a_word_of_context_keeps_a_bare_number_from_the_cloud() {
    let texts = [
        ("ES_NIF", "Mi DNI es 12345678z."),
        ("PT_NIF", "Contribuinte n.º 123 456 789"),
        ("BG_EGN", "ЕГН 8501011234"),
        ("RO_CNP", "CNP: 1850101412341"),
        ("RU_PASSPORT", "Паспорт серия 4510 123456"),
        ("UA_RNOKPP", "РНОКПП: 3104812347"),
        ("GR_AFM", "ΑΦΜ: 123456783"),
        ("HU_TAJ", "TAJ szám: 111 111 110"),
        ("TR_PHONE_NUMBER", "Cep: 5321234567"),
        ("HR_OIB", "OIB 12345678903"),
        ("NO_ORGANISASJONSNUMMER", "Org.nr 988765430"),
    ];
    for (kind, text) in texts {
        let keeps = scan(text).iter().any(|hit| hit.detector.kind == kind && hit.score >= KEEPS);
        assert!(keeps, "{text}");
    }
}

#[test]
fn a_fiscal_code_with_a_wrong_letter_is_still_somebodys() {
    let hits = scan("AAAAAA00B11C333N");
    assert!(hits.iter().any(|hit| hit.detector.kind == "IT_FISCAL_CODE" && !hit.valid));
}

#[test]
fn births_that_are_to_come_need_context() {
    let keeps = |start: &str| {
        (0..10).any(|last| {
            let hits = scan(&format!("{start}{last}"));
            hits.iter().any(|hit| hit.detector.kind == "PL_PESEL" && hit.score >= KEEPS)
        })
    };
    assert!(keeps("0021011234"));
    assert!(!keeps("0041011234"));
}
