//! The router's own authority: it signs the certificates of the router and of its workers.
//!
//! One file in the state folder holds its private key and its certificate, in PEM form. Whoever has the file
//! can name any worker; deleting it and starting the router again voids every certificate.

use super::identity;
use crate::join_token::{Claims, ClaimsError};
use crate::secret_file::{self, SecretFileError};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An authority's certificate holds for so long: ten years.
const LIFE: Duration = Duration::from_secs(10 * 365 * 86_400);
/// Certificates hold from so long before they are made, for clocks that are behind.
const SLACK: Duration = Duration::from_secs(300);

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The authority's file.
    #[error("the certificate authority cannot be used: {0}")]
    File(#[from] SecretFileError),
    /// The file holds something else.
    #[error(
        "{} holds no certificate authority ({why}); restore it, or delete it and issue every worker a new \
         certificate",
        path.display()
    )]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, without any of the content.
        why: String,
    },
    /// The claims are none that a worker can have.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
    /// It could not be signed.
    #[error("failed to sign the certificate: {0}")]
    Signing(#[from] rcgen::Error),
}

/// An authority, ready to sign.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    router_id: String,
}

/// A certificate that was signed, with its key; both in PEM form.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: SecretString,
}

/// The files of a certificate that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key, which its owner alone can read.
    pub key: PathBuf,
    /// The certificate of the authority, for who is to trust it.
    pub authority: PathBuf,
}

impl Authority {
    /// The authority in a file, which is made if it is missing.
    ///
    /// # Errors
    /// The file cannot be read, made or understood. It is never replaced.
    pub fn load_or_create(
        path: &Path,
        router_id: &str,
        now_unix_ms: u64,
    ) -> Result<Self, AuthorityError> {
        let bytes = match secret_file::read(path)? {
            Some(bytes) => bytes,
            None => secret_file::place(path, create(router_id, now_unix_ms)?.as_bytes())?,
        };
        let unfit = |why: String| AuthorityError::Content { path: path.into(), why };
        let text = String::from_utf8(bytes).map_err(|_| unfit("it is no text".to_owned()))?;
        let (key, certificate) = text
            .find("-----BEGIN CERTIFICATE")
            .and_then(|at| text.split_at_checked(at))
            .ok_or_else(|| unfit("it has no certificate".to_owned()))?;
        let key = KeyPair::from_pem(key).map_err(|error| unfit(error.to_string()))?;
        // Its name and its key are all that a signature needs of it.
        let issuer = Issuer::new(params(router_id, now_unix_ms), key);
        Ok(Self { issuer, certificate: certificate.to_owned(), router_id: router_id.to_owned() })
    }

    /// Its certificate in PEM form, for those who are to trust it.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A certificate for a worker, until the claims expire.
    ///
    /// # Errors
    /// The claims are none that a worker can have.
    pub fn worker(&self, claims: &Claims, now_unix_ms: u64) -> Result<Issued, AuthorityError> {
        claims.check()?;
        let stamped = Claims { router_id: self.router_id.clone(), ..claims.clone() };
        let mut params = leaf(&stamped.worker_id, ExtendedKeyUsagePurpose::ClientAuth);
        let address = identity::address(&stamped).try_into()?;
        params.subject_alt_names = vec![SanType::URI(address)];
        self.sign(params, (now_unix_ms, stamped.expires_unix_ms))
    }

    /// A certificate for somebody who asks as an API key of this router.
    ///
    /// # Errors
    /// The system gave no randomness, or the identifier is none.
    pub fn asker(&self, key_id: &str, valid: (u64, u64)) -> Result<Issued, AuthorityError> {
        let mut params = leaf(key_id, ExtendedKeyUsagePurpose::ClientAuth);
        let address = identity::asker_address(&self.router_id, key_id).try_into()?;
        params.subject_alt_names = vec![SanType::URI(address)];
        self.sign(params, valid)
    }

    /// A certificate for the router under some names and addresses.
    ///
    /// # Errors
    /// A name is none.
    pub fn router(&self, names: &[String], valid: (u64, u64)) -> Result<Issued, AuthorityError> {
        let mut params = leaf("littoral router", ExtendedKeyUsagePurpose::ServerAuth);
        let name = |name: &String| match name.parse() {
            Ok(address) => Ok(SanType::IpAddress(address)),
            Err(_) => Ok(SanType::DnsName(name.as_str().try_into()?)),
        };
        params.subject_alt_names = names.iter().map(name).collect::<Result<_, rcgen::Error>>()?;
        self.sign(params, valid)
    }

    /// Writes a certificate to a folder as `NAME.pem`, `NAME.key` and `router-ca.pem`; older ones are replaced.
    ///
    /// # Errors
    /// The system's answer.
    pub fn write(&self, issued: &Issued, folder: &Path, name: &str) -> io::Result<Written> {
        std::fs::create_dir_all(folder)?;
        let written = Written {
            certificate: folder.join(format!("{name}.pem")),
            key: folder.join(format!("{name}.key")),
            authority: folder.join("router-ca.pem"),
        };
        // A worker that reads again in between tries again.
        secret_file::write(&written.key, issued.key.expose_secret().as_bytes(), true)?;
        std::fs::write(&written.certificate, &issued.certificate)?;
        std::fs::write(&written.authority, &self.certificate)?;
        Ok(written)
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        valid: (u64, u64),
    ) -> Result<Issued, AuthorityError> {
        let key = KeyPair::generate()?;
        hold(&mut params, valid);
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem().into() })
    }
}

/// Key and certificate of a new authority.
fn create(router_id: &str, now_unix_ms: u64) -> Result<String, AuthorityError> {
    let key = KeyPair::generate()?;
    let certificate = params(router_id, now_unix_ms).self_signed(&key)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

fn params(router_id: &str, now_unix_ms: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(&format!("littoral router {router_id}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let life = u64::try_from(LIFE.as_millis()).unwrap_or(u64::MAX);
    hold(&mut params, (now_unix_ms, now_unix_ms.saturating_add(life)));
    params
}

fn leaf(name: &str, purpose: ExtendedKeyUsagePurpose) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    params.use_authority_key_identifier_extension = true;
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut all = DistinguishedName::new();
    all.push(DnType::CommonName, name);
    all
}

/// It holds from the first to the second moment, in milliseconds since the Unix epoch.
fn hold(params: &mut CertificateParams, (from, until): (u64, u64)) {
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + Duration::from_millis(from).saturating_sub(SLACK);
    params.not_after = epoch + Duration::from_millis(until);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::identity::{IdentityError, claims, worker_in};
    use littoral_core::class::Tier;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    const NOW: u64 = 1_800_000_000_000;
    const ROUTER: &str = "0123456789abcdef";

    fn der(pem: &str) -> Vec<u8> {
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
    }

    fn edge() -> Claims {
        Claims {
            worker_id: "rack1".into(),
            tenant: "local".into(),
            owner: None,
            group: Some("lab".into()),
            nearest_tier: Tier::Edge,
            expires_unix_ms: NOW + 60_000,
            router_id: String::new(),
        }
    }

    #[test]
    fn a_certificate_says_what_its_claims_said_and_until_when() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        let authority = Authority::load_or_create(&path, ROUTER, NOW).unwrap();
        let again = Authority::load_or_create(&path, ROUTER, NOW).unwrap();
        assert_eq!(authority.certificate(), again.certificate());
        let issued = again.worker(&edge(), NOW).unwrap();
        assert!(issued.key.expose_secret().contains("PRIVATE KEY"));
        let der = der(&issued.certificate);
        let stamped = Claims { router_id: ROUTER.into(), ..edge() };
        assert_eq!(claims(&der, ROUTER, NOW).unwrap(), stamped);
        assert_eq!(worker_in(issued.certificate.as_bytes()).as_deref(), Some("rack1"));
        let late = claims(&der, ROUTER, NOW + 61_000).unwrap_err();
        assert_eq!(late, IdentityError::Expired { since_ms: 1_000 });
        let foreign = claims(&der, "fedcba9876543210", NOW).unwrap_err();
        assert_eq!(foreign, IdentityError::Foreign { router_id: ROUTER.into() });
    }

    #[test]
    fn a_certificate_of_a_router_lets_no_worker_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        let authority = Authority::load_or_create(&path, ROUTER, NOW).unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let issued = authority.router(&names, (NOW, NOW + 1_000)).unwrap();
        let refused = claims(&der(&issued.certificate), ROUTER, NOW).unwrap_err();
        assert_eq!(refused, IdentityError::NoWorker);
        assert!(authority.router(&["naïve".to_owned()], (NOW, NOW + 1_000)).is_err());
    }

    #[test]
    fn impossible_claims_are_not_signed_and_a_spoilt_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        let authority = Authority::load_or_create(&path, ROUTER, NOW).unwrap();
        let both = Claims { owner: Some("anna".into()), ..edge() };
        assert!(matches!(authority.worker(&both, NOW), Err(AuthorityError::Claims(_))));
        secret_file::write(&path, b"no authority", true).unwrap();
        let spoilt = Authority::load_or_create(&path, ROUTER, NOW).map(drop).unwrap_err();
        assert!(spoilt.to_string().contains("restore it"), "{spoilt}");
        assert_eq!(std::fs::read(&path).unwrap(), b"no authority");
    }
}
