//! Dates and times as people and machines write them: what anybody may know.
//!
//! Which dates say something of a person is for [`super::birth`] to tell. Days that no month has make it
//! something else; a month and a year, or a month and a day, are weak, as fractions have that shape.

use crate::privacy::detect::checksum::digits;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Pattern, pattern};

/// Dates and times.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(FULL), check: Some(date), ..DATE },
    Detector { find: Find::Token(PARTS), ..DATE },
];

const DATE: Detector = Detector {
    kind: "DATE_TIME",
    about: "date or time",
    family: Family::Public,
    edges: Edges { before: b"/.-", after: b"-/", word_before: true, word_after: true },
    context: &[
        "date",
        "birthday",
        "when",
        "datum",
        "fecha",
        "data",
        "дата",
        "日期",
        "日付",
        "날짜",
        "tarih",
        "تاريخ",
    ],
    source: "ISO 8601; Unicode CLDR, date formats",
    ..Detector::EMPTY
};

/// Forms that say day, month and year.
pub(super) const FULL: &[Pattern] = &[
    pattern(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]{1,9})?)? ?(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?",
        80,
    ),
    pattern("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", 60),
    pattern("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", 60),
    pattern(r"[12][0-9]{3}\.[0-9]{1,2}\.[0-9]{1,2}", 40),
    pattern("[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})", 60),
    pattern("[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}", 60),
    pattern(r"[0-9]{1,2}\. ?[0-9]{1,2}\. ?[12][0-9]{3}", 60),
    pattern(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}", 30),
    pattern(
        "(?i)[0-9]{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}[-/ ,]{1,2}(?:[0-9]{4}|[0-9]{2})",
        60,
    ),
    pattern(
        r"(?i)[0-9]{1,2}(?:st|nd|rd|th|er|\.|º)? (?:of |de )?(?:january|february|march|april|may|june|july|august|september|october|november|december|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei|augustus|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря),? (?:de |del )?[0-9]{4}",
        65,
    ),
    pattern(
        "(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}[.]? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}",
        65,
    ),
    pattern("[0-9]{4} ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?[日号]", 65),
    pattern("(?:明治|大正|昭和|平成|令和) ?[0-9]{1,2} ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日", 65),
    pattern("[0-9]{4} ?년 ?[0-9]{1,2} ?월 ?[0-9]{1,2} ?일", 65),
];

/// Forms that leave the day or the year out.
const PARTS: &[Pattern] = &[
    pattern("(?i)(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-(?:[0-9]{4}|[0-9]{2})", 45),
    pattern(
        "(?i)(?:0?[1-9]|[12][0-9]|3[01])-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
        45,
    ),
    pattern("(?:0?[1-9]|1[0-2])/[0-9]{4}", 20),
    pattern("(?:0?[1-9]|1[0-2])/[0-9]{2}", 10),
];

/// Whether a month has this day. Letters for the month, eras and times say nothing against it.
pub(crate) fn date(text: &str) -> Check {
    let day_part = text.split(['T', ' ']).next().unwrap_or_default();
    let whole = if day_part.len() >= 6 && digits(day_part).count() >= 4 { day_part } else { text };
    let mut numbers =
        whole.split(|char: char| !char.is_ascii_digit()).filter(|number| !number.is_empty());
    let (Some(a), Some(b), Some(c)) = (numbers.next(), numbers.next(), numbers.next()) else {
        return Check::Undecided;
    };
    let value = |number: &str| number.parse::<u32>().unwrap_or(u32::MAX);
    let (first, second, third) = (value(a), value(b), value(c));
    let is_era = text.starts_with(|char: char| !char.is_ascii());
    let possible = if a.len() == 4 || is_era {
        has_day(second, third)
    } else {
        has_day(second, first) || !whole.contains('.') && has_day(first, second)
    };
    if possible { Check::Undecided } else { Check::Invalid }
}

fn has_day(month: u32, day: u32) -> bool {
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn dates_are_found_in_many_forms() {
        for text in [
            "2024-06-05T09:15:30.500-07:00",
            "2024-03-15T14:30Z",
            "2000-04-16 11:34:35",
            "5/20/2021",
            "31.12.1999",
            "5-MAY-2021",
            "12 May 2021",
            "May 12, 2021",
            "3. Oktober 1990",
            "14 de julio de 1989",
            "1 января 2000",
            "2021年5月12日",
            "昭和55年1月31日",
            "2021년 5월 12일",
            "May-21",
            "05/2021",
            "20.5.2021",
        ] {
            assert_eq!(
                found(TABLE, &format!("on {text}, or")),
                found(TABLE, &format!("on {text}")),
                "{text}"
            );
            assert_eq!(
                found(TABLE, text).first().map(|hit| hit.0.clone()),
                Some(0..text.len()),
                "{text}"
            );
        }
    }

    #[test]
    fn days_that_no_month_has_are_none() {
        for text in
            ["2021-02-30", "31/31/2021", "2021-13-01", "x2021-01-01", "1/2/3/2021", "10.20.30"]
        {
            assert!(found(TABLE, text).is_empty(), "{text} {:?}", found(TABLE, text));
        }
    }
}
