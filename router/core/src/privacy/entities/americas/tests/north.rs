//! United States, Canada, Mexico.

use super::{Case, assert_found, assert_not_found, scan};

pub(super) const FOUND: &[Case] = &[
    ("US_SSN", "paid to 536-22-8841 in May", "536-22-8841"),
    ("US_SSN", "SSN: 536228841", "536228841"),
    ("US_SSN", "ssn 536-228841", "536-228841"),
    ("US_SSN", "536.22.8841", "536.22.8841"),
    ("US_SSN", "号码536-22-8841。", "536-22-8841"),
    ("US_ITIN", "file 912-70-1234", "912-70-1234"),
    ("US_ITIN", "ITIN 912701234", "912701234"),
    ("US_ATIN", "ATIN 912-93-1234", "912-93-1234"),
    ("US_PTIN", "preparer P01234567", "P01234567"),
    ("US_PASSPORT", "my passport is A12803456", "A12803456"),
    ("US_ALIEN_NUMBER", "green card A-012-345-678", "A-012-345-678"),
    ("US_USCIS_RECEIPT", "see WAC2190012345", "WAC2190012345"),
    ("US_SEVIS_ID", "SEVIS N0012345678", "N0012345678"),
    ("US_DOD_ID", "DoD ID 1234567890", "1234567890"),
    ("US_KNOWN_TRAVELER", "KTN TT1234567", "TT1234567"),
    ("US_DRIVER_LICENSE", "driver's license: S530-460-88-123-0", "S530-460-88-123-0"),
    ("US_DRIVER_LICENSE", "Driver's license H12234567", "H12234567"),
    ("US_DRIVER_LICENSE", "DL# WDLABCD456DG", "WDLABCD456DG"),
    ("US_LICENSE_PLATE", "license plate 7ABC123", "7ABC123"),
    ("US_NPI", "1245-319-599", "1245-319-599"),
    ("US_NPI", "NPI 1245319599", "1245319599"),
    ("MEDICAL_LICENSE", "signed BM5883360", "BM5883360"),
    ("US_MBI", "card 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    ("US_HICN", "Medicare 536-22-8841A", "536-22-8841A"),
    ("US_CLIA", "CLIA 11D2030122", "11D2030122"),
    ("US_NDC", "NDC 12345-6789-01", "12345-6789-01"),
    ("US_HEALTH_INSURANCE_MEMBER_ID", "Member ID: XYZ123456789", "XYZ123456789"),
    ("US_PRIOR_AUTHORIZATION_NUMBER", "prior authorization PA-987654321", "PA-987654321"),
    ("US_CLAIM_NUMBER", "claim number 202401234567", "202401234567"),
    ("US_PRESCRIPTION_NUMBER", "prescription RX-1234567", "RX-1234567"),
    ("US_REFERRAL_NUMBER", "referral number REF-1234567", "REF-1234567"),
    ("US_PROVIDER_TAX_ID", "provider 12-3456789", "12-3456789"),
    ("ABA_ROUTING_NUMBER", "routing 093672128", "093672128"),
    ("ABA_ROUTING_NUMBER", "0936-7212-8", "0936-7212-8"),
    ("US_BANK_NUMBER", "bank account 945456787654", "945456787654"),
    ("US_EIN", "EIN 12-3456789", "12-3456789"),
    ("US_ZIP_CODE", "zip 90210-1234", "90210-1234"),
    ("US_VIN", "sold 1M8GDM9AXKP042788", "1M8GDM9AXKP042788"),
    ("US_VIN", "VIN WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
    ("CA_SIN", "751 475 328", "751 475 328"),
    ("CA_SIN", "mon NAS: 751475328", "751475328"),
    ("CA_PASSPORT", "passeport GA302922", "GA302922"),
    ("CA_BN", "142605005 RT0001", "142605005 RT0001"),
    ("CA_DRIVER_LICENSE", "A3456-78901-60515", "A3456-78901-60515"),
    ("CA_DRIVER_LICENSE", "permis B1234-150590-07", "B1234-150590-07"),
    ("CA_UCI", "UCI 11-1234-5678", "11-1234-5678"),
    ("CA_BANK_ACCOUNT", "transit number 12345-003", "12345-003"),
    ("CA_POSTAL_CODE", "code postal H2X 1Y4", "H2X 1Y4"),
    ("CA_ONTARIO_HEALTH", "4493-735-429-AB", "4493-735-429-AB"),
    ("CA_BC_PHN", "9698 658 215", "9698 658 215"),
    ("CA_QUEBEC_HEALTH", "ROUL 5610 1512", "ROUL 5610 1512"),
    ("CA_HEALTH_NUMBER", "health card 12345-6789", "12345-6789"),
    ("MX_CURP", "la de HEGX560427MVZRRX05 es", "HEGX560427MVZRRX05"),
    ("MX_RFC", "GODX561231GR6", "GODX561231GR6"),
    ("MX_CLAVE_ELECTOR", "GMVLMR80070501M100", "GMVLMR80070501M100"),
    ("MX_NSS", "NSS 86955372569", "86955372569"),
    ("MX_CLABE", "a 002180110452895697", "002180110452895697"),
    ("MX_PASSPORT", "pasaporte G12345678", "G12345678"),
];

pub(super) const NOT_FOUND: &[(&str, &str)] = &[
    ("US_SSN", "ssn 000-12-3456, 666-12-3456, 912-12-3456"),
    ("US_SSN", "ssn 536-00-8841, 536-22-0000, 078-05-1120"),
    ("US_SSN", "ssn 536-22.8841 536-22-88412 123456789 111111111"),
    ("US_ITIN", "itin 912-93-1234 812-70-1234 912-66-1234"),
    ("US_ATIN", "atin 912-94-1234"),
    ("US_PTIN", "ptin P0123456"),
    ("US_PASSPORT", "passport A1280345 and A128034567"),
    ("US_ALIEN_NUMBER", "alien B012-345-678"),
    ("US_USCIS_RECEIPT", "receipt WAC219001234"),
    ("US_SEVIS_ID", "sevis N1012345678"),
    ("US_DOD_ID", "dod id 123456789"),
    ("US_KNOWN_TRAVELER", "ktn TT12345"),
    ("US_DRIVER_LICENSE", "license number C12T345672 ABCDEFGHIJKL"),
    ("US_LICENSE_PLATE", "license plate ABCDEFG"),
    ("US_NPI", "npi 1245319598 3245319599 1111111112"),
    ("MEDICAL_LICENSE", "dea BM5883361 VM5883360"),
    ("US_MBI", "medicare 1SG4-TE5-MK73 AEG4-TE5-MK73"),
    ("US_HICN", "medicare 000-22-8841A"),
    ("US_CLIA", "clia 11D1111111 11E2030122"),
    ("US_NDC", "ndc 12345-67890-01"),
    ("US_HEALTH_INSURANCE_MEMBER_ID", "member id ABCDEFGH 12"),
    ("US_PRIOR_AUTHORIZATION_NUMBER", "prior authorization PA-12345"),
    ("US_CLAIM_NUMBER", "claim number CLM-123"),
    ("US_PRESCRIPTION_NUMBER", "prescription RX-123"),
    ("US_REFERRAL_NUMBER", "referral number REF-123"),
    ("US_PROVIDER_TAX_ID", "provider 123-456789"),
    ("ABA_ROUTING_NUMBER", "routing 093672129 421042111 000000000"),
    ("US_BANK_NUMBER", "bank account 1234567"),
    ("US_EIN", "ein 07-3456789 11-1111111"),
    ("US_ZIP_CODE", "zip 1234-5678"),
    ("US_VIN", "vin 1M8GDM9A1KP042788 1M8GDM9AXKP04278 1M8GDM9AXKPO42788"),
    ("CA_SIN", "sin 751 475 329, 046 454 286, 812 345 678, 1751475328"),
    ("CA_PASSPORT", "passport G302922"),
    ("CA_BN", "bn 142605006 RT0001"),
    ("CA_DRIVER_LICENSE", "A3456-78901-61315"),
    ("CA_UCI", "uci 111-1234-5678"),
    ("CA_BANK_ACCOUNT", "transit 1234-003"),
    ("CA_POSTAL_CODE", "code postal D2X 1Y4 H2X 1YY"),
    ("CA_ONTARIO_HEALTH", "health card 4493-735-428"),
    ("CA_BC_PHN", "phn 9698 648 215"),
    ("CA_QUEBEC_HEALTH", "ramq ROUL 5613 1512"),
    ("CA_HEALTH_NUMBER", "health card 1234-6789"),
    ("MX_CURP", "curp HEGX560427MVZRRX06 HEGX561327MVZRRX05 HEGX560427MXXRRX05"),
    ("MX_RFC", "rfc GODX561331GR6"),
    ("MX_CLAVE_ELECTOR", "clave de elector GMVLMR80130501M100 GMVLMR80070599M100"),
    ("MX_NSS", "nss 86955372568"),
    ("MX_CLABE", "clabe 002180110452895698"),
    ("MX_PASSPORT", "pasaporte GG1234567"),
];

#[test]
fn what_north_america_gives_people_is_found() {
    assert_found(FOUND);
}

#[test]
fn what_north_america_never_gives_out_is_not() {
    assert_not_found(NOT_FOUND);
}

#[test]
fn a_bare_social_security_number_needs_its_context() {
    let score = |text: &str| {
        let hits = scan(text);
        hits.iter().filter(|hit| hit.detector.kind == "US_SSN").map(|hit| hit.score).max()
    };
    assert_eq!(score("order 536228841 shipped"), Some(5));
    assert_eq!(score("order 123-45-6789 shipped"), Some(60));
    assert!(score("ssn 536228841") >= Some(50));
}
