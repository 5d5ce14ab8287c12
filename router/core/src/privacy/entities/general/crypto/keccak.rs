//! Keccak-256 as Ethereum and Monero use it: SHA-3 (FIPS 202) with the padding of the first submission.

/// Bytes that are taken in at once.
const RATE: usize = 136;

const ROUNDS: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808A,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808B,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008A,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000A,
    0x0000_0000_8000_808B,
    0x8000_0000_0000_008B,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800A,
    0x8000_0000_8000_000A,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];
/// Order in which words move, and by how many bits each turns.
const MOVES: [(usize, u32); 24] = [
    (10, 1),
    (7, 3),
    (11, 6),
    (17, 10),
    (18, 15),
    (3, 21),
    (5, 28),
    (16, 36),
    (8, 45),
    (21, 55),
    (24, 2),
    (4, 14),
    (15, 27),
    (23, 41),
    (19, 56),
    (13, 8),
    (12, 25),
    (2, 43),
    (20, 62),
    (14, 18),
    (22, 39),
    (9, 61),
    (6, 20),
    (1, 44),
];

/// The hash of a text.
pub(super) fn keccak_256(text: &[u8]) -> [u8; 32] {
    let mut state = [0_u64; 25];
    let mut blocks = text.chunks_exact(RATE);
    for block in blocks.by_ref() {
        absorb(&mut state, block);
    }
    let mut last = [0_u8; RATE];
    let rest = blocks.remainder();
    for (place, byte) in last.iter_mut().zip(rest.iter().chain(&[0x01])) {
        *place = *byte;
    }
    if let Some(end) = last.last_mut() {
        *end |= 0x80;
    }
    absorb(&mut state, &last);
    let mut hash = [0_u8; 32];
    for (place, byte) in hash.iter_mut().zip(state.iter().flat_map(|word| word.to_le_bytes())) {
        *place = byte;
    }
    hash
}

fn absorb(state: &mut [u64; 25], block: &[u8]) {
    for (word, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
        *word ^= u64::from_le_bytes(*bytes);
    }
    for constant in ROUNDS {
        round(state, constant);
    }
}

fn round(state: &mut [u64; 25], constant: u64) {
    let mut column = [0_u64; 5];
    for (at, word) in state.iter().enumerate() {
        column[at % 5] ^= word;
    }
    for (at, word) in state.iter_mut().enumerate() {
        *word ^= column[(at + 4) % 5] ^ column[(at + 1) % 5].rotate_left(1);
    }
    let mut moving = state[1];
    for (to, bits) in MOVES {
        moving = std::mem::replace(&mut state[to], moving.rotate_left(bits));
    }
    for row in state.as_chunks_mut::<5>().0 {
        let old = *row;
        for (at, word) in row.iter_mut().enumerate() {
            *word ^= !old[(at + 1) % 5] & old[(at + 2) % 5];
        }
    }
    state[0] ^= constant;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_hashes_come_out() {
        let empty = [0xC5, 0xD2, 0x46, 0x01, 0x86, 0xF7, 0x23, 0x3C];
        assert!(keccak_256(b"").starts_with(&empty));
        assert!(keccak_256(b"abc").starts_with(&[0x4E, 0x03, 0x65, 0x7A]));
    }
}
