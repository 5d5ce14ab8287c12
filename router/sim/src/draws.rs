//! Random numbers of a simulation: SplitMix64 (Steele, Lea and Flood, 2014), one stream a purpose, so
//! that two policies compared on one seed meet the same arrivals and the same answers.

/// A stream of random numbers.
pub(crate) struct Draws(u64);

impl Draws {
    /// The stream of this seed and purpose.
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut mixer = Self(seed);
        let base = mixer.number();
        Self(base ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    /// The next 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A draw of the exponential distribution, by inversion.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        // 53 bits give a number from 0 to just below 1, so the logarithm is finite.
        let unit = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
        -mean * (1.0 - unit).ln()
    }
}
