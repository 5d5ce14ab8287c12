//! TLS of the router's port: who the router is, and who a worker is.
//!
//! Without files of its own an operator needs no other tool: the router has an authority in its state folder
//! ([`authority`]), which signs the router's own certificate and those of workers. A worker's certificate says
//! in one address what a join token says ([`identity`]); whoever has one needs no token. Certificates can be
//! replaced while connections stand (`server`): a handshake uses what is there when it begins.

pub mod authority;
pub mod identity;
pub(crate) mod server;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the port's TLS is made of.
#[derive(Clone, Debug)]
pub struct TlsSettings {
    /// Where the router's certificate comes from.
    pub source: Source,
    /// An authority that workers' certificates may be of, beside the router's own.
    pub worker_ca: Option<PathBuf>,
}

impl TlsSettings {
    /// A certificate of the router's own authority, under the usual names.
    #[must_use]
    pub fn own(listen: SocketAddr) -> Self {
        Self { source: Source::Own { names: usual_names(listen) }, worker_ca: None }
    }
}

/// Where the router's certificate comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The router's own authority signs it, for these names and addresses.
    Own {
        /// Host names and addresses.
        names: Vec<String>,
    },
    /// Files in PEM form, which are read again when they change.
    Files {
        /// The certificate, and those up to its authority.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// The names of a router that was told none: this machine, the address it listens on, and where others can
/// reach it also the machine's own name.
#[must_use]
pub fn usual_names(listen: SocketAddr) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(Into::into).into();
    let address = listen.ip().to_string();
    if !listen.ip().is_unspecified() && !names.contains(&address) {
        names.push(address);
    }
    let own = gethostname::gethostname().into_string().unwrap_or_default();
    if !listen.ip().is_loopback() && is_host_name(&own) && !names.contains(&own) {
        names.push(own);
    }
    names
}

/// Whether a certificate can be for this name (RFC 1123, section 2.1).
fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len())
            && letters
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// The file of the router's own authority in its state folder. It holds a private key.
#[must_use]
pub fn authority_file(state: &Path) -> PathBuf {
    state.join("authority.pem")
}

/// The authority's certificate alone, for whoever is to trust the router.
#[must_use]
pub fn authority_certificate(state: &Path) -> PathBuf {
    state.join("router-ca.pem")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_that_others_reach_is_known_by_its_host_name_too() {
        let own = gethostname::gethostname().into_string().unwrap_or_default();
        let here = usual_names(SocketAddr::from(([127, 0, 0, 1], 7433)));
        assert_eq!(here, ["localhost", "127.0.0.1", "::1"]);
        let everywhere = usual_names(SocketAddr::from(([0, 0, 0, 0], 7433)));
        assert_eq!(everywhere.contains(&own), is_host_name(&own), "{own}");
        assert!(!everywhere.contains(&"0.0.0.0".to_owned()));
        for (name, holds) in [
            ("desk", true),
            ("a-1.example", true),
            ("-a", false),
            ("a b", false),
            ("", false),
            ("a..b", false),
        ] {
            assert_eq!(is_host_name(name), holds, "{name}");
        }
    }
}
