//! Base58: addresses of Bitcoin and of what descends from it, Ripple, Tron, Monero, Solana.

use super::keccak::keccak_256;
use sha2::{Digest, Sha256};

const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// First bytes of addresses: Bitcoin, its test network, Litecoin, Dogecoin, Dash, Tron.
const VERSIONS: &[u8] = &[0x00, 0x05, 0x6F, 0xC4, 0x30, 0x32, 0x1E, 0x16, 0x4C, 0x10, 0x41];
/// Zcash has two.
const ZCASH: [&[u8]; 2] = [&[0x1C, 0xB8], &[0x1C, 0xBD]];
const LONGEST: usize = 32;

/// Bytes of a number in base 58.
struct Decoded {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Decoded {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(LONGEST - self.length..).unwrap_or_default()
    }
}

/// Whether four bytes of double SHA-256 agree, and the first byte is that of a known currency.
pub(super) fn is_checked(text: &str) -> bool {
    if text.starts_with('r') && decode(text, RIPPLE).is_some_and(|one| agrees(one.bytes(), &[0x00]))
    {
        return true;
    }
    decode(text, BITCOIN).is_some_and(|one| agrees(one.bytes(), VERSIONS))
}

fn agrees(bytes: &[u8], versions: &[u8]) -> bool {
    let Some((payload, check)) = bytes.split_last_chunk::<4>() else { return false };
    let plain =
        payload.len() == 21 && payload.first().is_some_and(|first| versions.contains(first));
    let zcash = payload.len() == 22 && ZCASH.iter().any(|start| payload.starts_with(start));
    let hash = Sha256::digest(Sha256::digest(payload));
    (plain || zcash) && hash.starts_with(check)
}

/// Whether it is 32 bytes, as a public key of Solana is.
pub(super) fn is_solana(text: &str) -> bool {
    let mixed =
        text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_uppercase());
    mixed && decode(text, BITCOIN).is_some_and(|one| one.length == 32)
}

/// Monero: blocks of eleven characters are eight bytes; the last is shorter.
pub(super) fn is_monero(text: &str) -> bool {
    let mut bytes = [0_u8; 80];
    let mut length = 0;
    for block in text.as_bytes().chunks(11) {
        let size = match block.len() {
            11 => 8,
            7 => 5,
            _ => return false,
        };
        let Some(value) = std::str::from_utf8(block).ok().and_then(|block| number(block, size))
        else {
            return false;
        };
        let Some(place) = bytes.get_mut(length..length + size) else { return false };
        place.copy_from_slice(value.get(8 - size..).unwrap_or_default());
        length += size;
    }
    let all = bytes.get(..length).unwrap_or_default();
    let Some((payload, check)) = all.split_last_chunk::<4>() else { return false };
    let known = payload.first().is_some_and(|first| [18, 19, 42].contains(first));
    known && keccak_256(payload).starts_with(check)
}

/// A block as a number, most significant byte first; none if it does not fit in `size` bytes.
fn number(block: &str, size: usize) -> Option<[u8; 8]> {
    let mut value = 0_u128;
    for byte in block.bytes() {
        value = value * 58 + BITCOIN.iter().position(|known| *known == byte)? as u128;
    }
    let fits = value >> (8 * size) == 0;
    u64::try_from(value).ok().filter(|_| fits).map(u64::to_be_bytes)
}

fn decode(text: &str, alphabet: &[u8; 58]) -> Option<Decoded> {
    let mut bytes = [0_u8; LONGEST];
    let zero = alphabet.first()?;
    let zeros = text.bytes().take_while(|byte| byte == zero).count();
    for byte in text.bytes() {
        let mut carry = alphabet.iter().position(|known| *known == byte)?;
        for place in bytes.iter_mut().rev() {
            carry += usize::from(*place) * 58;
            *place = u8::try_from(carry & 0xFF).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            return None;
        }
    }
    let used = LONGEST - bytes.iter().take_while(|byte| **byte == 0).count();
    let length = used + zeros;
    (length <= LONGEST).then_some(Decoded { bytes, length })
}
