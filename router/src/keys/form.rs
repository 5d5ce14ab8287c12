//! What a key looks like: `lk_`, twelve digits that may be shown, and 43 that may not.

use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How every key begins, so that scanners of code and logs can find one that got there.
const BEGINS: &str = "lk_";
/// Digits of an id, each of four random bits.
const ID_DIGITS: usize = 12;
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// A key that somebody shows, not yet believed. Its debug form hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Presented<'a> {
    /// The part that may be shown, `lk_` included.
    pub id: &'a str,
    pub(super) secret: &'a str,
}

impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Presented(..)")
    }
}

impl<'a> Presented<'a> {
    /// Reads something that has the form of a key of ours; nothing else does.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(BEGINS)?;
        let (digits, secret) = rest.split_once('_')?;
        let is_id = digits.len() == ID_DIGITS && digits.bytes().all(|one| one.is_ascii_hexdigit());
        let id = text.get(..BEGINS.len() + ID_DIGITS)?;
        (is_id && (1..=128).contains(&secret.len())).then_some(Self { id, secret })
    }

    /// The part that may be shown of what somebody gave as a key or as its id: the rest may be a secret.
    #[must_use]
    pub fn id_of(text: &str) -> &str {
        let shown = BEGINS.len() + ID_DIGITS;
        if Self::is_meant(text) { text.get(..shown).unwrap_or(text) } else { text }
    }

    /// Whether something means to be a key of ours.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        text.starts_with(BEGINS)
    }
}

/// Makes a key up: what may be shown of it, and its secret.
pub(super) fn fresh() -> Result<(String, String), Unspecified> {
    let random = SystemRandom::new();
    let (mut id, mut secret) = ([0; ID_DIGITS / 2], [0; SECRET_BYTES]);
    random.fill(&mut id)?;
    random.fill(&mut secret)?;
    let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((format!("{BEGINS}{digits}"), URL_SAFE_NO_PAD.encode(secret)))
}

/// A whole key, to be shown once.
#[must_use]
pub fn shown(id: &str, secret: &str) -> String {
    format!("{id}_{secret}")
}
