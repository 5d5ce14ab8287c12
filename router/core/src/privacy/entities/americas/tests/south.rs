//! South and Central America.

use super::super::brazil_papers::br_rg;
use super::{Case, assert_found, assert_not_found};
use crate::privacy::detect::Check;

pub(super) const FOUND: &[Case] = &[
    ("BR_CPF", "de 529.982.247-25 em", "529.982.247-25"),
    ("BR_CPF", "o 52998224725", "52998224725"),
    ("BR_CNPJ", "à 11.222.333/0001-81", "11.222.333/0001-81"),
    ("BR_CNPJ", "à 12.ABC.345/01DE-35", "12.ABC.345/01DE-35"),
    ("BR_CNPJ", "o 63040447000104", "63040447000104"),
    ("BR_PIS", "561.73927.05-5", "561.73927.05-5"),
    ("BR_PIS", "125.6124.131-0", "125.6124.131-0"),
    ("BR_TITULO_ELEITOR", "6408 7114 0132", "6408 7114 0132"),
    ("BR_CNH", "CNH 82334648015", "82334648015"),
    ("BR_CNS", "717 1255 3558 0994", "717 1255 3558 0994"),
    ("BR_RENAVAM", "Renavam 08295510388", "08295510388"),
    ("BR_RG", "RG 48.763.477-9", "48.763.477-9"),
    ("BR_PASSPORT", "passaporte FN123456", "FN123456"),
    ("BR_LICENSE_PLATE", "placa ABC1D23", "ABC1D23"),
    ("BR_CEP", "CEP 01310-100", "01310-100"),
    ("AR_CUIT", "20-12345678-6", "20-12345678-6"),
    ("AR_CUIT", "el 20123456786", "20123456786"),
    ("AR_DNI", "DNI 12.345.678", "12.345.678"),
    ("AR_CBU", "2850590940090418135201", "2850590940090418135201"),
    ("AR_PASSPORT", "pasaporte AAB123456", "AAB123456"),
    ("CL_RUT", "12.531.909-2", "12.531.909-2"),
    ("CL_RUT", "el 12531909-2", "12531909-2"),
    ("CL_PASSPORT", "pasaporte F12345678", "F12345678"),
    ("CO_NIT", "900.933.264-6", "900.933.264-6"),
    ("CO_CEDULA", "cédula 1.012.345.678", "1.012.345.678"),
    ("CO_PASSPORT", "pasaporte AV123456", "AV123456"),
    ("PE_DNI", "DNI 12345678", "12345678"),
    ("PE_RUC", "de 20512333797", "20512333797"),
    ("PE_CARNET_EXTRANJERIA", "carnet de extranjería 001234567", "001234567"),
    ("EC_CEDULA", "cédula 1710034065", "1710034065"),
    ("EC_RUC", "a 0990121621001", "0990121621001"),
    ("BO_CI", "carnet de identidad 1234567 LP", "1234567 LP"),
    ("UY_CI", "1.234.567-2", "1.234.567-2"),
    ("UY_RUT", "a 211003420017", "211003420017"),
    ("PY_RUC", "RUC 80028061-0", "80028061-0"),
    ("VE_RIF", "V-11470283-4", "V-11470283-4"),
    ("VE_RIF", "rif J390606337", "J390606337"),
    ("VE_CEDULA", "V-12.345.678", "V-12.345.678"),
    ("DO_CEDULA", "001-1391820-5", "001-1391820-5"),
    ("DO_RNC", "RNC 1-01-85004-3", "1-01-85004-3"),
    ("GT_CUI", "9409 64627 0101", "9409 64627 0101"),
    ("GT_NIT", "NIT 576937-K", "576937-K"),
    ("SV_DUI", "DUI 00016297-5", "00016297-5"),
    ("SV_NIT", "0614-050707-104-8", "0614-050707-104-8"),
    ("HN_ID", "0801-1990-12345", "0801-1990-12345"),
    ("NI_CEDULA", "001-010190-0001N", "001-010190-0001N"),
    ("CR_CEDULA", "cédula 1-0913-0259", "1-0913-0259"),
    ("PA_CEDULA", "cédula 8-123-4567", "8-123-4567"),
    ("CU_NI", "carné de identidad 91021027775", "91021027775"),
];

pub(super) const NOT_FOUND: &[(&str, &str)] = &[
    ("BR_CPF", "cpf 529.982.247-26 111.111.111-11 529982247251"),
    ("BR_CNPJ", "cnpj 11.222.333/0001-82 12.ABC.345/01DE-36 00.000.000/0000-00"),
    ("BR_PIS", "pis 561.73927.05-6"),
    ("BR_TITULO_ELEITOR", "eleitor 6408 7114 0133 640871142932"),
    ("BR_CNH", "cnh 82334648016 11111111111"),
    ("BR_CNS", "cns 717125535580995 317125535580994"),
    ("BR_RENAVAM", "renavam 08295510389"),
    ("BR_RG", "rg 487.634.779-1"),
    ("BR_PASSPORT", "passaporte F123456"),
    ("BR_LICENSE_PLATE", "placa AB1D234"),
    ("BR_CEP", "cep 01310-1000"),
    ("AR_CUIT", "cuit 20-12345678-5 11-12345678-6"),
    ("AR_DNI", "dni 123.345.678 123456789"),
    ("AR_CBU", "cbu 2850590940090418135200 2850590040090418135201"),
    ("AR_PASSPORT", "pasaporte AAAB123456"),
    ("CL_RUT", "rut 12.531.909-3 12531909-K"),
    ("CL_PASSPORT", "pasaporte FF1234567"),
    ("CO_NIT", "nit 900.933.264-7"),
    ("CO_CEDULA", "cédula 12345"),
    ("CO_PASSPORT", "pasaporte A123456"),
    ("PE_DNI", "dni 123456789"),
    ("PE_RUC", "ruc 20512333798 30512333797"),
    ("PE_CARNET_EXTRANJERIA", "carnet de extranjería 0012345678"),
    ("EC_CEDULA", "cédula 1710034066 2510034065 1790034065"),
    ("EC_RUC", "ruc 0990121622001 0970121621001"),
    ("BO_CI", "carnet de identidad 12345"),
    ("UY_CI", "cédula 1.234.567-3"),
    ("UY_RUT", "rut 211003420018 231003420017"),
    ("PY_RUC", "ruc 80028061-1"),
    ("VE_RIF", "rif V-11470283-3 X-11470283-4"),
    ("VE_CEDULA", "cédula X-12345678"),
    ("DO_CEDULA", "cédula 001-1391820-6"),
    ("DO_RNC", "rnc 1-01-85004-2"),
    ("GT_CUI", "dpi 9409 64627 2301 9409 64627 0141"),
    ("GT_NIT", "nit 576937-1"),
    ("SV_DUI", "dui 00016297-6"),
    ("SV_NIT", "nit 0614-050707-104-0 0614-051307-104-8"),
    ("HN_ID", "identidad 1901-1990-12345"),
    ("NI_CEDULA", "cédula 001-011390-0001N"),
    ("CR_CEDULA", "cédula 0-0913-0259"),
    ("PA_CEDULA", "cédula 14-123-4567"),
    ("CU_NI", "carné de identidad 91131027775"),
];

#[test]
fn what_south_and_central_america_give_people_is_found() {
    assert_found(FOUND);
}

#[test]
fn what_south_and_central_america_never_give_out_is_not() {
    assert_not_found(NOT_FOUND);
}

#[test]
fn the_check_of_an_identity_card_of_one_state_proves_and_disproves_nothing_else() {
    assert_eq!(br_rg("48.763.477-9"), Check::Valid);
    assert_eq!(br_rg("48.763.477-8"), Check::Undecided);
    assert_eq!(br_rg("MG-12.345.678"), Check::Undecided);
}
