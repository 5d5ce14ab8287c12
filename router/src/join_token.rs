//! Join tokens: how a worker proves what it may be trusted with.
//!
//! A worker's trust (tenant, owner, group, nearest tier) must not come from the worker itself, or a
//! stolen laptop could call itself a shared edge machine and be handed other people's prompts. So
//! the router signs these claims once, an administrator carries the token to the machine, and the
//! worker only shows it. The form is `lt1.<claims>.<tag>`: base64url of the claims' JSON, and of an
//! HMAC-SHA256 over everything before the last dot. A symmetric key is enough, since the router
//! that issues is the router that verifies; an asymmetric one would add a key to distribute and
//! gain nothing.
//!
//! Order of checks: form, then tag (in constant time), and only then the content. Nothing in an
//! unverified token is believed. The one thing read from it is the identifier of the key that
//! claims to have signed it, to tell "altered" from "of another router" in the error; both are
//! refused alike.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use littoral_core::class::Tier;
use ring::hmac;
use serde::{Deserialize, Serialize};
use std::fmt;

mod key_file;
#[cfg(test)]
mod tests;

pub use key_file::JoinKeyError;

/// First segment of every token; another number means another format.
const FORMAT: &str = "lt1";
/// Longest token that is looked at, in bytes. Four names of 64 bytes, the numbers and the field
/// names come to about 500 bytes of JSON; the rest is slack.
const MAX_TOKEN_BYTES: usize = 2048;
/// Longest name in a claim, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// Bytes of the key's SHA-256 that name the key: enough to tell a handful of routers apart.
const KEY_ID_BYTES: usize = 8;

/// What a token says of the worker that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Name of the worker, unique in its router.
    pub worker_id: String,
    /// Organisation the machine belongs to.
    pub tenant: String,
    /// Person whose device this is; absent for shared machines. Present exactly if the nearest
    /// tier is `device`.
    pub owner: Option<String>,
    /// Group of machines that policies may name.
    pub group: Option<String>,
    /// The most trust any principal can give this worker: `device` or `edge`, never `cloud`.
    pub nearest_tier: Tier,
    /// The token is void from this moment on, in milliseconds since the Unix epoch.
    pub expires_unix_ms: u64,
    /// Identifier of the key that signs, 16 hex digits. [`JoinKey::issue`] fills it in; whatever
    /// the caller put there is ignored.
    pub router_id: String,
}

impl Claims {
    /// Whether another token is of the same worker with the same trust; only their ends may differ.
    #[must_use]
    pub fn is_same_worker(&self, other: &Self) -> bool {
        let at = |claims: &Self| Self { expires_unix_ms: 0, ..claims.clone() };
        at(self) == at(other)
    }

    /// Checks everything that does not need the key or a clock.
    pub(crate) fn check(&self) -> Result<(), ClaimsError> {
        let names = [
            ("worker", Some(&self.worker_id)),
            ("tenant", Some(&self.tenant)),
            ("owner", self.owner.as_ref()),
            ("group", self.group.as_ref()),
        ];
        for (field, name) in names {
            if name.is_some_and(|name| !is_name(name)) {
                return Err(ClaimsError::Name { field });
            }
        }
        match (self.nearest_tier, &self.owner) {
            (Tier::Device, Some(_)) | (Tier::Edge, None) => Ok(()),
            (Tier::Device, None) => Err(ClaimsError::DeviceWithoutOwner),
            (Tier::Edge, Some(_)) => Err(ClaimsError::EdgeWithOwner),
            (Tier::Cloud, _) => Err(ClaimsError::CloudTier),
        }
    }
}

fn is_name(name: &str) -> bool {
    let byte_is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(byte_is_fine)
}

/// Why claims cannot be signed, or a signed token says what no token may say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// A name is empty, too long, or has other characters.
    #[error("the {field} name must have 1 to 64 characters out of A-Z a-z 0-9 . _ -")]
    Name {
        /// Which claim.
        field: &'static str,
    },
    /// Tier `device` means somebody's own machine.
    #[error("a token of tier device needs an owner: add `--owner NAME`, or choose `--tier edge`")]
    DeviceWithoutOwner,
    /// Tier `edge` means a shared machine.
    #[error(
        "a token of tier edge is for a shared machine: leave out the owner, or choose `--tier device`"
    )]
    EdgeWithOwner,
    /// Workers are never a cloud.
    #[error("a worker cannot have tier cloud: choose `--tier device` or `--tier edge`")]
    CloudTier,
    /// The claims could not be written as JSON.
    #[error("the claims cannot be encoded")]
    Encode,
}

/// Why a token is refused. Each variant says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a join token at all, or one of a later format.
    #[error("this is no join token ({why}); copy the whole line that `littoral token` printed")]
    Malformed {
        /// What is wrong, without the token's text.
        why: &'static str,
    },
    /// The tag does not fit the claims.
    #[error(
        "the join token was altered or not signed by this router; make a new one with `littoral token` on the router's machine"
    )]
    Forged,
    /// Too old.
    #[error(
        "the join token expired {} s ago; make a new one with `littoral token` on the router's machine",
        .since_ms / 1000
    )]
    Expired {
        /// Milliseconds since it expired.
        since_ms: u64,
    },
    /// Signed with another key. Told as a hint: nothing about such a token is verified.
    #[error(
        "the join token names another router (key {router_id}); make one with `littoral token` on the machine of the router you join"
    )]
    Foreign {
        /// Key identifier in the token, 16 hex digits.
        router_id: String,
    },
    /// Signed by this router, but it grants what no token may grant.
    #[error("the join token cannot be used: {0}; make a new one with `littoral token`")]
    Refused(#[from] ClaimsError),
}

/// The router's signing key. Neither `Clone` nor `Serialize`; `Debug` shows its identifier alone.
pub struct JoinKey {
    hmac: hmac::Key,
    router_id: String,
}

impl fmt::Debug for JoinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinKey({})", self.router_id)
    }
}

impl JoinKey {
    fn from_bytes(bytes: &[u8]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        let router_id = digest.as_ref().iter().take(KEY_ID_BYTES).map(|b| format!("{b:02x}"));
        Self { router_id: router_id.collect(), hmac: hmac::Key::new(hmac::HMAC_SHA256, bytes) }
    }

    /// Identifier of this key: the first 8 bytes of its SHA-256, as 16 hex digits.
    #[must_use]
    pub fn router_id(&self) -> &str {
        &self.router_id
    }

    /// Signs claims; `claims.router_id` is replaced by this key's own.
    ///
    /// # Errors
    /// [`ClaimsError`] if the claims are ones that [`JoinKey::verify`] would refuse.
    pub fn issue(&self, claims: &Claims) -> Result<String, ClaimsError> {
        claims.check()?;
        let stamped = Claims { router_id: self.router_id.clone(), ..claims.clone() };
        let json = serde_json::to_vec(&stamped).map_err(|_| ClaimsError::Encode)?;
        let signed = format!("{FORMAT}.{}", URL_SAFE_NO_PAD.encode(json));
        let tag = hmac::sign(&self.hmac, signed.as_bytes());
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag)))
    }

    /// Returns what a token grants, if this key signed it, it has not expired at `now_unix_ms`
    /// (milliseconds since the Unix epoch), and it grants nothing impossible.
    ///
    /// # Errors
    /// [`TokenError`], the first of: malformed, foreign or forged, refused, expired.
    pub fn verify(&self, token: &str, now_unix_ms: u64) -> Result<Claims, TokenError> {
        let (signed, payload, tag) = split(token.trim())?;
        if hmac::verify(&self.hmac, signed.as_bytes(), &tag).is_err() {
            return Err(self.foreign_or_forged(&payload));
        }
        let claims: Claims = serde_json::from_slice(&payload)
            .map_err(|_| TokenError::Malformed { why: "another version's claims" })?;
        claims.check()?;
        if claims.router_id != self.router_id {
            return Err(TokenError::Forged);
        }
        if now_unix_ms >= claims.expires_unix_ms {
            return Err(TokenError::Expired { since_ms: now_unix_ms - claims.expires_unix_ms });
        }
        Ok(claims)
    }

    /// Names the better of two errors for a token whose tag is wrong.
    fn foreign_or_forged(&self, unverified_payload: &[u8]) -> TokenError {
        let is_key_id = |id: &str| {
            id.len() == 2 * KEY_ID_BYTES
                && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        match serde_json::from_slice::<Claims>(unverified_payload) {
            Ok(claims) if claims.router_id != self.router_id && is_key_id(&claims.router_id) => {
                TokenError::Foreign { router_id: claims.router_id }
            }
            _ => TokenError::Forged,
        }
    }
}

/// Splits a token into the signed text, the decoded claims and the decoded tag.
fn split(token: &str) -> Result<(&str, Vec<u8>, Vec<u8>), TokenError> {
    let malformed = |why| TokenError::Malformed { why };
    if token.len() > MAX_TOKEN_BYTES {
        return Err(malformed("it is too long"));
    }
    let (signed, tag) = token.rsplit_once('.').ok_or(malformed("its three parts are missing"))?;
    let (format, payload) =
        signed.split_once('.').ok_or(malformed("its three parts are missing"))?;
    if format != FORMAT {
        return Err(malformed("it does not start with lt1."));
    }
    let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed("it is not base64url"));
    Ok((signed, decode(payload)?, decode(tag)?))
}
