//! Connections with TLS, and certificates that can be replaced while others stand.
//!
//! Each handshake uses what was loaded last, so a new certificate never touches a session. Files are looked at
//! again every few seconds rather than watched: they are replaced in many ways, once in weeks. What cannot be
//! used is reported and changes nothing. A client may show a certificate and need not: callers have none.

use super::authority::{Authority, AuthorityError};
use super::{Source, TlsSettings, authority_certificate, authority_file};
use crate::clock::unix_ms;
use arc_swap::ArcSwap;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use secrecy::ExposeSecret as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Time between two looks at the files.
const INTERVAL: Duration = Duration::from_secs(2);
/// A certificate of the router's own authority holds for so long, in milliseconds: 30 days,
const OWN_LIFE_MS: u64 = 30 * 86_400_000;
/// and is replaced when so much is left of it: ten days.
const OWN_LEFT_MS: u64 = 10 * 86_400_000;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The router's own authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A file cannot be read or holds something else.
    #[error("read {}: {why}; give files in PEM form", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Certificate and key do not belong together, or are of no use.
    #[error("the router's certificate cannot be used: {0}; does the key belong to it?")]
    Certificate(#[from] rustls::Error),
    /// No worker could ever be believed.
    #[error("no authority for workers' certificates can be used: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

/// What handshakes are made with.
pub struct Tls {
    settings: TlsSettings,
    authority: Authority,
    current: ArcSwap<ServerConfig>,
    /// Believes certificates of the router's own authority, and no others.
    own: Arc<dyn ClientCertVerifier>,
    /// When the router's own certificate is to be replaced, in milliseconds since the Unix epoch.
    renew_at: Option<u64>,
}

impl Tls {
    /// Loads everything once.
    ///
    /// # Errors
    /// Something cannot be read or used.
    pub fn load(settings: TlsSettings, state: &Path, router_id: &str) -> Result<Self, TlsError> {
        let now = unix_ms();
        let authority = Authority::load_or_create(&authority_file(state), router_id, now)?;
        let public = authority_certificate(state);
        std::fs::write(&public, authority.certificate())
            .map_err(|error| TlsError::File { path: public, why: error.to_string() })?;
        let config = config(&settings, &authority, now)?;
        let renew_at = renewal(&settings, now);
        let own = verifier(own_roots(&authority))?;
        Ok(Self { settings, authority, current: ArcSwap::from_pointee(config), own, renew_at })
    }

    /// Replaces what changed, again and again until the stop.
    pub async fn keep_fresh_until(self: Arc<Self>, stop: CancellationToken) {
        let mut seen = stamps(&self.settings);
        let mut renew_at = self.renew_at;
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stop.cancelled() => return,
            }
            let (now, stamps) = (unix_ms(), stamps(&self.settings));
            if stamps == seen && renew_at.is_none_or(|at| now < at) {
                continue;
            }
            (seen, renew_at) = (stamps, renewal(&self.settings, now));
            match config(&self.settings, &self.authority, now) {
                Ok(config) => {
                    self.current.store(Arc::new(config));
                    tracing::info!("certificates were replaced; connections that stand go on");
                }
                Err(error) => {
                    tracing::warn!(%error, "new certificates cannot be used; the old ones stay");
                }
            }
        }
    }

    /// Whether certificates, a client's own first, are of the router's own authority. One that an operator named
    /// for workers may sign workers and nobody else.
    #[must_use]
    pub fn is_own(&self, certificates: &[CertificateDer<'_>]) -> bool {
        let Some((first, more)) = certificates.split_first() else { return false };
        self.own.verify_client_cert(first, more, UnixTime::now()).is_ok()
    }

    /// What the next handshake is made with.
    #[must_use]
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

fn renewal(settings: &TlsSettings, now: u64) -> Option<u64> {
    matches!(settings.source, Source::Own { .. }).then(|| now + OWN_LIFE_MS - OWN_LEFT_MS)
}

/// When each file was changed last.
fn stamps(settings: &TlsSettings) -> Vec<Option<std::time::SystemTime>> {
    let own = match &settings.source {
        Source::Own { .. } => [None, None],
        Source::Files { certificate, key } => [Some(certificate.as_path()), Some(key.as_path())],
    };
    let all = own.into_iter().chain([settings.worker_ca.as_deref()]).flatten();
    all.map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok()).collect()
}

fn config(
    settings: &TlsSettings,
    authority: &Authority,
    now: u64,
) -> Result<ServerConfig, TlsError> {
    let (chain, key) = match &settings.source {
        Source::Own { names } => {
            let issued = authority.router(names, (now, now + OWN_LIFE_MS))?;
            let certificates = issued.certificate + authority.certificate();
            let chain =
                CertificateDer::pem_slice_iter(certificates.as_bytes()).collect::<Result<_, _>>();
            let key = PrivateKeyDer::from_pem_slice(issued.key.expose_secret().as_bytes());
            let of_own = |error| TlsError::File {
                path: "the router's own certificate".into(),
                why: format!("{error:?}"),
            };
            (chain.map_err(of_own)?, key.map_err(of_own)?)
        }
        Source::Files { certificate, key } => {
            let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, &error))?;
            (certificates(certificate)?, private)
        }
    };
    let mut roots = own_roots(authority);
    if let Some(path) = &settings.worker_ca {
        for certificate in certificates(path)? {
            let unfit = |_| TlsError::File {
                path: path.clone(),
                why: "a certificate in it is none".into(),
            };
            roots.add(certificate).map_err(unfit)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier(roots)?)
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn own_roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let of_own = authority.certificate().as_bytes();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(of_own).flatten());
    roots
}

fn verifier(roots: RootCertStore) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    Ok(verifier.allow_unauthenticated().build()?)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let all = all.map_err(|error| unread(path, &error))?;
    if all.is_empty() {
        return Err(TlsError::File { path: path.into(), why: "it has no certificate".into() });
    }
    Ok(all)
}

fn unread(path: &Path, error: &rustls::pki_types::pem::Error) -> TlsError {
    use rustls::pki_types::pem::Error;
    // What others say may quote the file.
    let why = match error {
        Error::Io(error) => error.to_string(),
        Error::NoItemsFound => "it has nothing of the kind".to_owned(),
        _ => "it is damaged".to_owned(),
    };
    TlsError::File { path: path.into(), why }
}
