//! The small generator that all values come from: the same seed gives the same values on every machine and
//! with every version of every crate, so a failing test can be run again.

/// SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator for a seed and a name: two kinds with one seed have nothing in common.
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a, so that the name counts.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next_u64() % (high - low + 1)
    }

    /// One of these.
    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[usize::try_from(self.next_u64() % of.len() as u64).expect("an index")]
    }

    /// One digit, 0 to 9.
    pub fn digit(&mut self) -> u8 {
        u8::try_from(self.next_u64() % 10).expect("a digit")
    }

    /// So many digits, the first of them not 0.
    pub fn digits(&mut self, count: usize) -> Vec<u8> {
        let mut digits: Vec<u8> = (0..count).map(|_| self.digit()).collect();
        digits[0] = digits[0].max(1);
        digits
    }

    /// So many characters out of an alphabet.
    pub fn text(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet = alphabet.as_bytes();
        let one = |_| {
            char::from(
                alphabet
                    [usize::try_from(self.next_u64() % alphabet.len() as u64).expect("an index")],
            )
        };
        (0..count).map(one).collect()
    }

    /// As [`Random::text`], but with a digit, a capital and a small letter for certain, as a real key of
    /// that length has.
    pub fn key(&mut self, alphabet: &str, count: usize) -> String {
        loop {
            let key = self.text(alphabet, count);
            let has = |class: fn(&u8) -> bool| {
                key.bytes().any(|byte| class(&byte)) || !alphabet.bytes().any(|byte| class(&byte))
            };
            if has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
            {
                return key;
            }
        }
    }

    /// A day of birth: year, month, day, for a person between 30 and 75 in 2025.
    pub fn birthday(&mut self) -> (u64, u64, u64) {
        (self.range(1950, 1995), self.range(1, 12), self.range(1, 28))
    }
}
