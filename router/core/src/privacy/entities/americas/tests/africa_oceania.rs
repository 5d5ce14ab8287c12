//! Africa, Australia, New Zealand.

use super::super::east_africa::zw_id;
use super::super::new_zealand::nz_bank_account;
use super::super::southern_africa::{has_valid_birth_date, za_id_number, za_tax_number};
use super::{Case, assert_found, assert_not_found, scan};
use crate::privacy::detect::Check;

pub(super) const FOUND: &[Case] = &[
    ("AU_ABN", "to 51 824 753 556", "51 824 753 556"),
    ("AU_ABN", "ABN 51824753556", "51824753556"),
    ("AU_ACN", "ACN 004 085 616", "004 085 616"),
    ("AU_TFN", "his 876 543 210", "876 543 210"),
    ("AU_PASSPORT", "passport N1234567", "N1234567"),
    ("AU_DRIVER_LICENSE", "driver licence 12345678", "12345678"),
    ("AU_BANK_DETAILS", "BSB 062-000 12345678", "062-000 12345678"),
    ("AU_CENTRELINK_CRN", "204 123 456A", "204 123 456A"),
    ("AU_POSTCODE", "address: Sydney NSW 2000", "NSW 2000"),
    ("AU_MEDICARE", "2123 45670 1", "2123 45670 1"),
    ("AU_IHI", "8003 6083 7062 9123", "8003 6083 7062 9123"),
    ("AU_MEDICARE_PROVIDER", "provider number 2054781W", "2054781W"),
    ("NZ_IRD", "49-091-850", "49-091-850"),
    ("NZ_NHI", "NHI ZAC5361", "ZAC5361"),
    ("NZ_NHI", "of ZBN77VL", "ZBN77VL"),
    ("NZ_PASSPORT", "passport LA123456", "LA123456"),
    ("NZ_DRIVER_LICENSE", "driver licence AB123456", "AB123456"),
    ("NZ_BANK_ACCOUNT", "01-0902-0068389-00", "01-0902-0068389-00"),
    ("NZ_NZBN", "at 9429544286519", "9429544286519"),
    ("ZA_ID_NUMBER", "at 8001015009087", "8001015009087"),
    ("ZA_ID_NUMBER", "id number 1712015009086", "1712015009086"),
    ("ZA_PASSPORT", "passport A12345678", "A12345678"),
    ("ZA_DRIVER_LICENSE", "driving licence 60460000KX9T", "60460000KX9T"),
    ("ZA_INCOME_TAX_NUMBER", "tax reference 0480249192", "0480249192"),
    ("ZA_VAT_NUMBER", "VAT number 4123456789", "4123456789"),
    ("ZA_COMPANY_REGISTRATION", "reg no 2019/123456/07", "2019/123456/07"),
    ("ZA_TRAFFIC_REGISTER_NUMBER", "traffic register 1234567890123", "1234567890123"),
    ("ZA_LICENSE_PLATE", "number plate DK 28 LF GP", "DK 28 LF GP"),
    ("NG_NIN", "NIN 12345678902", "12345678902"),
    ("NG_BVN", "BVN 22123456789", "22123456789"),
    ("NG_NUBAN", "NUBAN 0123456789", "0123456789"),
    ("NG_TIN", "TIN 12345678-0001", "12345678-0001"),
    ("NG_PASSPORT", "Nigerian passport A12345678", "A12345678"),
    ("NG_VEHICLE_REGISTRATION", "ABJ-123XY", "ABJ-123XY"),
    ("GH_CARD", "GHA-123456789-0", "GHA-123456789-0"),
    ("GH_TIN", "C0000803561", "C0000803561"),
    ("GH_PASSPORT", "passport G1234567", "G1234567"),
    ("KE_NATIONAL_ID", "national ID 23456789", "23456789"),
    ("KE_KRA_PIN", "A004416331M", "A004416331M"),
    ("KE_PASSPORT", "passport A1234567", "A1234567"),
    ("TZ_NIN", "19900107-11101-00001-25", "19900107-11101-00001-25"),
    ("UG_NIN", "CM90012345ABCD", "CM90012345ABCD"),
    ("RW_NID", "1 1990 8 0012345 1 23", "1 1990 8 0012345 1 23"),
    ("ZW_NATIONAL_ID", "63-8840989D12", "63-8840989D12"),
    ("ZM_NRC", "123456/12/1", "123456/12/1"),
    ("MZ_NUIT", "NUIT 400339910", "400339910"),
    ("AO_BI", "000123456LA041", "000123456LA041"),
    ("MU_NID", "A0101902043049", "A0101902043049"),
    ("EG_NATIONAL_ID", "29001011234567", "29001011234567"),
    ("EG_TAX_NUMBER", "الرقم الضريبي 100-531-385", "100-531-385"),
    ("EG_PASSPORT", "passport A12345678", "A12345678"),
    ("MA_CIN", "CIN AB123456", "AB123456"),
    ("MA_ICE", "001561191000066", "001561191000066"),
    ("DZ_NIN", "NIN 109850123456789012", "109850123456789012"),
    ("DZ_NIF", "NIF 416001000000007", "416001000000007"),
    ("TN_CIN", "بطاقة التعريف 01234567", "01234567"),
    ("TN_MATRICULE_FISCAL", "1234567/M/A/E/001", "1234567/M/A/E/001"),
    ("TN_RIB", "96891813764441073424", "96891813764441073424"),
];

pub(super) const NOT_FOUND: &[(&str, &str)] = &[
    ("AU_ABN", "abn 52 824 753 556 00000000560 51 824 753 5564"),
    ("AU_ACN", "acn 824753557 004 085 617"),
    ("AU_TFN", "tfn 824 753 557 000 000 000"),
    ("AU_PASSPORT", "passport N123456"),
    ("AU_DRIVER_LICENSE", "driver licence 12345"),
    ("AU_BANK_DETAILS", "bsb 0620-001"),
    ("AU_CENTRELINK_CRN", "crn 104 123 456A"),
    ("AU_POSTCODE", "postcode NSW 200"),
    ("AU_MEDICARE", "medicare 2123 25870 1 212345670221 7123456701"),
    ("AU_IHI", "ihi 8003 6083 7062 9124 8004 6083 7062 9123"),
    ("AU_MEDICARE_PROVIDER", "provider number 2054781B"),
    ("NZ_IRD", "ird 49-091-851 136-410-133 111-111-111"),
    ("NZ_NHI", "nhi ZAC3561 ZZZ00AA ZIC5361"),
    ("NZ_PASSPORT", "passport LA12345"),
    ("NZ_DRIVER_LICENSE", "driver licence A123456"),
    ("NZ_BANK_ACCOUNT", "account number 07-0902-0068389-00"),
    ("NZ_NZBN", "nzbn 9429544286518"),
    ("ZA_ID_NUMBER", "id number 8001015009086 9902294321191 80010150090 80010150090870"),
    ("ZA_PASSPORT", "passport B12345678"),
    ("ZA_DRIVER_LICENSE", "driving licence 6046000012"),
    ("ZA_INCOME_TAX_NUMBER", "tax reference 4480249192"),
    ("ZA_VAT_NUMBER", "vat 5123456789"),
    ("ZA_COMPANY_REGISTRATION", "reg no 1719/123456/07"),
    ("ZA_TRAFFIC_REGISTER_NUMBER", "traffic register 8001015009087"),
    ("ZA_LICENSE_PLATE", "number plate DK 28 LF XX"),
    ("NG_NIN", "nin 12345678901 1234567890 123456789012"),
    ("NG_BVN", "bvn 2212345678"),
    ("NG_NUBAN", "nuban 012345678"),
    ("NG_TIN", "tin 1234567-0001"),
    ("NG_PASSPORT", "passport C12345678"),
    ("NG_VEHICLE_REGISTRATION", "plate AB-12CD ABCD-123EF ABJ-000XY"),
    ("GH_CARD", "ghana card GHA-12345678-0"),
    ("GH_TIN", "tin C0000803562"),
    ("GH_PASSPORT", "passport A1234567"),
    ("KE_NATIONAL_ID", "national id 234567"),
    ("KE_KRA_PIN", "kra pin B004416331M"),
    ("KE_PASSPORT", "passport D1234567"),
    ("TZ_NIN", "nida 19901307-11101-00001-25"),
    ("UG_NIN", "nin CX90012345ABCD"),
    ("RW_NID", "nid 4 1990 8 0012345 1 23"),
    ("ZW_NATIONAL_ID", "id number 63-88409D12"),
    ("ZM_NRC", "nrc 123456/12/4"),
    ("MZ_NUIT", "nuit 400339911"),
    ("AO_BI", "bilhete de identidade 00123456LA041"),
    ("MU_NID", "nid A0101902043048 A0113902043049"),
    ("EG_NATIONAL_ID", "national id 29013011234567 19001011234567 29001014134567"),
    ("EG_TAX_NUMBER", "tax number 100-531-38"),
    ("EG_PASSPORT", "passport B12345678"),
    ("MA_CIN", "cin ABC123456"),
    ("MA_ICE", "ice 001561191000065"),
    ("DZ_NIN", "nin 10985012345678901"),
    ("DZ_NIF", "nif 41600100000000"),
    ("TN_CIN", "cin 21234567"),
    ("TN_MATRICULE_FISCAL", "matricule fiscal 1234567/O/A/E/001"),
    ("TN_RIB", "rib 96891813764441073425"),
];

#[test]
fn what_africa_and_oceania_give_people_is_found() {
    assert_found(FOUND);
}

#[test]
fn what_africa_and_oceania_never_give_out_is_not() {
    assert_not_found(NOT_FOUND);
}

#[test]
fn an_identity_number_that_may_be_a_clock_needs_its_context() {
    assert_eq!(za_id_number("1712015009086"), Check::Valid);
    let hits = scan("id 1712015009086");
    assert!(hits.iter().all(|hit| hit.score < super::KEEPS), "{hits:#?}");
}

#[test]
fn a_birth_on_the_29th_of_february_needs_a_fourth_year() {
    assert_eq!(has_valid_birth_date("000229"), Check::Valid);
    assert_eq!(has_valid_birth_date("990229"), Check::Invalid);
    assert_eq!(has_valid_birth_date("0002291"), Check::Invalid);
}

#[test]
fn a_check_that_not_all_numbers_have_decides_only_for_them() {
    assert_eq!(nz_bank_account("01-0902-0068389-00"), Check::Valid);
    assert_eq!(nz_bank_account("01-0902-0068388-00"), Check::Undecided);
    assert_eq!(za_tax_number("0480249192"), Check::Valid);
    assert_eq!(za_tax_number("0480249193"), Check::Undecided);
    assert_eq!(zw_id("63-8840989D12"), Check::Valid);
    assert_eq!(zw_id("63-8840989E12"), Check::Undecided);
}
