//! The terminal: two streams, a width, a few colours, and no trust in what is printed.
//!
//! `anstream` takes colours out where a stream is no terminal or `NO_COLOR` is set. Text that others
//! wrote (a model's answer, a worker's name) may hold control sequences that rewrite the screen or the
//! clipboard; [`printable`] takes them out before such text reaches a terminal.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use unicode_width::UnicodeWidthStr as _;

/// Ends every other style.
pub const PLAIN: &str = "\x1b[0m";
/// Names and headings.
pub const BOLD: &str = "\x1b[1m";
/// What matters less.
pub const DIM: &str = "\x1b[2m";
/// Failed.
pub const RED: &str = "\x1b[31m";
/// Good.
pub const GREEN: &str = "\x1b[32m";
/// Take care.
pub const YELLOW: &str = "\x1b[33m";

/// Where no person reads, a line is not broken: programs look for words in it.
const UNLIMITED: usize = usize::MAX;
/// Widest line, in columns: longer ones are hard to read.
const WIDEST: usize = 100;
/// Width where the terminal does not tell, in columns.
const USUAL: usize = 80;
/// Narrowest line, in columns: below it, wrapping would leave single words.
const NARROWEST: usize = 40;

/// Standard output, for what the command found out.
pub fn out() -> anstream::Stdout {
    anstream::stdout()
}

/// Says something about the work on standard error.
pub fn say(text: impl Display) {
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Whether a person watches standard output.
pub fn out_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether a person watches standard error.
pub fn err_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// Columns of a line on standard output.
pub fn width() -> usize {
    if out_is_terminal() { columns_of(std::io::stdout()) } else { UNLIMITED }
}

/// Columns of a line on standard error.
pub fn err_width() -> usize {
    if err_is_terminal() { columns_of(std::io::stderr()) } else { UNLIMITED }
}

#[cfg(unix)]
fn columns_of(stream: impl std::os::fd::AsFd) -> usize {
    clamped(terminal_size::terminal_size_of(stream))
}

#[cfg(not(unix))]
fn columns_of<S>(_: S) -> usize {
    clamped(terminal_size::terminal_size())
}

fn clamped(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(USUAL, |(columns, _)| usize::from(columns.0)).clamp(NARROWEST, WIDEST)
}

/// Text without control characters, line feeds and tabs excepted.
pub fn printable(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(bad) { text.replace(bad, "").into() } else { text.into() }
}

/// Wraps text for standard error; lines after the first start with `indent`.
pub fn hang(text: &str, indent: &str) -> String {
    wrap(text, err_width(), indent).join("\n")
}

/// Breaks text at blanks into lines of at most `width` columns; every line but the first starts with
/// `indent`. A word that is longer than a line stays whole, so that it can be copied. The text's own
/// line feeds and the blanks at the start of its lines stay.
pub fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let body = paragraph.trim_start_matches(' ');
        let lead = &paragraph[..paragraph.len() - body.len()];
        let mut line = if lines.is_empty() { lead.to_owned() } else { format!("{indent}{lead}") };
        let mut empty = true;
        for word in body.split(' ').filter(|word| !word.is_empty()) {
            if !empty && columns(&line).saturating_add(1 + columns(word)) > width {
                lines.push(std::mem::replace(&mut line, format!("{indent}{lead}")));
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        lines.push(line);
    }
    lines
}

/// Columns that text takes on a terminal, colours not counted.
pub fn columns(text: &str) -> usize {
    let mut rest = text;
    let mut columns = 0;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        columns += before.width();
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    columns + rest.width()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn control_sequences_are_taken_out_of_text_that_others_wrote() {
        let evil = "a\x1b]52;c;ZXZpbA==\x07b\x1b[2J\u{9b}31mc\r\n\td";
        assert_eq!(printable(evil), "a]52;c;ZXZpbA==b[2J31mc\n\td");
        assert!(matches!(printable("plain ünïcode\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_break_at_blanks_and_hang() {
        assert_eq!(wrap("one two three", 7, "  "), ["one two", "  three"]);
        assert_eq!(wrap("  deep text here", 11, ""), ["  deep text", "  here"]);
        assert_eq!(wrap("a\n\nb", 9, " "), ["a", " ", " b"]);
        assert_eq!(wrap("unbreakableword x", 4, ""), ["unbreakableword", "x"]);
    }

    #[test]
    fn colours_take_no_columns_and_wide_characters_two() {
        assert_eq!(columns(&format!("{RED}ab{PLAIN}")), 2);
        assert_eq!(columns("日本"), 4);
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word_and_the_width(text in "[a-z ]{0,200}", width in 12usize..40) {
            let lines = wrap(&text, width, "  ");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&lines.join(" ")), words(&text));
            for line in lines.iter().filter(|line| line.trim().contains(' ')) {
                let lead = line.len() - line.trim_start().len();
                prop_assert!(columns(line) <= width || lead >= width, "{line:?} of {width}");
            }
        }
    }
}
