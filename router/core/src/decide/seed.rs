//! Choice between equals without randomness: a mix of the record's seed and the thing's own name.

/// One step of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// 2014): a bijection of 64 bits whose output passes for random.
pub(crate) const fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for `name` under `seed`; the same wherever the name stands in a list. Eight bytes a step,
/// because a decision makes one for each of its targets; the length keeps padded names apart.
pub(super) fn of_name(seed: u64, name: &str) -> u64 {
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let hash = words.iter().fold(mix(seed), |hash, word| mix(hash ^ u64::from_le_bytes(*word)));
    let mut last = [0_u8; 8];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    mix(mix(hash ^ u64::from_le_bytes(last)) ^ name.len() as u64)
}
