//! Coordinates: decimal pairs, degrees with minutes and seconds, ISO 6709, `geo:` URIs, plus codes.
//!
//! A pair of fractions may be anything. It is a place where both have four digits and more behind the point,
//! and eight at most, and no third follows or leads (vectors have more than two), or where letters say the
//! hemisphere. A pair in square brackets, or with both numbers between -1 and 1, needs a word of context.

use crate::privacy::detect::{Detector, Edges, Family, Find, Found, pattern};

/// Coordinates.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Own(&[], find), edges: Edges::NONE, ..PLACE },
    Detector {
        about: "coordinates in degrees, minutes and seconds",
        find: Find::Token(&[
            pattern(
                r#"[0-9]{1,3} ?[°º] ?[0-9]{1,2}(?:\.[0-9]{1,6})? ?['′’] ?(?:[0-9]{1,2}(?:\.[0-9]{1,6})? ?(?:["″”]|''|′′) ?)?[NSns][ ,;/]{0,3}[0-9]{1,3} ?[°º] ?[0-9]{1,2}(?:\.[0-9]{1,6})? ?['′’] ?(?:[0-9]{1,2}(?:\.[0-9]{1,6})? ?(?:["″”]|''|′′) ?)?[EWOewo]"#,
                85,
            ),
            pattern(
                r#"[0-9]{1,3} ?[°º] ?[0-9]{1,2}(?:\.[0-9]{1,6})? ?['′’] ?(?:[0-9]{1,2}(?:\.[0-9]{1,6})? ?(?:["″”]|''|′′) ?)?[NSEWnsew]"#,
                55,
            ),
        ]),
        ..PLACE
    },
    Detector {
        about: "URI of a place",
        find: Find::Literal(
            &["geo:"],
            &[pattern(
                r"(?i)geo:-?[0-9]{1,3}(?:\.[0-9]{1,15})?,-?[0-9]{1,3}(?:\.[0-9]{1,15})?(?:,-?[0-9]{1,5}(?:\.[0-9]{1,6})?)?(?:;[a-z0-9=.:-]{1,40}){0,3}",
                85,
            )],
        ),
        source: "RFC 5870",
        ..PLACE
    },
    Detector {
        about: "coordinates with their names",
        find: Find::Literal(
            &["lat"],
            &[pattern(
                r#"(?i)lat(?:itude)?["']? ?[:=] ?["']?[+-]?[0-9]{1,2}\.[0-9]{2,15}["']?[,;& ]{0,3}[\r\n\t ]{0,12}["']?(?:lon|lng|long|longitude)["']? ?[:=] ?["']?[+-]?[0-9]{1,3}\.[0-9]{2,15}"#,
                85,
            )],
        ),
        ..PLACE
    },
    Detector {
        about: "plus code (Open Location Code)",
        find: Find::Token(&[pattern(
            "[23456789C][23456789CFGHJMPQRV][23456789CFGHJMPQRVWX]{6}\\+[23456789CFGHJMPQRVWX]{2,3}",
            55,
        )]),
        source: "https://github.com/google/open-location-code/blob/main/Documentation/Specification/specification.md",
        ..PLACE
    },
];

const PLACE: Detector = Detector {
    kind: "GPS_COORDINATES",
    about: "coordinates of a place",
    family: Family::Place,
    context: &[
        "gps",
        "coordinates",
        "coordinate",
        "coords",
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "location",
        "position",
        "koordinaten",
        "standort",
        "coordonnées",
        "coordenadas",
        "ubicación",
        "coordinate gps",
        "posizione",
        "localização",
        "координаты",
        "широта",
        "долгота",
        "坐标",
        "经纬度",
        "緯度",
        "経度",
        "座標",
        "좌표",
        "위도",
        "경도",
        "koordinat",
        "koordinaatit",
        "współrzędne",
        "إحداثيات",
    ],
    source: "ISO 6709:2022; WGS 84",
    ..Detector::EMPTY
};

const LETTERED: u8 = 80;
const SIGNED: u8 = 70;
const PRECISE: u8 = 45;
const WEAK: u8 = 15;

/// A decimal number with what stands around it.
struct Number {
    span: (usize, usize),
    value: f64,
    decimals: usize,
    letter: Option<u8>,
    signed: bool,
}

fn find(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for point in memchr::memchr_iter(b'.', bytes) {
        if point < done || !bytes.get(point + 1).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        let before = bytes.get(done..point).unwrap_or_default().iter().rev().take(4);
        let digits = before.take_while(|byte| byte.is_ascii_digit()).count();
        let mut row = Vec::new();
        let mut next = number(text, point - digits);
        while let Some(one) = next {
            done = one.span.1;
            next = separated(text, done).and_then(|from| number(text, from));
            row.push(one);
        }
        if let [first, second] = row.as_slice() {
            judge(text, first, second, found);
        }
    }
}

/// The decimal number whose digits begin at `at`, with sign, degrees and letter.
fn number(text: &str, at: usize) -> Option<Number> {
    let bytes = text.as_bytes();
    let mut start = at;
    let sign = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let signed = matches!(sign, Some(b'-' | b'+'));
    start -= usize::from(signed);
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
    let glued = before.is_ascii_alphanumeric() || matches!(before, b'.' | b'_');
    let whole = bytes.get(at..)?.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let point = at + whole;
    let decimals =
        bytes.get(point + 1..)?.iter().take(18).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=3).contains(&whole)
        || bytes.get(point) != Some(&b'.')
        || decimals < 2
        || glued && !signed
    {
        return None;
    }
    let mut end = point + 1 + decimals;
    let value: f64 = text.get(at..end)?.parse().ok()?;
    let degrees = text.get(end..)?.trim_start_matches(' ').strip_prefix(['°', 'º']);
    end = degrees.map_or(end, |rest| text.len() - rest.len());
    let behind = text.get(end..)?.trim_start_matches(' ').as_bytes();
    let letter = behind.first().copied().filter(|byte| b"NSEWnsew".contains(byte));
    let letter = letter.filter(|_| !behind.get(1).is_some_and(u8::is_ascii_alphanumeric));
    if letter.is_some() {
        end += text.get(end..)?.bytes().take_while(|byte| *byte == b' ').count() + 1;
    } else if bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'%') {
        return None;
    }
    Some(Number { span: (start, end), value, decimals, letter, signed })
}

/// Where the digits of a next number may begin.
fn separated(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let marks = rest.bytes().take(3).take_while(|byte| b" ,;/".contains(byte)).count();
    let sign = rest.as_bytes().get(marks).is_some_and(|byte| matches!(byte, b'-' | b'+'));
    (marks > 0 || sign).then_some(end + marks + usize::from(sign))
}

fn judge(text: &str, first: &Number, second: &Number, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let possible = first.value <= 90.0 && second.value <= 180.0;
    let lettered = match (first.letter, second.letter) {
        (Some(a), Some(b)) => b"NSns".contains(&a) && b"EWew".contains(&b),
        (None, None) => false,
        _ => return,
    };
    let before = text.get(..first.span.0).unwrap_or_default().trim_end().as_bytes();
    let in_row = before.last() == Some(&b',')
        || bytes.get(second.span.1) == Some(&b',')
            && bytes.get(second.span.1 + 1).is_some_and(|byte| *byte == b' ' || *byte == b'-');
    let bracketed = before.last() == Some(&b'[');
    let between = text.get(first.span.1..second.span.0).unwrap_or_default();
    let comma = between.contains([',', ';']);
    let glued = first.span.1 == second.span.0 && first.signed && second.signed;
    let (least, most) = (first.decimals.min(second.decimals), first.decimals.max(second.decimals));
    let small = first.value < 1.0 && second.value < 1.0;
    let score = match (possible, lettered) {
        (false, _) => return,
        (true, true) => LETTERED,
        (true, false) if glued => SIGNED,
        (true, false) if !comma => return,
        (true, false) if least >= 4 && most <= 8 && !small && !in_row && !bracketed => PRECISE,
        (true, false) if least >= 3 => WEAK,
        (true, false) => return,
    };
    found(first.span.0..second.span.1, score);
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn coordinates_are_found_in_all_their_forms() {
        for text in [
            "-33.86882, 151.20930",
            "48.8566° N, 2.3522° E",
            "+48.8577+002.2950",
            "40°26'46\"N 79°58'56\"W",
            "40° 26.767′ N 79° 58.933′ W",
            "geo:37.78691,-122.39951;u=35",
            "8FW4V75V+8Q",
            "lat\": 48.8566,\n  \"lng\": 2.3522",
        ] {
            let hits = found(TABLE, &format!("at {text}"));
            assert!(
                hits.iter().any(|hit| hit.0 == (3..3 + text.len()) && hit.1 >= 40),
                "{text} {hits:?}"
            );
        }
        assert!(found(TABLE, "GPS 48.856, 2.352").iter().any(|hit| hit.1 >= 50));
    }

    #[test]
    fn vectors_versions_and_angles_are_none() {
        for text in [
            "[0.12345, 1.54321, 2.98765]",
            "0.12345, 0.54321",
            "12.50, 13.75",
            "95.12345, 10.12345",
            "1.2.3, 4.5.6",
            "turn 40°",
            "x8FW4V75V+8Q",
        ] {
            assert!(
                found(TABLE, text).iter().all(|hit| hit.1 < 40),
                "{text} {:?}",
                found(TABLE, text)
            );
        }
    }
}
