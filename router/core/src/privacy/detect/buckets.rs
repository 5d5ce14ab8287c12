//! Things by small numbers, most of which have none.
//!
//! A bit for each number tells at once that it has none; how many bits stand before it is where its things are.

/// A set of numbers, in so many words of 64 bits.
pub(super) struct Bits<const WORDS: usize>(Box<[u64; WORDS]>);

impl<const WORDS: usize> Bits<WORDS> {
    pub fn new() -> Self {
        Self(Box::new([0; WORDS]))
    }

    #[inline]
    pub fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }

    pub fn add(&mut self, number: usize) {
        if let Some(bits) = self.0.get_mut(number / 64) {
            *bits |= 1 << (number % 64);
        }
    }

    /// How many are in the same word and below it.
    fn before(&self, number: usize) -> usize {
        let bits = self.0.get(number / 64).copied().unwrap_or_default();
        (bits & ((1 << (number % 64)) - 1)).count_ones() as usize
    }
}

/// The things of each number.
pub(super) struct Buckets<T, const WORDS: usize> {
    numbers: Bits<WORDS>,
    /// How many numbers there are in the words before each of the set.
    ranks: Vec<usize>,
    /// Where the things of each number that has some begin.
    firsts: Vec<usize>,
    things: Vec<T>,
}

impl<T: Ord, const WORDS: usize> Buckets<T, WORDS> {
    pub fn new(mut pairs: Vec<(usize, T)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut numbers = Bits::new();
        let mut firsts = Vec::new();
        for (at, (number, _)) in pairs.iter().enumerate() {
            if !numbers.has(*number) {
                numbers.add(*number);
                firsts.push(at);
            }
        }
        firsts.push(pairs.len());
        let ranks = numbers.0.iter().scan(0, |sum, bits| {
            let before = *sum;
            *sum += bits.count_ones() as usize;
            Some(before)
        });
        let ranks = ranks.collect();
        Self { ranks, numbers, firsts, things: pairs.into_iter().map(|(_, thing)| thing).collect() }
    }

    /// Whether a number has any.
    #[inline]
    pub fn has(&self, number: usize) -> bool {
        self.numbers.has(number)
    }

    /// The things of a number.
    #[inline]
    pub fn of(&self, number: usize) -> &[T] {
        if !self.has(number) {
            return &[];
        }
        let rank =
            self.ranks.get(number / 64).map_or(0, |before| before + self.numbers.before(number));
        match self.firsts.get(rank..rank + 2) {
            Some([first, end]) => self.things.get(*first..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}
