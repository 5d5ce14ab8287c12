//! Spain: passport, social security (NUSS), number plates and cadastral references.

use super::numbers::{ALONE, APART, agree, number, read, signs, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// Rows of Spanish papers.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "ES_PASSPORT",
        about: "Spanish passport",
        family: Family::Identity,
        country: Some("ES"),
        find: Find::Token(&[pattern("(?i)[A-Z]{3}[0-9]{6}", 20)]),
        edges: ALONE,
        context: &[
            "pasaporte",
            "número de pasaporte",
            "passport",
            "passport number",
            "passaport",
            "pasaportea",
            "documento de viaje",
        ],
        source: "https://en.wikipedia.org/wiki/Spanish_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "ES_NUSS",
        about: "Spanish social security number",
        family: Family::Identity,
        country: Some("ES"),
        find: Find::Token(&[
            pattern("[0-9]{12}", 10),
            pattern("[0-9]{2}[ /-][0-9]{8}[ /-][0-9]{2}", 35),
            pattern("[0-9]{2}[ /-]?[0-9]{10}", 10),
        ]),
        check: Some(|text| unless_time(nuss(text), text)),
        valid: 100,
        edges: APART,
        context: &[
            "nuss",
            "naf",
            "seguridad social",
            "número de afiliación",
            "afiliación",
            "nº s.s",
            "n.s.s",
            "seguretat social",
            "social security",
            "tesorería general",
        ],
        source: "Real Decreto 84/1996; https://www.seg-social.es",
    },
    Detector {
        kind: "ES_LICENSE_PLATE",
        about: "Spanish number plate",
        family: Family::Vehicle,
        country: Some("ES"),
        find: Find::Token(&[
            pattern("[0-9]{4}[ -]?[BCDFGHJ-NPRSTV-Z]{3}", 20),
            pattern("[A-Z]{1,2}-[0-9]{4}-[A-Z]{1,2}", 20),
        ]),
        edges: ALONE,
        context: &[
            "matrícula",
            "matricula",
            "placa",
            "vehículo",
            "coche",
            "license plate",
            "number plate",
        ],
        source: "Real Decreto 2822/1998, anexo XVIII",
        ..Detector::EMPTY
    },
    Detector {
        kind: "ES_CADASTRAL_REFERENCE",
        about: "Spanish cadastral reference of a property",
        family: Family::Place,
        country: Some("ES"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{7} ?[A-Z]{2}[0-9]{4}[A-Z] ?[0-9]{4} ?[A-Z]{2}", 40),
            pattern("(?i)[0-9]{5}[A-Z][0-9] ?[0-9]{7} ?[0-9]{4} ?[A-Z]{2}", 40),
        ]),
        check: Some(cadastral_reference),
        valid: 100,
        edges: APART,
        context: &[
            "referencia catastral",
            "catastro",
            "ref. catastral",
            "cadastral",
            "cadastre",
            "inmueble",
            "finca",
        ],
        source: "Real Decreto Legislativo 1/2004; https://www.catastro.hacienda.gob.es",
    },
];

/// ES_NUSS: the last two digits are the province and the number modulo 97.
pub(crate) fn nuss(text: &str) -> Check {
    let Some(digits) = read::<12>(text) else { return Check::Invalid };
    let [p, q, rest @ .., c, d] = digits;
    let serial = number(&rest);
    let scale = if serial < 10_000_000 { 10_000_000 } else { 100_000_000 };
    let all = u64::from(two(p, q)) * scale + serial;
    Check::from_bool(two(p, q) > 0 && all % 97 == u64::from(two(c, d)))
}

/// ES_CADASTRAL_REFERENCE: two letters, one of the plot and one of the sheet, each with the unit.
pub(crate) fn cadastral_reference(text: &str) -> Check {
    const CONTROL: &[u8; 23] = b"MQWERTYUIOPASDFGHJKLBZX";
    const WEIGHTS: [u32; 11] = [13, 15, 12, 5, 4, 17, 9, 21, 3, 7, 1];
    let Some(all) = signs::<20>(text) else { return Check::Invalid };
    // Letters count as in the Spanish alphabet, which has one more between N and O.
    let values = all.map(|sign| match sign {
        b'0'..=b'9' => u32::from(sign - b'0'),
        b'A'..=b'N' => u32::from(sign - b'A') + 1,
        _ => u32::from(sign - b'A') + 2,
    });
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, _, _] = values;
    let plot = sum(&[a, b, c, d, e, f, g, o, p, q, r], &WEIGHTS);
    let sheet = sum(&[h, i, j, k, l, m, n, o, p, q, r], &WEIGHTS);
    let letter = |sum: u32| CONTROL.get((sum % 23) as usize);
    let holds = letter(plot) == all.get(18) && letter(sheet) == all.get(19);
    agree(holds, &values)
}
