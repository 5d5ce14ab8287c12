//! The door for edge workers: they dial in, show a join token or a certificate, and stay.
//!
//! The first message must be a hello, with a valid token where no certificate speaks, within [`HELLO_LIMIT`]. From then on a
//! reader turns what the worker says into events, and a writer sends what it is to do. Both end with
//! the session, and the session ends with either.

mod hello;
mod pace;
mod reader;
mod writer;

use crate::clock::{Clock, unix_ms};
use crate::connection::Connection;
use crate::join_token::JoinKey;
use crate::registry::Registry;
use crate::registry::session::Session;
use crate::registry::why::Why;
use crate::tls::identity;
use littoral_kit::shutdown::Shutdown;
use littoral_proto::v1;
use littoral_proto::v1::worker_service_server::WorkerService;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

/// Longest wait for the first message of a session.
pub const HELLO_LIMIT: Duration = Duration::from_secs(10);
/// Control messages a session may let pile up before it is ended.
const CONTROL_QUEUE: usize = 256;
/// Assignments waiting to be framed; slots bound them long before.
const ASSIGN_QUEUE: usize = 256;
/// Messages between the writer and the connection. Small: what waits here cannot be overtaken.
const WIRE_QUEUE: usize = 2;
/// Longest wait of a closing session for its writer to say goodbye.
const GOODBYE_LIMIT: Duration = Duration::from_secs(1);

/// The worker service.
#[derive(Clone)]
pub struct WorkerDoor {
    /// Where sessions live.
    pub registry: Arc<Registry>,
    /// Verifies join tokens.
    pub key: Arc<JoinKey>,
    /// The router's clock.
    pub clock: Clock,
    /// Owner of the session tasks.
    pub shutdown: Shutdown,
}

#[tonic::async_trait]
impl WorkerService for WorkerDoor {
    type SessionStream = ReceiverStream<Result<v1::RouterMessage, Status>>;

    async fn session(
        &self,
        request: Request<Streaming<v1::WorkerMessage>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        let shown = self.shown(&request);
        let mut inbound = request.into_inner();
        let first = tokio::time::timeout(HELLO_LIMIT, inbound.message())
            .await
            .map_err(|_| Status::deadline_exceeded("no hello within 10 s"))??;
        let (control_in, control) = mpsc::channel(CONTROL_QUEUE);
        let (outgoing_in, outgoing) = mpsc::channel(ASSIGN_QUEUE);
        let (credit_in, credit) = mpsc::channel(CONTROL_QUEUE);
        let (wire, replies) = mpsc::channel(WIRE_QUEUE);

        let session =
            hello::admit(first, shown, &self.key, self.clock.now(), control_in, outgoing_in)?;
        let session = Arc::new(session);
        let joined = self.registry.join(&session);
        joined.map_err(|refused| Status::already_exists(refused.to_string()))?;
        tracing::info!(
            worker = session.claims.worker_id,
            incarnation = session.incarnation,
            models = session.models.read(<[_]>::len),
            "worker joined"
        );
        let terms = self.registry.terms();
        let sends = writer::Sends { control, outgoing, credit, wire };
        let writer = writer::write(Arc::clone(&session), terms, sends);
        let reader = reader::read(self.clone(), Arc::clone(&session), inbound, credit_in);
        self.shutdown.tasks.spawn(serve(self.clone(), session, reader, writer));
        Ok(Response::new(ReceiverStream::new(replies)))
    }

    async fn renew(
        &self,
        request: Request<v1::RenewRequest>,
    ) -> Result<Response<v1::RenewReply>, Status> {
        let none =
            || Status::unauthenticated("a renewal needs a connection with the new certificate");
        let shown = self.shown(&request).ok_or_else(none)?;
        let claims = shown.map_err(|fault| Status::unauthenticated(fault.to_string()))?;
        let request = request.into_inner();
        let gone =
            || Status::not_found("this worker has no such session; open one with the certificate");
        let session =
            self.registry.session(&claims.worker_id, request.incarnation).ok_or_else(gone)?;
        if !session.renew(&claims, self.clock.now(), unix_ms()) {
            let other = "the new certificate grants something else than the session; open another one with it";
            return Err(Status::permission_denied(other));
        }
        Ok(Response::new(v1::RenewReply { expires_unix_ms: claims.expires_unix_ms }))
    }
}

impl WorkerDoor {
    /// What the certificate of the connection says.
    fn shown<T>(&self, request: &Request<T>) -> hello::Shown {
        let first = request.extensions().get::<Connection>()?.certificates.first()?;
        Some(identity::claims(first, self.key.router_id(), unix_ms()))
    }
}

/// Runs a session to its end, whichever side ends it.
async fn serve(
    door: WorkerDoor,
    session: Arc<Session>,
    reader: impl Future<Output = Why>,
    writer: impl Future<Output = ()>,
) {
    tokio::pin!(writer);
    let mut writes = true;
    let why = tokio::select! {
        why = reader => why,
        () = &mut writer => {
            writes = false;
            Why::Disconnected
        }
        () = door.shutdown.hard.cancelled() => Why::Shutdown,
    };
    door.registry.leave(&session, why);
    tracing::info!(worker = session.claims.worker_id, "worker {}", why.clause());
    if writes {
        // The writer sees the closed session and says goodbye, if the connection still takes it.
        let _ = tokio::time::timeout(GOODBYE_LIMIT, writer).await;
    }
}
