//! Finds words in a text: one look at each two bytes rules most places out.

/// The first two bytes of words, in any case: most places of a text are ruled out by one look at them.
pub(super) struct Pairs([u64; 1024]);

impl Pairs {
    pub fn of(words: &[&str]) -> Self {
        let mut pairs = Self([0; 1024]);
        for word in words {
            if let [first, second, ..] = word.as_bytes() {
                let (slot, bit) = Self::place([*first, *second]);
                if let Some(slot) = pairs.0.get_mut(slot) {
                    *slot |= bit;
                }
            }
        }
        pairs
    }

    fn place([first, second]: [u8; 2]) -> (usize, u64) {
        let (first, second) = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
        (usize::from(first) << 2 | usize::from(second >> 6), 1 << (second & 63))
    }

    pub fn has(&self, pair: [u8; 2]) -> bool {
        let (slot, bit) = Self::place(pair);
        self.0.get(slot).is_some_and(|slot| slot & bit != 0)
    }
}

/// Length of the longest word at a place.
pub(super) fn word_at(bytes: &[u8], at: usize, words: &[&str]) -> Option<usize> {
    let here = |word: &&&str| {
        bytes
            .get(at..at + word.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    words.iter().filter(here).map(|word| word.len()).max()
}
