//! The same characters written otherwise: what a reader, and a model, still reads.

use super::super::kinds::{Carrier, Form};
use super::{Secret, Shape, glyphs};

/// Ways of writing.
pub(super) static SHAPES: &[Shape] = &[
    Shape::text("full_width", |secret| mapped(secret, glyphs::full_width)),
    Shape::text("math_bold", |secret| mapped(secret, glyphs::math_bold)),
    Shape::text("cyrillic_letters", |secret| mapped(secret, glyphs::cyrillic)),
    Shape::text("greek_letters", |secret| mapped(secret, glyphs::greek)),
    Shape::text("arabic_digits", |secret| {
        mostly_digits(secret).then(|| mapped(secret, glyphs::arabic))?
    }),
    Shape::text("devanagari_digits", |secret| {
        mostly_digits(secret).then(|| mapped(secret, glyphs::devanagari))?
    }),
    Shape::text("zero_width", |secret| {
        const INVISIBLE: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
        let mut invisible = INVISIBLE.into_iter().cycle();
        let value = one_line(secret)?;
        let between = value.chars().flat_map(|character| [Some(character), invisible.next()]);
        Some(said(secret, &between.flatten().collect::<String>()))
    }),
    Shape::text("soft_hyphens", |secret| Some(said(secret, &joined(one_line(secret)?, "\u{ad}")))),
    Shape::text("spaces_between_all", |secret| Some(bare(secret, &joined(word(secret)?, " ")))),
    Shape::text("dashes_between_all", |secret| {
        // A dash that is part of a key would be one among many.
        let word = word(secret).filter(|word| !word.contains('-'))?;
        Some(bare(secret, &joined(word, "-")))
    }),
    Shape::text("line_break_in_the_middle", |secret| {
        word(secret)?;
        let (first, second) = secret.value.split_at(secret.value.len() / 2);
        Some(said(secret, &format!("{}\n{}", first.trim_end(), second.trim_start())))
    }),
    Shape::text("no_break_spaces_and_long_dashes", |secret| {
        let value = one_line(secret).filter(|value| value.contains([' ', '-']))?;
        (secret.form == Form::Number)
            .then(|| said(secret, &value.replace(' ', "\u{202f}").replace('-', "\u{2011}")))
    }),
    Shape::text("bold_in_the_middle", |secret| {
        let word = word(secret)?;
        let (first, rest) = word.split_at(word.len() / 4);
        let (second, third) = rest.split_at(rest.len() / 2);
        Some(bare(secret, &format!("{first}**{second}**{third}")))
    })
    .hard(),
];

/// A sentence with the value, and its word where it needs one.
fn said(secret: &Secret, value: &str) -> String {
    let lead = if secret.need == Carrier::Needed { secret.lead() } else { String::new() };
    format!("Please keep this for me: {lead}{value} and tell nobody.")
}

/// A sentence with the value without separators, and its word where it needs one then.
fn bare(secret: &Secret, value: &str) -> String {
    format!("Please keep this for me: {}{value} and tell nobody.", secret.lead())
}

/// Every character replaced, if that makes a difference.
fn mapped(secret: &Secret, map: fn(char) -> char) -> Option<String> {
    let value = one_line(secret)?;
    let other: String = value.chars().map(map).collect();
    (other != value).then(|| said(secret, &other))
}

/// Nobody writes a block of lines so.
fn one_line(secret: &Secret) -> Option<&str> {
    (!secret.value.contains('\n')).then_some(secret.value.as_str())
}

/// The value as one word, if it is one.
fn word(secret: &Secret) -> Option<&str> {
    (secret.form != Form::Phrase).then(|| secret.bare())
}

fn joined(text: &str, separator: &str) -> String {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    characters.join(separator)
}

fn mostly_digits(secret: &Secret) -> bool {
    let digits = secret.value.bytes().filter(u8::is_ascii_digit).count();
    let letters = secret.value.bytes().filter(u8::is_ascii_alphabetic).count();
    digits >= 6 && digits >= letters
}
