//! Other characters for the same letters and digits, and the way back. The tables are written here and not
//! taken from the router, so that a hole in its tables shows.

/// The full-width form of an ASCII character.
pub(super) fn full_width(character: char) -> char {
    match character {
        ' ' => '\u{3000}',
        '!'..='~' => shifted(character, '!', '\u{ff01}'),
        other => other,
    }
}

/// An Arabic-Indic digit.
pub(super) fn arabic(character: char) -> char {
    if character.is_ascii_digit() { shifted(character, '0', '\u{660}') } else { character }
}

/// A Devanagari digit.
pub(super) fn devanagari(character: char) -> char {
    if character.is_ascii_digit() { shifted(character, '0', '\u{966}') } else { character }
}

/// Mathematical bold.
pub(super) fn math_bold(character: char) -> char {
    match character {
        'A'..='Z' => shifted(character, 'A', '\u{1d400}'),
        'a'..='z' => shifted(character, 'a', '\u{1d41a}'),
        '0'..='9' => shifted(character, '0', '\u{1d7ce}'),
        other => other,
    }
}

/// A Cyrillic letter that looks the same.
pub(super) fn cyrillic(character: char) -> char {
    swapped(character, CYRILLIC)
}

/// A Greek letter that looks the same.
pub(super) fn greek(character: char) -> char {
    swapped(character, GREEK)
}

/// What a reader takes a character for: ASCII where there is such.
pub(super) fn fold(character: char) -> char {
    let digit = |zero: char| shifted_digit(character, zero);
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => shifted(character, '\u{ff01}', '!'),
        '\u{660}'..='\u{669}' => digit('\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit('\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit('\u{966}'),
        '\u{9e6}'..='\u{9ef}' => digit('\u{9e6}'),
        '\u{1d7ce}'..='\u{1d7ff}' => digit('\u{1d7ce}'),
        '\u{1d400}'..='\u{1d6a3}' => {
            // Thirteen alphabets of 26 capitals and 26 small letters.
            let place = (u32::from(character) - 0x1d400) % 52;
            let (first, place) = if place < 26 { ('A', place) } else { ('a', place - 26) };
            char::from_u32(u32::from(first) + place).unwrap_or(character)
        }
        _ => back(character, CYRILLIC).or_else(|| back(character, GREEK)).unwrap_or(character),
    }
}

const CYRILLIC: &[(char, char)] = &[
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('i', 'і'),
    ('j', 'ј'),
    ('o', 'о'),
    ('p', 'р'),
    ('s', 'ѕ'),
    ('x', 'х'),
    ('y', 'у'),
];

const GREEK: &[(char, char)] = &[
    ('A', 'Α'),
    ('B', 'Β'),
    ('E', 'Ε'),
    ('H', 'Η'),
    ('I', 'Ι'),
    ('K', 'Κ'),
    ('M', 'Μ'),
    ('N', 'Ν'),
    ('O', 'Ο'),
    ('P', 'Ρ'),
    ('T', 'Τ'),
    ('X', 'Χ'),
    ('Y', 'Υ'),
    ('Z', 'Ζ'),
    ('o', 'ο'),
];

fn swapped(character: char, table: &[(char, char)]) -> char {
    table.iter().find(|(latin, _)| *latin == character).map_or(character, |(_, other)| *other)
}

fn back(character: char, table: &[(char, char)]) -> Option<char> {
    table.iter().find(|(_, other)| *other == character).map(|(latin, _)| *latin)
}

fn shifted(character: char, from: char, to: char) -> char {
    let code = u32::from(to) + u32::from(character) - u32::from(from);
    char::from_u32(code).unwrap_or(character)
}

fn shifted_digit(character: char, zero: char) -> char {
    char::from_digit((u32::from(character) - u32::from(zero)) % 10, 10).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_form_folds_back_to_what_it_was() {
        for character in ' '..='~' {
            for form in [full_width, arabic, devanagari, math_bold, cyrillic, greek] {
                assert_eq!(fold(form(character)), character);
            }
        }
        assert_eq!((cyrillic('A'), greek('A')), ('\u{410}', '\u{391}'));
        assert_eq!((arabic('7'), devanagari('7'), math_bold('7')), ('٧', '७', '𝟕'));
    }
}
