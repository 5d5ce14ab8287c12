//! Makes values that look like keys, from a seed.

use std::ops::Range;

/// In parts, so that nobody takes this file for a key.
pub const PRIVATE_KEY: &str = concat!("PRIV", "ATE KEY");
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A generator. `{a36}` in a sample stands for 36 letters and digits; other letters for other alphabets.
pub struct Recipe {
    state: u64,
    most: usize,
    same: Option<u8>,
}

impl Recipe {
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, most: usize::MAX, same: None }
    }

    /// Makes at most so many characters for each part.
    pub fn short(most: usize) -> Self {
        Self { most, ..Self::new(1) }
    }

    /// Makes one character over and over.
    pub fn same(byte: u8) -> Self {
        Self { same: Some(byte), ..Self::new(1) }
    }

    /// The text, and where the secret in it stands: all of it, or what is outside of `«»`.
    pub fn make(&mut self, sample: &str) -> (String, Range<usize>) {
        let (lead, body) = match sample.strip_prefix('«').and_then(|rest| rest.split_once('»')) {
            Some((lead, body)) => (lead.to_owned(), body),
            None => (String::new(), sample),
        };
        let text = lead.clone() + &self.fill(body);
        let span = lead.len()..text.len();
        (text, span)
    }

    fn fill(&mut self, sample: &str) -> String {
        let mut out = String::new();
        let mut rest = sample;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let close =
                if rest.starts_with("{base64:") { rest.len() - 1 } else { rest.find('}').unwrap() };
            let name = &rest[1..close];
            if let Some(inner) = name.strip_prefix("base64:") {
                let inner = self.fill(inner);
                out.push_str(&base64(&inner));
            } else if name == "uuid" {
                let parts = [8, 4, 4, 4, 12].map(|length| self.run('x', length));
                out.push_str(&parts.join("-"));
            } else if name == "PK" {
                out.push_str(PRIVATE_KEY);
            } else if let Ok(length) = name[1..].parse() {
                let run = self.run(name.chars().next().unwrap(), length);
                out.push_str(&run);
            } else {
                out.push_str(&rest[..=close]);
            }
            rest = &rest[close + 1..];
        }
        out + rest
    }

    fn run(&mut self, of: char, length: usize) -> String {
        let alphabet: &[u8] = match of {
            'x' => b"0123456789abcdef",
            'X' | 'H' => b"0123456789ABCDEF",
            'd' => b"123456789",
            'a' => &ALPHABET[..62],
            'w' => ALPHABET,
            'b' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            'l' => &ALPHABET[26..62],
            'u' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            'L' => &ALPHABET[26..52],
            'A' => &ALPHABET[..52],
            'z' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            'c' => b"abcdefghijklmnopqrstuvwxyz234567",
            'B' => b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
            'k' => b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
            'n' => b"023456789acdefghjklmnpqrstuvwxyz",
            other => unreachable!("{other}"),
        };
        let length = length.min(self.most);
        let mut made: Vec<u8> = (0..length)
            .map(|_| self.same.unwrap_or(alphabet[self.next() % alphabet.len()]))
            .collect();
        // A run of twelve without a digit, or that ends in a dash, would test something else.
        if of == 'a' && self.same.is_none() && length >= 8 {
            made[2] = b'4';
            made[5] = b'7';
            made[6] = b'q';
        }
        String::from_utf8(made).unwrap()
    }

    fn next(&mut self) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize
    }
}

/// Base64 for URLs, without padding.
pub fn base64(text: &str) -> String {
    let mut out = String::new();
    for part in text.as_bytes().chunks(3) {
        let bits = part
            .iter()
            .enumerate()
            .fold(0usize, |bits, (at, byte)| bits | usize::from(*byte) << (16 - 8 * at));
        for digit in 0..=part.len() {
            out.push(char::from(ALPHABET[bits >> (18 - 6 * digit) & 63]));
        }
    }
    out
}
