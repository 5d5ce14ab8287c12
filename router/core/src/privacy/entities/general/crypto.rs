//! Addresses of wallets, each with the check that its currency publishes.
//!
//! - Bitcoin, Litecoin, Dogecoin, Dash, Zcash, Tron, Ripple: base58 with four bytes of double SHA-256.
//! - Bitcoin and Litecoin since SegWit, Cosmos, Cardano: bech32 or bech32m (BIP 173, BIP 350).
//! - Ethereum: capitals by Keccak-256 (EIP-55). In one case only there is no check, and none is asked for.
//! - Monero: base58 in blocks, with four bytes of Keccak-256.
//! - Solana: 32 bytes of base58 without a check: only near a word of context.

mod base58;
mod bech32;
mod keccak;

use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Found};
use keccak::keccak_256;

/// Wallets.
pub(super) static TABLE: &[Detector] = &[Detector {
    kind: "CRYPTO",
    about: "address of a wallet",
    family: Family::Payment,
    find: Find::Own(&[], find),
    check: Some(wallet),
    valid: 100,
    edges: Edges::WORD,
    context: &[
        "wallet",
        "wallet address",
        "btc",
        "bitcoin",
        "crypto",
        "eth",
        "ethereum",
        "litecoin",
        "ltc",
        "dogecoin",
        "doge",
        "ripple",
        "xrp",
        "monero",
        "xmr",
        "tron",
        "trx",
        "usdt",
        "solana",
        "sol",
        "kryptowährung",
        "portefeuille",
        "billetera",
        "кошелек",
        "кошелёк",
        "钱包",
        "錢包",
        "ウォレット",
        "지갑",
    ],
    source: "BIP 13, BIP 173, BIP 350, EIP-55; https://en.bitcoin.it/wiki/Base58Check_encoding; \
             https://docs.getmonero.org/public-address/standard-address/",
    ..Detector::EMPTY
}];

const ETHEREUM: u8 = 50;
const UNCHECKED: u8 = 15;
const CHECKED: u8 = 20;

/// No address is shorter, and none longer.
const SHORTEST: usize = 25;
const LONGEST: usize = 108;

/// Looks at one byte in so many: a word that is long enough has one of them.
fn find(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if !in_word(&byte) {
            at += SHORTEST;
            continue;
        }
        let before = bytes.get(..at).unwrap_or_default().iter().rev().take(SHORTEST);
        let start = at - before.take_while(in_word).count();
        let word = bytes.get(start..).unwrap_or_default();
        let length = word.iter().take_while(in_word).count();
        if (SHORTEST..=LONGEST).contains(&length) {
            let score = match word {
                [b'0', b'x' | b'X', ..] => ETHEREUM,
                _ if matches!(length, 43 | 44) => UNCHECKED,
                _ => CHECKED,
            };
            found(start..start + length, score);
        }
        at = start + length + SHORTEST;
    }
}

/// Whether a word is the address of a wallet.
pub(crate) fn wallet(text: &str) -> Check {
    if let Some(hex) = text.strip_prefix("0x") {
        return ethereum(hex);
    }
    let valid = match text.len() {
        95 | 106 => base58::is_monero(text),
        25..=35 => base58::is_checked(text),
        _ => false,
    };
    if valid || bech32::is_address(text) {
        return Check::Valid;
    }
    if matches!(text.len(), 43 | 44) && base58::is_solana(text) {
        Check::Undecided
    } else {
        Check::Invalid
    }
}

/// EIP-55: a letter is a capital where the digit of the hash in its place is 8 or more.
pub(crate) fn ethereum(hex: &str) -> Check {
    let first = hex.bytes().next();
    let same = hex.bytes().all(|byte| Some(byte) == first);
    if hex.len() != 40 || same || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Check::Invalid;
    }
    let lower = hex.bytes().any(|byte| byte.is_ascii_lowercase());
    let upper = hex.bytes().any(|byte| byte.is_ascii_uppercase());
    if !(lower && upper) {
        return Check::Undecided;
    }
    let hash = keccak_256(hex.to_ascii_lowercase().as_bytes());
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let agrees = hex.bytes().zip(nibbles).all(|(byte, nibble)| {
        !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == (nibble >= 8)
    });
    Check::from_bool(agrees)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    const PUBLISHED: &[&str] = &[
        "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
    ];

    #[test]
    fn published_addresses_are_found() {
        for text in PUBLISHED {
            assert_eq!(found(TABLE, &format!("to {text}.")), [(3..3 + text.len(), 100)], "{text}");
        }
        let monero = "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge";
        assert_eq!(found(TABLE, monero), [(0..95, 100)]);
        assert_eq!(found(TABLE, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), [(0..42, 50)]);
    }

    #[test]
    fn a_changed_character_makes_it_something_else() {
        for text in PUBLISHED {
            let (head, tail) = text.split_at(text.len() - 6);
            let other = if tail.starts_with(['a', 'A']) { 'e' } else { 'a' };
            let changed = format!("{head}{other}{}", &tail[1..]);
            assert!(found(TABLE, &changed).is_empty(), "{changed}");
        }
        assert!(
            found(TABLE, "8f953371d3e85eddb89b05ed6b9e680791055315c73e1025ab5dba7bb2aee189")
                .is_empty()
        );
    }

    #[test]
    fn what_has_no_check_needs_a_word_of_context() {
        let address: String = "7".repeat(22) + &"k".repeat(22);
        assert!(found(TABLE, &address).iter().all(|hit| hit.1 < 40));
    }
}
