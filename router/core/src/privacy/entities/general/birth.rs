//! Dates of birth: a date that stands near a word for it.
//!
//! The date alone is anybody's; every row here is too weak to count without its context. Eight digits
//! (`19800131`) are a date only here.

use super::date::{FULL, date};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Pattern, pattern};

/// Dates of birth.
pub(super) static TABLE: &[Detector] =
    &[Detector { find: Find::Token(BIRTH), check: Some(birth), ..BORN }];

const BORN: Detector = Detector {
    kind: "DATE_OF_BIRTH",
    about: "date of birth",
    family: Family::Birth,
    edges: Edges { before: b"/.-", after: b"-/", word_before: true, word_after: true },
    context: &[
        // English
        "born",
        "date of birth",
        "dob",
        "d.o.b",
        "birth date",
        "birthdate",
        "date_of_birth",
        "birth_date",
        "birthday",
        "bday",
        "b-day",
        // Germanic
        "geboren",
        "geb.",
        "geburtsdatum",
        "geburtstag",
        "geboortedatum",
        "født",
        "fødselsdato",
        "född",
        "födelsedatum",
        "fæddur",
        "fædd",
        // Romance
        "né le",
        "née le",
        "date de naissance",
        "nacido",
        "nacida",
        "nació",
        "fecha de nacimiento",
        "nato il",
        "nata il",
        "nato a",
        "nata a",
        "data di nascita",
        "nascido",
        "nascida",
        "nasceu",
        "data de nascimento",
        "data nașterii",
        "născut",
        "născută",
        "data de naixement",
        // Slavic, Baltic, Uralic, Greek, Turkish
        "data urodzenia",
        "urodzony",
        "urodzona",
        "ur.",
        "datum narození",
        "narozen",
        "dátum narodenia",
        "narodený",
        "datum rođenja",
        "rođen",
        "datum rojstva",
        "дата рождения",
        "Дата рождения",
        "родился",
        "родилась",
        "г.р.",
        "дата народження",
        "народився",
        "народилася",
        "дата на раждане",
        "роден",
        "gimimo data",
        "dzimšanas datums",
        "sünniaeg",
        "syntymäaika",
        "syntynyt",
        "születési",
        "született",
        "ημερομηνία γέννησης",
        "γεννήθηκε",
        "doğum tarihi",
        "doğum",
        "doğumlu",
        // Asia
        "出生日期",
        "出生",
        "生日",
        "生年月日",
        "生まれ",
        "誕生日",
        "생년월일",
        "생일",
        "출생",
        "تاريخ الميلاد",
        "تاريخ الولادة",
        "تاریخ تولد",
        "תאריך לידה",
        "נולד",
        "जन्म तिथि",
        "जन्मतिथि",
        "जन्म",
        "জন্ম তারিখ",
        "วันเกิด",
        "ngày sinh",
        "sinh ngày",
        "tanggal lahir",
        "tarikh lahir",
        "petsa ng kapanganakan",
        "tarehe ya kuzaliwa",
    ],
    source: "ISO 8601; Unicode CLDR, date formats",
    ..Detector::EMPTY
};

/// As in [`FULL`], but so weak that only context makes it count.
const BIRTH: &[Pattern] = &weak();

const fn weak() -> [Pattern; FULL.len() + 1] {
    let mut all = [pattern("(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]", 5); FULL.len() + 1];
    let mut at = 0;
    while at < FULL.len() {
        all[at] = pattern(FULL[at].regex, 20);
        at += 1;
    }
    all
}

/// A day that its month has, in a year in which somebody who lives may have been born.
pub(crate) fn birth(text: &str) -> Check {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let (year, rest) = text.split_at(4);
        let (month, day) = rest.split_at(2);
        return dashed(year, month, day);
    }
    let years = text.split(|char: char| !char.is_ascii_digit()).filter(|group| group.len() == 4);
    let plausible =
        years.map(|year| year.parse().unwrap_or(0)).all(|year: u32| (1880..2100).contains(&year));
    if plausible { date(text) } else { Check::Invalid }
}

fn dashed(year: &str, month: &str, day: &str) -> Check {
    date(&format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn a_date_near_a_word_for_birth_counts() {
        for text in [
            "born on 5/20/1981",
            "DOB: 1981-05-20",
            "née le 20/05/1981",
            "geboren am 20. Mai 1981",
            "fecha de nacimiento: 20 de mayo de 1981",
            "出生日期：1981年5月20日",
            "1981年5月20日生まれ",
            "생년월일 1981-05-20",
            "дата рождения 20.05.1981",
            "dob=19810520",
        ] {
            assert!(found(TABLE, text).iter().any(|hit| hit.1 >= 50), "{text}");
        }
    }

    #[test]
    fn a_date_alone_and_an_impossible_one_do_not() {
        for text in
            ["signed on 5/20/1981", "newborn 1981-05-20", "DOB: 1981-02-31", "DOB: 19811320"]
        {
            assert!(found(TABLE, text).iter().all(|hit| hit.1 < 40), "{text}");
        }
    }
}
