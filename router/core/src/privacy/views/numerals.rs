//! The third pass of folding: Han numerals that are read digit by digit.
//!
//! `一` in prose is a word. A row of numerals, or one next to a digit, is a number that is spelled out:
//! `幺三八零零`. So is a longer row with one separator between each, `四 一 一 一`; a short one is an
//! enumeration and stays.

use super::rewrite::Rewrite;
use std::ops::Range;

/// So many in a row with separators are a number.
const SPACED_LEAST: usize = 4;

/// Whether it is a numeral for one digit, in prose or on a cheque.
pub(super) const fn is_numeral(c: char) -> bool {
    digit(c).is_some()
}

const fn digit(c: char) -> Option<char> {
    Some(match c {
        '〇' | '零' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' | '貳' => '2',
        '三' | '叁' | '參' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' | '陸' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    })
}

/// The text with the spelled-out numbers in digits, unless there are none.
pub(super) fn fold(text: &str, limit: usize) -> Option<Rewrite<'_>> {
    let mut out = Rewrite::new(text, limit);
    let mut copied = 0;
    let mut at = 0;
    while let Some((row, members)) = next_row(text, at) {
        at = row.end;
        let all = members >= SPACED_LEAST;
        let mut before = false;
        let mut chars = text.get(row.clone()).unwrap_or_default().char_indices().peekable();
        while let Some((index, c)) = chars.next() {
            let beside = before || chars.peek().is_some_and(|(_, next)| is_member(*next));
            before = is_member(c);
            if let Some(plain) = digit(c).filter(|_| all || beside) {
                let start = row.start + index;
                let end = start + c.len_utf8();
                out.copy(copied..start);
                out.put_char(plain, &(start..end));
                copied = end;
            }
        }
    }
    if copied == 0 {
        return None;
    }
    out.copy(copied..text.len());
    Some(out)
}

const fn is_member(c: char) -> bool {
    c.is_ascii_digit() || is_numeral(c)
}

/// The next row of numerals and digits with at most one separator between each, and how many they are.
fn next_row(text: &str, from: usize) -> Option<(Range<usize>, usize)> {
    let rest = text.get(from..)?;
    let start = from + rest.find(is_member)?;
    let (mut end, mut members, mut gap) = (start, 0, false);
    for (index, c) in text.get(start..)?.char_indices() {
        if is_member(c) {
            end = start + index + c.len_utf8();
            members += 1;
            gap = false;
        } else if gap || !matches!(c, ' ' | '-' | '、' | ',' | '.' | '_' | '/' | '·') {
            break;
        } else {
            gap = true;
        }
    }
    Some((start..end, members))
}
