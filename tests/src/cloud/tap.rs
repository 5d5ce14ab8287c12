//! Counts bytes between the socket and the HTTP server, and resets a connection where a script says
//! so. Under the HTTP layer, because a request that never became one has left the machine as well.

use super::recording::Recording;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A handle on one connection, for the handler of its requests.
#[derive(Clone)]
pub(super) struct Tap {
    connection: u64,
    reset: Arc<AtomicBool>,
}

impl Tap {
    /// Number of the connection, from 0.
    pub(super) const fn connection(&self) -> u64 {
        self.connection
    }

    /// When the connection closes, closes it with a TCP reset.
    pub(super) fn reset_on_close(&self) {
        self.reset.store(true, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, TappedListener>> for Tap {
    fn connect_info(stream: IncomingStream<'_, TappedListener>) -> Self {
        stream.io().tap.clone()
    }
}

/// Accepts connections and taps them.
pub(super) struct TappedListener {
    listener: TcpListener,
    recording: Arc<Recording>,
}

impl TappedListener {
    pub(super) const fn new(listener: TcpListener, recording: Arc<Recording>) -> Self {
        Self { listener, recording }
    }
}

impl Listener for TappedListener {
    type Io = TappedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let connection = self.recording.note_connection();
        let tap = Tap { connection, reset: Arc::default() };
        (TappedStream { stream, tap, recording: Arc::clone(&self.recording) }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection whose incoming bytes are counted.
pub(super) struct TappedStream {
    stream: TcpStream,
    tap: Tap,
    recording: Arc<Recording>,
}

impl AsyncRead for TappedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.recording.note_bytes((buffer.filled().len() - before) as u64);
        polled
    }
}

impl AsyncWrite for TappedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.tap.reset.load(Ordering::SeqCst) {
            // A goodbye would make it an orderly end; the drop that follows resets.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for TappedStream {
    fn drop(&mut self) {
        if self.tap.reset.load(Ordering::SeqCst) {
            // Without lingering, closing a socket sends a reset. If it cannot be set, the client
            // sees a plain end in mid-event, which is as broken.
            let _ = self.stream.set_zero_linger();
        }
    }
}
