//! Where the bytes of a class stand in a text, a bit for each byte.
//!
//! Words are short, so a search byte by byte turns back every few bytes, and a processor cannot guess where;
//! in bits, the next edge of a word is one instruction away.

/// A bit for each byte of a text, set where it is of the class.
pub(super) struct Marks {
    bits: Vec<u64>,
    len: usize,
}

impl Marks {
    /// Those that are of a class. A class is asked of every byte, so it had better be without branches.
    pub(super) fn of(bytes: &[u8], class: impl Fn(u8) -> bool) -> Self {
        let slot = |chunk: &[u8]| {
            let mut marked = [0_u8; 64];
            marked.iter_mut().zip(chunk).for_each(|(mark, byte)| *mark = u8::from(class(*byte)));
            let (eights, _) = marked.as_chunks();
            eights.iter().rev().fold(0, |bits, eight| bits << 8 | packed(*eight))
        };
        Self { bits: bytes.chunks(64).map(slot).collect(), len: bytes.len() }
    }

    /// These, but for those behind two of the others in a row.
    pub(super) fn not_behind_two(mut self, others: &Self) -> Self {
        let mut before = 0;
        for (slot, other) in self.bits.iter_mut().zip(&others.bits) {
            *slot &= !((other << 1 | before >> 63) & (other << 2 | before >> 62));
            before = *other;
        }
        self
    }

    /// The first byte that is marked, from a place on.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        self.first(from, |bits| bits)
    }

    /// The first byte that is not marked, from a place on, or the end.
    pub(super) fn end(&self, from: usize) -> usize {
        self.first(from, |bits| !bits).map_or(self.len, |end| end.min(self.len))
    }

    #[inline]
    fn first(&self, from: usize, wanted: impl Fn(u64) -> u64) -> Option<usize> {
        let mut slot = from / 64;
        let mut bits = wanted(*self.bits.get(slot)?) & (u64::MAX << (from % 64));
        while bits == 0 {
            slot += 1;
            bits = wanted(*self.bits.get(slot)?);
        }
        Some(slot * 64 + bits.trailing_zeros() as usize)
    }
}

/// Eight bytes, each 0 or 1, as eight bits. The multiplication moves the bit of the byte `i` from place `8 i` to
/// place `56 + i` (Warren, "Hacker's Delight", section 7-5 on gathering bits).
const fn packed(eight: [u8; 8]) -> u64 {
    u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::super::bytes::{is_word, may_separate};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn marks_tell_what_a_look_at_every_byte_tells(
            text in "[ab0-9 ,;\u{e9}]{0,200}",
            from in 0_usize..220,
        ) {
            let bytes = text.as_bytes();
            let (words, separators) = (Marks::of(bytes, is_word), Marks::of(bytes, may_separate));
            let word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
            prop_assert_eq!(words.next(from), (from..bytes.len()).find(|at| word(*at)));
            let end = (from..bytes.len()).find(|at| !word(*at)).unwrap_or(bytes.len());
            prop_assert_eq!(words.end(from), end);
            let wanted = |at: &usize| {
                separators.next(*at) == Some(*at)
                    && !(*at >= 2 && word(*at - 1) && word(*at - 2))
            };
            let all: Vec<usize> = (0..bytes.len()).filter(wanted).collect();
            let mut lone = Vec::new();
            let marks = Marks::of(bytes, may_separate).not_behind_two(&words);
            let mut at = 0;
            while let Some(next) = marks.next(at) {
                lone.push(next);
                at = next + 1;
            }
            prop_assert_eq!(lone, all);
        }
    }
}
