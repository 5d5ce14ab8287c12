//! Dialling a router, and everything up to its Welcome.
//!
//! Each session has a connection of its own, dialled afresh: a channel that reconnects by itself
//! would hide a lost session. HTTP/2 pings run both idle and busy, because without them a
//! connection cut by the network is not noticed for minutes.

use super::end::End;
use crate::config::WorkerConfig;
use crate::error::WorkerError;
use futures_util::Stream;
use littoral_proto::v1::router_message::Message;
use littoral_proto::v1::worker_service_client::WorkerServiceClient;
use littoral_proto::v1::{RenewRequest, RouterMessage, Welcome, WorkerMessage};
use std::path::Path;
use std::time::Duration;
use tokio::time::timeout;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Status, Streaming};

/// Largest message the router may send. Frames are at most 64 KB; the rest is generous.
const LARGEST_MESSAGE: usize = 256 << 10;

/// What the router granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    pub lease: Duration,
    pub heartbeat: Duration,
    /// Bytes of frames the router sends on credit.
    pub window_bytes: u32,
}

/// Connects to the router of `config`.
pub(super) async fn dial(config: &WorkerConfig) -> Result<Channel, End> {
    let unusable = |error: tonic::transport::Error| {
        End::Fault(WorkerError::Config { faults: vec![format!("router address: {error}")] })
    };
    let tls = tls(config).await?;
    let endpoint = Endpoint::from_shared(config.router.clone())
        .and_then(|endpoint| {
            endpoint.user_agent(concat!("littoral-worker/", env!("CARGO_PKG_VERSION")))
        })
        .map_err(unusable)?
        .connect_timeout(config.link.connect)
        .http2_keep_alive_interval(config.link.ping_interval)
        .keep_alive_timeout(config.link.ping_timeout)
        .keep_alive_while_idle(true)
        .tcp_nodelay(true);
    let endpoint = match tls {
        Some(tls) => endpoint.tls_config(tls).map_err(unusable)?,
        None => endpoint,
    };
    // The limit of the endpoint does not cover the HTTP/2 handshake.
    let limit = config.link.connect.saturating_mul(2);
    match timeout(limit, endpoint.connect()).await {
        Ok(Ok(channel)) => Ok(channel),
        Ok(Err(error)) => Err(End::lost(format!("cannot connect: {}", innermost(&error)))),
        Err(_) => Err(End::lost("cannot connect: no answer in time")),
    }
}

/// TLS for the router of `config`, with the files as they are now; `None` for a plain connection.
async fn tls(config: &WorkerConfig) -> Result<Option<ClientTlsConfig>, End> {
    if !config.router.starts_with("https:") {
        return Ok(None);
    }
    let mut tls = ClientTlsConfig::new();
    tls = match &config.tls.router_ca {
        Some(path) => tls.ca_certificate(Certificate::from_pem(pem(path).await?)),
        None => tls.with_native_roots(),
    };
    if let Some(identity) = &config.tls.identity {
        let (certificate, key) = (pem(&identity.certificate).await?, pem(&identity.key).await?);
        tls = tls.identity(Identity::from_pem(certificate, key));
    }
    Ok(Some(tls))
}

/// A file may be in the middle of being replaced, so one that cannot be read is tried again.
async fn pem(path: &Path) -> Result<Vec<u8>, End> {
    let text = tokio::fs::read(path).await;
    text.map_err(|error| End::lost(format!("cannot read {}: {error}", path.display())))
}

/// Shows the router a new certificate for a session that runs.
pub(super) async fn renew(config: WorkerConfig, incarnation: u64) {
    let renewal = async {
        let channel = dial(&config).await.map_err(End::why)?;
        let mut client = WorkerServiceClient::new(channel);
        client
            .renew(RenewRequest { incarnation })
            .await
            .map_err(|status| status.message().to_owned())
    };
    match timeout(config.link.welcome, renewal).await {
        Ok(Ok(_)) => tracing::info!("the router took the new certificate"),
        Ok(Err(why)) => tracing::warn!(why, "the router did not take the new certificate"),
        Err(_) => tracing::warn!("the router did not answer to the new certificate"),
    }
}

/// Opens the session and waits for the Welcome; `messages` begins with the Hello.
pub(super) async fn join<S>(
    config: &WorkerConfig,
    channel: Channel,
    messages: S,
) -> Result<(Terms, Streaming<RouterMessage>), End>
where
    S: Stream<Item = WorkerMessage> + Send + 'static,
{
    let mut client = WorkerServiceClient::new(channel).max_decoding_message_size(LARGEST_MESSAGE);
    let opening = async {
        let response = client.session(messages).await.map_err(|status| ended(config, &status))?;
        let mut inbound = response.into_inner();
        let terms = loop {
            let received = inbound.message().await.map_err(|status| ended(config, &status))?;
            let Some(received) = received else {
                return Err(End::lost("the router closed the session before its Welcome"));
            };
            match received.message {
                Some(Message::Welcome(welcome)) => break terms(welcome)?,
                Some(Message::Goodbye(goodbye)) => {
                    return Err(End::goodbye(&config.router, goodbye));
                }
                Some(_) => return Err(End::lost("the router's first message was no Welcome")),
                // A kind of message that a later router may send.
                None => {}
            }
        };
        Ok((terms, inbound))
    };
    timeout(config.link.welcome, opening)
        .await
        .unwrap_or_else(|_| Err(End::lost("the router sent no Welcome in time")))
}

/// What a status that ends a session means: some mend themselves, some never do.
pub(super) fn ended(config: &WorkerConfig, status: &Status) -> End {
    let router = config.router.clone();
    let reason = status.message().to_owned();
    match status.code() {
        Code::Unauthenticated => End::Fault(WorkerError::Unauthenticated {
            router,
            worker_id: config.worker_id.clone(),
            reason,
        }),
        Code::InvalidArgument | Code::PermissionDenied => {
            End::Fault(WorkerError::Refused { router, reason })
        }
        Code::Unimplemented => End::Fault(WorkerError::NoRouter { router }),
        code => End::lost(format!("{code:?}: {reason}")),
    }
}

fn terms(welcome: Welcome) -> Result<Terms, End> {
    // A heartbeat that does not fit into the lease twice would lose the worker by one late packet.
    let sound = welcome.heartbeat_ms >= 10
        && welcome.heartbeat_ms.saturating_mul(2) <= welcome.lease_ms
        && welcome.assign_window_bytes > 0;
    if !sound {
        return Err(End::lost(format!(
            "the router's terms make no sense: lease {} ms, heartbeat {} ms, window {} bytes",
            welcome.lease_ms, welcome.heartbeat_ms, welcome.assign_window_bytes
        )));
    }
    Ok(Terms {
        lease: Duration::from_millis(welcome.lease_ms.into()),
        heartbeat: Duration::from_millis(welcome.heartbeat_ms.into()),
        window_bytes: welcome.assign_window_bytes,
    })
}

/// The innermost cause: tonic's own message is only "transport error".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_that_cannot_be_kept_are_refused() {
        let welcome = |lease_ms, heartbeat_ms, assign_window_bytes| {
            terms(Welcome { lease_ms, heartbeat_ms, assign_window_bytes }).is_ok()
        };
        assert!(welcome(15_000, 5_000, 1));
        assert!(!welcome(15_000, 5_000, 0));
        assert!(!welcome(15_000, 0, 1));
        assert!(!welcome(5_000, 5_000, 1));
    }

    #[test]
    fn only_what_cannot_mend_itself_is_a_fault() {
        let config = WorkerConfig::new("http://router:1", "t0ken".into(), "desk");
        let fatal = |code| {
            matches!(ended(&config, &Status::new(code, "because")), End::Fault(error)
                if !error.to_string().contains("t0ken"))
        };
        for code in [Code::Unauthenticated, Code::InvalidArgument, Code::Unimplemented] {
            assert!(fatal(code), "{code:?}");
        }
        for code in [Code::Unavailable, Code::Unknown, Code::Internal, Code::ResourceExhausted] {
            assert!(!fatal(code), "{code:?}");
        }
    }
}
