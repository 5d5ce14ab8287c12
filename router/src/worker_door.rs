//! The door for edge workers: they dial in, show a join token, and stay.
//!
//! The first message must be a hello with a valid token, within [`HELLO_LIMIT`]. From then on a
//! reader turns what the worker says into events, and a writer sends what it is to do. Both end with
//! the session, and the session ends with either.

mod hello;
mod reader;
mod writer;

use crate::clock::Clock;
use crate::join_token::JoinKey;
use crate::registry::Registry;
use crate::registry::session::Session;
use crate::registry::why::Why;
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
        let mut inbound = request.into_inner();
        let first = tokio::time::timeout(HELLO_LIMIT, inbound.message())
            .await
            .map_err(|_| Status::deadline_exceeded("no hello within 10 s"))??;
        let (control_in, control) = mpsc::channel(CONTROL_QUEUE);
        let (outgoing_in, outgoing) = mpsc::channel(ASSIGN_QUEUE);
        let (credit_in, credit) = mpsc::channel(CONTROL_QUEUE);
        let (wire, replies) = mpsc::channel(WIRE_QUEUE);

        let session = hello::admit(first, &self.key, self.clock.now(), control_in, outgoing_in)?;
        let session = Arc::new(session);
        let joined = self.registry.join(Arc::clone(&session));
        joined.map_err(|refused| Status::already_exists(refused.to_string()))?;
        tracing::info!(
            worker = session.claims.worker_id,
            incarnation = session.incarnation,
            models = session.hello.models.len(),
            "worker joined"
        );
        let terms = self.registry.terms();
        let sends = writer::Sends { control, outgoing, credit, wire };
        let writer = writer::write(Arc::clone(&session), terms, sends);
        let reader = reader::read(self.clone(), Arc::clone(&session), inbound, credit_in);
        self.shutdown.tasks.spawn(serve(self.clone(), session, reader, writer));
        Ok(Response::new(ReceiverStream::new(replies)))
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
