//! Bech32 and bech32m (BIP 173, BIP 350).

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3];
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2BC8_30A3;

/// Prefixes of chains with a witness version behind them.
const SEGWIT: &[&str] = &["bc", "tb", "bcrt", "ltc", "tltc"];
/// Prefixes of other chains.
const OTHERS: &[&str] =
    &["addr", "stake", "cosmos", "osmo", "terra", "juno", "celestia", "inj", "bnb", "kava"];

/// Whether it is an address of a chain known here, with a check that agrees.
pub(super) fn is_address(text: &str) -> bool {
    let lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let Some((prefix, data)) = text.rsplit_once('1') else { return false };
    let is_among = |known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(prefix));
    let segwit = is_among(SEGWIT);
    if lower && upper || data.len() < 14 || !(segwit || is_among(OTHERS)) {
        return false;
    }
    let expected = match data.bytes().next() {
        Some(b'q' | b'Q') => BECH32,
        _ if segwit => BECH32M,
        _ => BECH32,
    };
    checksum(prefix, data) == Some(expected)
}

fn checksum(prefix: &str, data: &str) -> Option<u32> {
    let prefix = || prefix.bytes().map(|byte| u32::from(byte.to_ascii_lowercase()));
    let head = prefix().map(|byte| byte >> 5).chain([0]).chain(prefix().map(|byte| byte & 31));
    let mut check = head.fold(1, step);
    for byte in data.bytes() {
        let value = ALPHABET.iter().position(|known| *known == byte.to_ascii_lowercase())?;
        check = step(check, u32::try_from(value).ok()?);
    }
    Some(check)
}

fn step(check: u32, value: u32) -> u32 {
    let top = check >> 25;
    let shifted = (check & 0x01FF_FFFF) << 5 ^ value;
    let picked = GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1);
    picked.fold(shifted, |check, (_, generator)| check ^ generator)
}
