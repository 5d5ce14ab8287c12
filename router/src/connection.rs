//! What is known of a connection before anything is said on it. Every request on it carries this.

use rustls::pki_types::CertificateDer;
use std::net::SocketAddr;
use std::sync::Arc;

/// One connection, as it was accepted.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The other end.
    pub peer: SocketAddr,
    /// The certificates that the other end has shown, its own first; empty if it showed none. The handshake
    /// checked that an authority of ours has signed them.
    pub certificates: Arc<[CertificateDer<'static>]>,
    /// They are of the router's own authority, which alone says who asks.
    pub of_own: bool,
}

impl Connection {
    /// A connection without certificates.
    #[must_use]
    pub fn plain(peer: SocketAddr) -> Self {
        Self { peer, certificates: Arc::new([]), of_own: false }
    }

    /// The other end is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.peer.ip().to_canonical().is_loopback()
    }
}
