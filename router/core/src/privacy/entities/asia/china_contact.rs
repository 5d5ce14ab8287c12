//! China: mobile and fixed-line numbers, bank cards, number plates, unified social credit codes.
//!
//! A mobile number has eleven digits, the first three given to networks by the ministry; prefixes of
//! machines (13 digits) are left out. Half of all numbers of eleven digits that begin with 1 have such a prefix,
//! 16 GiB and 15 s in nanoseconds among them; but in Chinese prose it is a mobile number. So its words are
//! also those that any sentence about a person has.
//! A plate is a province's character, a letter, and five characters (six for electric vehicles, where D
//! and F and their neighbours mark the drive); a middle dot may stand after the letter. I and O are not used.
//! The credit code (GB 32100) checks itself by MOD 31, and the organisation code inside by MOD 11
//! (GB 11714); where only the first agrees it stays undecided.

use super::digits::{compact, only_digits};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// Before a mobile number no point or dash, after it anything that is no word.
const MOBILE: Edges = Edges { before: b"-.", after: b"", word_before: true, word_after: true };

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "CN_MOBILE",
        about: "Chinese mobile number",
        family: Family::Contact,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("1(?:3[0-9]|4[5-79]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}", 30),
            pattern(
                "1(?:3[0-9]|4[5-79]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[ -][0-9]{4}[ -][0-9]{4}",
                60,
            ),
            pattern(
                "(?:\\+|00|\\(\\+?)?86\\)?[ -]{0,2}1(?:3[0-9]|4[5-79]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[ -]?[0-9]{4}[ -]?[0-9]{4}",
                65,
            ),
        ]),
        edges: MOBILE,
        context: &[
            "手机",
            "手機",
            "手机号",
            "电话",
            "電話",
            "联系电话",
            "联系方式",
            "号码",
            "微信",
            "短信",
            "致电",
            "拨打",
            "我",
            "你",
            "您",
            "他",
            "她",
            "给",
            "打",
            "找",
            "加",
            "请",
            "叫",
            "查",
            "先生",
            "女士",
            "小姐",
            "老师",
            "经理",
            "客户",
            "用户",
            "姓名",
            "收件",
            "快递",
            "call",
            "contact",
            "dial",
            "sms",
            "mobile",
            "phone",
            "cell",
            "tel",
            "whatsapp",
            "wechat",
        ],
        source: "MIIT numbering plan, https://zh.wikipedia.org/wiki/中国内地移动终端通讯号段",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_LANDLINE",
        about: "Chinese fixed-line number with area code",
        family: Family::Contact,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("0(?:10|2[0-57-9])[ -][0-9]{4}[ -]?[0-9]{4}", 40),
            pattern("0[3-9][1-9][0-9][ -][0-9]{7,8}", 30),
            pattern("\\(0(?:10|2[0-57-9])\\)[ ]?[0-9]{4}[ -]?[0-9]{4}", 50),
            pattern("\\+86[ -]?(?:10|2[0-57-9]|[3-9][1-9][0-9])[ -]?[0-9]{4}[ -]?[0-9]{3,4}", 60),
        ]),
        edges: Edges::NUMBER,
        context: &["电话", "電話", "座机", "固话", "传真", "热线", "总机", "tel", "phone", "fax"],
        source: "MIIT numbering plan, https://zh.wikipedia.org/wiki/中华人民共和国电话号码",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_BANK_CARD",
        about: "UnionPay bank card number",
        family: Family::Payment,
        country: Some("CN"),
        find: Find::Token(&[
            pattern("62[0-9]{14,17}", 10),
            pattern("62[0-9]{2}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?", 60),
            pattern("62[0-9]{4}[ -][0-9]{13}", 60),
            pattern("9558[0-9]{15}", 10),
        ]),
        check: Some(cn_bank_card),
        valid: 100,
        context: &[
            "银行卡",
            "銀行卡",
            "卡号",
            "银行账号",
            "账号",
            "账户",
            "借记卡",
            "信用卡",
            "储蓄卡",
            "开户行",
            "银联",
            "card number",
            "bank card",
            "bank account",
            "unionpay",
        ],
        source: "JR/T 0008-2000, ISO/IEC 7812-1, https://en.wikipedia.org/wiki/UnionPay",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_LICENSE_PLATE",
        about: "Chinese number plate",
        family: Family::Vehicle,
        country: Some("CN"),
        find: Find::Token(&[
            pattern(
                "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•・‧. -]?[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领试超]",
                55,
            ),
            pattern(
                "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•・‧. -]?(?:[ABCDEFGHJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[ABCDEFGHJK])",
                60,
            ),
            pattern(
                "(?:使[0-9]{6}|[0-9]{6}使|[京沪粤川渝鄂辽闽][A-HJ-NP-Z][·•・‧. -]?[0-9]{4}领)",
                50,
            ),
            pattern(
                "WJ[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?[·•・‧. -]?[0-9]{4}[0-9A-Z]",
                50,
            ),
        ]),
        check: Some(cn_license_plate),
        context: &[
            "车牌",
            "車牌",
            "车牌号",
            "号牌",
            "牌照",
            "车辆",
            "机动车",
            "行驶证",
            "license plate",
            "number plate",
            "plate number",
            "vehicle",
        ],
        source: "GA 36-2018, https://zh.wikipedia.org/wiki/中华人民共和国机动车号牌",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CN_USCC",
        about: "Chinese unified social credit code of an organisation",
        family: Family::Organisation,
        country: Some("CN"),
        find: Find::Token(&[pattern("(?i)[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", 30)]),
        check: Some(cn_uscc),
        valid: 60,
        context: &[
            "统一社会信用代码",
            "信用代码",
            "社会信用",
            "税号",
            "纳税人识别号",
            "营业执照",
            "机构代码",
            "企业",
            "公司",
            "unified social credit",
            "uscc",
            "credit code",
            "tax number",
        ],
        source: "GB 32100-2015, GB 11714-1997",
        ..Detector::EMPTY
    },
];

/// `CN_BANK_CARD`: Luhn's digit agrees.
pub(crate) fn cn_bank_card(text: &str) -> Check {
    let digits = only_digits(text);
    Check::from_bool((16..=19).contains(&digits.len()) && checksum::luhn(&digits))
}

/// `CN_LICENSE_PLATE`: of the last six characters no more than three are letters.
fn cn_license_plate(text: &str) -> Check {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits < 3 { Check::Invalid } else { Check::Undecided }
}

/// `CN_USCC`: MOD 31 of the code, and MOD 11 of the organisation code in it.
pub(crate) fn cn_uscc(text: &str) -> Check {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let code = compact(text);
    let values: Option<Vec<usize>> = code.chars().map(|char| ALPHABET.find(char)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return Check::Invalid };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    if values.last() != Some(&((31 - sum % 31) % 31)) {
        return Check::Invalid;
    }
    let organisation = code.get(8..17).is_some_and(organisation_code);
    if organisation { Check::Valid } else { Check::Undecided }
}

/// GB 11714: eight characters, of which A counts 10 and Z 35, and a check digit, X for ten.
fn organisation_code(code: &str) -> bool {
    let value = |char: char| char.to_digit(36).unwrap_or_default();
    let sum: u32 = code.chars().map(value).zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(v, w)| v * w).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or_default(),
    };
    code.ends_with(check)
}
