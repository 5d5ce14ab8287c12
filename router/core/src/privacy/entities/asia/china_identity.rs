//! China: resident identity number, passport, travel permits, military papers.
//!
//! The identity number (GB 11643) has 18 characters: region, day of birth, order, check digit by ISO/IEC
//! 7064 MOD 11-2, the tenth of which is X. Before 1999 it had 15, without century and check digit: those
//! are undecided, and need words near them. Residents from Hong Kong, Macau and Taiwan have regions 81, 82
//! and 83; foreigners with permanent residence have a 9 before the province.
//! Passports are a letter and eight digits, or `E` (and `D`, `S`, `P` for officials), a letter and seven
//! digits; I and O are never used. No check digit is printed on the number itself.

use super::digits::{compact, long_date, part, short_date};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

/// Codes of provinces (GB/T 2260).
const PROVINCES: &[u32] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "CN_RESIDENT_ID",
        about: "Chinese resident identity number",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[
            pattern(
                "[1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{3}[0-9Xx]",
                60,
            ),
            pattern("[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}", 25),
        ]),
        check: Some(cn_resident_id),
        valid: 100,
        context: &[
            "身份证",
            "身份證",
            "身份证号",
            "身份号码",
            "公民身份",
            "居住证",
            "证件号",
            "证件号码",
            "户口",
            "永久居留",
            "id card",
            "identity card",
            "id number",
            "resident id",
            "national id",
            "shenfenzheng",
        ],
        source: "GB 11643-1999, https://zh.wikipedia.org/wiki/中华人民共和国公民身份号码",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_PASSPORT",
        about: "Chinese passport number",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("[EeGgDdSsPp][0-9]{8}", 25),
            pattern("(?i)[EDSP][A-HJ-NP-Z][0-9]{7}", 25),
            pattern("(?:K[JK]?|H[A-Z]?|M[AB])[0-9]{7,8}", 15),
            pattern("1[45][0-9]{7}", 5),
        ]),
        context: &[
            "护照",
            "護照",
            "护照号",
            "护照号码",
            "passport",
            "passport no",
            "passport number",
            "huzhao",
            "旅行证件",
            "travel document",
        ],
        source: "Exit and Entry Administration, https://zh.wikipedia.org/wiki/中华人民共和国护照",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_HKMO_PERMIT",
        about: "Mainland travel permit for residents of Hong Kong and Macau",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[pattern("[HMhm][0-9]{8}(?:[0-9]{2})?", 25)]),
        context: &[
            "回乡证",
            "回鄉證",
            "来往内地通行证",
            "來往內地通行證",
            "港澳居民",
            "通行证",
            "通行證",
            "home return permit",
            "mainland travel permit",
            "travel permit",
        ],
        source: "https://zh.wikipedia.org/wiki/港澳居民来往内地通行证",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_TAIWAN_PERMIT",
        about: "Mainland travel permit for residents of Taiwan",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[pattern("[0-9]{8}", 5), pattern("[0-9]{10}\\([A-Z]\\)", 35)]),
        context: &[
            "台胞证",
            "台胞證",
            "来往大陆通行证",
            "來往大陸通行證",
            "台湾居民",
            "臺灣居民",
            "taiwan compatriot permit",
            "mainland travel permit",
        ],
        source: "https://zh.wikipedia.org/wiki/台湾居民来往大陆通行证",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_EXIT_PERMIT",
        about: "Permit for travel from the mainland to Hong Kong, Macau or Taiwan",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("[CLTWcltw][0-9]{8}", 20),
            pattern("[Cc][A-HJ-NP-Za-hj-np-z][0-9]{7}", 20),
        ]),
        context: &[
            "往来港澳通行证",
            "往來港澳通行證",
            "港澳通行证",
            "往来台湾通行证",
            "大陆居民往来台湾",
            "通行证",
            "exit-entry permit",
            "exit permit",
            "travel permit",
        ],
        source: "https://zh.wikipedia.org/wiki/往来港澳通行证",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_MILITARY_ID",
        about: "Papers of officers, civil cadres and soldiers",
        family: Family::Identity,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("[军兵士武]字第[0-9]{5,8}号?", 60),
            pattern("[文南北沈兰成济广海空参政后装联战东西中]字第[0-9]{5,8}号?", 25),
        ]),
        context: &[
            "军官证",
            "士兵证",
            "文职干部证",
            "军人证",
            "军人",
            "部队",
            "武警",
            "军籍",
            "officer id",
            "military id",
        ],
        source: "Papers of the People's Liberation Army (军官证, 文职干部证, 士兵证), form as printed",
        ..Detector::EMPTY
    },
];

/// `CN_RESIDENT_ID`: region and day exist, and of 18 characters the last agrees; of 15, nobody can tell.
pub(crate) fn cn_resident_id(text: &str) -> Check {
    let number = compact(text);
    let region = |at| part(&number, at, 2).is_some_and(|code| PROVINCES.contains(&code));
    let known = region(0) || number.starts_with('9') && region(1);
    match number.len() {
        15 if known && short_date(&number, 6, 1900) => Check::Undecided,
        18 => Check::from_bool(known && long_date(&number, 6) && checksum::mod_11_2(&number)),
        _ => Check::Invalid,
    }
}
