//! Hardware addresses (IEEE 802, EUI-48 and EUI-64): `00:1A:2B:3C:4D:5E`, `00-1A-..`, `001a.2b3c.4d5e`.
//!
//! Pairs are counted to the end: five are a time or nothing, sixteen and more a fingerprint. The address that
//! all listen to (`ff:ff:..`) is nobody's. Without separators only a word of context tells it from other
//! hexadecimal digits.

use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Found, pattern};

/// Hardware addresses.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Own(&[], find), edges: Edges::NONE, ..MAC },
    Detector {
        about: "hardware address without separators",
        find: Find::Token(&[pattern("(?i)[0-9A-F]{12}", 5)]),
        check: Some(bare_mac),
        edges: Edges::NUMBER,
        context: &[
            "mac",
            "mac address",
            "mac-address",
            "mac-adresse",
            "hardware address",
            "bssid",
            "MAC地址",
        ],
        ..MAC
    },
];

const MAC: Detector = Detector {
    kind: "MAC_ADDRESS",
    about: "hardware address of a network interface",
    family: Family::Network,
    context: &[
        "mac",
        "mac address",
        "mac-address",
        "hardware address",
        "physical address",
        "ethernet",
        "bssid",
        "wifi",
        "bluetooth",
        "MAC-Adresse",
        "adresse mac",
        "dirección mac",
        "indirizzo mac",
        "MAC地址",
        "MACアドレス",
        "맥주소",
    ],
    source: "IEEE 802-2014; IEEE guidelines for use of EUI, OUI and CID",
    ..Detector::EMPTY
};

fn find(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for at in memchr::memchr3_iter(b':', b'-', b'.', bytes) {
        let before = bytes.get(done..at).unwrap_or_default().iter().rev().take(5);
        let word = before.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let (start, mark) = (at - word, bytes.get(at).copied().unwrap_or_default());
        if at < done || !matches!((word, mark), (2, b':' | b'-') | (4, b'.')) {
            continue;
        }
        let end = start + chain(bytes.get(start..).unwrap_or_default(), word, mark);
        if let Some(score) = text.get(start..end).and_then(|text| score(text, mark)) {
            found(start..end, score);
        }
        done = end.max(at) + 1;
    }
}

/// Length of the groups of so many hexadecimal digits with this mark between.
fn chain(run: &[u8], width: usize, mark: u8) -> usize {
    let mut length = 0;
    loop {
        let group = run.get(length..).unwrap_or_default();
        let digits = group.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let next = group.get(digits).copied().unwrap_or(b' ');
        if digits != width || next.is_ascii_alphanumeric() || next == b'_' {
            return length.saturating_sub(1);
        }
        let goes_on = next == mark && group.get(digits + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !goes_on {
            return length + digits;
        }
        length += digits + 1;
    }
}

fn score(text: &str, mark: u8) -> Option<u8> {
    let fits = matches!((text.len(), mark), (17 | 23, b':' | b'-') | (14, b'.'));
    let hex = || text.bytes().filter(u8::is_ascii_hexdigit);
    let nobody = hex().all(|byte| byte.eq_ignore_ascii_case(&b'f'));
    let decimal = hex().all(|byte| byte.is_ascii_digit());
    let zero = hex().all(|byte| byte == b'0');
    match (fits && !nobody, mark) {
        (false, _) => None,
        (true, b':') if !zero => Some(60),
        (true, _) if decimal => Some(30),
        (true, _) => Some(60),
    }
}

/// Twelve hexadecimal digits with a letter among them, not all the same.
pub(crate) fn bare_mac(text: &str) -> Check {
    let first = text.bytes().next();
    let same = text.bytes().all(|byte| Some(byte) == first);
    let letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if letter && digit && !same { Check::Undecided } else { Check::Invalid }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn addresses_are_found_in_all_their_forms() {
        for text in
            ["00:1A:2B:3C:4D:5E", "AA-BB-CC-DD-EE-FF", "aabb.ccdd.eeff", "00:1a:2b:ff:fe:3c:4d:5e"]
        {
            assert_eq!(
                found(TABLE, &format!("MAC:{text}, x")).first().map(|hit| hit.0.clone()),
                Some(4..4 + text.len())
            );
            assert_eq!(found(TABLE, text).first().map(|hit| hit.1), Some(60));
        }
        assert_eq!(found(TABLE, "mac address 001A2B3C4D5E"), [(12..24, 50)]);
    }

    #[test]
    fn fingerprints_times_and_what_is_nobodys_are_none() {
        for text in [
            "00:1A:2B:3C:4D",
            "ZZ:ZZ:ZZ:ZZ:ZZ:ZZ",
            "FF:FF:FF:FF:FF:FF",
            "12:34:56",
            "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
            "00:1A:2B:3C:4D:5Eg",
        ] {
            assert!(found(TABLE, text).is_empty(), "{text}");
        }
    }
}
