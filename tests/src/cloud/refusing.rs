//! A cloud that is not there: an address where connecting is refused.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpSocket;

/// Holds a port without listening on it, so that nobody else can, and every connection is refused.
pub struct RefusingCloud {
    _socket: TcpSocket,
    address: SocketAddr,
}

impl RefusingCloud {
    /// Takes a free port of the loopback interface.
    ///
    /// # Errors
    /// If no port can be bound.
    pub fn start() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = socket.local_addr()?;
        Ok(Self { _socket: socket, address })
    }

    /// What a provider's `base_url` setting must be to be refused.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}
