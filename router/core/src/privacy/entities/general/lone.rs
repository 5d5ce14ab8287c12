//! Numbers that are all of their line: the name of a speaker, a cell, a number that somebody spaced out.
//!
//! Among other words a row of digits is a count or a time more often than a number of a person. Where nothing
//! else stands, a form that is weak in prose is meant as what it looks like.

use crate::privacy::detect::Found;
use std::ops::RangeInclusive;

/// Calls `found` for each line of so many digits, with a letter for the last one perhaps.
pub(crate) fn lone(text: &str, length: &RangeInclusive<usize>, score: u8, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let line = bytes.get(start..).unwrap_or_default();
        let mut len =
            line.iter().take(*length.end() + 1).take_while(|b| b.is_ascii_digit()).count();
        let letter = line.get(len).is_some_and(u8::is_ascii_alphabetic);
        len += usize::from(letter && len > 0);
        if length.contains(&len) && matches!(line.get(len), None | Some(b'\n' | b'\r')) {
            found(start..start + len, score);
        }
        let Some(end) = memchr::memchr(b'\n', line) else { break };
        start += end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_lone() {
        let mut all = Vec::new();
        let text = "1234567\n a 1234567\n12345678 b\r\n123456X\r\n12345\n7654321";
        lone(text, &(7..=8), 50, &mut |span, _| all.push(text[span].to_owned()));
        assert_eq!(all, ["1234567", "123456X", "7654321"]);
    }
}
