//! The router's port: plain, or with TLS and nothing else. HTTP/1.1 and HTTP/2 share it, and on them gRPC,
//! gRPC-Web and the HTTP doors.
//!
//! Strangers can reach it, so everything has a bound before anything is known of them: connections, the time
//! to say what is spoken, headers, streams, and streams that are opened only to be reset.

mod preface;

use super::StartError;
use crate::connection::Connection;
use crate::tls::server::Tls;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use littoral_kit::again::Again;
use littoral_kit::shutdown::Shutdown;
use preface::Spoken;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::Service;

/// A connection is pinged this often, and ends when a ping goes unanswered for the second time: longer
/// than a worker or the router itself may be stopped and go on (10 s), shorter than a lease (15 s).
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(12));
/// Longest wait for a handshake, and for the first words after it.
const FIRST_WORDS: Duration = Duration::from_secs(10);
/// Longest wait for the headers of a request over HTTP/1.1, and for the next request on its connection.
const HEADERS_LIMIT: Duration = Duration::from_secs(30);
/// Headers of a request over HTTP/1.1: how many, and how many bytes of them are held.
const HEADERS: (usize, usize) = (96, 64 * 1024);
/// Longest headers of a request over HTTP/2, in bytes.
const HEADER_LIST_BYTES: u32 = 32 * 1024;
/// Requests at once on one connection.
const STREAMS: u32 = 512;
/// Streams that a client opened and reset before anybody looked at them, and those that were reset because
/// it broke the protocol: past these the connection ends (CVE-2023-44487 and its kin).
const RESETS: (usize, usize) = (64, 256);
/// Handshakes at once; more wait.
const HANDSHAKES: usize = 256;
/// From the hard stop on, the longest time for answers that are over, or are cut off by name, to reach their readers.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// The system has no file left for a connection: so long until the next look.
const OUT_OF_FILES: Duration = Duration::from_millis(50);

/// Takes the port. Off loopback only where whoever asks has to show who they are, and nobody can listen in.
///
/// # Errors
/// It is not to be listened on, or it is taken or not ours.
pub(super) async fn bind(
    wanted: SocketAddr,
    missing: Option<&'static str>,
) -> Result<(TcpListener, SocketAddr), StartError> {
    if let Some(missing) = missing.filter(|_| !wanted.ip().is_loopback()) {
        return Err(StartError::OffLoopback { address: wanted, missing });
    }
    let error = |source| StartError::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(error)?;
    let address = listener.local_addr().map_err(error)?;
    Ok((listener, address))
}

/// What answers the requests of all connections. It is cloned for every request.
pub(super) trait App:
    Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<T> App for T where
    T: Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// What every connection needs.
#[derive(Clone)]
struct Port<A> {
    app: A,
    tls: Option<Arc<Tls>>,
    handshakes: Arc<Semaphore>,
    hard: CancellationToken,
}

/// Serves until the hard stop. New requests are refused from the lame duck on, and the flights are waited for; a
/// flight is over before its last words are on the wire, so from the hard stop on each connection says what it
/// has begun to say, for a bounded time.
pub(super) fn serve(
    listener: TcpListener,
    app: impl App,
    tls: Option<Arc<Tls>>,
    connections: usize,
    shutdown: &Shutdown,
) {
    if let Some(tls) = &tls {
        shutdown.tasks.spawn(Arc::clone(tls).keep_fresh_until(shutdown.hard.clone()));
    }
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES));
    let port = Port { app, tls, handshakes, hard: shutdown.hard.clone() };
    let (places, tasks) = (Arc::new(Semaphore::new(connections)), shutdown.tasks.clone());
    shutdown.tasks.spawn(async move {
        while let Some((stream, peer, place)) = next(&listener, &places, &port.hard).await {
            let port = port.clone();
            // A handler asks its own connection for the body of its request.
            tasks.spawn(Again::new(async move {
                let hard = port.hard.clone();
                let all_is_said = async {
                    hard.cancelled().await;
                    tokio::time::sleep(LAST_WORDS).await;
                };
                tokio::select! {
                    () = port.talk(stream, peer) => {}
                    () = all_is_said => {}
                }
                drop(place);
            }));
        }
    });
}

/// The next connection; nothing once the port is closed. Those that find no place wait in the system's queue.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    hard: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    loop {
        let accepted = async {
            let place = Arc::clone(places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted?,
            () = hard.cancelled() => return None,
        };
        match accepted {
            Ok((stream, peer)) => return Some((stream, peer, place)),
            Err(_) => tokio::time::sleep(OUT_OF_FILES).await,
        }
    }
}

impl<A: App> Port<A> {
    async fn talk(self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.greet(stream, Connection::plain(peer)).await,
            Some(tls) => {
                let Ok(place) = self.handshakes.acquire().await else { return };
                let handshake = tls.acceptor().accept(stream);
                let shaken = tokio::time::timeout(FIRST_WORDS, handshake).await;
                drop(place);
                match shaken {
                    Ok(Ok(stream)) => {
                        let shown = stream.get_ref().1.peer_certificates().unwrap_or_default();
                        let (of_own, certificates) = (tls.is_own(shown), shown.into());
                        self.greet(stream, Connection { peer, certificates, of_own }).await;
                    }
                    Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                    Err(_) => tracing::debug!("a handshake took too long"),
                }
            }
        }
    }

    /// Finds out what is spoken, and speaks it.
    async fn greet<S>(&self, stream: S, connection: Connection)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let listened = tokio::time::timeout(FIRST_WORDS, preface::listen(stream)).await;
        let Ok(Ok((spoken, stream))) = listened else { return };
        let app = self.app.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(connection.clone());
            app.clone().call(request)
        });
        let stream = TokioIo::new(stream);
        let served = match spoken {
            Spoken::Http1 => {
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new())
                    .header_read_timeout(HEADERS_LIMIT)
                    .max_headers(HEADERS.0)
                    .max_buf_size(HEADERS.1);
                let connection = http.serve_connection(stream, service);
                to_its_end(connection, http1::Connection::graceful_shutdown, &self.hard).await
            }
            Spoken::Http2 => {
                let mut http = http2::Builder::new(TokioExecutor::new());
                http.timer(TokioTimer::new())
                    .keep_alive_interval(KEEPALIVE.0)
                    .keep_alive_timeout(KEEPALIVE.1)
                    .max_concurrent_streams(STREAMS)
                    .max_header_list_size(HEADER_LIST_BYTES)
                    .max_pending_accept_reset_streams(RESETS.0)
                    .max_local_error_reset_streams(RESETS.1);
                let connection = http.serve_connection(stream, service);
                to_its_end(connection, http2::Connection::graceful_shutdown, &self.hard).await
            }
        };
        if let Err(error) = served {
            tracing::debug!(%error, "a connection broke");
        }
    }
}

/// Serves a connection. From the hard stop on it takes nothing new, and is over when all is said.
async fn to_its_end<C: Future>(
    connection: C,
    take_nothing_new: fn(Pin<&mut C>),
    hard: &CancellationToken,
) -> C::Output {
    let mut connection = pin!(connection);
    tokio::select! {
        served = &mut connection => return served,
        () = hard.cancelled() => take_nothing_new(connection.as_mut()),
    }
    connection.await
}

#[cfg(test)]
mod tests;
