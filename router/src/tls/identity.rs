//! Who a worker is, in its certificate.
//!
//! One address among the subject's alternative names says what a join token says:
//! `littoral://ROUTER/worker/NAME?tenant=T&tier=device&owner=O` (or `group=G`), where ROUTER is the router's
//! identifier. One of the form `littoral://ROUTER/asker/KEY` says which API key a client stands for. That the authority signed it is the handshake's to check, before anything here is read.

use crate::join_token::{Claims, ClaimsError};
use littoral_core::class::Tier;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Longest address that is read, in bytes: five names of 64 bytes and what stands between them.
const LONGEST: usize = 512;
const SCHEME: &str = "littoral://";

/// Why a certificate lets no worker in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// It says nothing of a worker.
    #[error(
        "the certificate names no worker of a router (an address that begins with {SCHEME}); make one with \
         `littoral token --certificate FOLDER` on the router's machine, or show a join token"
    )]
    NoWorker,
    /// What it says makes no sense.
    #[error(
        "the certificate's {SCHEME} address cannot be read ({why}); make another certificate with `littoral token --certificate FOLDER`"
    )]
    Malformed {
        /// What is wrong.
        why: &'static str,
    },
    /// It was made for another router.
    #[error(
        "the certificate was made for another router (key {router_id}); make one on the machine of the router \
         you join"
    )]
    Foreign {
        /// Identifier of that router.
        router_id: String,
    },
    /// It is too old.
    #[error("the certificate expired {} s ago; make a new one with `littoral token --certificate FOLDER`", .since_ms / 1000)]
    Expired {
        /// Milliseconds since it expired.
        since_ms: u64,
    },
    /// It grants what nobody can grant.
    #[error(
        "the certificate cannot be used: {0}; make a new one with `littoral token --certificate FOLDER`"
    )]
    Refused(#[from] ClaimsError),
}

/// The address that says what the claims say.
#[must_use]
pub fn address(claims: &Claims) -> String {
    let Claims { worker_id, tenant, owner, group, nearest_tier, router_id, .. } = claims;
    let mut address = format!(
        "{SCHEME}{router_id}/worker/{worker_id}?tenant={tenant}&tier={}",
        nearest_tier.name()
    );
    for (key, name) in [("owner", owner), ("group", group)] {
        if let Some(name) = name {
            address += &format!("&{key}={name}");
        }
    }
    address
}

/// What a certificate in DER form grants at a router, whose authority's signature was checked before.
///
/// # Errors
/// The first of: malformed, names no worker, foreign, refused, expired.
pub fn claims(der: &[u8], router_id: &str, now_unix_ms: u64) -> Result<Claims, IdentityError> {
    let malformed = |why| IdentityError::Malformed { why };
    let (_, certificate) =
        X509Certificate::from_der(der).map_err(|_| malformed("it is no X.509 certificate"))?;
    let names =
        certificate.subject_alternative_name().map_err(|_| malformed("two lists of names"))?;
    let names = names.map(|names| names.value.general_names.as_slice()).unwrap_or_default();
    let mut addresses = names.iter().filter_map(|name| match name {
        GeneralName::URI(address) => address.strip_prefix(SCHEME),
        _ => None,
    });
    let address = addresses.next().ok_or(IdentityError::NoWorker)?;
    if addresses.next().is_some() {
        return Err(malformed("there are several"));
    }
    let seconds = certificate.validity().not_after.timestamp();
    let expires_unix_ms = u64::try_from(seconds).unwrap_or_default().saturating_mul(1000);
    let claims = Claims { expires_unix_ms, ..read(address).map_err(malformed)? };
    if claims.router_id != router_id {
        return Err(IdentityError::Foreign { router_id: claims.router_id });
    }
    claims.check()?;
    match now_unix_ms.checked_sub(claims.expires_unix_ms) {
        Some(since_ms) => Err(IdentityError::Expired { since_ms }),
        None => Ok(claims),
    }
}

/// The address of somebody who asks, by the identifier of an API key: what it is good for stands in the book of
/// keys, where it can be revoked.
#[must_use]
pub fn asker_address(router_id: &str, key_id: &str) -> String {
    format!("{SCHEME}{router_id}/asker/{key_id}")
}

/// The API key that a certificate in DER form stands for at a router, whose own authority's signature was checked
/// before; nothing where it stands for none.
#[must_use]
pub fn asker(der: &[u8], router_id: &str) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let names = certificate.subject_alternative_name().ok()??;
    let mut addresses = names.value.general_names.iter().filter_map(|name| match name {
        GeneralName::URI(address) => address.strip_prefix(SCHEME),
        _ => None,
    });
    let (address, None) = (addresses.next()?, addresses.next()) else { return None };
    let (of, key_id) = address.split_once("/asker/")?;
    (of == router_id && address.len() <= LONGEST).then(|| key_id.to_owned())
}

/// The name of the worker that a certificate in PEM form is of. Nothing about it is verified.
#[must_use]
pub fn worker_in(pem: &[u8]) -> Option<String> {
    let der = CertificateDer::from_pem_slice(pem).ok()?;
    let (_, certificate) = X509Certificate::from_der(&der).ok()?;
    let names = certificate.subject_alternative_name().ok()??;
    names.value.general_names.iter().find_map(|name| match name {
        GeneralName::URI(address) => Some(read(address.strip_prefix(SCHEME)?).ok()?.worker_id),
        _ => None,
    })
}

fn read(address: &str) -> Result<Claims, &'static str> {
    if address.len() > LONGEST {
        return Err("it is too long");
    }
    let form = "it is not ROUTER/worker/NAME?tenant=T&tier=TIER";
    let (router_id, rest) = address.split_once("/worker/").ok_or(form)?;
    let (worker_id, pairs) = rest.split_once('?').ok_or(form)?;
    let (mut tenant, mut tier, mut owner, mut group) = (None, None, None, None);
    for pair in pairs.split('&') {
        let (key, value) = pair.split_once('=').ok_or(form)?;
        let place = match key {
            "tenant" => &mut tenant,
            "tier" => &mut tier,
            "owner" => &mut owner,
            "group" => &mut group,
            // What is not understood might take something away.
            _ => return Err("it says something that this router does not know"),
        };
        if place.replace(value.to_owned()).is_some() {
            return Err("it says one thing twice");
        }
    }
    Ok(Claims {
        worker_id: worker_id.to_owned(),
        tenant: tenant.ok_or("the tenant is missing")?,
        owner,
        group,
        nearest_tier: match tier.as_deref() {
            Some("device") => Tier::Device,
            Some("edge") => Tier::Edge,
            _ => return Err("the tier is neither device nor edge"),
        },
        expires_unix_ms: 0,
        router_id: router_id.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn device() -> Claims {
        Claims {
            worker_id: "phone".into(),
            tenant: "local".into(),
            owner: Some("anna".into()),
            group: None,
            nearest_tier: Tier::Device,
            expires_unix_ms: 0,
            router_id: "0123456789abcdef".into(),
        }
    }

    #[test]
    fn an_address_says_what_the_claims_say() {
        let address = address(&device());
        let written =
            "littoral://0123456789abcdef/worker/phone?tenant=local&tier=device&owner=anna";
        assert_eq!(address, written);
        assert_eq!(read(address.strip_prefix(SCHEME).unwrap()), Ok(device()));
    }

    #[test]
    fn an_address_that_says_less_more_or_twice_is_not_read() {
        let cases = [
            ("x/worker/a?tenant=t", "tier"),
            ("x/worker/a?tier=edge", "tenant"),
            ("x/worker/a?tenant=t&tier=cloud", "neither"),
            ("x/worker/a?tenant=t&tier=edge&tenant=u", "twice"),
            ("x/worker/a?tenant=t&tier=edge&admin=1", "does not know"),
            ("x/a?tenant=t&tier=edge", "worker"),
            ("x/worker/a", "worker"),
        ];
        for (address, why) in cases {
            let refused = read(address).unwrap_err();
            assert!(refused.contains(why), "{address}: {refused}");
        }
        assert!(read(&"x".repeat(LONGEST + 1)).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            address in "[a-z/?&=:]{0,60}",
        ) {
            prop_assert!(claims(&bytes, "x", 0).is_err());
            _ = read(&address);
        }
    }
}
