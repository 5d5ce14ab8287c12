//! Whether a row of groups of digits may be one number that somebody took apart.
//!
//! Tables, logs and lists are rows of groups too, and one in ten joins to a number whose check digit agrees.
//! Who takes a number apart does it evenly, or with one and the same sign, or breaks it once at the end of a
//! line. Who writes many numbers writes them of any length with a comma, a tab or spaces between, and dates,
//! times, fractions and addresses in their own forms; those are none.
//!
//! A number that is written as its authority writes it needs none of this: detectors know those forms.

use super::separator::is_line_end;
use std::ops::Range;

/// Groups of so many digits may have different signs between them.
const EVEN: usize = 4;
/// Evenly long groups are a number beside others, too, from so many digits on.
const EVEN_PART: usize = 3;

/// Groups of digits with something between each.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    pub text: &'t str,
    pub groups: &'t [Range<usize>],
}

impl<'t> Row<'t> {
    /// Whether all of it may be one number.
    pub(super) fn is_number(self) -> bool {
        if self.groups.iter().all(|group| group.len() == 1) || self.is_even(EVEN) {
            return true;
        }
        if self.beside_time() || self.has_date() || self.is_identifier() {
            return false;
        }
        match self.separator() {
            Some(separator) if is_line_end(separator) => self.is_even(1) || self.breaks_evenly(0),
            Some(separator) => self.fits(separator),
            None => self.is_broken_once(),
        }
    }

    /// Whether a part of a row with one separator may be a number by itself.
    pub(super) fn is_number_beside_others(self) -> bool {
        self.is_even(EVEN_PART) || self.separator().is_some_and(is_odd)
    }

    /// The gap behind a group, without the spaces around its sign.
    pub(super) fn gap(self, index: usize) -> Option<&'t str> {
        let (left, right) = (self.groups.get(index)?, self.groups.get(index + 1)?);
        let gap = self.text.get(left.end..right.start)?;
        let sign = gap.trim_matches(' ');
        Some(if sign.is_empty() { gap.get(..2).unwrap_or(gap) } else { sign })
    }

    fn gaps(self) -> impl Iterator<Item = &'t str> {
        (0..self.groups.len()).map_while(move |index| self.gap(index))
    }

    /// The separator, if there is but one.
    fn separator(self) -> Option<&'t str> {
        let first = self.gap(0)?;
        self.gaps().all(|gap| gap == first).then_some(first)
    }

    /// Three groups or more of one length, of which only the last may be shorter.
    fn is_even(self, least: usize) -> bool {
        let [first, .., last] = self.groups else { return false };
        let inner = self.groups.get(1..self.groups.len() - 1).unwrap_or_default();
        !inner.is_empty()
            && first.len() >= least
            && inner.iter().all(|group| group.len() == first.len())
            && last.len() <= first.len()
    }

    /// Whether one number has such a separator throughout.
    fn fits(self, separator: &str) -> bool {
        let thousands = || self.groups.iter().skip(1).all(|group| group.len() == 3);
        match separator {
            "," => self.is_even(1) && !thousands(),
            ";" | "|" | "\t" | "  " => self.is_even(1),
            "." => self.groups.len() > 2 && !self.is_address(),
            "/" => self.groups.len() > 2 || self.is_halved(),
            " " => self.groups.iter().all(|group| group.len() > 1),
            _ => true,
        }
    }

    /// Whether one end of a line divides it, and what has one separator otherwise.
    fn is_broken_once(self) -> bool {
        let mut breaks = self.gaps().enumerate().filter(|(_, gap)| is_line_end(gap));
        let (Some((at, _)), None) = (breaks.next(), breaks.next()) else { return false };
        let mut others = self.gaps().filter(|gap| !is_line_end(gap));
        let Some(separator) = others.next() else { return false };
        others.all(|gap| gap == separator)
            && matches!(separator, " " | "-" | "/" | ".")
            && self.breaks_evenly(at)
    }

    /// Whether there is about as much before the gap behind a group as after it.
    fn breaks_evenly(self, index: usize) -> bool {
        let digits = |groups: Option<&[Range<usize>]>| {
            groups.unwrap_or_default().iter().map(Range::len).sum::<usize>()
        };
        let (head, tail) =
            (digits(self.groups.get(..=index)), digits(self.groups.get(index + 1..)));
        head.max(tail) <= 2 * head.min(tail)
    }

    /// Two groups as long as each other; others with a slash are a fraction or a file of some year.
    fn is_halved(self) -> bool {
        matches!(self.groups, [one, other] if one.len() == other.len())
    }

    /// `192.168.100.200`.
    fn is_address(self) -> bool {
        self.groups.len() == 4 && self.groups.iter().all(|group| group.len() <= 3)
    }

    /// A date with its year first stands in it.
    fn has_date(self) -> bool {
        let part = |index: usize| self.groups.get(index).and_then(|g| self.text.get(g.clone()));
        let small = |index: usize| part(index).filter(|part| part.len() == 2);
        (0..self.groups.len()).any(|index| {
            let year = part(index).filter(|year| year.len() == 4);
            year.is_some_and(|year| year.starts_with("19") || year.starts_with("20"))
                && small(index + 1).is_some_and(|month| month <= "12")
                && small(index + 2).is_some_and(|day| day <= "31")
                && matches!(self.gap(index), Some("-" | "/" | "."))
                && self.gap(index) == self.gap(index + 1)
        })
    }

    /// A time goes on where it ends, or ends where it begins.
    fn beside_time(self) -> bool {
        let [first, .., last] = self.groups else { return false };
        let bytes = self.text.as_bytes();
        let before = bytes.get(..first.start).unwrap_or_default();
        let behind = bytes.get(last.end..).unwrap_or_default();
        matches!(before, [.., digit, b':'] if digit.is_ascii_digit())
            || matches!(behind, [b':', digit, ..] if digit.is_ascii_digit())
    }

    /// Letters and dashes go on around it: a piece of a UUID.
    fn is_identifier(self) -> bool {
        let [first, .., last] = self.groups else { return false };
        let bytes = self.text.as_bytes();
        let before = bytes.get(..first.start).unwrap_or_default();
        let behind = bytes.get(last.end..).unwrap_or_default();
        let letters = behind.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let dash = |byte: Option<&u8>| byte == Some(&b'-');
        self.gap(0) == Some("-")
            && (before.last().is_some_and(u8::is_ascii_alphanumeric)
                || dash(before.last())
                || letters > 0 && dash(behind.get(letters)))
    }
}

/// A sign that nobody writes between numbers of a table.
fn is_odd(separator: &str) -> bool {
    !is_line_end(separator)
        && !matches!(separator, " " | "  " | "\t" | "-" | "." | "," | ";" | "/" | "|")
}
