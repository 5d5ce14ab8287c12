//! Cards, accounts, wallets.

use super::check_digits::{grouped, mod_97, with_luhn, written};
use super::{Carrier, Form, Kind, Made, Random};
use sha2::{Digest as _, Sha256};

/// What is paid with.
pub(super) static KINDS: &[Kind] = &[
    card("CREDIT_CARD/VISA", |random| fours(random, &[4], 15)),
    card("CREDIT_CARD/MASTERCARD", |random| {
        let second = u8::try_from(random.range(1, 5)).expect("a digit");
        fours(random, &[5, second], 14)
    }),
    card("CREDIT_CARD/AMEX", american_express),
    card("CREDIT_CARD/DISCOVER", |random| fours(random, &[6, 0, 1, 1], 12)),
    card("CREDIT_CARD/JCB", |random| fours(random, &[3, 5, 3, 0], 12)),
    iban("IBAN_CODE/DE", |random| account("DE", &written(&random.digits(18)))),
    iban("IBAN_CODE/GB", |random| {
        let bank = random.pick(&["NWBK", "BARC", "LOYD", "MIDL"]);
        account("GB", &format!("{bank}{}", written(&random.digits(14))))
    }),
    iban("IBAN_CODE/FR", french_account),
    iban("IBAN_CODE/NL", |random| {
        let bank = random.pick(&["ABNA", "INGB", "RABO", "TRIO"]);
        account("NL", &format!("{bank}0{}", written(&random.digits(9))))
    }),
    iban("IBAN_CODE/ES", spanish_account),
    Kind {
        name: "CRYPTO",
        carrier: "Bitcoin address",
        need: Carrier::Optional,
        form: Form::Token,
        make: |random| Made::whole(bitcoin(random)),
    },
];

const fn card(name: &'static str, make: fn(&mut Random) -> Made) -> Kind {
    Kind { name, carrier: "card", need: Carrier::Optional, form: Form::Number, make }
}

const fn iban(name: &'static str, make: fn(&mut Random) -> Made) -> Kind {
    Kind { name, carrier: "IBAN", need: Carrier::Optional, form: Form::Number, make }
}

/// Sixteen digits in fours.
fn fours(random: &mut Random, prefix: &[u8], more: usize) -> Made {
    let digits = [prefix, &random.digits(more - 1)].concat();
    Made::number(grouped(&written(&with_luhn(digits)), &[4, 4, 4], " "))
}

/// Fifteen digits in 4, 6 and 5.
fn american_express(random: &mut Random) -> Made {
    let second = if random.next_u64().is_multiple_of(2) { 4 } else { 7 };
    let digits = [&[3, second][..], &random.digits(12)].concat();
    Made::number(grouped(&written(&with_luhn(digits)), &[4, 6], " "))
}

/// An account with its two check digits (ISO 13616), in fours as on paper.
fn account(country: &str, bban: &str) -> Made {
    let check = 98 - mod_97(&format!("{bban}{country}00"));
    Made::number(grouped(&format!("{country}{check:02}{bban}"), &[4; 8], " "))
}

/// French accounts have a key of their own inside (clé RIB).
fn french_account(random: &mut Random) -> Made {
    let (bank, branch, number) = (random.digits(5), random.digits(5), random.digits(11));
    let value = |digits: &[u8]| written(digits).parse::<u64>().expect("digits");
    let key = 97 - (89 * value(&bank) + 15 * value(&branch) + 3 * value(&number)) % 97;
    let [bank, branch, number] = [bank, branch, number].map(|digits| written(&digits));
    account("FR", &format!("{bank}{branch}{number}{key:02}"))
}

/// Spanish accounts have two control digits of their own inside.
fn spanish_account(random: &mut Random) -> Made {
    let control = |digits: &[u8]| {
        let weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
        match 11 - super::check_digits::weighted(digits, &weights) % 11 {
            11 => 0,
            10 => 1,
            other => other,
        }
    };
    let (bank, number) = (random.digits(8), random.digits(10));
    let first = control(&[&[0, 0][..], &bank].concat());
    let second = control(&number);
    account("ES", &format!("{}{first}{second}{}", written(&bank), written(&number)))
}

/// Pay to public key hash on the main network: base58 with four bytes of a double SHA-256 behind.
fn bitcoin(random: &mut Random) -> String {
    let mut bytes = vec![0];
    // The first byte of the hash is not 0, so that one `1` stands in front.
    bytes.push(u8::try_from(random.range(1, 255)).expect("a byte"));
    bytes.extend((0..19).map(|_| random.next_u64().to_le_bytes()[0]));
    let check = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend_from_slice(&check[..4]);
    base58(&bytes)
}

fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit << 8;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| 0);
    let text = zeros.chain(digits.into_iter().rev());
    text.map(|digit| char::from(ALPHABET[digit as usize])).collect()
}
