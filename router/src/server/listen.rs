//! The router's port: plain, or with TLS and nothing else.

use super::StartError;
use crate::tls::server::Tls;
use littoral_kit::shutdown::Shutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// A connection is pinged this often, and ends when a ping goes unanswered for the second time: longer
/// than a worker or the router itself may be stopped and go on (10 s), shorter than a lease (15 s).
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(12));

/// Takes the port. Off loopback only where that was asked for.
///
/// # Errors
/// It is not to be listened on, or it is taken or not ours.
pub(super) async fn bind(
    wanted: SocketAddr,
    insecure_test: bool,
) -> Result<(TcpListener, SocketAddr), StartError> {
    if !wanted.ip().is_loopback() && !insecure_test {
        return Err(StartError::OffLoopback(wanted));
    }
    let error = |source| StartError::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(error)?;
    let address = listener.local_addr().map_err(error)?;
    Ok((listener, address))
}

/// Serves until the hard stop. The server is not asked for a graceful end of its own: that has no
/// bound. New requests are refused from the lame duck on, and the flights are waited for instead.
pub(super) fn serve(
    listener: TcpListener,
    routes: Routes,
    tls: Option<Arc<Tls>>,
    shutdown: &Shutdown,
) {
    let server = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE.0))
        .http2_keepalive_timeout(Some(KEEPALIVE.1))
        .add_routes(routes);
    let hard = shutdown.hard.clone();
    match tls {
        None => {
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            shutdown.tasks.spawn(serve_until(server.serve_with_incoming(incoming), hard));
        }
        Some(tls) => {
            let (accept, incoming) = tls.incoming(listener, shutdown);
            shutdown.tasks.spawn(accept);
            shutdown.tasks.spawn(tls.keep_fresh_until(hard.clone()));
            shutdown.tasks.spawn(serve_until(server.serve_with_incoming(incoming), hard));
        }
    }
}

async fn serve_until(
    server: impl Future<Output = Result<(), tonic::transport::Error>>,
    hard: CancellationToken,
) {
    tokio::select! {
        served = server => {
            if let Err(error) = served {
                tracing::error!(%error, "the server ended");
            }
        }
        () = hard.cancelled() => {}
    }
}
